"""Help is wished for, agreed, put into a calendar, and rated without retaliation."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from uuid import uuid4

import icalendar
import pytest
from django.utils import timezone

from novator.accounts.testing import make_role
from novator.cities.testing import make_city
from novator.mail.models import Letter
from novator.practices.testing import make_practice
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
    propose_day,
    rate_help,
    wish_again,
)
from novator.talk.calendar_file import invitation
from novator.talk.models import Booking, Rating
from novator.talk.queries import help_figures, ratings_open
from novator.talk.testing import ON, make_booking, make_speaker, voice_of

pytestmark = pytest.mark.django_db

DAY = ON + timedelta(days=10)


def _wanted(practice, **changes):
    facts: dict[str, Any] = {
        "practice": practice,
        "voice": voice_of(make_speaker("editor", make_city("Zarechny"))),
        "kind": "call",
        "wished_on": DAY,
        "wished": "",
        "message": "",
        "token": uuid4(),
        "at": timezone.now(),
        "on": ON,
    }
    return book_help(**facts | changes)


def _glazov():
    return make_speaker("editor", make_city("Glazov")).user


def _zarechny():
    return make_speaker("editor", make_city("Zarechny")).user


def _moved(move, booking, by, **facts):
    return move(booking=booking, by=by, seen=booking.times_moved, at=timezone.now(), on=ON, **facts)


def _meeting(**changes):
    facts: dict[str, Any] = {
        "meeting_on": DAY,
        "meeting_time": time(10),
        "meeting_place": "",
        "note": "",
    }
    return facts | changes


def test_a_wish_goes_to_those_who_answer_for_the_author_city():
    practice = make_practice(help_offered=["call"])
    make_role("editor", city=practice.municipality)
    token = uuid4()

    booking = _wanted(practice, token=token)

    assert _wanted(practice, token=token) == booking
    letter = Letter.objects.get()
    assert (letter.kind, letter.to_email) == ("help", "editor@glazov.example")


@pytest.mark.parametrize("changes", [{"kind": "visit"}, {"wished_on": ON - timedelta(days=1)}])
def test_refuses_what_is_not_offered_and_a_day_that_is_past(changes):
    practice = make_practice(help_offered=["call"])
    make_role("editor", city=practice.municipality)

    with pytest.raises(CannotBook):
        _wanted(practice, **changes)

    assert not Booking.objects.exists()


def test_nothing_is_booked_where_nobody_is_there_to_agree():
    with pytest.raises(CannotBook):
        _wanted(make_practice(help_offered=["call"]))


def test_the_whole_way_from_a_wish_to_its_end():
    booking = make_booking()

    booking = _moved(propose_day, booking, _glazov(), **_meeting())
    booking = _moved(wish_again, booking, _zarechny(), wished="любой четверг")
    assert (booking.state, booking.meeting_on) == ("asked", None)
    booking = _moved(propose_day, booking, _glazov(), **_meeting(meeting_on=DAY))
    booking = _moved(accept_proposal, booking, _zarechny())
    with pytest.raises(CannotMove):
        _moved(finish_booking, booking, _glazov())
    booking = finish_booking(
        booking=booking, by=_glazov(), seen=booking.times_moved, at=timezone.now(), on=DAY
    )

    assert (booking.state, booking.times_moved) == ("done", 5)
    assert booking.done_at is not None
    assert Letter.objects.filter(kind="help").count() == 6


def test_who_comes_second_is_told_and_overwrites_nothing():
    booking = make_booking()
    _moved(accept_booking, booking, _glazov(), **_meeting())

    with pytest.raises(CannotMove):
        decline_booking(
            booking=booking, by=_glazov(), seen=0, because="нет людей", at=timezone.now(), on=ON
        )

    booking.refresh_from_db()
    assert booking.state == "accepted"


def test_a_refusal_has_a_reason_and_ends_the_booking():
    booking = make_booking()

    with pytest.raises(CannotMove):
        _moved(decline_booking, booking, _glazov(), because=" ")
    declined = _moved(decline_booking, booking, _glazov(), because="Ремонт до весны.")
    with pytest.raises(CannotMove):
        _moved(cancel_booking, declined, _zarechny(), because="")

    assert (declined.state, declined.note) == ("declined", "Ремонт до весны.")


def test_the_file_for_the_calendar_names_the_hour_and_nobody():
    booking = _moved(
        accept_booking, make_booking(), _glazov(), **_meeting(meeting_place="ул. Кирова, 1")
    )

    written = invitation(booking)

    assert b"@zarechny" not in written
    assert written.endswith(b"END:VCALENDAR\r\n")
    calendar = icalendar.Calendar.from_ical(written)
    (event,) = calendar.walk("VEVENT")
    assert calendar["method"] == "PUBLISH"
    assert event.decoded("dtstart") == timezone.make_aware(datetime.combine(DAY, time(10)))
    assert event.decoded("dtend") > event.decoded("dtstart")
    assert str(event["location"]) == "ул. Кирова, 1"
    assert event["sequence"] == 1
    assert str(booking.public_id) in str(event["uid"])


def test_without_an_hour_it_is_the_whole_day():
    booking = _moved(accept_booking, make_booking(), _glazov(), **_meeting(meeting_time=None))

    (event,) = icalendar.Calendar.from_ical(invitation(booking)).walk("VEVENT")

    assert event.decoded("dtstart") == DAY
    assert event.decoded("dtend") == DAY + timedelta(days=1)


def _done(**facts):
    now = timezone.now()
    return make_booking(state="done", meeting_on=ON, done_at=now, **facts)


def _rated(booking, side, score, by):
    return rate_help(
        booking=booking, side=side, by=by, score=score, comment="Было ясно.", at=timezone.now()
    )


def test_a_rating_is_seen_when_both_have_rated():
    booking = _done()
    today = timezone.localdate()

    _rated(booking, "received", 5, _zarechny())
    assert help_figures(booking.practice.slug, on=today).count == 0
    _rated(booking, "gave", 3, _glazov())

    figures = help_figures(booking.practice.slug, on=today)
    assert (figures.count, figures.mean) == (1, 5.0)
    assert [rating.side for rating in figures.ratings] == ["received"]


def test_a_rating_is_seen_fourteen_days_later_without_the_other():
    booking = _done()
    _rated(booking, "received", 2, _zarechny())
    day = timezone.localdate(booking.done_at)

    assert not ratings_open(on=day + timedelta(days=14)).exists()
    assert ratings_open(on=day + timedelta(days=15)).exists()


def test_each_side_rates_once_and_only_what_took_place():
    booking = _done()
    _rated(booking, "received", 5, _zarechny())

    with pytest.raises(CannotRate):
        _rated(booking, "received", 1, _zarechny())
    with pytest.raises(CannotRate):
        _rated(make_booking(practice=booking.practice), "received", 5, _zarechny())

    assert Rating.objects.get().score == 5
