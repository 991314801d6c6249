"""Who decides: a session's two lists, each on one page: its agenda and who was there."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_http_methods

from novator.core.languages import reads_russian
from novator.council.agenda import mark_of_agenda, read_agenda, set_agenda, write_agenda
from novator.council.composition import Seat
from novator.council.models import Organization, Session
from novator.council.recording import Presence, mark_of_attendance, record_attendance
from novator.council.refusals import CannotRecord
from novator.council.room import Room, room_of
from novator.portal.limits import limited
from novator.portal.people import sign_in_needed
from novator.portal.session_guard import ENTRIES_AN_HOUR, address_of, desk_of, session_of
from novator.portal.unprintable import printable

LONGEST_LIST = 100_000
LETTERS = {
    "present": ("П", "P"),
    "remote": ("Д", "M"),
    "excused": ("У", "E"),
    "absent": ("О", "O"),
}
"""The key of each kind of attendance, Russian and Latin; it is the button's label too."""
OF_ONE = {
    "present": pgettext_lazy("one deputy", "present"),
    "remote": pgettext_lazy("one deputy", "present remotely"),
    "excused": pgettext_lazy("one deputy", "absent with a reason"),
    "absent": pgettext_lazy("one deputy", "absent"),
}
Groups = list[tuple[Organization | None, list["PresenceRow"]]]


@dataclass(frozen=True)
class PresenceRow:
    """A deputy on the page of attendance, with what is stored or was typed."""

    seat: Seat
    number: int
    presence: str
    note: str


@require_http_methods(["GET", "POST"])
@sign_in_needed
@limited("session_entry", per_hour=ENTRIES_AN_HOUR)
def session_agenda(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The whole agenda as one text: paste it, mend it, move its lines."""
    desk = desk_of(request, slug)
    session = session_of(desk, pk)
    fault, seen = "", request.POST.get("seen") or mark_of_agenda(session)
    text = request.POST.get("agenda")
    if request.method == "POST" and text is not None:
        try:
            items = set_agenda(
                session=session, lines=read_agenda(printable(text)[:LONGEST_LIST]), seen=seen
            )
        except CannotRecord as refusal:
            fault, seen = str(refusal), mark_of_agenda(session)
        else:
            words = _("The agenda is kept: questions %(number)d.")
            messages.success(request, words % {"number": len(items)})
            return redirect(address_of(desk, session))
    stored = write_agenda(session.items.order_by("position"))
    context = {
        "desk": desk,
        "session": session,
        "fault": fault,
        "seen": seen,
        "text": stored if text is None else text,
        "stored": stored if fault else "",
        "crumbs": [*desk.crumbs_of(session), (_("Agenda"), "")],
    }
    return render(request, "portal/council/desk/agenda.html", context, status=_status(fault))


@require_http_methods(["GET", "POST"])
@sign_in_needed
@limited("session_entry", per_hour=ENTRIES_AN_HOUR)
def session_attendance(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """All deputies on one page: all present, except those marked."""
    desk = desk_of(request, slug)
    session = session_of(desk, pk)
    try:
        room = room_of(session)
    except CannotRecord as refusal:
        messages.error(request, str(refusal))
        return redirect("session_facts", slug, pk)
    fault, seen = "", request.POST.get("seen") or mark_of_attendance(session)
    typed = _typed(request, room) if request.method == "POST" else None
    if typed is not None:
        try:
            kept = record_attendance(session=session, people=typed, seen=seen)
        except CannotRecord as refusal:
            fault, seen = str(refusal), mark_of_attendance(session)
        else:
            words = _("The attendance is kept: present %(number)d.")
            messages.success(request, words % {"number": kept.present or 0})
            return redirect(address_of(desk, session))
    latin = not reads_russian()
    context = {
        "desk": desk,
        "session": session,
        "groups": _groups(room, session, typed),
        "presence": [(code, str(name), LETTERS[code][latin]) for code, name in OF_ONE.items()],
        "fault": fault,
        "seen": seen,
        "crumbs": [*desk.crumbs_of(session), (_("Attendance"), "")],
    }
    return render(request, "portal/council/desk/attendance.html", context, status=_status(fault))


def _status(fault: str) -> int:
    return 422 if fault else 200


def _typed(request: HttpRequest, room: Room) -> dict[int, Presence]:
    """What was marked; whoever is not marked was there."""
    typed = {}
    for seat in room.seats:
        key = seat.person.pk
        presence = request.POST.get(f"p-{key}") or "present"
        note = " ".join(printable(request.POST.get(f"n-{key}", "")).split())[:200]
        typed[key] = Presence(presence, note if presence != "present" else "")
    return typed


def _groups(room: Room, session: Session, typed: dict[int, Presence] | None) -> Groups:
    if typed is None:
        rows = session.attendance.values_list("person", "presence", "note")
        typed = {key: Presence(presence, note) for key, presence, note in rows}
    places = {seat.person.pk: place for place, seat in enumerate(room.seats, start=1)}
    usual = "remote" if session.form == "remote" else "present"
    groups: Groups = []
    for faction, seats in room.factions:
        shown = []
        for seat in seats:
            told = typed.get(seat.person.pk, Presence(usual))
            shown.append(PresenceRow(seat, places[seat.person.pk], told.presence, told.note))
        groups.append((faction, shown))
    return groups
