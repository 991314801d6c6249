"""Where the loop happens: the own table of regions, and how sources name them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from novator.cities.names import folded_name
from novator.core.package import packaged_table

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class RegionFacts:
    """One row of the own table of regions."""

    code: str
    country: str
    name_ru: str
    name_en: str
    oktmo_prefix: str
    geonames_country: str
    geonames_admin1: str
    capital_ru: str
    capital_en: str
    variants: tuple[str, ...]


@cache
def all_regions() -> tuple[RegionFacts, ...]:
    """Every region of the own table: those of Russia, and foreign ones that cards name."""
    with packaged_table(DATA / "regions.csv") as rows:
        return tuple(_region(row) for row in rows)


def region_called(text: str, country: str) -> RegionFacts | None:
    """Find a region by the name a source gives it, or None."""
    return _by_name().get((country, folded_name(text)))


def region_at(geonames_country: str, admin1: str) -> RegionFacts | None:
    """Find a region of Russia by GeoNames' country and first-order code."""
    return _by_admin1().get((geonames_country, admin1))


@cache
def _by_name() -> dict[tuple[str, str], RegionFacts]:
    return {
        (region.country, folded_name(name)): region
        for region in all_regions()
        for name in (region.name_ru, region.name_en, *region.variants)
    }


@cache
def _by_admin1() -> dict[tuple[str, str], RegionFacts]:
    return {
        (region.geonames_country, region.geonames_admin1): region
        for region in all_regions()
        if region.geonames_admin1
    }


def _region(row: dict[str, str]) -> RegionFacts:
    place, _, admin1 = row["geonames_admin1"].rpartition(".")
    return RegionFacts(
        code=row["code"],
        country=row["country"],
        name_ru=row["name_ru"],
        name_en=row["name_en"],
        oktmo_prefix=row["oktmo_prefix"],
        geonames_country=place or row["country"],
        geonames_admin1=admin1,
        capital_ru=row["capital_ru"],
        capital_en=row["capital_en"],
        variants=tuple(name for name in row["variants"].split(";") if name),
    )
