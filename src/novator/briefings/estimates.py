"""Solutions chosen: what a practice may cost the own city, reckoned by inhabitants; no database."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

_FIGURES = 3


@dataclass(frozen=True)
class Estimate:
    """
    A cost moved to another city by its number of inhabitants, prices left as they were.

    `amount` is `stated` divided by `from_population` times `to_population`, to three figures.
    """

    amount: Decimal
    stated: Decimal
    currency: str
    from_population: int
    to_population: int


def estimate(
    stated: Decimal | None, currency: str, *, from_population: int | None, to_population: int | None
) -> Estimate | None:
    """Scale a cost to another city; None where the cost or either population is not known."""
    if stated is None or not currency or not from_population or not to_population:
        return None
    exact = stated * to_population / from_population
    return Estimate(rounded(exact), stated, currency, from_population, to_population)


def rounded(amount: Decimal) -> Decimal:
    """Keep three figures: an estimate must not look like a measurement."""
    if not amount:
        return Decimal(0)
    step = Decimal(1).scaleb(max(amount.adjusted() - _FIGURES + 1, -2))
    return (
        amount.quantize(step, rounding=ROUND_HALF_UP)
        if amount.adjusted() < _FIGURES
        else ((amount / step).quantize(Decimal(1), rounding=ROUND_HALF_UP) * step)
    )
