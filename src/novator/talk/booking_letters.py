"""Solutions discussed: letters about help that was booked, moved, or is near."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _

from novator.accounts.models import User
from novator.talk.letters import Words, link, send_to, title_of
from novator.talk.models import Booking
from novator.talk.voices import ANSWERING, people_of


def tell_of_booking(booking: Booking, *, to: str, on: date, key: str = "") -> int:
    """Write to one side ("author", "guest") or to both that the booking stands as it does now."""

    def words(user: User) -> Words:
        facts = _facts(booking)
        parts = [_OPENINGS[booking.state]() % facts, _when(booking), booking.meeting_place]
        if booking.state == "asked" and (booking.wished or booking.wished_on):
            parts.append(_("Wished: %(days)s") % {"days": wished_words(booking)})
        if booking.note:
            parts.append(_("They write: %(note)s") % {"note": booking.note})
        parts.append(_("The booking: %(link)s") % facts)
        return _("Help with “%(title)s”: %(state)s") % facts, parts

    return _to_sides(booking, to, words, key=key or f"booking:{booking.times_moved}", on=on)


def remind_of_booking(booking: Booking, *, on: date) -> int:
    """Write to the author city that somebody still waits for its word."""

    def words(user: User) -> Words:
        facts = _facts(booking)
        return _("%(guest)s still waits: %(kind)s") % facts, [
            _("%(guest)s asked for help with “%(title)s” (%(kind)s) and has no answer yet.")
            % facts,
            _("Agree, propose another day or decline: %(link)s") % facts,
        ]

    return _to_sides(booking, "author", words, key="booking-waits", on=on)


def remind_of_meeting(booking: Booking, *, on: date) -> int:
    """Write to both sides on the day before."""

    def words(user: User) -> Words:
        facts = _facts(booking)
        return _("Tomorrow: help with “%(title)s”") % facts, [
            _("%(author)s and %(guest)s: %(kind)s.") % facts,
            _when(booking),
            booking.meeting_place,
            _("The booking: %(link)s") % facts,
        ]

    key = f"booking-tomorrow:{booking.meeting_on}"
    return _to_sides(booking, "both", words, key=key, on=on)


def ask_whether_done(booking: Booking, *, on: date) -> int:
    """Write to both sides on the day after."""

    def words(user: User) -> Words:
        facts = _facts(booking)
        return _("Did it take place? Help with “%(title)s”") % facts, [
            _("%(author)s and %(guest)s had agreed: %(kind)s.") % facts,
            _when(booking),
            _("Say whether it took place, and how it was: %(link)s") % facts,
        ]

    key = f"booking-past:{booking.meeting_on}"
    return _to_sides(booking, "both", words, key=key, on=on)


def wished_words(booking: Booking) -> str:
    """The wished day and what was said of it."""
    day = date_format(booking.wished_on, "DATE_FORMAT") if booking.wished_on else ""
    return ", ".join(part for part in (day, booking.wished) if part)


def _when(booking: Booking) -> str:
    if booking.meeting_on is None or booking.state in {"asked", "cancelled"}:
        return ""
    day = date_format(booking.meeting_on, "DATE_FORMAT")
    if booking.meeting_time is None:
        return day
    return f"{day}, {time_format(booking.meeting_time, 'TIME_FORMAT')}"


def _facts(booking: Booking) -> dict[str, str]:
    return {
        "guest": booking.city.name,
        "author": booking.practice.municipality.name,
        "title": title_of(booking.practice),
        "kind": str(booking.get_kind_display()),
        "state": str(booking.get_state_display()),
        "link": link(booking.get_absolute_url()),
    }


def _to_sides(
    booking: Booking, to: str, words: Callable[[User], Words], *, key: str, on: date
) -> int:
    people: list[User] = []
    if to in {"author", "both"}:
        people += people_of(booking.practice.municipality, ANSWERING, on=on)
    if to in {"guest", "both"}:
        asker = booking.written_by
        is_there = asker.is_active and asker.erased_at is None
        people += [asker] if is_there else people_of(booking.city, ANSWERING, on=on)
    whole_key = f"{key}:{booking.public_id}"
    return send_to(people, kind="help", key=whole_key, words=words)


_OPENINGS = {
    "asked": lambda: _("%(guest)s asks %(author)s for help with “%(title)s”: %(kind)s."),
    "proposed": lambda: _("%(author)s proposes another day for help with “%(title)s”: %(kind)s."),
    "accepted": lambda: _("It is agreed: %(author)s helps %(guest)s with “%(title)s”, %(kind)s."),
    "declined": lambda: _("%(author)s cannot help with “%(title)s” (%(kind)s)."),
    "cancelled": lambda: _("%(guest)s no longer needs help with “%(title)s” (%(kind)s)."),
    "done": lambda: _("Help with “%(title)s” took place. Say how it was: both cities rate it."),
}
