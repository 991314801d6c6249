"""What a draft tells, what is missing, what is faulty, and the card it would be."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from novator.cities.testing import make_city
from novator.drafts.content import FIELD_OF, faults_of, preview_of, row_to_publish, standing_of
from novator.drafts.form import ALL_FIELDS
from novator.drafts.models import Draft
from novator.drafts.steps import faults_by_place, step_of_place
from novator.drafts.testing import FULL, make_draft
from novator.practices.rows import COLUMNS

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)


def draft_of(content: dict[str, Any]) -> Draft:
    return Draft(municipality=make_city("Glazov", population=87_000), content=content)


def test_a_full_draft_is_ready() -> None:
    standing = standing_of(draft_of(FULL), on=TODAY)

    assert (standing.faults, standing.missing) == ((), ())
    assert standing.share == 1


def test_an_empty_draft_lacks_everything() -> None:
    standing = standing_of(draft_of({}), on=TODAY)

    assert standing.missing == tuple(FIELD_OF)
    assert standing.faults == ()


@pytest.mark.parametrize("code", FIELD_OF)
def test_each_compulsory_thing_is_missed(code: str) -> None:
    content = {name: value for name, value in FULL.items() if name != FIELD_OF[code]}
    if code in {"one_off_cost", "yearly_cost"}:
        content = {n: v for n, v in content.items() if not n.startswith(FIELD_OF[code][:6])}

    assert code in standing_of(draft_of(content), on=TODAY).missing


def test_every_compulsory_thing_is_asked_for_by_a_field_that_says_so() -> None:
    asked = {field.code: field.name for field in ALL_FIELDS if field.code}

    assert asked == FIELD_OF


@pytest.mark.parametrize("part", ["duration", "role"])
def test_steps_need_time_and_role(part: str) -> None:
    step = {name: value for name, value in FULL["steps"][0].items() if name != part}

    assert standing_of(draft_of(FULL | {"steps": [step]}), on=TODAY).missing == ("steps",)


def test_a_cost_that_nobody_knows_needs_a_reason() -> None:
    content = {n: v for n, v in FULL.items() if not n.startswith(("cost_", "price_", "yearly"))}
    unknown = content | {"not_measured": ["one_off_cost", "yearly_cost"]}

    without_reason = standing_of(draft_of(unknown), on=TODAY)
    with_reason = standing_of(draft_of(unknown | {"cost_note": "Делали своими силами."}), on=TODAY)

    assert [fault.field for fault in without_reason.faults] == ["cost_note", "cost_note"]
    assert with_reason.is_ready


def test_a_result_that_was_not_measured_needs_a_reason() -> None:
    content = FULL | {"effects": [], "not_measured": ["result"]}

    assert standing_of(draft_of(content), on=TODAY).is_ready
    assert not standing_of(draft_of(content | {"how_measured_ru": ""}), on=TODAY).is_ready


def test_only_costs_and_results_may_be_unknown() -> None:
    content = FULL | {"lessons_ru": "", "not_measured": ["lessons", "before"]}

    assert standing_of(draft_of(content), on=TODAY).missing == ("lessons",)


def test_faults_are_told_where_they_stand() -> None:
    content = FULL | {
        "year_start": "прошлый",
        "off_budget_share": 1.5,
        "effects": [{"indicator_ru": "Жалобы", "after": "мало"}],
        "source_url": "нет",
        "more_sources": [{"url": "тоже нет"}],
    }
    faults = faults_of(content, make_city("Glazov"), on=TODAY)

    places = faults_by_place(tuple(faults))

    assert set(places) == {
        "year_start",
        "off_budget_share",
        "effects-1-after",
        "effects-1-evidence",
        "sources-1-url",
        "sources-2-url",
    }
    assert all(step_of_place(place) for place in places)
    assert "100" in places["off_budget_share"][0]


def test_a_source_without_its_address_is_a_fault_not_a_loss() -> None:
    faults = faults_of(FULL | {"source_title": "Новость"}, make_city("Glazov"), on=TODAY)

    assert [fault.field for fault in faults] == ["source_url"]


def test_the_preview_leaves_out_what_cannot_be_taken() -> None:
    draft = make_draft(
        content=FULL
        | {
            "year_start": "прошлый",
            "effects": [{"indicator_ru": "Жалобы", "after": "мало"}, FULL["effects"][0]],
            "cost_currency": "рубли",
        }
    )

    card = preview_of(draft, on=TODAY)

    assert card.title == FULL["title_ru"]
    assert [effect.indicator for effect in card.effects] == ["Травмы при падении на улице"]
    assert (card.year_start, card.cost) == (None, None)
    assert card.is_by_its_city


def test_an_empty_draft_has_a_preview() -> None:
    card = preview_of(make_draft(content={}), on=TODAY)

    assert (card.title, card.full_text.problem, card.steps) == ("", "", ())


def test_the_row_carries_the_city_and_a_free_address() -> None:
    row = row_to_publish(make_draft(), on=TODAY)

    assert row.id == "glazov-yashchiki-s-peskom-u-spuskov"
    assert row.country == "RU"


_TYPED = st.recursive(
    st.one_of(st.text(max_size=20), st.integers(), st.none(), st.booleans()),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(["url", "value", "what_ru", "x"]), inner, max_size=3),
    ),
    max_leaves=6,
)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(content=st.dictionaries(st.sampled_from([*COLUMNS, "not_measured"]), _TYPED, max_size=8))
def test_whatever_a_draft_holds_its_pages_can_be_shown(content: dict[str, Any]) -> None:
    city = make_city("Glazov")
    draft = Draft(municipality=city, content=content)

    standing = standing_of(draft, on=TODAY)

    assert set(standing.missing) <= set(FIELD_OF)
    faults_by_place(standing.faults)
