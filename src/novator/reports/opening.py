"""A citizen's report: a city begins to take reports, with the starter set of categories."""

from __future__ import annotations

import csv
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from novator.cities.gazetteer import time_zone_of
from novator.cities.models import Municipality
from novator.reports.models import Category, Channel

_REACH = 0.25
"""Degrees of latitude to each side of the city's point: the box of a channel until it is set."""


class ChannelRefused(Exception):
    """The channel cannot be opened; the message is fit to show."""


@transaction.atomic
def open_channel(*, municipality: Municipality, on: date, **facts: Any) -> Channel:
    """
    Let a city take reports; a closed channel opens again as it was.

    :raises ChannelRefused: it is no municipality, or its place is not known
    """
    known = Channel.objects.select_for_update().filter(municipality=municipality).first()
    if known is not None:
        Channel.objects.filter(pk=known.pk).update(is_open=True)
        known.refresh_from_db()
        return known
    if municipality.latitude is None or municipality.longitude is None:
        raise ChannelRefused(_("The city's place on the map is not known."))
    channel = Channel.objects.create(
        municipality=municipality,
        opened_on=on,
        **_box(municipality) | {"time_zone": _time_zone(municipality)} | facts,
    )
    give_starter_categories(municipality=municipality)
    return channel


def _time_zone(municipality: Municipality) -> str:
    """The city's own as GeoNames has it, else that of the installation."""
    return time_zone_of(municipality.geonames_id) or settings.TIME_ZONE


def _box(municipality: Municipality) -> dict[str, float]:
    latitude, longitude = municipality.latitude or 0.0, municipality.longitude or 0.0
    return {
        "south": latitude - _REACH,
        "north": latitude + _REACH,
        "west": longitude - 2 * _REACH,
        "east": longitude + 2 * _REACH,
    }


def give_starter_categories(*, municipality: Municipality) -> int:
    """Add the categories of the starter set that the city has not yet; return how many."""
    known = set(Category.objects.filter(municipality=municipality).values_list("code", flat=True))
    new = [
        Category(municipality=municipality, position=place, **row)
        for place, row in enumerate(_starter())
        if row["code"] not in known
    ]
    return len(Category.objects.bulk_create(new))


@cache
def _starter() -> tuple[dict[str, Any], ...]:
    text = files("novator.reports").joinpath("data/categories.csv").read_text(encoding="utf-8")
    return tuple(_row(raw) for raw in csv.DictReader(text.splitlines()))


def _row(raw: dict[str, str]) -> dict[str, Any]:
    return {
        "code": raw["code"],
        "topic": raw["topic"],
        "name_ru": raw["name_ru"],
        "name_en": raw["name_en"],
        "description_ru": raw["description_ru"],
        "description_en": raw["description_en"],
        "keywords_ru": [word.strip() for word in raw["keywords_ru"].split(";") if word.strip()],
        "keywords_en": [word.strip() for word in raw["keywords_en"].split(";") if word.strip()],
        "asks_asset": raw["asks_asset"],
        "is_danger": raw["is_danger"] == "1",
        "grounds_problems": raw["code"] != "other",
        "days_to_work": int(raw["days_to_work"]),
        "days_to_moderate": int(raw["days_to_moderate"]),
    }
