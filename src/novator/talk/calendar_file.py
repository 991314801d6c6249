"""Solutions discussed: an agreed visit or call as an entry for anybody's calendar (RFC 5545)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from novator.core.calendars import new_calendar, new_entry, written
from novator.talk.letters import link, title_of
from novator.talk.models import Booking

if TYPE_CHECKING:
    from icalendar import Event

HOURS = {"visit": 3, "call": 1, "documents": 1}


def invitation(booking: Booking) -> bytes:
    """
    One entry, of a day or from the hour agreed; a later state replaces it in the calendar.

    Nobody's address stands in it.
    """
    number, sequence = booking.public_id, booking.times_moved
    event = new_entry(number, changed_at=booking.moved_at, sequence=sequence)
    event.add("summary", _("%(kind)s: %(title)s") % _facts(booking))
    event.add("description", _("%(author)s helps %(guest)s.\n%(link)s") % _facts(booking))
    event.add("url", link(booking.get_absolute_url()))
    event.add("status", "CONFIRMED" if booking.state in {"accepted", "done"} else "CANCELLED")
    if booking.meeting_place:
        event.add("location", booking.meeting_place)
    _add_moments(event, booking)
    calendar = new_calendar("talk")
    calendar.add_component(event)
    return written(calendar)


def _add_moments(event: Event, booking: Booking) -> None:
    assert booking.meeting_on is not None
    if booking.meeting_time is None:
        event.add("dtstart", booking.meeting_on)
        event.add("dtend", booking.meeting_on + timedelta(days=1))
        return
    local = datetime.combine(booking.meeting_on, booking.meeting_time)
    start = timezone.make_aware(local).astimezone(UTC)
    event.add("dtstart", start)
    event.add("dtend", start + timedelta(hours=HOURS[booking.kind]))


def _facts(booking: Booking) -> dict[str, str]:
    kind = str(booking.get_kind_display())
    return {
        "kind": kind[:1].upper() + kind[1:],
        "title": title_of(booking.practice),
        "author": booking.practice.municipality.name,
        "guest": booking.city.name,
        "link": link(booking.get_absolute_url()),
    }
