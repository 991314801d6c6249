"""Where the loop happens: writing regions, towns of the gazetteer and municipalities of cards."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, count

from django.db import transaction

from novator.cities.gazetteer import (
    GEONAMES,
    Gazetteer,
    Place,
    foreign_cities,
    own_centres,
    read_gazetteer,
    source_name,
)
from novator.cities.models import Municipality, Region
from novator.cities.names import FEDERAL_CITIES, StatedName, folded_name, read_stated_name
from novator.cities.regions import all_regions, region_called
from novator.cities.romanise import romanised_name, slug_of

_REGION_FIELDS = ["country", "name_ru", "name_en", "oktmo_prefix", "geonames_admin1"]


@dataclass(frozen=True)
class StatedPopulation:
    """Inhabitants of a municipality with where the figure is from; the year may be unknown."""

    number: int
    year: int | None
    source: str


@transaction.atomic
def load_regions() -> None:
    """Write the own table of regions; harmless when it is there already."""
    rows = [
        Region(
            code=facts.code,
            country=facts.country,
            name_ru=facts.name_ru,
            name_en=facts.name_en,
            oktmo_prefix=facts.oktmo_prefix,
            geonames_admin1=facts.geonames_admin1,
        )
        for facts in all_regions()
    ]
    Region.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["code"], update_fields=_REGION_FIELDS
    )


@transaction.atomic
def load_gazetteer() -> int:
    """
    Write every Russian town of at least 5,000 inhabitants as a row; return how many are new.

    Does nothing when this version of GeoNames is loaded. Rows that exist keep their addresses and
    whatever a card says about them.
    """
    if Municipality.objects.filter(population_source=source_name()).exists():
        return 0
    load_regions()
    known = set(Municipality.objects.values_list("geonames_id", flat=True))
    names = set(Municipality.objects.values_list("name_ru", "region_text", "country"))
    regions = {region.code: region for region in Region.objects.all()}
    slugs = _taken_slugs()
    rows = [
        _town(place, regions[place.region], slugs)
        for place in gazetteer().towns
        if place.geonames_id not in known
    ]
    fresh = [row for row in rows if (row.name_ru, row.region_text, row.country) not in names]
    Municipality.objects.bulk_create(fresh, batch_size=500)
    _renew_populations()
    return len(fresh)


def _renew_populations() -> None:
    """Bring the figures of an older version of GeoNames up to this one; stated ones stay."""
    places = {place.geonames_id: place for place in gazetteer().towns}
    rows = Municipality.objects.filter(population_source__startswith=GEONAMES)
    stale = list(rows.filter(geonames_id__in=places).exclude(population_source=source_name()))
    for row in stale:
        row.population = places[row.geonames_id or 0].population
        row.population_source = source_name()
    Municipality.objects.bulk_update(stale, ["population", "population_source"], batch_size=500)


@transaction.atomic
def place_municipality(
    *,
    name: str,
    region_text: str,
    country: str,
    population: StatedPopulation | None = None,
    oktmo: str = "",
) -> Municipality:
    """
    Find or make the row of a municipality as a source names it.

    A city that the gazetteer has is one row with it, and the stated name wins; a district is a row
    of its own with the point of its centre, if its name tells the centre.
    """
    name, region_text = " ".join(name.split()), " ".join(region_text.split())
    known = Municipality.objects.filter(
        name_ru=name, region_text=region_text, country=country
    ).first()
    row = known or _matched(name, region_text, country) or _new(name, region_text, country)
    _learn(row, population, oktmo)
    return row


@lru_cache(maxsize=1)
def gazetteer() -> Gazetteer:
    """Places of GeoNames, read once; `gazetteer.cache_clear()` gives the memory back."""
    return read_gazetteer()


def _matched(name: str, region_text: str, country: str) -> Municipality | None:
    """The gazetteer's row for this stated name, which from now on bears the stated name."""
    region = region_called(region_text, country)
    if region is None or country != "RU":
        return None
    stated = read_stated_name(name)
    place = _city_of(stated, name, region.code)
    if place is None:
        return None
    row = Municipality.objects.filter(geonames_id=place.geonames_id).first()
    if row is None:
        return None
    if not _is_claimed(row):
        row.name_ru, row.region_text = name, region_text
        row.kind = stated.kind if stated.kind != "unknown" else row.kind
        row.keys = search_keys(row)
        row.save(update_fields=["name_ru", "region_text", "kind", "keys"])
    return row


def _is_claimed(row: Municipality) -> bool:
    """Whether a source has named the row already; the gazetteer's own name is the short one."""
    return row.name_ru != row.short_name_ru


def _new(name: str, region_text: str, country: str) -> Municipality:
    region_facts = region_called(region_text, country)
    region = Region.objects.filter(code=region_facts.code).first() if region_facts else None
    stated = read_stated_name(name, country=country)
    row = Municipality(
        name_ru=name,
        region_text=region_text,
        region=region,
        country=country,
        kind=stated.kind,
        short_name_ru=stated.short[:120],
        short_name_en=_english(stated),
    )
    if country == "RU" and region is not None:
        _put_on_map(row, stated, region.code)
    elif country != "RU":
        _put_abroad(row)
    row.slug = _free_slug(row.short_name_en or row.short_name_ru, region, _taken_slugs())
    row.keys = search_keys(row)
    row.save()
    return row


def _city_of(stated: StatedName, name: str, region: str) -> Place | None:
    """The place that is one and the same city as the stated municipality, or None."""
    centre, is_city = own_centres().get((folded_name(name), region), ("", False))
    if is_city:
        return gazetteer().named(centre, region)
    if stated.within.lower().startswith("город ") and stated.is_adjective:
        return gazetteer().named(stated.within[6:], region)
    if stated.kind in {"municipal_district", "federal_city_district", "region"}:
        return None
    place = gazetteer().named(stated.core, region)
    if place is None and stated.kind == "urban_okrug" and stated.is_adjective:
        return gazetteer().centre_of(stated.core, region)
    return place if not stated.is_adjective or stated.kind == "urban_okrug" else None


def _put_on_map(row: Municipality, stated: StatedName, region: str) -> None:
    """Give a row that is no city of the gazetteer its point, where that is certain."""
    city = _city_of(stated, row.name_ru, region)
    centre, _ = own_centres().get((folded_name(row.name_ru), region), ("", False))
    place = city or (gazetteer().named(centre, region) if centre else None)
    if place is None and stated.is_adjective:
        place = gazetteer().centre_of(stated.core, region)
        if place and stated.kind == "rural_settlement" and len(place.name_ru) < 6:
            place = None
    if place is None:
        return
    row.latitude, row.longitude = place.latitude, place.longitude
    if city is not None:
        row.geonames_id, row.short_name_ru, row.short_name_en = (
            city.geonames_id,
            city.name_ru,
            city.name_en,
        )


def _put_abroad(row: Municipality) -> None:
    city = foreign_cities().get((row.country, folded_name(row.name_ru)))
    if city is None:
        return
    row.short_name_ru, row.short_name_en = city.short_name_ru, city.short_name_en
    point = gazetteer().foreign_points.get(city.geonames_id or 0)
    if point is not None:
        row.geonames_id = city.geonames_id
        row.latitude, row.longitude, row.population = point
        row.population_source = source_name()


def _learn(row: Municipality, population: StatedPopulation | None, oktmo: str) -> None:
    """Take a newer population, or the first that a source states; and a code where none is."""
    changed: list[str] = []
    if population and _is_newer(population, row):
        row.population, row.population_year = population.number, population.year
        row.population_source = population.source
        changed += ["population", "population_year", "population_source"]
    if oktmo and not row.oktmo:
        row.oktmo = oktmo
        changed.append("oktmo")
    if changed:
        row.save(update_fields=changed)


def _is_newer(population: StatedPopulation, row: Municipality) -> bool:
    if row.population is None or row.population_source.startswith(GEONAMES):
        return True
    return (population.year or 0) > (row.population_year or 0)


def _english(stated: StatedName) -> str:
    if stated.kind == "foreign_city":
        return ""
    if stated.kind == "federal_city_district":
        name, _, city = stated.core.partition(" район ")
        cities = {"Санкт-Петербурга": "Saint Petersburg", "Москвы": "Moscow"}
        return f"{romanised_name(name)} District of {cities.get(city, romanised_name(city))}"
    core = romanised_name(stated.core)
    ending = {
        "municipal_district": " District",
        "municipal_okrug": " Okrug",
        "urban_okrug": " Okrug",
        "urban_settlement": " Urban Settlement",
        "rural_settlement": " Rural Settlement",
    }
    return (core + ending.get(stated.kind, "") if stated.is_adjective else core)[:120]


def _town(place: Place, region: Region, slugs: set[str]) -> Municipality:
    is_federal_city = folded_name(place.name_ru) in FEDERAL_CITIES
    is_inside = region.code in {"RU-MOW", "RU-SPE"} and not is_federal_city
    kind = "federal_city" if is_federal_city else "federal_city_district"
    row = Municipality(
        slug=_free_slug(place.name_en, region, slugs),
        name_ru=place.name_ru,
        short_name_ru=place.name_ru,
        short_name_en=place.name_en,
        kind=kind if is_federal_city or is_inside else "unknown",
        region=region,
        region_text=region.name_ru,
        country=region.country,
        population=place.population,
        population_source=source_name(),
        latitude=place.latitude,
        longitude=place.longitude,
        geonames_id=place.geonames_id,
    )
    row.keys = (
        search_keys(row)
        if is_federal_city
        else sorted({folded_name(name) for name in (place.name_ru, place.name_en, row.slug)})
    )
    return row


def search_keys(row: Municipality) -> list[str]:
    """Folded names by which people look for the row."""
    core = read_stated_name(row.name_ru, country=row.country).core
    region = region_called(row.short_name_ru, row.country) if row.kind == "federal_city" else None
    others = region.variants if region else ()
    names = (row.short_name_ru, row.short_name_en, row.name_ru, core, row.slug, *others)
    return sorted({folded_name(name) for name in names if name})


def _taken_slugs() -> set[str]:
    return set(Municipality.objects.values_list("slug", flat=True))


def _free_slug(name: str, region: Region | None, taken: set[str]) -> str:
    """Make an address that nobody has: the name, then with the region, then with a number."""
    base = slug_of(name) or "city"
    ending = region.code.rpartition("-")[2].lower() if region else ""
    with_region = f"{base}-{ending}" if ending else f"{base}-2"
    numbered = (f"{with_region}-{number}" for number in count(2))
    slug = next(text for text in chain([base, with_region], numbered) if text not in taken)
    taken.add(slug)
    return slug
