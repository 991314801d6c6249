"""A citizen's report: how a city is set up, kept for seconds, so that a flood reads it once."""

from __future__ import annotations

import time
from dataclasses import dataclass
from threading import Lock

from django.conf import settings

from novator.cities.models import Municipality
from novator.reports.deadlines import WorkingDays, working_days_of
from novator.reports.models import Area, Category, Route
from novator.reports.routing import routes_of

_MOST_CITIES = 200


@dataclass(frozen=True)
class CitySetup:
    """What the sending of a report reads of its city; the rows are shared, never change them."""

    categories: tuple[Category, ...]
    areas: tuple[Area, ...]
    routes: tuple[Route, ...]
    working_days: WorkingDays


_kept: dict[int, tuple[float, CitySetup]] = {}
_turn = Lock()


def setup_of(municipality: Municipality) -> CitySetup:
    """
    Return how a city is set up, at most `settings.CITY_SETUP_KEPT_SECONDS` old.

    Four queries where it is not kept. A change of the set-up holds for what is sent after that
    time; pages of the staff read the tables themselves.
    """
    now, key = time.monotonic(), municipality.pk
    known = _kept.get(key)
    if known is not None and known[0] > now:
        return known[1]
    setup = _read(municipality)
    if settings.CITY_SETUP_KEPT_SECONDS:
        with _turn:
            if len(_kept) >= _MOST_CITIES:
                _kept.clear()
            _kept[key] = (now + settings.CITY_SETUP_KEPT_SECONDS, setup)
    return setup


def _read(municipality: Municipality) -> CitySetup:
    categories = Category.objects.filter(municipality=municipality, is_active=True)
    return CitySetup(
        categories=tuple(categories.select_related("department").order_by("position", "id")),
        areas=tuple(Area.objects.filter(municipality=municipality).order_by("position", "id")),
        routes=tuple(routes_of(municipality)),
        working_days=working_days_of(municipality),
    )
