"""Solutions found: cards and the catalogue as pages, answers and the search index read them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from sys import intern
from threading import Lock
from typing import Any, get_args

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from novator.cities.changes import version_of
from novator.cities.models import Municipality
from novator.cities.sizes import size_class
from novator.practices import facets
from novator.practices.building import roubles_per_inhabitant
from novator.practices.card import Card
from novator.practices.costs import CostBands, bands_of
from novator.practices.facets import AnyFilters, CardFacets, CatalogueFilters, Order
from novator.practices.known_cards import cards_of, known_cards
from novator.practices.models import Cost, Practice, PracticeText, Source, StatedEffect

__all__ = ["Card", "CardFacets", "CatalogueFilters", "CostBands", "Order"]

_FACTS = (
    *("slug", "topic", "year_start", "year_end", "population"),
    *("is_by_its_city", "changed_at"),
    *("municipality__slug", "municipality__country", "municipality__population"),
    *("municipality__region__code",),
    *("cost__practice", "cost__amount", "cost__currency", "cost__basis", "cost__price_year"),
)


@dataclass(frozen=True)
class CatalogueFigures:
    """How large the catalogue is."""

    cards: int
    cities: int
    regions: int
    countries: int
    with_cost: int
    with_total_cost: int
    with_cost_per_inhabitant: int
    with_numbers: int


@dataclass(frozen=True)
class Catalogue:
    """
    Facets of every card, in every order, as of one version of the catalogue.

    Made once a version and never changed, so that all requests of a process share it.
    """

    version: str
    cards: tuple[CardFacets, ...]
    bands: CostBands
    figures: CatalogueFigures
    by_slug: Mapping[str, CardFacets]
    by_city: Mapping[str, Sequence[CardFacets]]
    in_order: Mapping[Order, tuple[CardFacets, ...]]


def cards(wanted: Sequence[str] | QuerySet[Practice]) -> list[Card]:
    """
    Published cards by their slugs, in that order, or those of a queryset; others are left out.

    Slugs cost one query where all are known to this process, eight where not; a queryset costs
    seven. There are two more when the catalogue has changed since.
    """
    if isinstance(wanted, QuerySet):
        return cards_of(wanted, current_catalogue().bands)
    return known_cards(wanted, lambda: current_catalogue().bands)


def card(slug: str) -> Card | None:
    """One card, or None."""
    return next(iter(cards([slug])), None)


def catalogue(
    filters: AnyFilters = CatalogueFilters(),  # noqa: B008 - frozen
    *,
    order: Order = "newest",
    among: Iterable[str] | None = None,
) -> list[str]:
    """Slugs of the cards that meet the filters, of the whole catalogue or of some cards."""
    if among is None:
        return [card.slug for card in facets.fitting(current_catalogue().in_order[order], filters)]
    return [card.slug for card in facets.ordered(facets.fitting(_some(among), filters), order)]


def facet_counts(
    filters: AnyFilters = CatalogueFilters(),  # noqa: B008 - frozen
    *,
    among: Iterable[str] | None = None,
) -> dict[str, dict[str | int | bool, int]]:
    """How many cards each value of each facet would leave beside the other filters."""
    return facets.facet_counts(_some(among), filters)


def cost_bands() -> CostBands:
    """The bands of cost per inhabitant with their cut points, of the catalogue as it is now."""
    return current_catalogue().bands


def catalogue_figures() -> CatalogueFigures:
    """How large the catalogue is."""
    return current_catalogue().figures


def changed_since(moment: datetime) -> QuerySet[Practice]:
    """Published cards made or changed after a moment, the earliest first."""
    return Practice.objects.published().filter(changed_at__gt=moment).order_by("changed_at", "slug")


def cities_with_cards() -> QuerySet[Any]:
    """Municipalities that have published cards, each with `number` of them."""
    published = Count("practices", filter=Q(practices__withdrawn_at=None))
    return Municipality.objects.annotate(number=published).filter(number__gt=0)


def countries_with_cards() -> list[str]:
    """Codes of the countries of which there is a card, in their order."""
    return sorted({card.country for card in current_catalogue().cards})


def unknown_country(code: str | None) -> str:
    """What to say of a country of which there is no card; nothing where there is one."""
    if not code or code in (known := countries_with_cards()):
        return ""
    told = _("There is no such country in the catalogue; there are: %(countries)s.")
    return told % {"countries": ", ".join(known)}


def current_catalogue() -> Catalogue:
    """Facets of all cards: one query to see that nothing has changed, two more where it has."""
    global _current
    version = catalogue_version()
    known = _current
    if known is not None and known.version == version:
        return known
    with _turn:
        known = _current
        if known is None or known.version != version:
            known = _current = _read_catalogue(version)
    return known


def catalogue_version() -> str:
    """Text that differs whenever a card or a city was added, changed or taken away; one query."""
    return version_of("catalogue", "cities")


_current: Catalogue | None = None
_turn = Lock()


def _some(among: Iterable[str] | None) -> Sequence[CardFacets]:
    whole = current_catalogue()
    if among is None:
        return whole.cards
    return [whole.by_slug[slug] for slug in dict.fromkeys(among) if slug in whole.by_slug]


def _read_catalogue(version: str) -> Catalogue:
    """Read all facets; rows are dropped one by one, as all at once would fill the memory."""
    unsorted = [_facets(row) for row in _rows_with_facts().iterator()]
    bands = bands_of(card.roubles_per_inhabitant for card in unsorted)
    found = tuple(
        replace(card, cost_band=bands.band_of(card.roubles_per_inhabitant)) for card in unsorted
    )
    by_city: dict[str, list[CardFacets]] = {}
    for card in found:
        by_city.setdefault(card.city, []).append(card)
    return Catalogue(
        version=version,
        cards=found,
        bands=bands,
        figures=_figures(found),
        by_slug={card.slug: card for card in found},
        by_city=by_city,
        in_order={order: tuple(facets.ordered(found, order)) for order in get_args(Order)},
    )


def _rows_with_facts() -> QuerySet[Any]:
    """Every card with what its facets are made of, and no more of its texts than the title."""
    numbers = StatedEffect.objects.filter(practice=OuterRef("pk")).exclude(
        before=None, after=None, change=None
    )
    title = PracticeText.objects.filter(practice=OuterRef("pk"), language="ru").values("title")
    published = Source.objects.filter(practice=OuterRef("pk")).order_by("id")
    return (
        Practice.objects.published()
        .select_related("municipality__region", "cost")
        .only(*_FACTS)
        .annotate(
            has_number=Exists(numbers),
            title_ru=title[:1],
            published_to=published.values("published_to")[:1],
        )
        .order_by("slug")
    )


def _figures(cards: Sequence[CardFacets]) -> CatalogueFigures:
    costs = Cost.objects.filter(practice__withdrawn_at=None).aggregate(
        stated=Count("pk"),
        total=Count("pk", filter=Q(basis="total")),
        compared=Count("pk", filter=Q(basis="total", practice__population__gt=0)),
    )
    return CatalogueFigures(
        cards=len(cards),
        cities=len({card.city for card in cards}),
        regions=len({card.region for card in cards if card.region and card.country == "RU"}),
        countries=len({card.country for card in cards}),
        with_cost=costs["stated"],
        with_total_cost=costs["total"],
        with_cost_per_inhabitant=costs["compared"],
        with_numbers=sum(card.has_numbers for card in cards),
    )


def _facets(row: Any) -> CardFacets:
    """Facets of a row of `_rows_with_facts`; the band is not known before all costs are."""
    city = row.municipality
    return CardFacets(
        slug=row.slug,
        title=row.title_ru or row.slug,
        topic=intern(row.topic),
        region=intern(city.region.code) if city.region else None,
        country=intern(city.country),
        city=intern(city.slug),
        size_class=size_class(city.population or row.population),
        cost_band=None,
        roubles_per_inhabitant=roubles_per_inhabitant(row, row.published_to),
        has_numbers=row.has_number,
        year=row.year,
        is_by_its_city=row.is_by_its_city,
        changed_at=row.changed_at,
    )
