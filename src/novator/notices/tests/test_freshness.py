"""Cities are reminded in time, once each time, of cards that must be confirmed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from novator.accounts.testing import make_role, make_user
from novator.cities.testing import make_city
from novator.mail.models import Letter
from novator.notices.freshness import remind_to_confirm
from novator.practices.testing import make_practice

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)


def due(days: int, slug: str = "glazov-warm-stops", **facts) -> None:
    city = make_city("Glazov")
    make_practice(
        slug,
        city=city,
        is_by_its_city=facts.pop("is_by_its_city", True),
        confirmed_on=TODAY - timedelta(days=300),
        confirm_by=TODAY + timedelta(days=days),
        **facts,
    )


def editor() -> None:
    make_role("editor", city=make_city("Glazov"))


@pytest.mark.parametrize("days", [30, 7, 0])
def test_writes_to_the_people_of_the_city(days: int) -> None:
    due(days)
    editor()
    make_role("secretary", city=make_city("Glazov"))
    make_role("editor", city=make_city("Stary Bor"))

    assert remind_to_confirm(on=TODAY) == 1

    letter = Letter.objects.get()
    assert (letter.kind, letter.to_email) == ("confirm", "editor@glazov.example")
    assert "Тёплые остановки" in letter.subject
    assert "/ru/practices/glazov-warm-stops/" in letter.body


@pytest.mark.parametrize("days", [31, 20, 8, 3, -5])
def test_is_silent_on_other_days(days: int) -> None:
    due(days)
    editor()

    assert remind_to_confirm(on=TODAY) == 0


def test_is_told_once_and_a_missed_day_is_made_up_for() -> None:
    due(30)
    editor()

    remind_to_confirm(on=TODAY + timedelta(days=1))
    remind_to_confirm(on=TODAY + timedelta(days=2))

    assert Letter.objects.count() == 1


def test_each_of_the_three_days_has_its_letter() -> None:
    due(30)
    editor()

    for day in range(31):
        remind_to_confirm(on=TODAY + timedelta(days=day))

    assert Letter.objects.count() == 3


def test_one_person_of_two_roles_gets_one_letter() -> None:
    city = make_city("Glazov")
    anna = make_user("anna@glazov.example")
    make_role("editor", city=city, user=anna)
    make_role("head", city=city, user=anna)
    due(7)

    assert remind_to_confirm(on=TODAY) == 1


@pytest.mark.parametrize(
    "facts",
    [
        {"is_by_its_city": False},
        {"withdrawn_at": timezone.now()},
        {"origin": "https://other.example"},
    ],
)
def test_nobody_is_reminded_of_what_is_not_the_citys_own(facts) -> None:
    due(7, **facts)
    editor()

    assert remind_to_confirm(on=TODAY) == 0


def test_a_role_that_ended_gets_nothing() -> None:
    due(7)
    make_role("editor", city=make_city("Glazov"), ends_on=TODAY - timedelta(days=1))

    assert remind_to_confirm(on=TODAY) == 0
