"""Who decides: the secretary's desk: sessions planned, changed, moved from step to step."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import Count, F, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from novator.council.agenda import read_agenda
from novator.council.composition import council_of, seats_on
from novator.council.invitations import deputies_reached
from novator.council.models import Session
from novator.council.recording import (
    cancel_session,
    change_session,
    invite_to_session,
    mark_of_session,
    plan_again,
    plan_session,
    record_held,
    set_agenda,
)
from novator.council.refusals import CannotRecord
from novator.council.room import quorum_of, room_of
from novator.council.session_hold import day_of
from novator.portal.limits import limited
from novator.portal.people import sign_in_needed, today
from novator.portal.session_forms import SessionForm, stored_facts
from novator.portal.session_guard import (
    ENTRIES_AN_HOUR,
    Desk,
    address_of,
    city_of_desk,
    desk_of,
    session_of,
)
from novator.portal.session_shown import items_of, next_to_vote

SESSIONS_SHOWN = 40
_LATEST_FIRST = (F("held_to").desc(nulls_first=True), "-id")


@require_safe
@sign_in_needed
def council_desk(request: HttpRequest, slug: str) -> HttpResponse:
    """Sessions of the council, the latest first, with what each of them lacks."""
    city = city_of_desk(request, slug)
    council = council_of(city)
    if council is None:
        return render(request, "portal/council/desk/no_council.html", {"city": city})
    desk = Desk(city, council)
    latest = Session.objects.filter(council=council).order_by(*_LATEST_FIRST)
    rows = (
        Session.objects.filter(pk__in=list(latest.values_list("pk", flat=True)[:SESSIONS_SHOWN]))
        .annotate(
            questions=Count("items", distinct=True),
            voted=Count(
                "items", filter=Q(items__motions__votes_taken__isnull=False), distinct=True
            ),
        )
        .order_by(*_LATEST_FIRST)
    )
    context = {
        "desk": desk,
        "crumbs": [*desk.crumbs[:-1], (_("Secretary’s desk"), "")],
        "sessions": rows,
    }
    return render(request, "portal/council/desk/desk.html", context)


@require_http_methods(["GET", "POST"])
@sign_in_needed
@limited("session_entry", per_hour=ENTRIES_AN_HOUR)
def session_new(request: HttpRequest, slug: str) -> HttpResponse:
    """Plan a session, with its agenda if it is there already."""
    desk = desk_of(request, slug)
    seats = seats_on(desk.council, today())
    given = _as_last_time(desk)
    form = SessionForm(
        request.POST or None, initial=given, council=desk.council, seats=seats, is_new=True
    )
    if request.method == "POST" and form.is_valid():
        try:
            session = _plan(desk, form)
        except CannotRecord as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The session is planned."))
            return redirect(address_of(desk, session))
    context = {
        "desk": desk,
        "form": form,
        "crumbs": [*desk.crumbs, (_("A new session"), "")],
        "heading": _("A new session"),
        "cancel": reverse("council_desk", args=[slug]),
    }
    return render(request, "portal/council/desk/facts.html", context)


@require_safe
@sign_in_needed
def session_desk(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One session: its steps, its questions, the votes on them, what is still missing."""
    desk = desk_of(request, slug)
    session = session_of(desk, pk)
    items = items_of(session)
    context = {
        "desk": desk,
        "session": session,
        "items": items,
        "next": next_to_vote(items),
        "attendance": _attendance(session),
        "quorum": _quorum(session),
        "crumbs": [*desk.crumbs, (str(session), "")],
        "steps": _steps(session),
        "is_corrected": session.state == "held" and session.protocols.exists(),
    }
    return render(request, "portal/council/desk/session.html", context)


@require_http_methods(["GET", "POST"])
@sign_in_needed
@limited("session_entry", per_hour=ENTRIES_AN_HOUR)
def session_facts(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Change what is said of a session itself."""
    desk = desk_of(request, slug)
    session = session_of(desk, pk)
    seats = seats_on(desk.council, day_of(session) or today())
    form = SessionForm(
        request.POST or None,
        initial=stored_facts(session),
        council=desk.council,
        seats=seats,
        is_new=False,
    )
    seen = request.POST.get("seen") or mark_of_session(session)
    if request.method == "POST" and form.is_valid():
        try:
            change_session(session=session, facts=form.told(), seen=seen)
        except CannotRecord as refusal:
            form.add_error(None, str(refusal))
            seen = mark_of_session(session_of(desk, pk))
        else:
            messages.success(request, _("Kept."))
            return redirect(address_of(desk, session))
    context = {
        "desk": desk,
        "session": session,
        "form": form,
        "seen": seen,
        "crumbs": [*desk.crumbs_of(session), (_("Day, place, who is in the chair"), "")],
        "heading": _("Day, place, who is in the chair"),
        "cancel": address_of(desk, session),
    }
    return render(request, "portal/council/desk/facts.html", context)


@require_POST
@sign_in_needed
@limited("session_entry", per_hour=ENTRIES_AN_HOUR)
def session_step(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Invited, held, cancelled, planned again; whoever is invited by a letter is counted."""
    desk = desk_of(request, slug)
    session = session_of(desk, pk)
    step = request.POST.get("step", "")
    try:
        _take(step, session)
    except CannotRecord as refusal:
        messages.error(request, str(refusal))
    else:
        if step == "invited" and session.state == "planned":
            messages.success(request, _invited(session))
    return redirect(address_of(desk, session))


def _take(step: str, session: Session) -> None:
    if step == "planned":
        plan_again(session=session)
        return
    if step not in _ACTS:
        raise CannotRecord("session_state", _("There is no such step."))
    _ACTS[step](session=session, on=today())


_ACTS = {"invited": invite_to_session, "held": record_held, "cancelled": cancel_session}


def _invited(session: Session) -> str:
    """To how many deputies a letter goes, and how many get none from here."""
    day = day_of(session)
    if day is None or day < today():
        return _("Kept. Nobody is written to about a day that has passed or is not known.")
    accounts, without = deputies_reached(session)
    written = ngettext(
        "A letter goes to %(number)s deputy.",
        "A letter goes to %(number)s deputies.",
        len(accounts),
    )
    told = [written % {"number": len(accounts)}] if accounts else []
    if without:
        left = ngettext(
            "%(number)s deputy has no account here: invite this one yourself.",
            "%(number)s deputies have no account here: invite them yourself.",
            without,
        )
        told.append(left % {"number": without})
    return " ".join([_("Kept."), *told])


@transaction.atomic
def _plan(desk: Desk, form: SessionForm) -> Session:
    session = plan_session(council=desk.council, facts=form.told())
    if lines := read_agenda(form.cleaned_data["agenda"]):
        set_agenda(session=session, lines=lines)
    return session


def _as_last_time(desk: Desk) -> dict[str, Any]:
    """What a new session most likely shares with the last one."""
    last = Session.objects.filter(council=desk.council).order_by("-held_to", "-id").first()
    if last is None:
        return {"form": "in_person"}
    told = stored_facts(last)
    number = int(last.number) + 1 if last.number.isascii() and last.number.isdecimal() else ""
    kept = {name: told[name] for name in ("begins", "place", "chair", "secretary")}
    return {**kept, "form": "in_person", "number": number}


def _attendance(session: Session) -> dict[str, int]:
    rows = session.attendance.values_list("presence").annotate(number=Count("id"))
    return dict(rows.order_by())


def _quorum(session: Session) -> dict[str, Any]:
    rule = quorum_of(session)
    of = {"elected": session.elected, "established": session.established}
    whole = of.get(rule.base) if rule else None
    needed = rule.least(whole) if rule and whole else None
    is_there = None
    if needed is not None and session.present is not None:
        is_there = room_of(session).is_quorate
    return {"needed": needed, "is_there": is_there}


def _steps(session: Session) -> list[tuple[str, str, bool]]:
    """Steps that are open now: code, words, whether it is the usual next one."""
    if session.state == "planned":
        return [
            ("invited", _("Invite the deputies"), False),
            ("held", _("The session took place"), True),
            ("cancelled", _("Cancel the session"), False),
        ]
    if session.state == "invited":
        return [
            ("held", _("The session took place"), True),
            ("cancelled", _("Cancel the session"), False),
        ]
    return [("planned", _("Plan it again"), True)] if session.state == "cancelled" else []
