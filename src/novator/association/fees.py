"""
The association: a member's yearly fee by a rule that is data.

Fee = base + rate · inhabitants, or the amount of the highest tier that the number of inhabitants
reaches; then not below the least and not above the most amount. In roubles, to the kopeck.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

KOPECK = Decimal("0.01")


class CannotReckon(Exception):
    """The fee does not follow from what is known; `code` says why: "population" or "tier"."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Terms:
    """A rule: `tiers` are pairs of the number of inhabitants from which the amount holds."""

    base: Decimal = Decimal(0)
    per_inhabitant: Decimal = Decimal(0)
    least: Decimal | None = None
    most: Decimal | None = None
    tiers: Sequence[tuple[int, Decimal]] = ()

    @property
    def needs_population(self) -> bool:
        """Whether the number of inhabitants has a part in it."""
        return bool(self.tiers) or self.per_inhabitant != 0


@dataclass(frozen=True)
class Fee:
    """A fee and how it came about: before the bounds, and which bound held."""

    amount: Decimal
    unbounded: Decimal
    bound: str
    population: int | None
    tier: int | None

    def as_data(self) -> dict[str, Any]:
        """The same for a JSON column."""
        return {
            "amount": str(self.amount),
            "unbounded": str(self.unbounded),
            "bound": self.bound,
            "population": self.population,
            "tier": self.tier,
        }


def fee_of(terms: Terms, population: int | None) -> Fee:
    """
    Reckon the fee of a municipality.

    :raises CannotReckon: it depends on a number of inhabitants that is not known, or no tier holds
    """
    if terms.needs_population and population is None:
        raise CannotReckon("population")
    tier: int | None = None
    amount = terms.base + terms.per_inhabitant * (population or 0)
    if terms.tiers:
        reached = [one for one in terms.tiers if one[0] <= (population or 0)]
        if not reached:
            raise CannotReckon("tier")
        tier, amount = max(reached, key=lambda one: one[0])
    whole = amount.quantize(KOPECK, ROUND_HALF_UP)
    if terms.least is not None and whole < terms.least:
        return Fee(terms.least.quantize(KOPECK), whole, "least", population, tier)
    if terms.most is not None and whole > terms.most:
        return Fee(terms.most.quantize(KOPECK), whole, "most", population, tier)
    return Fee(whole, whole, "", population, tier)


def read_tiers(text: str) -> list[tuple[int, Decimal]]:
    """
    Read lines "100000 = 250000" as tiers, lowest first.

    :raises ValueError: a line is no such pair, or two begin at one number; its text is the line
    """
    found: dict[int, Decimal] = {}
    for line in text.splitlines():
        if not line.strip():
            continue
        first, sign, amount = (
            part.replace("\xa0", "").replace(" ", "") for part in line.partition("=")
        )
        is_pair = sign and first.isascii() and first.isdigit() and len(first) < 10
        if not is_pair or int(first) in found:
            raise ValueError(line)
        try:
            value = Decimal(amount.replace(",", "."))
        except ArithmeticError:
            raise ValueError(line) from None
        if not value.is_finite() or not 0 <= value < Decimal(10) ** 12:
            raise ValueError(line)
        found[int(first)] = value
    return sorted(found.items())
