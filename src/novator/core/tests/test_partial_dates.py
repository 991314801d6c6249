"""Dates that are known to the month or the year, as they are typed."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import translation
from django.utils.formats import date_format
from hypothesis import given
from hypothesis import strategies as st

from novator.core.partial_dates import (
    earliest_and_latest,
    read_partial,
    read_stated,
    write_partial,
)

DAYS = st.dates(min_value=date(1000, 1, 1), max_value=date(2999, 12, 31))
LANGUAGES = st.sampled_from(["ru", "en"])


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("2022", "2022"),
        ("2022 год", "2022"),
        ("в 2022 году", "2022"),
        ("05.2022", "2022-05"),
        ("5.2022 г.", "2022-05"),
        ("октябрь 2022", "2022-10"),
        ("  Октября   2022 года ", "2022-10"),
        ("в октябре 2022", "2022-10"),
        ("окт. 2022", "2022-10"),
        ("October 2022", "2022-10"),
        ("October, 2022", "2022-10"),
        ("5 октября 2022 г.", "2022-10-05"),
        ("5 октября 2022\u00a0г.", "2022-10-05"),
        ("October 5, 2022", "2022-10-05"),
        ("Sept. 5, 2022", "2022-09-05"),
        ("5 May 2022", "2022-05-05"),
        ("5. 10. 2022", "2022-10-05"),
        ("не позднее 5 мая 2016 г.", "../2016-05-05"),
        ("не ранее мая 2016", "2016-05-01/.."),
        ("1 мая 2016 — 5 мая 2016", "2016-05-01/2016-05-05"),
        ("", ""),
    ],
)
def test_a_date_is_read_as_people_type_it(typed: str, meant: str) -> None:
    assert write_partial(*read_stated(typed)) == meant


@pytest.mark.parametrize(
    "typed",
    ["весной 2022", "ма 2022", "март 22", "31 февраля 2022", "октябрь", "5 октября", "мюрт 2022"],
)
def test_what_is_no_date_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_stated(typed)


@given(DAYS, LANGUAGES, st.sampled_from(["DATE_FORMAT", "SHORT_DATE_FORMAT", "j F Y", "j b Y"]))
def test_a_day_is_read_as_it_is_shown(day: date, language: str, shape: str) -> None:
    with translation.override(language):
        shown = date_format(day, "d.m.Y" if shape == "SHORT_DATE_FORMAT" else shape)

    assert read_stated(shown) == (day, day)
    assert read_stated(shown.upper()) == (day, day)


@given(DAYS, LANGUAGES, st.sampled_from(["F Y", "E Y", "m.Y", "Y-m", "Y"]))
def test_a_month_or_a_year_is_read_as_it_is_shown(day: date, language: str, shape: str) -> None:
    with translation.override(language):
        shown = date_format(day, shape)

    assert read_stated(shown) == earliest_and_latest(
        f"{day:%Y}" if shape == "Y" else f"{day:%Y-%m}"
    )


@given(DAYS, DAYS)
def test_what_is_written_is_read_back(one: date, other: date) -> None:
    first, last = sorted([one, other])

    for pair in [(first, last), (first, None), (None, last), (None, None), (first, first)]:
        assert read_stated(write_partial(*pair)) == pair
        assert read_partial(write_partial(*pair)) == pair


@given(st.text(max_size=40))
def test_any_text_is_a_date_or_refused(text: str) -> None:
    try:
        first, last = read_stated(text)
    except ValueError:
        return
    assert first is None or last is None or first <= last
