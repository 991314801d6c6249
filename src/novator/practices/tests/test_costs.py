"""Cost per inhabitant, roubles, bands."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from novator.cities.sizes import SIZE_CLASSES, size_class
from novator.practices.costs import bands_of, cost_per_inhabitant, in_roubles, rates

COSTS = st.decimals(min_value=0, max_value=10**9, places=2, allow_nan=False)


def test_divides_a_total_by_the_inhabitants() -> None:
    assert cost_per_inhabitant(Decimal(870_000), "RUB", "total", 87_000) == Decimal("10.00")


@pytest.mark.parametrize("basis", ["per_year", "per_unit", "not_comparable", ""])
def test_does_not_compare_other_bases(basis: str) -> None:
    assert cost_per_inhabitant(Decimal(870_000), "RUB", basis, 87_000) is None


@pytest.mark.parametrize("population", [None, 0])
def test_does_not_guess_a_population(population: int | None) -> None:
    assert cost_per_inhabitant(Decimal(870_000), "RUB", "total", population) is None


def test_turns_into_roubles_only_by_a_known_rate() -> None:
    assert in_roubles(Decimal(10), "RUB", None) == Decimal(10)
    assert in_roubles(Decimal(10), "USD", 2016) == Decimal("670.30")
    assert in_roubles(Decimal(10), "USD", None) is None
    assert in_roubles(Decimal(10), "UAH", 2016) is None
    assert in_roubles(None, "RUB", 2016) is None


def test_rates_are_plausible() -> None:
    assert all(Decimal(20) < rate < Decimal(120) for rate in rates().values())


@given(st.lists(st.none() | COSTS, max_size=60))
def test_every_known_cost_has_a_band_in_order(costs: list[Decimal | None]) -> None:
    bands = bands_of(costs)
    known = sorted(cost for cost in costs if cost is not None)

    found = [bands.band_of(cost) for cost in known]

    assert bands.counted == len(known)
    assert bands.band_of(None) is None
    if len(known) < 5:
        assert set(found) <= {None}
    else:
        assert all(band in {1, 2, 3, 4, 5} for band in found)
        assert found == sorted(found, key=lambda band: band or 0)


def test_bands_hold_a_fifth_each() -> None:
    bands = bands_of([Decimal(number) for number in range(100)])
    found = [bands.band_of(Decimal(number)) for number in range(100)]

    assert [found.count(band) for band in range(1, 6)] == [20, 20, 20, 20, 20]
    assert bands.cuts[0] == Decimal("19.80")


@pytest.mark.parametrize(
    ("population", "code"),
    [
        (None, None),
        (1, "under-10k"),
        (9_999, "under-10k"),
        (10_000, "10k-50k"),
        (87_000, "50k-100k"),
        (250_000, "250k-1m"),
        (1_000_000, "over-1m"),
    ],
)
def test_sorts_cities_by_size(population: int | None, code: str | None) -> None:
    assert size_class(population) == code
    assert code is None or code in SIZE_CLASSES
