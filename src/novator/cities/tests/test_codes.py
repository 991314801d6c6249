"""Codes of municipalities entered by hand: what is refused, what stays of the one replaced."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.utils import translation

from novator.cities.codes import CannotRecordCode, record_oktmo
from novator.cities.models import Municipality
from novator.cities.oktmo import control_digit
from novator.cities.regions import all_regions
from novator.cities.testing import make_city

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 20)
CODE = "94720000"


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def record(
    city: Municipality,
    code: str = CODE,
    *,
    control: str = "",
    valid_from: date | None = None,
    seen: str | None = None,
) -> Municipality:
    kept = city.oktmo if seen is None else seen
    return record_oktmo(
        city=city, code=code, control=control, valid_from=valid_from, seen=kept, on=TODAY
    )


def test_the_code_that_is_replaced_stays_in_the_trail() -> None:
    glazov = make_city("Glazov", oktmo="94710000")

    record(glazov, f"{CODE}001", control=str(control_digit(f"{CODE}001")))

    glazov.refresh_from_db()
    trail = glazov.code_changes.order_by("pgh_id")
    assert glazov.oktmo == CODE
    assert [(one.pgh_label, one.oktmo) for one in trail] == [
        ("before", "94710000"),
        ("update", CODE),
    ]


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"code": "9472"}, "8 digits"),
        ({"code": "94700000"}, "heading"),
        ({"control": str((control_digit(CODE) + 1) % 10)}, "control digit"),
        ({"valid_from": date(2027, 1, 1)}, "not valid yet"),
        ({"seen": "94710000"}, "Somebody else"),
    ],
)
def test_a_code_that_cannot_be_is_refused(facts: dict[str, Any], words: str) -> None:
    glazov = make_city("Glazov")

    with pytest.raises(CannotRecordCode, match=words):
        record(glazov, **facts)

    glazov.refresh_from_db()
    assert (glazov.oktmo, glazov.code_changes.count()) == ("", 0)


def test_a_city_abroad_has_no_such_code() -> None:
    with pytest.raises(CannotRecordCode):
        record(make_city("Minsk", country="BY"))


def test_a_code_of_another_region_is_refused() -> None:
    other = next(one.oktmo_prefix for one in all_regions() if one.code == "RU-MOW")

    with pytest.raises(CannotRecordCode, match="region"):
        record(make_city("Glazov"), f"{other}{CODE[2:]}")
