"""Where the loop happens: cities with practices as spots on a sheet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import sqrt
from time import time

from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import override

from novator.cities.models import Municipality
from novator.core.languages import reader_language
from novator.portal.countries import country_name
from novator.portal.outlines import Ground, ground_of
from novator.portal.projection import SHEETS, Sheet, place_on
from novator.practices.queries import catalogue_version, cities_with_cards

CELL = 15.0
NAMED = 4
KEPT_SECONDS = 300


@dataclass(frozen=True)
class CityRow:
    """A city in a list or on the map, in the language of the reader."""

    slug: str
    url: str
    name: str
    region: str
    practices: int
    population: int | None
    country: str = "RU"
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

    @property
    def words(self) -> str:
        """Names of its cities, the first few where they are many."""
        return ", ".join(self.names) + ("…" if self.cities > len(self.names) else "")

    @property
    def title(self) -> str:
        """Its names with the number of their practices, if they have any."""
        return f"{self.words}: {self.practices}" if self.practices else self.words


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

    @cached_property
    def circles(self) -> SafeString:
        """Its spots in SVG; written once, as a drawing is kept in memory and shown often."""
        return format_html_join(
            "",
            '<circle cx="{}" cy="{}" r="{}"><title>{}</title></circle>',
            ((spot.x, spot.y, spot.radius, spot.title) for spot in self.spots),
        )


def city_row(city: Municipality, practices: int, sheet: Sheet | None = None) -> CityRow:
    """Say of a city what lists say."""
    spot = None
    if sheet and city.latitude is not None and city.longitude is not None:
        spot = place_on(sheet, city.latitude, city.longitude)
    language = reader_language()[:2]
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
        country=city.country,
        name_language=language if is_russian or city.short_name_en else "ru",
        region_language=language if is_russian or city.region else "ru",
        spot=spot,
    )


@dataclass(frozen=True)
class Atlas:
    """All cities with practices, in a list, those with most first, and on a sheet."""

    version: str
    rows: tuple[CityRow, ...]
    drawing: Drawing

    @cached_property
    def by_slug(self) -> Mapping[str, CityRow]:
        """Its cities."""
        return {row.slug: row for row in self.rows}


def atlas_on(sheet: Sheet) -> Atlas:
    """
    Cities with practices on a sheet, in the language of the reader; one query if nothing changed.

    Kept in memory until the catalogue changes, at most for five minutes: a city can be renamed.
    """
    language = reader_language()
    return _kept_atlas(catalogue_version(), int(time() // KEPT_SECONDS), language, sheet.name)


@lru_cache(maxsize=8)
def _kept_atlas(version: str, _period: int, language: str, sheet_name: str) -> Atlas:
    sheet = SHEETS[sheet_name]
    with override(language):
        cities = cities_with_cards().select_related("region")
        ordered = cities.order_by("-number", "short_name_ru", "slug")
        rows = tuple(city_row(city, city.number, sheet) for city in ordered)
    return Atlas(version, rows, drawing_of(rows, sheet))


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
    weight = [(city.spot or (0.0, 0.0), city.practices if total else 1) for city in cities]
    of_all = sum(number for _spot, number in weight)
    return Spot(
        x=round(sum(spot[0] * number for spot, number in weight) / of_all, 1),
        y=round(sum(spot[1] * number for spot, number in weight) / of_all, 1),
        radius=radius_of(total),
        names=tuple(city.name for city in cities[:NAMED]),
        cities=len(cities),
        practices=total,
    )
