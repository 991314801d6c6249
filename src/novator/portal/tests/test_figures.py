"""Numbers are written as readers of each language write them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from novator.portal.figures import grouped, money, signed, with_unit, years


@pytest.mark.parametrize(
    ("value", "russian", "english"),
    [
        (0, "0", "0"),
        (1350, "1350", "1,350"),
        (15500, "15\u00a0500", "15,500"),
        (-4500, "−4500", "−4,500"),
        (1234567.5, "1\u00a0234\u00a0567,5", "1,234,567.5"),
        (0.005, "0,01", "0.01"),
        (-0.001, "0", "0"),
        (Decimal("8.30"), "8,3", "8.3"),
    ],
)
def test_groups_thousands(value: float, russian: str, english: str) -> None:
    assert grouped(value, "ru") == russian
    assert grouped(value, "en") == english


def test_writes_money_short_and_with_its_currency() -> None:
    assert money(486_000_000, "RUB", "ru") == "486\u00a0млн\u00a0₽"
    assert money(1_200_000, "EUR", "en") == "1.2\u00a0million\u00a0EUR"
    assert money(Decimal("32.05"), "RUB", "ru") == "32\u00a0₽"
    assert money(Decimal("1.5"), "RUB", "ru") == "1,5\u00a0₽"


def test_writes_changes_with_a_sign_and_years_as_a_span() -> None:
    assert signed(46, "ru") == "+46"
    assert signed(-30, "ru") == "−30"
    assert years(2018, 2024) == "2018–2024"
    assert years(2018, 2018) == years(None, 2018) == "2018"
    assert years(None, None) == ""


def test_an_english_percent_sign_stands_close_to_its_number() -> None:
    assert with_unit("78", "%", "en") == "78%"
    assert with_unit("78", "%", "ru") == "78\u00a0%"
    assert with_unit("78", "pcs", "en") == "78\u00a0pcs"
    assert with_unit("78", "", "ru") == "78"
