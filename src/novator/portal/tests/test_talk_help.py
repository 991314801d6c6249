"""Help of an author city on the pages: booked, moved, put into a calendar, rated."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from novator.accounts.testing import signed_in
from novator.cities.testing import make_city
from novator.practices.testing import make_practice
from novator.talk.models import Booking, Rating
from novator.talk.testing import make_booking, make_speaker

pytestmark = pytest.mark.django_db

HELP = "/en/practices/glazov-warm-stops/help/"


def _browser(kind, name=None):
    return signed_in(make_speaker(kind, make_city(name) if name else None).user)


def _path(booking, rest=""):
    return f"/en/bookings/{booking.public_id}/{rest}"


def _day(days):
    return (timezone.localdate() + timedelta(days=days)).isoformat()


def test_a_city_books_and_the_author_city_agrees():
    make_practice(help_offered=["call", "visit"])
    glazov, zarechny = _browser("editor", "Glazov"), _browser("secretary", "Zarechny")
    assert "a visit" in Client().get(HELP).content.decode()

    zarechny.post(f"{HELP}book/", {"kind": "visit", "wished": "в марте", "token": uuid4()})
    booking = Booking.objects.get()
    page = glazov.get(_path(booking)).content.decode()
    assert "в марте" in page
    glazov.post(
        _path(booking, "move/"),
        {"act": "accept", "seen": "0", "meeting_on": _day(9), "meeting_time": "10:30"},
    )

    booking.refresh_from_db()
    assert booking.state == "accepted"
    file = zarechny.get(_path(booking, "invitation.ics"))
    assert file.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert file.content.startswith(b"BEGIN:VCALENDAR")


def test_the_stranger_sees_and_moves_nothing():
    booking = make_booking()
    stranger = _browser("head", "Stary Bor")

    assert stranger.get(_path(booking)).status_code == 404
    assert stranger.get(_path(booking, "invitation.ics")).status_code == 404
    for rest in ("move/", "rate/"):
        assert stranger.post(_path(booking, rest), {"act": "decline"}).status_code == 404
    assert Client().get(_path(booking)).status_code == 302
    assert _browser("moderator").get(_path(booking)).status_code == 404
    own = _browser("editor", "Glazov").get(f"{HELP}book/")
    assert own.status_code == 403
    booking.refresh_from_db()
    assert booking.state == "asked"


def test_each_city_makes_only_its_own_moves():
    booking = make_booking()
    zarechny = _browser("editor", "Zarechny")

    answer = zarechny.post(
        _path(booking, "move/"), {"act": "accept", "seen": "0", "meeting_on": _day(3)}
    )

    assert answer.status_code == 403
    booking.refresh_from_db()
    assert booking.state == "asked"


def test_faults_are_shown_at_their_field():
    booking = make_booking()
    glazov = _browser("editor", "Glazov")

    no_day = glazov.post(_path(booking, "move/"), {"act": "accept", "seen": "0", "note": "Ждём"})
    no_reason = glazov.post(_path(booking, "move/"), {"act": "decline", "seen": "0"})

    assert 'href="#id_meeting_on"' in no_day.content.decode()
    assert "Ждём" in no_day.content.decode()
    assert no_reason.status_code == 200
    assert 'role="alert"' in no_reason.content.decode()


def test_who_looked_at_an_old_page_is_told():
    booking = make_booking()
    glazov = _browser("editor", "Glazov")
    glazov.post(_path(booking, "move/"), {"act": "accept", "seen": "0", "meeting_on": _day(3)})

    late = glazov.post(
        _path(booking, "move/"), {"act": "decline", "seen": "0", "because": "Нет людей"}
    )

    assert "Nothing was overwritten" in late.content.decode()
    assert "Нет людей" in late.content.decode()
    booking.refresh_from_db()
    assert booking.state == "accepted"


def test_both_rate_and_the_card_shows_the_mean():
    booking = make_booking(
        state="done", meeting_on=timezone.localdate(), done_at=timezone.now(), times_moved=2
    )
    glazov, zarechny = _browser("editor", "Glazov"), _browser("editor", "Zarechny")

    zarechny.post(_path(booking, "rate/"), {"side": "received", "score": "4", "comment": "Ясно"})
    assert "Ясно" not in glazov.get(_path(booking)).content.decode()
    assert "Ясно" not in Client().get(HELP).content.decode()
    glazov.post(_path(booking, "rate/"), {"side": "gave", "score": "5"})
    again = zarechny.post(_path(booking, "rate/"), {"side": "received", "score": "1"})

    assert "has rated this help already" in again.content.decode()
    assert Rating.objects.count() == 2
    assert "Ясно" in Client().get(HELP).content.decode()
    card = Client().get("/en/practices/glazov-warm-stops/").content.decode()
    assert "of 5, one rating" in card


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("state", ["asked", "proposed", "accepted", "declined", "done"])
def test_pages_answer_in_both_languages(language, state):
    booking = make_booking(
        state=state, meeting_on=timezone.localdate(), note="слово", done_at=timezone.now()
    )

    for browser in (_browser("editor", "Glazov"), _browser("editor", "Zarechny")):
        page = browser.get(f"/{language}/bookings/{booking.public_id}/")
        assert page.status_code == 200
    assert Client().get(f"/{language}/practices/glazov-warm-stops/help/").status_code == 200


def test_a_card_that_offers_nothing_has_no_page_of_help():
    make_practice()

    assert Client().get(HELP).status_code == 404
