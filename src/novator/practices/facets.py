"""Solutions found: narrowing the catalogue and counting what each choice would leave; pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from operator import attrgetter
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


@dataclass(frozen=True, slots=True)
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
    is_by_its_city: bool
    changed_at: datetime


def fitting(cards: Iterable[CardFacets], filters: AnyFilters) -> list[CardFacets]:
    """The cards that meet every filter, in the order given."""
    return _narrowed(cards, filters, NAMES)


def facet_counts(
    cards: Iterable[CardFacets], filters: AnyFilters
) -> dict[str, dict[str | int | bool, int]]:
    """
    For each facet, how many cards each of its values would leave beside the other filters.

    Unknown values are not counted. The largest count comes first, ties by value; years newest
    first.
    """
    cards = list(cards)
    whole = fitting(cards, filters)
    counts = {}
    for name in NAMES:
        others = [other for other in NAMES if other != name]
        left = _narrowed(cards, filters, others) if _is_chosen(name, filters) else whole
        found = Counter(map(attrgetter(name), left))
        found.pop(None, None)
        counts[name] = _ordered(name, found)
    return counts


def ordered(cards: Sequence[CardFacets], order: Order) -> list[CardFacets]:
    """Sort cards; by cost only those that have one per inhabitant in roubles, the least first."""
    if order == "cost":
        priced = [card for card in cards if card.roubles_per_inhabitant is not None]
        return sorted(priced, key=lambda card: (card.roubles_per_inhabitant, card.slug))
    if order == "title":
        return sorted(cards, key=lambda card: (card.title.lower(), card.slug))
    return sorted(cards, key=lambda card: (-(card.year or 0), card.slug))


def _narrowed(
    cards: Iterable[CardFacets], filters: AnyFilters, names: Iterable[str]
) -> list[CardFacets]:
    """Narrow by some of the filters only; one pass for each that is set."""
    left = list(cards)
    for name in names:
        if name == "year":
            left = _of_years(left, filters)
        elif _is_chosen(name, filters):
            wanted, value_of = getattr(filters, name), attrgetter(name)
            left = [card for card in left if value_of(card) == wanted]
    return left


def _of_years(cards: list[CardFacets], filters: AnyFilters) -> list[CardFacets]:
    if not _is_chosen("year", filters):
        return cards
    first = 0 if filters.year_from is None else filters.year_from
    last = 9999 if filters.year_to is None else filters.year_to
    return [card for card in cards if card.year is not None and first <= card.year <= last]


def _is_chosen(name: str, filters: AnyFilters) -> bool:
    if name == "year":
        return filters.year_from is not None or filters.year_to is not None
    return getattr(filters, name) is not None


def _ordered(name: str, found: Mapping[str | int | bool, int]) -> dict[str | int | bool, int]:
    if name in {"year", "cost_band"}:
        return dict(sorted(found.items(), key=lambda item: item[0], reverse=name == "year"))
    return dict(sorted(found.items(), key=lambda item: (-item[1], str(item[0]))))
