"""Beside the law: what every calendar that others subscribe to begins with (RFC 5545)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings

if TYPE_CHECKING:
    from icalendar import Calendar, Event


def new_calendar(part: str, *, name: str = "") -> Calendar:
    """An empty calendar of a part of the product, named where it holds more than one entry."""
    from icalendar import Calendar  # a fifth of a second that only these files need

    calendar = Calendar()
    calendar.add("prodid", f"-//Novator//{part}//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    if name:
        calendar.add("x-wr-calname", name)
    return calendar


def new_entry(number: UUID, *, changed_at: datetime, sequence: int) -> Event:
    """An entry that keeps its UID for ever; `sequence` grows with every change."""
    from icalendar import Event

    host = urlsplit(settings.SITE_ADDRESS).hostname or "localhost"
    event = Event()
    event.add("uid", f"{number}@{host}")
    event.add("dtstamp", changed_at.astimezone(UTC))
    event.add("sequence", sequence)
    return event


def written(calendar: Calendar) -> bytes:
    """The calendar as a file."""
    content: bytes = calendar.to_ical()
    return content
