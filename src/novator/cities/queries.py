"""Where the loop happens: finding a city by what people call it, and the cities most like it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from django.db.models import F, QuerySet, Value
from django.db.models.functions import Coalesce, NullIf
from rapidfuzz import fuzz, process

from novator.cities.changes import version_of
from novator.cities.models import NOT_MUNICIPAL, Municipality, Region
from novator.cities.names import folded_name, without_kind
from novator.cities.peers import CityFacts, CityTable, Peer
from novator.cities.regions import region_called
from novator.core.languages import reads_russian

_LONGEST = 200
_WITH_REGION = re.compile(r"^(?P<name>[^(,]+)[(,]\s*(?P<region>[^()]+?)\s*\)?\s*$")
_FEW = 5
_ENGLISH_IF_ANY = Coalesce(NullIf("short_name_en", Value("")), "short_name_ru")


def find_city(text: str) -> list[Municipality]:
    """
    Find the cities that a user's words can mean, the largest first; several if they are unclear.

    Understands «г. Глазов», «Киров (Калужская область)», «Glazov» and a slug. One query.
    """
    whole = " ".join(text.replace("\0", " ").split())[:_LONGEST]
    if not whole:
        return []
    found = _WITH_REGION.match(whole)
    name = found["name"] if found else whole
    keys = [folded_name(name), folded_name(without_kind(name)), folded_name(whole)]
    rows = Municipality.objects.filter(keys__overlap=[key for key in keys if key])
    rows = rows.select_related("region").order_by(F("population").desc(nulls_last=True), "slug")
    candidates = list(rows)
    return _in_region(candidates, found["region"]) if found else _exact_first(candidates, whole)


def suggest_cities(text: str, limit: int = _FEW) -> list[Municipality]:
    """Cities whose names look like these words, for a typo; the likest first. Two queries."""
    wanted = folded_name(without_kind(text.replace("\0", " "))[:_LONGEST])
    if len(wanted) < 3:
        return []
    keys = {
        key: pk
        for pk, names in Municipality.objects.order_by(
            F("population").asc(nulls_first=True), "slug"
        ).values_list("pk", "keys")
        for key in names
    }
    near = process.extract(wanted, keys.keys(), scorer=fuzz.ratio, limit=3 * limit, score_cutoff=72)
    order = list(dict.fromkeys(keys[key] for key, _, _ in near))[:limit]
    rows = Municipality.objects.select_related("region").in_bulk(order)
    return [rows[pk] for pk in order]


def facts_of(municipality: Municipality) -> CityFacts:
    """What is compared of a city; reads only its own row."""
    return CityFacts(
        slug=municipality.slug,
        name=municipality.name,
        population=municipality.population,
        latitude=municipality.latitude,
        longitude=municipality.longitude,
        region=str(municipality.region_id or ""),
        kind=municipality.kind,
    )


def peers(
    municipality: Municipality,
    limit: int = _FEW,
    *,
    among: Collection[str] | None = None,
    least: int = 2 * _FEW,
) -> list[Peer]:
    """
    The cities most like this one, of a quarter to four times its size where there are enough.

    :param among: slugs of the cities that may be named, for a foreign city Russian ones too; if not
        given, all municipalities in Russia or, whatever their size, abroad, as the city itself
    :param least: if no more than these are of like size, size is not minded
    """
    known = known_cities()
    worth = known.is_municipal if among is None else known.are_of(among)
    if municipality.country == "RU":
        worth = worth & known.is_russian
    elif among is None:
        worth = worth & ~known.is_russian
        least = len(known.table)
    if size := municipality.population:
        populations = known.table.populations
        alike = worth & (populations >= size / 4) & (populations <= 4 * size)
        worth = alike if alike.sum() > max(least, limit) else worth
    return known.table.peers_of(facts_of(municipality), limit, among=worth)


class KnownCities:
    """Every city as of one version of the table, in one language, as they are compared."""

    def __init__(self, rows: Iterable[tuple[str, CityFacts]]) -> None:
        countries, cities = zip(*rows, strict=True) if (rows := list(rows)) else ((), ())
        self.table = CityTable(cities)
        self.is_russian = np.array([country == "RU" for country in countries], dtype=np.bool_)
        self.is_municipal = ~np.isin(self.table.kinds, list(NOT_MUNICIPAL))

    def are_of(self, slugs: Collection[str]) -> npt.NDArray[np.bool_]:
        """Which of them are among these."""
        return np.array([city.slug in slugs for city in self.table.cities], dtype=np.bool_)


def known_cities() -> KnownCities:
    """Every city; one query to see that nothing has changed."""
    return _known_cities(version_of("cities"), reads_russian())


def region_names() -> Mapping[str, str]:
    """Names of all regions by code, for the current reader; one query."""
    return _known_regions(version_of("cities"), reads_russian())


def municipalities_by_slug(slugs: list[str]) -> dict[str, Municipality]:
    """Rows with their regions by slug, in one query."""
    rows = Municipality.objects.select_related("region").filter(slug__in=slugs)
    return {row.slug: row for row in rows}


def without_point() -> QuerySet[Municipality]:
    """Municipalities whose place on the map is not known: listed, never guessed."""
    rows = Municipality.objects.filter(latitude__isnull=True)
    return rows.select_related("region").order_by("country", "region_text", "slug")


@lru_cache(maxsize=2)
def _known_regions(version: str, is_russian: bool) -> Mapping[str, str]:
    """Every region as of a version, named in one language."""
    name = "name_ru" if is_russian else "name_en"
    return dict(Region.objects.values_list("code", name))


@lru_cache(maxsize=2)
def _known_cities(version: str, is_russian: bool) -> KnownCities:
    """Every city as of a version, named in one language."""
    return KnownCities(_with_country(is_russian=is_russian))


def _with_country(*, is_russian: bool) -> Iterator[tuple[str, CityFacts]]:
    name = F("short_name_ru") if is_russian else _ENGLISH_IF_ANY
    columns = ("country", "slug", name, "population", "latitude", "longitude", "region_id", "kind")
    rows = Municipality.objects.values_list(*columns)
    for country, slug, called, population, latitude, longitude, region, kind in rows:
        place = (population, latitude, longitude, str(region or ""))
        yield country, CityFacts(slug, called, *place, kind)


def _in_region(candidates: list[Municipality], region: str) -> list[Municipality]:
    """Keep the cities of the region that the user named in brackets or after a comma."""
    known = region_called(region, "RU")
    wanted = folded_name(region)
    return [
        city
        for city in candidates
        if (known and city.region and city.region.code == known.code)
        or folded_name(city.region_text).startswith(wanted)
        or (city.region is not None and folded_name(city.region.name_en).startswith(wanted))
        or city.country.lower() == wanted
    ]


def _exact_first(candidates: list[Municipality], whole: str) -> list[Municipality]:
    """A slug or a full stated name means one city only."""
    wanted = folded_name(whole)
    by_slug = [city for city in candidates if city.slug == whole]
    by_name = [city for city in candidates if folded_name(city.name_ru) == wanted]
    has_kind = without_kind(whole) != whole
    if by_slug and whole.isascii() and "-" in whole:
        return by_slug
    return by_name if by_name and has_kind else candidates
