"""Solutions found: narrowing the catalogue and counting what each choice would leave; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal, Protocol

Order = Literal["newest", "cost", "title"]
NAMES = ("topic", "region", "country", "size_class", "cost_band", "has_numbers", "year")


class AnyFilters(Protocol):
    """What cards must be; None means anything. `novator.matching.search.Filters` is one too."""

    @property
    def topic(self) -> str | None: ...
    @property
    def region(self) -> str | None: ...
    @property
    def country(self) -> str | None: ...
    @property
    def size_class(self) -> str | None: ...
    @property
    def cost_band(self) -> int | None: ...
    @property
    def has_numbers(self) -> bool | None: ...
    @property
    def year_from(self) -> int | None: ...
    @property
    def year_to(self) -> int | None: ...


@dataclass(frozen=True)
class CatalogueFilters:
    """What cards must be; None means anything. A year filter leaves out cards without a year."""

    topic: str | None = None
    region: str | None = None
    country: str | None = None
    size_class: str | None = None
    cost_band: int | None = None
    has_numbers: bool | None = None
    year_from: int | None = None
    year_to: int | None = None


@dataclass(frozen=True)
class CardFacets:
    """What a card is sorted, narrowed and counted by."""

    slug: str
    title: str
    topic: str
    region: str | None
    country: str
    city: str
    size_class: str | None
    cost_band: int | None
    roubles_per_inhabitant: Decimal | None
    has_numbers: bool
    year: int | None
    changed_at: datetime


def fitting(cards: Iterable[CardFacets], filters: AnyFilters) -> list[CardFacets]:
    """The cards that meet every filter, in the order given."""
    return [card for card in cards if not _refused_by(card, filters)]


def facet_counts(
    cards: Iterable[CardFacets], filters: AnyFilters
) -> dict[str, dict[str | int | bool, int]]:
    """
    For each facet, how many cards each of its values would leave beside the other filters.

    Unknown values are not counted. The largest count comes first, ties by value; years newest
    first.
    """
    counts: dict[str, dict[str | int | bool, int]] = {name: {} for name in NAMES}
    for card in cards:
        refusals = _refused_by(card, filters)
        if len(refusals) > 1:
            continue
        for name in refusals or NAMES:
            value = getattr(card, name)
            if value is not None:
                counts[name][value] = counts[name].get(value, 0) + 1
    return {name: _ordered(name, found) for name, found in counts.items()}


def ordered(cards: Sequence[CardFacets], order: Order) -> list[CardFacets]:
    """Sort cards; by cost only those that have one per inhabitant in roubles, the least first."""
    if order == "cost":
        priced = [card for card in cards if card.roubles_per_inhabitant is not None]
        return sorted(priced, key=lambda card: (card.roubles_per_inhabitant, card.slug))
    if order == "title":
        return sorted(cards, key=lambda card: (card.title.lower(), card.slug))
    return sorted(cards, key=lambda card: (-(card.year or 0), card.slug))


def _refused_by(card: CardFacets, filters: AnyFilters) -> list[str]:
    """Names of the facets in which a card does not meet the filters."""
    refused = [
        name
        for name in NAMES[:-1]
        if getattr(filters, name) is not None and getattr(card, name) != getattr(filters, name)
    ]
    is_early = filters.year_from is not None and (card.year or 0) < filters.year_from
    is_late = filters.year_to is not None and (card.year or 9999) > filters.year_to
    return [*refused, "year"] if is_early or is_late else refused


def _ordered(name: str, found: Mapping[str | int | bool, int]) -> dict[str | int | bool, int]:
    if name in {"year", "cost_band"}:
        return dict(sorted(found.items(), key=lambda item: item[0], reverse=name == "year"))
    return dict(sorted(found.items(), key=lambda item: (-item[1], str(item[0]))))
