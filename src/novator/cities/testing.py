"""Where the loop happens: builders of cities for tests."""

from __future__ import annotations

from typing import Any

from novator.cities.models import Municipality, Region
from novator.cities.operations import search_keys
from novator.cities.regions import all_regions
from novator.cities.romanise import slug_of

_RUSSIAN = {"Zarechny": "Заречный", "Glazov": "Глазов", "Stary Bor": "Старый Бор"}


def make_region(code: str = "RU-UD") -> Region:
    """A region of the own table, once."""
    facts = next(region for region in all_regions() if region.code == code)
    return Region.objects.get_or_create(
        code=facts.code,
        defaults={
            "country": facts.country,
            "name_ru": facts.name_ru,
            "name_en": facts.name_en,
            "oktmo_prefix": facts.oktmo_prefix,
            "geonames_admin1": facts.geonames_admin1,
        },
    )[0]


def make_city(name: str = "Zarechny", *, region: str = "RU-UD", **facts: Any) -> Municipality:
    """
    A city with fixed facts; of the cast, Zarechny adopts, Glazov invented, Stary Bor is a stranger.

    The same name in the same region gives the row that is there already.
    """
    where = make_region(region)
    russian = _RUSSIAN.get(name, name)
    row = Municipality(
        **{
            "slug": slug_of(name),
            "name_ru": f"городской округ «Город {russian}»",
            "short_name_ru": russian,
            "short_name_en": name if name.isascii() else "",
            "kind": "urban_okrug",
            "region": where,
            "region_text": where.name_ru,
            "country": where.country,
            "population": 60_000,
            "population_year": 2021,
            "population_source": "Всероссийская перепись населения 2020–2021 гг.",
            "latitude": 57.0,
            "longitude": 53.0,
        }
        | facts
    )
    known = Municipality.objects.filter(slug=row.slug).first()
    if known is not None:
        return known
    row.keys = search_keys(row)
    row.save()
    return row
