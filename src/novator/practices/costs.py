"""Solutions found: what a stated cost means per inhabitant, in roubles and in bands."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path

from novator.core.package import packaged_table

BANDS = 5
_RATES = Path(__file__).parent / "data" / "rates.csv"
_CENT = Decimal("0.01")


@dataclass(frozen=True)
class CostBands:
    """
    Five bands of cost per inhabitant, cut at the quintiles of the catalogue.

    `cuts` are the four bounds in roubles (a cost equal to a bound is above it), empty when too few
    cards can be compared; `counted` is how many could.
    """

    cuts: tuple[Decimal, ...]
    counted: int

    def band_of(self, roubles: Decimal | None) -> int | None:
        """Band 1 (least) to 5 of a cost per inhabitant, or None where it is not known."""
        if roubles is None or not self.cuts:
            return None
        return bisect_right(self.cuts, roubles) + 1


def cost_per_inhabitant(
    amount: Decimal, currency: str, basis: str, population: int | None
) -> Decimal | None:
    """
    Cost for each inhabitant in the stated currency: only of a total, only with a population.

    None means "not stated": other bases do not compare, and nothing is guessed.
    """
    if basis != "total" or not population or not currency:
        return None
    return (amount / population).quantize(_CENT, rounding=ROUND_HALF_UP)


def in_roubles(amount: Decimal | None, currency: str, year: int | None) -> Decimal | None:
    """Turn an amount of a year into roubles of that year; None where no rate is known."""
    if amount is None or currency == "RUB":
        return amount
    rate = rates().get((year or 0, currency))
    return (amount * rate).quantize(_CENT, rounding=ROUND_HALF_UP) if rate else None


def bands_of(roubles: Iterable[Decimal | None]) -> CostBands:
    """Cut the costs that are known into five bands of about as many cards each."""
    known = sorted(cost for cost in roubles if cost is not None)
    if len(known) < BANDS:
        return CostBands(cuts=(), counted=len(known))
    cuts = tuple(_quantile(known, Decimal(part) / BANDS) for part in range(1, BANDS))
    return CostBands(cuts=cuts, counted=len(known))


@cache
def rates() -> dict[tuple[int, str], Decimal]:
    """Roubles for one unit of a currency, by year and currency, from the table of rates."""
    with packaged_table(_RATES) as rows:
        return {(int(row["year"]), row["currency"]): Decimal(row["roubles"]) for row in rows}


def _quantile(ordered: Sequence[Decimal], share: Decimal) -> Decimal:
    """Quantile by linear interpolation between the neighbours (Hyndman and Fan's type 7)."""
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    value = ordered[low] + (ordered[high] - ordered[low]) * (place - low)
    return value.quantize(_CENT, rounding=ROUND_HALF_UP)
