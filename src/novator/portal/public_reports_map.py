"""A citizen's report: the spots of the public map, and the table of the same."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import datetime, timedelta

from django.core.cache import cache

from novator.reports.clusters import map_of
from novator.reports.life import local_day
from novator.reports.listing import GROUPED_STATES, Asked, walk
from novator.reports.models import Channel, Report
from novator.reports.places import metres_between
from novator.reports.public_place import public_address
from novator.reports.states import OPEN

KEPT_SECONDS = 120
TABLE_ZOOM = 13
IN_TABLE = 12
MOST_SINGLE = 300
_NAMING = 1_500
_NEAR_METRES = 600
_ALONE_ZOOM = 17
"""From here on each report stands alone; farther off, those within 32 pixels share a spot."""

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Spot:
    """Reports near each other: how many, how many of them wait; `number` where it is one alone."""

    latitude: float
    longitude: float
    reports: int
    open: int
    number: str = ""


@dataclass(frozen=True)
class Near:
    """One row of the table of the map: near which address, and how many."""

    words: str
    spot: Spot


def spots_of(
    channel: Channel, asked: Asked, *, zoom: int, box: Box | None, now: datetime
) -> Sequence[Spot]:
    """
    Return what a map shows of a box, the largest first; kept two minutes.

    Counted in SQL at any zoom. Where a street, a district or a judgement is asked for, the newest
    three hundred that fit are shown one by one.
    """
    box = box or (channel.south, channel.west, channel.north, channel.east)
    wish = f"{channel.pk}|{zoom}|{box}|{asked}"
    key = f"report-spots:{hashlib.sha256(wish.encode()).hexdigest()[:40]}"
    known = cache.get(key)
    if known is None:
        is_counted = not (asked.street or asked.area) and asked.group not in {"overdue", "reopened"}
        found = (
            _counted(channel, asked, zoom, box, now)
            if is_counted
            else _single(channel, asked, box, now)
        )
        near = _grouped(found, degrees=360 / 2 ** (zoom + 3)) if zoom < _ALONE_ZOOM else found
        known = [astuple(spot) for spot in near]
        cache.set(key, known, KEPT_SECONDS)
    return [Spot(*row) for row in known]


def _counted(channel: Channel, asked: Asked, zoom: int, box: Box, now: datetime) -> list[Spot]:
    found = map_of(
        municipality=channel.municipality,
        box=box,
        zoom=zoom,
        categories=[asked.category.pk] if asked.category else [],
        states=GROUPED_STATES.get(asked.group, ()),
        since=now - timedelta(days=asked.days) if asked.days else None,
    )
    groups = [
        Spot(
            round(one.latitude, 5),
            round(one.longitude, 5),
            one.count,
            sum(number for state, number in one.states.items() if state in OPEN),
        )
        for one in found.clusters
    ]
    alone = [
        Spot(one.latitude, one.longitude, 1, int(one.status in OPEN), one.number)
        for one in found.reports
    ]
    return groups + alone


def _single(channel: Channel, asked: Asked, box: Box, now: datetime) -> list[Spot]:
    found = walk(
        channel.municipality,
        Asked(**{**vars(asked), "box": box}),
        before=None,
        each=MOST_SINGLE,
        now=now,
        today=local_day(channel, now),
    )
    return [
        Spot(row.latitude, row.longitude, 1, int(row.is_open), row.number)
        for row in found.rows
        if row.latitude is not None and row.longitude is not None
    ]


def densest(channel: Channel, asked: Asked, *, now: datetime) -> list[Near]:
    """The largest spots of the whole city as a table, each named by a report's address near it."""
    spots = spots_of(channel, asked, zoom=TABLE_ZOOM, box=None, now=now)[:IN_TABLE]
    if not spots:
        return []
    known = Report.objects.filter(municipality=channel.municipality_id).shown()
    placed = known.filter(erased_at=None, latitude__isnull=False).exclude(address="")
    rows = placed.order_by("-pk").values_list("latitude", "longitude", "address")[:_NAMING]
    places = [((a, b), address) for a, b, address in rows if a is not None and b is not None]
    return [Near(_name(spot, places), spot) for spot in spots]


def _name(spot: Spot, places: Sequence[tuple[tuple[float, float], str]]) -> str:
    here = (spot.latitude, spot.longitude)
    near = min(places, key=lambda place: _far(here, place[0]), default=None)
    if near is not None and metres_between(here, near[0]) <= _NEAR_METRES:
        return public_address(near[1]) or _degrees(spot)
    return _degrees(spot)


def _far(a: tuple[float, float], b: tuple[float, float]) -> float:
    return (a[0] - b[0]) ** 2 + ((a[1] - b[1]) / 2) ** 2


def _degrees(spot: Spot) -> str:
    return f"{spot.latitude:.4f}°, {spot.longitude:.4f}°"


def _grouped(spots: Sequence[Spot], *, degrees: float) -> list[Spot]:
    """Put spots that lie in one cell, so many degrees of longitude wide, into one."""
    groups: dict[tuple[int, int], list[Spot]] = {}
    for spot in spots:
        cell = (round(2 * spot.latitude / degrees), round(spot.longitude / degrees))
        groups.setdefault(cell, []).append(spot)
    made = [
        Spot(
            latitude=round(sum(one.latitude * one.reports for one in group) / _sum(group), 6),
            longitude=round(sum(one.longitude * one.reports for one in group) / _sum(group), 6),
            reports=_sum(group),
            open=sum(one.open for one in group),
            number=group[0].number if len(group) == 1 else "",
        )
        for group in groups.values()
    ]
    return sorted(made, key=lambda spot: -spot.reports)


def _sum(group: Sequence[Spot]) -> int:
    return sum(spot.reports for spot in group)


def box_in(query: Mapping[str, str]) -> Box | None:
    """Read south, west, north and east from an address; None where they are no box."""
    try:
        south, west, north, east = (float(part) for part in query.get("box", "").split(","))
    except ValueError:
        return None
    is_box = -90 <= south < north <= 90 and -180 <= west < east <= 180
    return (south, west, north, east) if is_box else None
