"""
Who acts: every change is signed with its author, what is shown to one person is kept by no cache,
staff of the association needs two factors.
"""

from __future__ import annotations

from collections.abc import Callable

import pghistory
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _

from novator.accounts.queries import needs_second_factor

Answer = Callable[[HttpRequest], HttpResponse]
_READING = {"GET", "HEAD", "OPTIONS"}
OPEN_WITHOUT_SECOND_FACTOR = (
    "account/",
    "appearance/",
    "accessibility/",
    "personal-data/",
)


def remember_who_acts(get_response: Answer) -> Answer:
    """
    Middleware: the trail of changes tells which person made them.

    Only the person's number is kept: no address of a page (it may hold a key of a letter), no
    network address.
    """

    def signed(request: HttpRequest) -> HttpResponse:
        if request.method in _READING or not request.user.is_authenticated:
            return _for_one_person(request, get_response(request))
        with pghistory.context(user=request.user.pk):
            return _for_one_person(request, get_response(request))

    return signed


def _for_one_person(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Keep the page of a signed-in person out of shared caches, unless it says more itself."""
    has_session = settings.SESSION_COOKIE_NAME in request.COOKIES
    if has_session and not response.has_header("Cache-Control") and request.user.is_authenticated:
        patch_cache_control(response, private=True, no_cache=True)
    return response


def ask_for_second_factor(get_response: Answer) -> Answer:
    """Middleware: whose role in the association waits for a second factor sets it up first."""

    def asked(request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or _is_open(request.path_info):
            return get_response(request)
        if not needs_second_factor(request.user, on=timezone.localdate()):
            return get_response(request)
        words = _("Your role in the association begins when a second factor is set up.")
        if not any(str(said) == words for said in messages.get_messages(request)):
            messages.warning(request, words)
        return redirect("mfa_index")

    return asked


def _is_open(path: str) -> bool:
    language, _slash, rest = path.removeprefix("/").partition("/")
    languages = {code for code, _name in settings.LANGUAGES}
    return language not in languages or rest.startswith(OPEN_WITHOUT_SECOND_FACTOR)
