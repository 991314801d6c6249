"""What a practice may cost the own city, checked by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest

from novator.briefings.estimates import estimate, rounded


def test_scales_by_inhabitants_and_keeps_what_it_was_reckoned_from():
    made = estimate(Decimal(870_000), "RUB", from_population=87_000, to_population=60_000)

    assert made is not None
    assert made.amount == 600_000
    assert made.stated == 870_000
    assert (made.from_population, made.to_population) == (87_000, 60_000)


@pytest.mark.parametrize(
    ("stated", "currency", "from_population", "to_population"),
    [
        (None, "RUB", 87_000, 60_000),
        (Decimal(1), "", 87_000, 60_000),
        (Decimal(1), "RUB", None, 60_000),
        (Decimal(1), "RUB", 87_000, None),
        (Decimal(1), "RUB", 0, 60_000),
    ],
)
def test_reckons_nothing_from_what_is_not_known(
    stated: Decimal | None, currency: str, from_population: int | None, to_population: int | None
):
    made = estimate(stated, currency, from_population=from_population, to_population=to_population)

    assert made is None


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        ("0", "0"),
        ("0.004", "0.00"),
        ("1.2345", "1.23"),
        ("12.345", "12.3"),
        ("999.6", "1000"),
        ("1234567", "1230000"),
        ("999999999999", "1000000000000"),
    ],
)
def test_an_estimate_has_three_figures(amount: str, expected: str):
    assert rounded(Decimal(amount)) == Decimal(expected)
