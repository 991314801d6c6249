"""Solutions discussed: help that an author city offers is booked, agreed and rated."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from novator.portal.limits import limited
from novator.portal.people import reader, sign_in_needed, today
from novator.portal.questions import card_crumbs, card_or_404, without_role
from novator.portal.talk_forms import BookingForm, MeetingForm, RatingForm, ReasonForm, WishForm
from novator.talk import permissions
from novator.talk.booking_letters import wished_words
from novator.talk.bookings import (
    CannotBook,
    CannotMove,
    CannotRate,
    accept_booking,
    accept_proposal,
    book_help,
    cancel_booking,
    decline_booking,
    finish_booking,
    offered_kinds,
    propose_day,
    rate_help,
    wish_again,
)
from novator.talk.calendar_file import invitation
from novator.talk.letters import title_of
from novator.talk.models import Booking
from novator.talk.queries import booking_of, help_figures, ratings_open
from novator.talk.voices import ANYBODY, is_here, voices_of

Move = Callable[..., Booking]
GUEST_MOVES: dict[str, tuple[Move, type[forms.Form] | None]] = {
    "agree": (accept_proposal, None),
    "wish": (wish_again, WishForm),
    "cancel": (cancel_booking, ReasonForm),
}
AUTHOR_MOVES: dict[str, tuple[Move, type[forms.Form] | None]] = {
    "accept": (accept_booking, MeetingForm),
    "propose": (propose_day, MeetingForm),
    "decline": (decline_booking, ReasonForm),
}
EITHER_MOVES: dict[str, tuple[Move, type[forms.Form] | None]] = {"done": (finish_booking, None)}


@require_safe
def help_page(request: HttpRequest, slug: str) -> HttpResponse:
    """What help the author city of a card offers, and how cities that had it found it."""
    practice = card_or_404(slug)
    if not practice.help_offered:
        raise Http404(_("The author city offers no help with this practice."))
    on = today()
    context = {
        "practice": practice,
        "title": title_of(practice),
        "kinds": offered_kinds(practice.help_offered),
        "figures": help_figures(practice.slug, on=on, limit=50),
        "city_is_here": is_here(practice.municipality.slug, on=on),
        "may_hide": permissions.may_hide(request.user, on=on),
        "crumbs": card_crumbs(practice, _("Help of the city")),
    }
    return render(request, "portal/talk/help.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_needed
@limited("booking", per_hour=20)
def help_book(request: HttpRequest, slug: str) -> HttpResponse:
    """Book help that the author city offers."""
    practice = card_or_404(slug)
    kinds = offered_kinds(practice.help_offered)
    if not kinds:
        raise Http404(_("The author city offers no help with this practice."))
    on = today()
    voices = permissions.voices_to_book(request.user, practice.municipality_id, on=on)
    if not voices:
        return without_role(request, own_city=bool(voices_of(request.user, ANYBODY, on=on)))
    form = BookingForm(request.POST or None, voices=voices, kinds=kinds)
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data
        try:
            booked = book_help(
                practice=practice,
                voice=wanted["voice"],
                kind=wanted["kind"],
                wished_on=wanted["wished_on"],
                wished=wanted["wished"],
                message=wanted["message"],
                token=wanted["token"],
                at=timezone.now(),
                on=on,
            )
        except CannotBook as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Your wish was sent. The author city answers by letter."))
            return redirect(booked)
    context = {
        "form": form,
        "practice": practice,
        "title": title_of(practice),
        "city_is_here": is_here(practice.municipality.slug, on=on),
        "crumbs": card_crumbs(practice, _("Book help")),
    }
    return render(request, "portal/talk/help_book.html", context)


def _booking_or_404(request: HttpRequest, public_id: UUID) -> Booking:
    found = booking_of(public_id)
    if found is None or not permissions.may_read_booking(request.user, found, on=today()):
        raise Http404(_("There is no such booking, or it is not of your city."))
    return found


@require_safe
@sign_in_needed
def booking(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """A booking with what either city can do next."""
    return _page(request, _booking_or_404(request, public_id))


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_needed
@limited("move", per_hour=60)
def booking_move(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Agree, propose another day, decline, cancel, or say that it took place."""
    booked = _booking_or_404(request, public_id)
    if request.method != "POST":
        return redirect(booked)
    act = request.POST.get("act", "")
    moves = _moves_open_to(request, booked)
    if act not in moves:
        raise PermissionDenied(_("This is for the other city to decide."))
    move, form_class = moves[act]
    form = form_class(request.POST) if form_class else None
    if isinstance(form, ReasonForm) and act == "cancel":
        form.fields["because"].required = False
    if form is not None and not form.is_valid():
        return _page(request, booked, {act: form})
    facts: dict[str, Any] = form.cleaned_data if form else {}
    try:
        moved = move(
            booking=booked,
            by=reader(request),
            seen=_seen(request),
            at=timezone.now(),
            on=today(),
            **facts,
        )
    except CannotMove as refusal:
        fresh = _booking_or_404(request, public_id)
        if form is None:
            messages.error(request, str(refusal))
            return redirect(fresh)
        form.add_error(None, str(refusal))
        return _page(request, fresh, {act: form})
    messages.success(request, _("Done. The other city gets a letter."))
    return redirect(moved)


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_needed
@limited("rating", per_hour=30)
def booking_rate(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Say how the help was."""
    booked = _booking_or_404(request, public_id)
    if request.method != "POST":
        return redirect(booked)
    form = RatingForm(request.POST)
    if form.is_valid():
        try:
            rate_help(
                booking=booked,
                side=_side_of(request, booked),
                by=reader(request),
                score=form.cleaned_data["score"],
                comment=form.cleaned_data["comment"],
                at=timezone.now(),
            )
        except CannotRate as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Thank you. Your rating is kept."))
            return redirect(booked)
    return _page(request, booked, {"rate": form})


@require_safe
@sign_in_needed
def booking_invitation(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The agreed day as a file for a calendar."""
    booked = _booking_or_404(request, public_id)
    if booked.meeting_on is None or booked.state not in {"accepted", "done", "cancelled"}:
        raise Http404(_("No day is agreed yet."))
    response = HttpResponse(invitation(booked), content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="novator-help.ics"'
    return response


def _seen(request: HttpRequest) -> int:
    typed = request.POST.get("seen", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 7 else -1


def _side_of(request: HttpRequest, booked: Booking) -> str:
    is_author = permissions.may_decide_booking(request.user, booked, on=today())
    is_guest = permissions.may_speak_for_guest(request.user, booked, on=today())
    wants_author = request.POST.get("side") == "gave" or not is_guest
    return "gave" if is_author and wants_author else "received"


def _moves_open_to(
    request: HttpRequest, booked: Booking
) -> Mapping[str, tuple[Move, type[forms.Form] | None]]:
    on = today()
    found: dict[str, tuple[Move, type[forms.Form] | None]] = dict(EITHER_MOVES)
    if permissions.may_decide_booking(request.user, booked, on=on):
        found |= AUTHOR_MOVES
    if permissions.may_speak_for_guest(request.user, booked, on=on):
        found |= GUEST_MOVES
    return found


def _page(
    request: HttpRequest, booked: Booking, bound: Mapping[str, forms.Form] | None = None
) -> HttpResponse:
    on = today()
    faulty = dict(bound or {})
    is_author = permissions.may_decide_booking(request.user, booked, on=on)
    is_guest = permissions.may_speak_for_guest(request.user, booked, on=on)
    meeting = {
        "meeting_on": booked.meeting_on or booked.wished_on,
        "meeting_time": booked.meeting_time,
        "meeting_place": booked.meeting_place,
    }
    own = {side for side, mine in (("gave", is_author), ("received", is_guest)) if mine}
    rated = {rating.side: rating for rating in booked.ratings.all()}
    seen = set(ratings_open(on=on).filter(booking=booked).values_list("side", flat=True)) | own
    context = {
        "booking": booked,
        "title": title_of(booked.practice),
        "wished": wished_words(booked),
        "is_author": is_author,
        "is_guest": is_guest,
        "is_past": booked.meeting_on is not None and booked.meeting_on <= on,
        "faulty": next(iter(faulty.values()), None),
        "faulty_act": next(iter(faulty), ""),
        "meeting_form": faulty.get("accept")
        or faulty.get("propose")
        or MeetingForm(initial=meeting),
        "decline_form": faulty.get("decline") or ReasonForm(auto_id="decline_%s"),
        "cancel_form": faulty.get("cancel") or ReasonForm(auto_id="cancel_%s"),
        "wish_form": faulty.get("wish") or WishForm(),
        "rate_form": faulty.get("rate") or RatingForm(),
        "sides_to_rate": [side for side in ("received", "gave") if side in own - rated.keys()],
        "ratings": [rated[side] for side in ("received", "gave") if side in rated.keys() & seen],
        "crumbs": card_crumbs(booked.practice, _("Help")),
    }
    return render(request, "portal/talk/booking.html", context)
