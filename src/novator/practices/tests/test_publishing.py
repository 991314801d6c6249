"""A city publishes what it says of its own work, confirms it, merges it and takes it out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from novator.accounts.testing import make_user
from novator.cities.testing import make_city
from novator.practices.importing import ImportReport, write_rows
from novator.practices.models import Practice
from novator.practices.publishing import (
    CannotMerge,
    CannotPublish,
    confirm_card,
    merge_cards,
    new_slug,
    next_confirmation,
    publish_card,
    withdraw_card,
)
from novator.practices.queries import card, cards, current_catalogue
from novator.practices.rows import PracticeRow, row_from
from novator.practices.testing import make_practice
from novator.practices.versions import Makers, differences

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)


def the_row(**values: object) -> PracticeRow:
    return row_from(
        {
            "id": "glazov-sand-boxes",
            "title_ru": "Ящики с песком у спусков",
            "municipality": "Глазов",
            "country": "RU",
            "topic": "safety",
            "problem_ru": "Зимой на спусках падают пешеходы.",
            "solution_ru": "Поставили ящики с песком, ими пользуются жители.",
            "core_idea_ru": "Песок под рукой у каждого.",
            "confirmed_on": "2026-11-22",
            "steps": [{"what_ru": "Выбрать места", "duration": "2 недели", "role": "УЖКХ"}],
            "baseline": [{"indicator_ru": "Падения", "value": 31, "date": "2025-01"}],
        }
        | values
    )


def test_publishes_with_versions_and_a_day_of_confirmation() -> None:
    city, editor = make_city("Glazov"), make_user()

    publish_card(row=the_row(), municipality=city, makers=Makers(written_by=editor), on=TODAY)

    shown = card("glazov-sand-boxes")
    assert shown is not None
    assert shown.is_by_its_city
    assert shown.confirm_by == date(2027, 11, 22)
    assert shown.steps[0].role == "УЖКХ"
    assert shown.baselines[0].measured == "2025-01"
    assert "steps" not in shown.completeness.missing
    version = Practice.objects.get().versions.get()
    assert (version.number, version.written_by) == (1, editor)


def test_a_correction_keeps_what_was_said_before() -> None:
    city = make_city("Glazov")
    make_practice("glazov-sand-boxes", city=city, title="Ящики")

    publish_card(row=the_row(), municipality=city, makers=Makers(), on=TODAY)

    first, second = Practice.objects.get().versions.order_by("number")
    assert first.content["title_ru"] == "Ящики"
    told = {d.field: d.after for d in differences(first.content, second.content)}
    assert told["title_ru"] == "Ящики с песком у спусков"
    assert told["source_url"] is None


def test_refuses_a_card_of_another_city() -> None:
    make_practice("glazov-sand-boxes", title="Ящики")

    with pytest.raises(CannotPublish):
        publish_card(row=the_row(), municipality=make_city("Stary Bor"), makers=Makers(), on=TODAY)

    assert Practice.objects.get().texts.get(language="ru").title == "Ящики"


def test_a_file_never_overwrites_what_the_city_says() -> None:
    publish_card(row=the_row(), municipality=make_city("Glazov"), makers=Makers(), on=TODAY)
    report = ImportReport()

    write_rows([replace(the_row(), title_ru="Иначе")], report, is_starter=False)

    assert report.kept == 1
    assert Practice.objects.get().texts.get(language="ru").title == "Ящики с песком у спусков"


def test_an_overdue_card_is_marked_and_loses_its_grade() -> None:
    practice = make_practice(grade=3, confirmed_on=date(2020, 1, 1), confirm_by=date(2021, 1, 1))

    shown = card(practice.slug)

    assert shown is not None
    assert shown.is_overdue
    assert shown.grade is None


def test_confirming_again_gives_the_grade_back() -> None:
    practice = make_practice(grade=3, confirmed_on=date(2020, 1, 1), confirm_by=date(2021, 1, 1))

    confirm_card(practice=practice, by=make_user(), on=date.today())

    shown = card(practice.slug)
    assert shown is not None
    assert shown.grade == 3


def test_a_withdrawn_card_is_found_nowhere() -> None:
    practice = make_practice()

    withdraw_card(practice=practice, because="Город снял практику")

    assert card(practice.slug) is None
    assert cards([practice.slug]) == []
    assert practice.slug not in current_catalogue().by_slug


def test_twins_of_twins_lead_to_the_card_that_stays() -> None:
    oldest, twin, stays = (make_practice(f"card-{name}") for name in "abc")

    merge_cards(twin=oldest, into=twin, because="та же работа")
    merge_cards(twin=twin, into=stays, because="та же работа")

    oldest.refresh_from_db()
    assert oldest.merged_into == stays
    with pytest.raises(CannotMerge):
        merge_cards(twin=stays, into=oldest, because="круг")


def test_a_new_address_is_free() -> None:
    city = make_city("Glazov")
    first = new_slug(title="Ящики с песком", municipality=city)
    make_practice(first)

    second = new_slug(title="Ящики с песком", municipality=city)

    assert second == f"{first}-2"


@given(st.dates(min_value=date(2000, 1, 1), max_value=date(2100, 1, 1)))
def test_the_next_confirmation_is_a_year_later(on: date) -> None:
    found = next_confirmation(on)

    assert (found.year, found.month) == (on.year + 1, on.month)
    assert found.day == on.day or (on.month, on.day, found.day) == (2, 29, 28)
