"""Who decides: the sessions of a council as a calendar that others subscribe to (RFC 5545)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, timedelta
from typing import TYPE_CHECKING

from novator.core.calendars import new_calendar, new_entry, written
from novator.council.models import Organization, Session

if TYPE_CHECKING:
    from icalendar import Event

LENGTH = timedelta(hours=3)
"""How long a session takes whose end is not known."""
_STATES = {"planned": "TENTATIVE", "invited": "CONFIRMED", "cancelled": "CANCELLED"}


def calendar_of(
    council: Organization, sessions: Iterable[Session], *, address: Callable[[Session], str]
) -> bytes:
    """
    Write the sessions as a calendar; one whose day is not known exactly is left out.

    Each keeps its UID for ever, and its SEQUENCE grows with every change. Of a closed one only
    that it is stands there. `address` gives the page of a session.
    """
    calendar = new_calendar("council", name=str(council))
    for session in sessions:
        if session.starts_at or (session.held_from and session.held_from == session.held_to):
            calendar.add_component(_event(council, session, address(session)))
    return written(calendar)


def _event(council: Organization, session: Session, address: str) -> Event:
    number, changed_at = session.public_id, session.changed_at
    event = new_entry(number, changed_at=changed_at, sequence=session.revision - 1)
    event.add("last-modified", changed_at.astimezone(UTC))
    event.add("summary", f"{council.shown_name}: {session}")
    event.add("status", _STATES.get(session.state, "CONFIRMED"))
    event.add("url", address)
    if session.place and not session.is_closed:
        event.add("location", session.place)
    if session.starts_at is not None:
        event.add("dtstart", session.starts_at.astimezone(UTC))
        event.add("dtend", (session.ends_at or session.starts_at + LENGTH).astimezone(UTC))
    elif session.held_from is not None:
        event.add("dtstart", session.held_from)
        event.add("dtend", session.held_from + timedelta(days=1))
    return event
