"""Where the loop happens: cities with practices as spots on a sheet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt

from django.db.models import Count, QuerySet
from django.utils.translation import get_language

from novator.cities.models import Municipality
from novator.portal.countries import country_name
from novator.portal.outlines import Ground, ground_of
from novator.portal.projection import Sheet, place_on

CELL = 15.0
NAMED = 4


@dataclass(frozen=True)
class CityRow:
    """A city in a list or on the map, in the language of the reader."""

    slug: str
    url: str
    name: str
    region: str
    practices: int
    population: int | None
    name_language: str = "ru"
    region_language: str = "ru"
    spot: tuple[float, float] | None = None


@dataclass(frozen=True)
class Spot:
    """One circle of the drawing: the cities of one cell of the sheet."""

    x: float
    y: float
    radius: float
    names: tuple[str, ...]
    cities: int
    practices: int


@dataclass(frozen=True)
class Drawing:
    """A map as the server draws it."""

    sheet: Sheet
    ground: Ground
    spots: tuple[Spot, ...]

    @property
    def cities(self) -> int:
        """How many cities stand on it."""
        return sum(spot.cities for spot in self.spots)


def with_practices() -> QuerySet[Municipality]:
    """Municipalities that have cards, each with `number` of them; those with most come first."""
    counted = Municipality.objects.select_related("region").annotate(number=Count("practices"))
    return counted.filter(number__gt=0).order_by("-number", "short_name_ru", "slug")


def city_row(city: Municipality, practices: int, sheet: Sheet | None = None) -> CityRow:
    """Say of a city what lists say."""
    spot = None
    if sheet and city.latitude is not None and city.longitude is not None:
        spot = place_on(sheet, city.latitude, city.longitude)
    language = (get_language() or "ru")[:2]
    is_russian = language == "ru"
    region = city.region.name if city.region else city.region_text
    where = (
        region
        if city.country == "RU"
        else ", ".join(dict.fromkeys(part for part in (region, country_name(city.country)) if part))
    )
    return CityRow(
        slug=city.slug,
        url=city.get_absolute_url(),
        name=city.name,
        region=where,
        practices=practices,
        population=city.population,
        name_language=language if is_russian or city.short_name_en else "ru",
        region_language=language if is_russian or city.region else "ru",
        spot=spot,
    )


def rows_of(cities: Iterable[Municipality], sheet: Sheet) -> list[CityRow]:
    """Rows of cities that carry their `number` of cards."""
    return [city_row(city, city.number, sheet) for city in cities]  # type: ignore[attr-defined]


def drawing_of(rows: Iterable[CityRow], sheet: Sheet) -> Drawing:
    """Draw the cities of a sheet; cities of one cell share a circle, so that none hides another."""
    cells: dict[tuple[int, int], list[CityRow]] = {}
    for row in rows:
        if row.spot:
            cells.setdefault((int(row.spot[0] // CELL), int(row.spot[1] // CELL)), []).append(row)
    spots = sorted((_spot(cities) for cities in cells.values()), key=lambda spot: -spot.radius)
    return Drawing(sheet, ground_of(sheet), tuple(spots))


def radius_of(practices: int) -> float:
    """Radius of a circle whose area grows with the number of practices."""
    return round(min(3.2 + 2.2 * sqrt(practices), 18.0), 1)


def _spot(cities: Sequence[CityRow]) -> Spot:
    total = sum(city.practices for city in cities)
    weight = [(city.spot or (0.0, 0.0), city.practices) for city in cities]
    return Spot(
        x=round(sum(spot[0] * number for spot, number in weight) / max(total, 1), 1),
        y=round(sum(spot[1] * number for spot, number in weight) / max(total, 1), 1),
        radius=radius_of(total),
        names=tuple(city.name for city in cities[:NAMED]),
        cities=len(cities),
        practices=total,
    )
