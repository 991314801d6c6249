"""Events: seats are never given twice, whoever waits moves up, calendars follow changes."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import icalendar
import pytest
from django.db import connection

from novator.accounts.testing import make_role, make_user
from novator.association.common_work import (
    CannotArrange,
    CannotRegister,
    EventFacts,
    cancel_event,
    change_event,
    make_event,
    publish_event,
    register,
    unregister,
)
from novator.association.event_calendar import calendar_of_events
from novator.association.models import Registration
from novator.association.testing import make_member

NOW = datetime(2026, 11, 1, 9, tzinfo=UTC)
FACTS = EventFacts(
    name="Встреча о дворах",
    starts_at=NOW + timedelta(days=10),
    ends_at=NOW + timedelta(days=10, hours=3),
    online="https://meet.example/secret",
    seats=1,
)


def published(**changes):
    office = make_role("office").user
    made = make_event(facts=replace(FACTS, **changes), by=office, now=NOW)
    return publish_event(gathering=made, by=office, now=NOW), office


@pytest.mark.django_db
def test_whoever_waits_moves_up():
    event, _office = published()
    first, second = make_user("a@glazov.example"), make_user("b@glazov.example")

    register(gathering=event, user=first, municipality=None, now=NOW)
    waiting = register(gathering=event, user=second, municipality=None, now=NOW)
    assert waiting.is_waiting
    with pytest.raises(CannotRegister):
        register(gathering=event, user=second, municipality=None, now=NOW)
    unregister(gathering=event, user=first, now=NOW)

    waiting.refresh_from_db()
    assert not waiting.is_waiting


@pytest.mark.django_db
def test_nobody_registers_late_or_for_what_is_not_announced():
    event, office = published(register_until=NOW)
    draft = make_event(facts=FACTS, by=office, now=NOW)
    person = make_user("a@glazov.example")

    for one in (event, draft):
        with pytest.raises(CannotRegister):
            register(gathering=one, user=person, municipality=None, now=NOW)


@pytest.mark.django_db
def test_events_for_members_are_for_members():
    event, _office = published(is_for_members=True)
    representative = make_user("a@glazov.example")
    make_member("Glazov", user=representative)

    stranger = make_user("b@stary-bor.example")

    with pytest.raises(CannotRegister):
        register(gathering=event, user=stranger, municipality=None, now=NOW)
    assert register(gathering=event, user=representative, municipality=None, now=NOW)


@pytest.mark.django_db
def test_a_calendar_follows_changes_and_tells_no_secret_address():
    event, office = published()
    change_event(gathering=event, facts=replace(FACTS, place="Глазов"), by=office, now=NOW)
    done = cancel_event(gathering=event, because="Мороз", by=office, now=NOW)

    written = calendar_of_events([done], name="x", address=lambda one: "https://example.org/")

    (found,) = icalendar.Calendar.from_ical(written).walk("VEVENT")
    assert (found["SEQUENCE"], found["STATUS"]) == (2, "CANCELLED")
    assert b"meet.example" not in written
    with pytest.raises(CannotArrange):
        change_event(gathering=done, facts=FACTS, by=office, now=NOW)


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_one_gets_the_last_seat():
    event, _office = published()
    people = [make_user(f"p{number}@glazov.example") for number in range(6)]
    begin = threading.Barrier(len(people))

    def come(person):
        try:
            begin.wait(30)
            register(gathering=event, user=person, municipality=None, now=NOW)
        finally:
            connection.close()

    threads = [threading.Thread(target=come, args=[person]) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    waiting = list(Registration.objects.values_list("is_waiting", flat=True))
    assert (len(waiting), sum(waiting)) == (6, 5)
