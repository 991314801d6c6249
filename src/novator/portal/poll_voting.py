"""The association: representatives vote or take the right to; secret ballots are cast."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from novator.association.ballots import (
    CannotVote,
    Standing,
    cast_open,
    cast_secret,
    standings,
    take_right,
)
from novator.association.models import Poll
from novator.association.poll_words import rules_in_words
from novator.association.secret_ballots import TokenUnreadable, has_token
from novator.portal.limits import limited, too_often
from novator.portal.nameless import count_wrong_code, has_tried_too_often
from novator.portal.people import reader, sign_in_needed, today
from novator.portal.poll_forms import CastForm, ReadyForm, VoteForm
from novator.portal.polls import poll_crumbs, poll_or_404

VOTES_AN_HOUR = 60
RIGHTS_AN_HOUR = 30


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_needed
@limited("poll_vote", per_hour=VOTES_AN_HOUR)
def poll_vote(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Choose an option for a member in an open poll; a second page asks to confirm it."""
    found = poll_or_404(request, public_id)
    if found.is_secret:
        raise Http404(_("This poll is secret."))
    mine = _standing(request, found)
    form = VoteForm(request.POST or None, poll=found)
    is_sure = request.method == "POST" and form.is_valid() and "sure" in request.POST
    if is_sure:
        try:
            cast_open(
                poll=found,
                member=mine.member,
                option=form.cleaned_data["option"],
                by=reader(request),
                now=timezone.now(),
            )
        except CannotVote as refusal:
            form.add_error(None, str(refusal))
        else:
            said = _("The vote of %(member)s is stored.") % {"member": mine.member}
            messages.success(request, said)
            return redirect(found)
    asks = request.method == "POST" and form.is_valid() and "again" not in request.POST
    context = {**_context(found, form), "standing": mine, "asks_to_confirm": asks}
    return render(request, "portal/polls/vote.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_needed
@limited("poll_right", per_hour=RIGHTS_AN_HOUR)
def poll_right(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Take the right to one secret ballot: the answer to this form shows the code, once."""
    found = poll_or_404(request, public_id)
    if not found.is_secret:
        raise Http404(_("This poll is open."))
    mine = _standing(request, found)
    form = ReadyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            code = take_right(
                poll=found, member=mine.member, by=reader(request), now=timezone.now()
            )
        except (CannotVote, TokenUnreadable) as refusal:
            form.add_error(None, str(refusal))
        else:
            return _code_shown(request, found, mine, code)
    context = {**_context(found, form), "standing": mine}
    return render(request, "portal/polls/right.html", context)


@sensitive_post_parameters("code")
@sensitive_variables()
@require_http_methods(["GET", "HEAD", "POST"])
def poll_cast(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """
    Cast a secret ballot with a code; a second page asks to confirm it, the third is the receipt.

    Nobody is signed in here (`nameless.forget_who_asks`), and the code travels in forms only.
    """
    found = poll_or_404(request, public_id)
    if not found.is_secret:
        raise Http404(_("This poll is open."))
    form, now = CastForm(request.POST or None, poll=found), timezone.now()
    if has_tried_too_often(request, now=now):
        return too_often(request, 60 * (60 - now.minute))
    if request.method != "POST" or not form.is_valid() or "again" in request.POST:
        return _cast_page(request, found, form)
    asked = form.cleaned_data
    try:
        if "sure" not in request.POST:
            if not has_token(poll=found, code=asked["code"]):
                raise CannotVote(_("There is no such code, or a ballot has been cast with it."))
            return _cast_page(request, found, form, asks=True)
        receipt = cast_secret(poll=found, code=asked["code"], option=asked["option"], now=now)
    except CannotVote as refusal:
        count_wrong_code(request, now=now)
        form.add_error(None, str(refusal))
        return _cast_page(request, found, form)
    context = {"poll": found, "receipt": receipt, "option": asked["option"], **_way(found)}
    return _unkept(render(request, "portal/polls/receipt.html", context))


def _code_shown(request: HttpRequest, found: Poll, mine: Standing, code: str) -> HttpResponse:
    form = CastForm(initial={"code": code}, poll=found)
    context = {**_context(found, form), "standing": mine, "code": code}
    return _unkept(render(request, "portal/polls/code.html", context))


def _cast_page(
    request: HttpRequest, found: Poll, form: CastForm, *, asks: bool = False
) -> HttpResponse:
    context = {**_context(found, form), "asks_to_confirm": asks}
    return _unkept(render(request, "portal/polls/cast.html", context))


def _unkept(response: HttpResponse) -> HttpResponse:
    """Let no cache keep the page, not even the browser's own."""
    add_never_cache_headers(response)
    return response


def _standing(request: HttpRequest, found: Poll) -> Standing:
    """
    How the reader stands for the member that is asked for, else for the first that may vote.

    :raises PermissionDenied: no member is any concern of the reader, or this one cannot vote
    """
    asked = request.POST.get("member") or request.GET.get("member", "")
    mine = standings(found, reader(request), on=today())
    if asked:
        mine = [one for one in mine if one.member.municipality.slug == asked]
    if not mine:
        raise PermissionDenied(
            _("Only representatives of members vote, by a mandate of their council.")
        )
    chosen = next((one for one in mine if one.may_vote), mine[0])
    if not chosen.may_vote:
        raise PermissionDenied(f"{chosen.member}: {chosen.reason}")
    return chosen


def _context(found: Poll, form: Any) -> dict[str, Any]:
    is_open = found.state == "open" and found.closes_at is not None
    is_over = not is_open or (found.closes_at is not None and found.closes_at <= timezone.now())
    return {
        "poll": found,
        "form": form,
        "is_over": is_over,
        "rules": rules_in_words(found),
        **_way(found),
    }


def _way(found: Poll) -> dict[str, Any]:
    way = [*poll_crumbs(), (str(found), reverse("poll", args=[found.public_id]))]
    return {"crumbs": [*way, (_("Voting"), "")]}
