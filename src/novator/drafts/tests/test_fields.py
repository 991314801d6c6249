"""What is typed, what is kept of it, and what stands in the form for it again."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from novator.drafts.fields import kept, typed_from
from novator.drafts.form import ALL_FIELDS, STEPS
from novator.drafts.steps import columns_of, typed_of_step, value_in, values_of_step, with_unknown
from novator.drafts.testing import FULL
from novator.practices.rows import COLUMNS

FIELDS = {field.name: field for field in ALL_FIELDS}
PLACE_OF_THE_CITY = {"id", "municipality", "region", "country", "oktmo", "confidence"}


@pytest.mark.parametrize(
    ("name", "language", "typed", "expected"),
    [
        ("cost_amount", "ru", "320 000", 320_000),
        ("cost_amount", "ru", "320 000,50 ₽", 320_000.5),
        ("cost_amount", "en", "320,000", 320_000),
        ("cost_amount", "en", "1,320,000.50", 1_320_000.5),
        ("cost_amount", "ru", "около миллиона", "около миллиона"),
        ("cost_amount", "ru", "-5", "-5"),
        ("residents_reached", "ru", "12 000", 12_000),
        ("off_budget_share", "ru", "12,5 %", 0.125),
        ("off_budget_share", "ru", "треть", "треть"),
        ("year_start", "ru", "2024", 2024),
        ("year_start", "ru", "прошлый", "прошлый"),
        ("tags_ru", "ru", "гололёд\n\n песок ", ["гололёд", "песок"]),
        ("funding", "ru", ["grant", "municipal", "nobody"], ["municipal", "grant"]),
        ("title_ru", "ru", "  Ящики\0 с песком ", "Ящики с песком"),
    ],
)
def test_keeps_what_it_can_read_and_else_the_words(
    name: str, language: str, typed: Any, expected: Any
) -> None:
    with translation.override(language):
        assert kept(FIELDS[name], typed) == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("03.05.2019", "2019-05-03"),
        ("5.2019", "2019-05"),
        ("2019", "2019"),
        ("2019-05", "2019-05"),
        ("весной", "весной"),
    ],
)
def test_reads_dates_as_people_write_them(typed: str, expected: str) -> None:
    rows = kept(FIELDS["sources"], [{"url": "https://a.example", "date": typed}])

    assert rows[0]["date"] == expected


def test_an_empty_row_is_no_row() -> None:
    rows = kept(FIELDS["steps"], [{"what_ru": " "}, {"what_ru": "Поставить"}, {}])

    assert rows == [{"what_ru": "Поставить"}]


@given(
    value=st.one_of(
        st.integers(min_value=0, max_value=10**14),
        st.decimals(0, 10**9, places=2, allow_nan=False).map(float),
    ),
    language=st.sampled_from(["ru", "en"]),
)
def test_a_sum_that_was_kept_is_kept_again(value: float, language: str) -> None:
    field = FIELDS["cost_amount"]
    with translation.override(language):
        assert kept(field, typed_from(field, value)) == value


@given(share=st.integers(0, 10_000).map(lambda n: n / 10_000))
def test_a_share_that_was_kept_is_kept_again(share: float) -> None:
    field = FIELDS["off_budget_share"]

    assert kept(field, typed_from(field, share)) == share


@given(text=st.text(max_size=80))
def test_any_words_are_kept_and_stand_there_again(text: str) -> None:
    field = FIELDS["problem_ru"]
    stored = kept(field, text)

    assert "\0" not in stored
    assert kept(field, typed_from(field, stored)) == stored


@pytest.mark.parametrize("language", ["ru", "en"])
def test_a_full_draft_that_nobody_touched_is_saved_as_it_was(language: str) -> None:
    content = FULL | {
        "source_url": "https://a.example/1",
        "source_date": "2024-12",
        "more_sources": [{"url": "https://a.example/2", "title": "Второй"}],
        "not_measured": ["yearly_cost"],
    }
    saved: dict[str, Any] = {}
    with translation.override(language):
        for step in STEPS:
            values = values_of_step(step, typed_of_step(step, content))
            saved |= with_unknown(values, content)

    assert {name: value for name, value in saved.items() if value not in ("", [])} == content


def test_the_form_asks_for_every_column_that_an_author_can_tell() -> None:
    asked = {column for field in ALL_FIELDS for column in columns_of(field)}

    assert set(COLUMNS) - asked == PLACE_OF_THE_CITY | {"confirmed_on", "confirm_by"}


def test_every_question_has_words_in_both_languages() -> None:
    for language in ("ru", "en"):
        with translation.override(language):
            assert all(str(field.label) for field in ALL_FIELDS)


def test_sources_stand_in_one_list() -> None:
    content = {"source_url": "https://a.example", "more_sources": [{"url": "https://b.example"}]}

    assert value_in(FIELDS["sources"], content) == [
        {"url": "https://a.example"},
        {"url": "https://b.example"},
    ]
