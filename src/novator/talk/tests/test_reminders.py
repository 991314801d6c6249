"""Reminders come once, requests come in one letter a day to whom they fit."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from novator.accounts.testing import make_role
from novator.cities.testing import make_city
from novator.mail.models import Letter
from novator.mail.operations import address_digest, stop_letters
from novator.practices.testing import make_practice
from novator.talk import reminders
from novator.talk.models import Told
from novator.talk.queries import bookings_for_office, questions_for_office
from novator.talk.reminders import remind_author_cities, remind_of_bookings, tell_of_requests
from novator.talk.tasks import remind, tell_cities
from novator.talk.testing import make_booking, make_question, make_reply, make_request

pytestmark = pytest.mark.django_db

NOW = timezone.now()
TODAY = timezone.localdate(NOW)
LONG_AGO = NOW - timedelta(days=11)


def test_the_author_city_is_reminded_once_and_then_it_is_the_offices():
    question = make_question(written_at=LONG_AGO)
    make_role("editor", city=question.practice.municipality)
    make_question(practice=question.practice, written_at=NOW - timedelta(days=9))
    assert questions_for_office(on=TODAY) == []

    assert remind_author_cities(now=NOW, on=TODAY) == 1
    assert remind_author_cities(now=NOW, on=TODAY) == 0

    assert Letter.objects.filter(kind="question").count() == 1
    assert questions_for_office(on=TODAY) == [question]


def test_an_answered_question_is_nobodys_reminder():
    question = make_question(written_at=LONG_AGO, answered_at=NOW)
    make_reply(question)

    assert remind_author_cities(now=NOW, on=TODAY) == 0
    assert questions_for_office(on=TODAY) == []


def test_a_question_to_a_city_that_is_not_here_is_the_offices_at_once():
    question = make_question(written_at=LONG_AGO)

    assert questions_for_office(on=TODAY) == [question]
    assert remind_author_cities(now=NOW, on=TODAY) == 0
    make_role("editor", city=question.practice.municipality)
    assert questions_for_office(on=TODAY) == []
    assert remind_author_cities(now=NOW, on=TODAY) == 1


def test_the_jobs_of_the_day_run():
    make_question(written_at=LONG_AGO)

    assert remind(timestamp=0) == "questions 0, bookings 0"
    assert tell_cities(timestamp=0) == "letters 0"


def test_bookings_that_wait_and_meetings_that_are_near():
    waiting = make_booking(moved_at=NOW - timedelta(days=6))
    make_booking(practice=waiting.practice, state="accepted", meeting_on=TODAY + timedelta(days=1))
    make_booking(practice=waiting.practice, state="accepted", meeting_on=TODAY - timedelta(days=1))

    assert remind_of_bookings(now=NOW, on=TODAY) == 5
    before = Letter.objects.count()
    remind_of_bookings(now=NOW, on=TODAY)

    assert before == Letter.objects.count() == 5
    assert bookings_for_office() == [waiting]


def test_a_request_goes_to_cities_it_fits_in_one_letter_a_day(monkeypatch):
    monkeypatch.setattr(reminders, "PEERS_ASKED", 0)
    with_card = make_city("Glazov")
    make_practice(city=with_card)
    make_role("editor", city=with_card)
    make_role("editor", city=make_city("Stary Bor"))
    open_until = TODAY + timedelta(days=9)
    first = make_request(open_until=open_until)
    second = make_request(title="Кто чистит ливнёвку?", open_until=open_until)

    assert tell_of_requests(now=NOW, on=TODAY) == 1
    assert tell_of_requests(now=NOW, on=TODAY) == 0
    assert tell_of_requests(now=NOW, on=TODAY + timedelta(days=1)) == 0

    letter = Letter.objects.get()
    assert (letter.kind, letter.to_email) == ("request", "editor@glazov.example")
    assert first.title in letter.body
    assert second.title in letter.body
    assert Told.objects.count() == 2


def test_cities_like_the_asking_one_are_told_too_and_itself_is_not():
    make_role("editor", city=make_city("Stary Bor"))
    make_request(open_until=TODAY + timedelta(days=9))

    assert tell_of_requests(now=NOW, on=TODAY) == 1

    assert Letter.objects.get().to_email == "editor@stary-bor.example"


def test_who_stopped_such_letters_is_not_told():
    make_role("editor", city=make_city("Stary Bor"))
    stop_letters(digest=address_digest("editor@stary-bor.example"), kind="request")
    make_request(open_until=TODAY + timedelta(days=9))

    assert tell_of_requests(now=NOW, on=TODAY) == 0
    assert not Letter.objects.exists()
    assert not Told.objects.exists()


def test_at_most_so_many_people_are_told_a_day(monkeypatch):
    monkeypatch.setattr(reminders, "MOST_PEOPLE_A_DAY", 1)
    for name in ("Stary Bor", "Glazov"):
        make_role("editor", city=make_city(name))
    make_request(open_until=TODAY + timedelta(days=9))

    assert tell_of_requests(now=NOW, on=TODAY) == 1
    assert tell_of_requests(now=NOW, on=TODAY + timedelta(days=1)) == 1
    assert tell_of_requests(now=NOW, on=TODAY + timedelta(days=2)) == 0
