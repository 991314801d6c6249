"""After every step: following a card, topic, city or search, and what a reader follows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from novator.mail.operations import address_digest, is_stopped, resume_letters
from novator.matching.search import Filters
from novator.notices.models import FREQUENCIES, KINDS, Follow
from novator.notices.naming import names_of, path_of
from novator.notices.operations import (
    CannotFollow,
    change_frequency,
    end_follow,
    follow,
)
from novator.portal.asking import asked_in
from novator.portal.limits import limited
from novator.portal.people import reader, sign_in_needed

_LONGEST_SEARCH = 300


def search_key(query: Mapping[str, str]) -> str:
    """
    Put the parameters of a search into one order, page and order of results left out.

    Empty when it asks nothing.
    """
    asked = asked_in(query)
    chosen = {name: value for name, value in asdict(asked.filters).items() if value is not None}
    kept = QueryDict(mutable=True)
    if asked.has_words:
        kept["q"] = asked.text[:_LONGEST_SEARCH]
    for name in sorted(chosen):
        kept[name] = "1" if chosen[name] is True else str(chosen[name])
    return kept.urlencode()


def params_of(key: str) -> dict[str, Any]:
    """Read the parameters of a search as the notices keep them; empty when it asks nothing."""
    asked = asked_in(QueryDict(key).dict())
    if not asked.has_words and asked.filters == Filters():
        return {}
    filters = {name: value for name, value in asdict(asked.filters).items() if value is not None}
    return {"text": asked.text, "filters": filters}


def in_one_form(kind: str, key: str) -> tuple[str, str]:
    """Name what is to be followed always alike: a search by its region alone is that region."""
    if kind != "search":
        return kind, key.replace("\0", "")[:120]
    chosen = QueryDict(search_key(QueryDict(key).dict()))
    if list(chosen) == ["region"]:
        return "region", chosen["region"]
    return kind, chosen.urlencode()


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_needed
@limited("follow", per_hour=120)
def begin(request: HttpRequest) -> HttpResponse:
    """Ask how often to tell (GET), then follow (POST)."""
    asked = request.POST if request.method == "POST" else request.GET
    kind, key = in_one_form(asked.get("kind", ""), asked.get("key", ""))
    if request.method == "POST":
        return _follow(request, kind, key, asked.get("frequency", "weekly"))
    wanted = Follow(kind=kind, key=key, params=params_of(key) if kind == "search" else {}, pk=0)
    if kind not in KINDS or (kind == "search" and not wanted.params):
        raise Http404(_("There is nothing here that can be followed."))
    context = {
        "wanted": wanted,
        "name": names_of([wanted])[0],
        "frequencies": FREQUENCIES,
        "next": _back(request, asked.get("next", "")),
    }
    return render(request, "portal/following/begin.html", context)


def _follow(request: HttpRequest, kind: str, key: str, frequency: str) -> HttpResponse:
    params = params_of(key) if kind == "search" else None
    try:
        follow(user=reader(request), kind=kind, key=key, params=params, frequency=frequency)
    except CannotFollow as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("You follow this now; news comes by letter."))
    return redirect(_back(request, request.POST.get("next", "")))


@require_safe
@sign_in_needed
def following(request: HttpRequest) -> HttpResponse:
    """Show what the reader follows, each with how often and its end."""
    user = reader(request)
    follows = list(Follow.objects.filter(user=user).order_by("kind", "created_at", "pk"))
    names = names_of(follows)
    context = {
        "rows": [(each, names[each.pk], path_of(each)) for each in follows],
        "frequencies": FREQUENCIES,
        "is_stopped": is_stopped(digest=address_digest(user.email), kind="digest"),
    }
    return render(request, "portal/following/following.html", context)


@require_POST
@sign_in_needed
@limited("follow", per_hour=300)
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """End one of the reader's own, or change how often it is told."""
    own = get_object_or_404(Follow, pk=pk, user=reader(request))
    frequency = request.POST.get("frequency", "")
    if request.POST.get("end") == "yes":
        end_follow(follow=own)
        messages.success(request, _("You do not follow this any more."))
    elif frequency in FREQUENCIES:
        change_frequency(follow=own, frequency=frequency)
        messages.success(request, _("Kept."))
    return redirect(_back(request, request.POST.get("next", "")))


@require_POST
@sign_in_needed
@limited("follow", per_hour=120)
def resume(request: HttpRequest) -> HttpResponse:
    """Have the letters about news again after they were stopped."""
    resume_letters(digest=address_digest(reader(request).email), kind="digest")
    messages.success(request, _("You get such letters again."))
    return redirect("following")


def _back(request: HttpRequest, path: str) -> str:
    """The page the reader came from, if it is ours, else the list."""
    is_ours = url_has_allowed_host_and_scheme(path, allowed_hosts={request.get_host()})
    return path if is_ours and path.startswith("/") else reverse("following")
