"""A citizen's report: how a city is set up, kept for seconds, so that a flood reads it once."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Any

from django.conf import settings

from novator.cities.models import Municipality
from novator.reports.deadlines import WorkingDays, working_days_of
from novator.reports.models import Area, Category, Channel, Route
from novator.reports.routing import routes_of

_MOST_KEPT = 400


@dataclass(frozen=True)
class CitySetup:
    """What the sending of a report reads of its city; the rows are shared, never change them."""

    categories: tuple[Category, ...]
    areas: tuple[Area, ...]
    routes: tuple[Route, ...]
    working_days: WorkingDays


_kept: dict[tuple[str, int | str], tuple[float, Any]] = {}
_turn = Lock()


def setup_of(municipality: Municipality) -> CitySetup:
    """
    Return how a city is set up, at most `settings.CITY_SETUP_KEPT_SECONDS` old.

    Four queries where it is not kept. A change of the set-up holds for what is sent after that
    time; pages of the staff read the tables themselves.
    """
    setup: CitySetup = _keep(("setup", municipality.pk), lambda: _read(municipality))
    return setup


def channel_of(slug: str) -> Channel | None:
    """Return the channel of the city with this slug, with its city and region, as old at most."""
    rows = Channel.objects.select_related("municipality__region").order_by()
    channel: Channel | None = _keep(
        ("channel", slug), lambda: rows.filter(municipality__slug=slug).first()
    )
    return channel


def _keep(key: tuple[str, int | str], read: Callable[[], Any]) -> Any:
    now = time.monotonic()
    known = _kept.get(key)
    if known is not None and known[0] > now:
        return known[1]
    found = read()
    if settings.CITY_SETUP_KEPT_SECONDS and found is not None:
        with _turn:
            if len(_kept) >= _MOST_KEPT:
                _kept.clear()
            _kept[key] = (now + settings.CITY_SETUP_KEPT_SECONDS, found)
    return found


def _read(municipality: Municipality) -> CitySetup:
    categories = Category.objects.filter(municipality=municipality, is_active=True)
    return CitySetup(
        categories=tuple(categories.select_related("department").order_by("position", "id")),
        areas=tuple(Area.objects.filter(municipality=municipality).order_by("position", "id")),
        routes=tuple(routes_of(municipality)),
        working_days=working_days_of(municipality),
    )
