"""A citizen's report: the spots of the public map, and the table of the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.db.models import Avg, Count, F, FloatField, IntegerField, Max, Q
from django.db.models.functions import Cast

from novator.reports.life import local_day
from novator.reports.likeness.places import ZOOM
from novator.reports.listing import Asked, narrowed
from novator.reports.models import Channel, Report
from novator.reports.states import OPEN

MOST_SPOTS = 400
KEPT_SECONDS = 120
TABLE_ZOOM = 14
_DEEPER = 2
"""A spot stands for a tile so many zooms deeper than the map's: about 64 pixels wide."""

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Spot:
    """Reports that are near each other on a map: how many, how many of them wait; the latest."""

    latitude: float
    longitude: float
    reports: int
    open: int
    latest: int


def spots_of(
    channel: Channel, asked: Asked, *, zoom: int, box: Box | None, now: datetime, key: str
) -> Sequence[Spot]:
    """Return the spots of a part of a city, those with most reports first; kept two minutes."""
    known = cache.get(f"report-spots:{key}")
    if known is not None:
        return [Spot(*row) for row in known]
    rows = Report.objects.filter(municipality=channel.municipality_id, erased_at=None)
    wanted = narrowed(rows.shown(), asked, now=now, today=local_day(channel, now))
    if box is not None:
        south, west, north, east = box
        wanted = wanted.filter(latitude__range=(south, north), longitude__range=(west, east))
    found = _clustered(wanted, zoom)
    cache.set(f"report-spots:{key}", [list(vars(spot).values()) for spot in found], KEPT_SECONDS)
    return found


def _clustered(rows: Any, zoom: int) -> list[Spot]:
    step = 2 ** max(0, ZOOM - min(zoom + _DEEPER, ZOOM))
    side = 2**ZOOM
    tiles = rows.filter(cell__isnull=False).annotate(
        tile_row=Cast(F("cell") / side / step, IntegerField()),
        tile_column=Cast(F("cell") % side / step, IntegerField()),
    )
    groups = tiles.values("tile_row", "tile_column").annotate(
        number=Count("pk"),
        waiting=Count("pk", filter=Q(status__in=OPEN)),
        north=Avg("latitude", output_field=FloatField()),
        east=Avg("longitude", output_field=FloatField()),
        latest=Max("pk"),
    )
    return [
        Spot(round(g["north"], 5), round(g["east"], 5), g["number"], g["waiting"], g["latest"])
        for g in groups.order_by("-number", "-latest")[:MOST_SPOTS]
    ]


def box_in(query: Mapping[str, str]) -> Box | None:
    """Read south, west, north and east from an address; None where they are no box."""
    parts = query.get("box", "").split(",")
    try:
        south, west, north, east = (float(part) for part in parts)
    except ValueError:
        return None
    is_box = -90 <= south < north <= 90 and -180 <= west < east <= 180
    return (south, west, north, east) if is_box else None
