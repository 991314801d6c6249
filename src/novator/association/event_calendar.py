"""The association: its events as a calendar that others subscribe to (RFC 5545)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC

from novator.association.models import Gathering
from novator.core.calendars import new_calendar, new_entry, written


def calendar_of_events(
    events: Iterable[Gathering], *, name: str, address: Callable[[Gathering], str]
) -> bytes:
    """
    Write events as a calendar; each keeps its UID, and its SEQUENCE grows with every change.

    The address at which one takes part online is for those registered, not for the calendar.
    """
    calendar = new_calendar("association", name=name)
    for one in events:
        event = new_entry(one.public_id, changed_at=one.changed_at, sequence=one.sequence)
        event.add("last-modified", one.changed_at.astimezone(UTC))
        event.add("summary", str(one))
        event.add("status", "CANCELLED" if one.cancelled_because else "CONFIRMED")
        event.add("dtstart", one.starts_at.astimezone(UTC))
        event.add("dtend", one.ends_at.astimezone(UTC))
        event.add("url", address(one))
        if one.place:
            event.add("location", one.place)
        calendar.add_component(event)
    return written(calendar)
