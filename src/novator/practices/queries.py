"""Solutions found: cards and the catalogue as pages, answers and the search index read them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet

from novator.cities.models import Municipality
from novator.cities.sizes import size_class
from novator.practices import facets
from novator.practices.building import card_of, roubles_per_inhabitant
from novator.practices.card import Card
from novator.practices.costs import CostBands, bands_of
from novator.practices.facets import AnyFilters, CardFacets, CatalogueFilters, Order
from novator.practices.models import Cost, Practice, PracticeText, Source, StatedEffect
from novator.practices.writing import with_children

__all__ = ["Card", "CardFacets", "CatalogueFilters", "CostBands", "Order"]


@dataclass(frozen=True)
class Catalogue:
    """Facets of every card with the bands of cost, as of one version of the catalogue."""

    version: str
    cards: tuple[CardFacets, ...]
    bands: CostBands
    by_slug: dict[str, CardFacets]


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


def cards(wanted: Sequence[str] | QuerySet[Practice]) -> list[Card]:
    """
    Cards by their slugs, in that order, or those of a queryset; unknown slugs are left out.

    Costs six queries, however many cards (one more when the catalogue has changed since).
    """
    bands = current_catalogue().bands
    if isinstance(wanted, QuerySet):
        return [card_of(practice, bands) for practice in with_children(wanted)]
    found = with_children(Practice.objects.filter(slug__in=list(wanted)))
    by_slug = {practice.slug: practice for practice in found}
    return [card_of(by_slug[slug], bands) for slug in dict.fromkeys(wanted) if slug in by_slug]


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
    """How large the catalogue is; two queries."""
    found = current_catalogue().cards
    costs = Cost.objects.aggregate(
        stated=Count("pk"),
        total=Count("pk", filter=Q(basis="total")),
        compared=Count("pk", filter=Q(basis="total", practice__population__gt=0)),
    )
    return CatalogueFigures(
        cards=len(found),
        cities=len({card.city for card in found}),
        regions=len({card.region for card in found if card.region and card.country == "RU"}),
        countries=len({card.country for card in found}),
        with_cost=costs["stated"],
        with_total_cost=costs["total"],
        with_cost_per_inhabitant=costs["compared"],
        with_numbers=sum(card.has_numbers for card in found),
    )


def changed_since(moment: datetime) -> QuerySet[Practice]:
    """Cards made or changed after a moment, the earliest first."""
    return Practice.objects.filter(changed_at__gt=moment).order_by("changed_at", "slug")


def practices_by_city() -> dict[str, int]:
    """How many cards each municipality has, by its slug; only those that have any."""
    counted = Municipality.objects.annotate(cards=Count("practices")).filter(cards__gt=0)
    return dict(counted.order_by("slug").values_list("slug", "cards"))


def current_catalogue() -> Catalogue:
    """Facets of all cards: one query to see that nothing has changed, one more where it has."""
    global _current
    version = catalogue_version()
    known = _current
    if known is None or known.version != version:
        known = _current = _read_catalogue(version)
    return known


def catalogue_version() -> str:
    """Text that differs whenever a card was added, changed or taken away; one query."""
    state = Practice.objects.aggregate(count=Count("pk"), last=Max("pk"), at=Max("changed_at"))
    changed_at = state["at"].isoformat() if state["at"] else ""
    return f"{state['count']}-{state['last'] or 0}-{changed_at}"


_current: Catalogue | None = None


def _some(among: Iterable[str] | None) -> Sequence[CardFacets]:
    whole = current_catalogue()
    if among is None:
        return whole.cards
    return [whole.by_slug[slug] for slug in dict.fromkeys(among) if slug in whole.by_slug]


def _read_catalogue(version: str) -> Catalogue:
    numbers = StatedEffect.objects.filter(practice=OuterRef("pk")).exclude(
        before=None, after=None, change=None
    )
    title = PracticeText.objects.filter(practice=OuterRef("pk"), language="ru").values("title")
    published = Source.objects.filter(practice=OuterRef("pk")).order_by("id")
    rows = list(
        Practice.objects.select_related("municipality__region", "cost")
        .annotate(
            has_number=Exists(numbers),
            title_ru=title[:1],
            published_to=published.values("published_to")[:1],
        )
        .order_by("slug")
    )
    roubles = [roubles_per_inhabitant(row, row.published_to) for row in rows]
    bands = bands_of(roubles)
    found = tuple(_facets(row, cost, bands) for row, cost in zip(rows, roubles, strict=True))
    return Catalogue(version, found, bands, {card.slug: card for card in found})


def _facets(practice: Practice, roubles: Decimal | None, bands: CostBands) -> CardFacets:
    city = practice.municipality
    return CardFacets(
        slug=practice.slug,
        title=practice.title_ru or practice.slug,  # type: ignore[attr-defined]
        topic=practice.topic,
        region=city.region.code if city.region else None,
        country=city.country,
        city=city.slug,
        size_class=size_class(city.population or practice.population),
        cost_band=bands.band_of(roubles),
        roubles_per_inhabitant=roubles,
        has_numbers=practice.has_number,  # type: ignore[attr-defined]
        year=practice.year,
        changed_at=practice.changed_at,
    )
