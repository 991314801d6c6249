"""The exchange: open to all, with what waits for each reader counted."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.translation import override
from pytest_django import DjangoAssertNumQueries

from novator.accounts.models import User
from novator.accounts.testing import make_role, make_user, signed_in
from novator.cities.testing import make_city
from novator.drafts.testing import make_draft
from novator.portal.your_work import work_of
from novator.practices.testing import make_practice
from novator.reviews.testing import make_contest, make_entry, make_juror
from novator.talk.testing import make_booking, make_question, make_reply, make_request

pytestmark = pytest.mark.django_db
PAGE = "/en/exchange/"
ON = date(2026, 11, 22)


def _work(user: User, on: date = ON) -> dict[str, int]:
    with override("en"):
        return {str(one.name): one.number for one in work_of(user, on=on)}


def test_everybody_sees_what_cities_publish_ask_and_answer(client: Client) -> None:
    make_practice(is_by_its_city=True)
    make_request()
    question = make_question(text="Сколько стоит тепло?", answered_at=timezone.now())
    make_reply(question)
    make_question(text="Личное", is_public=False, answered_at=timezone.now())

    page = client.get(PAGE).content.decode()

    assert "Warm bus stops" in page
    assert "Кто убирает снег ночью?" in page
    assert "Сколько стоит тепло?" in page
    assert "Личное" not in page
    assert "What waits for you" not in page


def test_a_question_with_a_private_answer_is_not_told_as_answered(client: Client) -> None:
    question = make_question(text="Сколько стоит тепло?", answered_at=timezone.now())
    make_reply(question, may_be_shown=False)

    assert "Сколько стоит тепло?" not in client.get(PAGE).content.decode()


@pytest.mark.parametrize("language", ["ru", "en"])
def test_an_empty_exchange_says_so(client: Client, language: str) -> None:
    assert client.get(f"/{language}/exchange/").status_code == 200


def test_the_page_costs_the_same_with_twenty_rows(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(20):
        card = make_practice(f"card-{number}", city=make_city("Glazov"), is_by_its_city=True)
        make_request(title=f"Кто {number}?")
        make_reply(make_question(practice=card, answered_at=timezone.now()))
    client.get(PAGE)

    with django_assert_num_queries(6):
        client.get(PAGE)


def test_work_of_a_city_waits_for_its_people_and_nobody_else() -> None:
    glazov = make_city("Glazov")
    card = make_practice(
        city=glazov,
        is_by_its_city=True,
        confirm_by=ON + timedelta(days=9),
        confirmed_on=ON,
        help_offered=["call"],
    )
    head = make_role("head", city=glazov).user
    make_draft(city=glazov, by=head, state="awaiting_release")
    make_question(practice=card)
    make_booking(practice=card)
    stranger = make_role("head", city=make_city("Stary Bor")).user

    assert _work(head) == {
        "cards to release in the city’s name": 1,
        "cards to confirm within a month": 1,
        "questions to answer": 1,
        "wishes for help to answer": 1,
    }
    assert _work(stranger) == {}


def test_a_proposed_date_waits_for_the_city_that_booked() -> None:
    booking = make_booking(state="proposed", meeting_on=ON)

    assert _work(booking.written_by) == {"dates of help proposed to your city": 1}


def test_an_entry_waits_for_a_juror_who_has_no_part_in_it() -> None:
    contest = make_contest()
    make_entry(contest, make_practice())
    juror = make_juror(contest)
    day = contest.closes_on + timedelta(days=1)

    assert _work(juror.user, day)["entries to score: Best practice of the year"] == 1


def test_signed_in_readers_see_their_work_on_both_pages() -> None:
    card = make_practice()
    editor = make_role("editor", city=card.municipality).user
    make_question(practice=card)
    browser = signed_in(editor)

    for address in (PAGE, "/en/account/"):
        page = browser.get(address).content.decode()
        assert "Questions to answer" in page, address


def test_without_a_role_nothing_can_wait() -> None:
    page = signed_in(make_user("new@glazov.example")).get(PAGE).content.decode()

    assert "You have no role yet" in page


def test_work_of_the_office_is_what_its_pages_count() -> None:
    make_question(written_at=timezone.now())
    office = make_role("office").user

    assert _work(office)["Talk between cities"] == 1
