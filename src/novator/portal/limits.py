"""Every form: how often one person, or one address on a day, may send it."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable
from typing import Concatenate, ParamSpec

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from novator.accounts.attempts import seconds_to_wait
from novator.portal.kept_words import kept_words

Rest = ParamSpec("Rest")
View = Callable[Concatenate[HttpRequest, Rest], HttpResponse]
_READING = {"GET", "HEAD", "OPTIONS"}


def limited(name: str, *, per_hour: int) -> Callable[[View[Rest]], View[Rest]]:
    """
    Refuse a form that was sent too often: a page in words, status 429, with Retry-After.

    Counted in the database, so that all web processes know: by person, else by a digest of the
    address that changes every day. Reading is never limited. What was typed is shown again and
    can be sent later by one button.
    """

    def limiting(view: View[Rest]) -> View[Rest]:
        @functools.wraps(view)
        def counted(
            request: HttpRequest, /, *args: Rest.args, **kwargs: Rest.kwargs
        ) -> HttpResponse:
            if request.method in _READING:
                return view(request, *args, **kwargs)
            wait = seconds_to_wait(
                key=f"{name}:{_sender(request)}", most=per_hour, now=timezone.now()
            )
            return too_often(request, wait) if wait else view(request, *args, **kwargs)

        return counted

    return limiting


def too_often(request: HttpRequest, wait: int) -> HttpResponse:
    """The page of a form that was sent too often."""
    context = {
        "heading": _("Too many requests"),
        "minutes": max(1, -(-wait // 60)),
        "kept": kept_words(request),
        "has_files": bool(request.FILES),
    }
    response = render(request, "portal/too_often.html", context, status=429)
    response.headers["Retry-After"] = str(wait)
    return response


def account_too_often(request: HttpRequest) -> HttpResponse:
    """The same page for the limits of django-allauth (signing in, new passwords, letters)."""
    return too_often(request, 5 * 60)


def _sender(request: HttpRequest) -> str:
    if request.user.is_authenticated:
        return f"person:{request.user.pk}"
    address = get_adapter(request).get_client_ip(request)
    text = f"{settings.SECRET_KEY}:{timezone.localdate()}:{address}"
    return hashlib.sha256(text.encode()).hexdigest()[:32]
