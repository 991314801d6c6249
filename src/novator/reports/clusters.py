"""
A citizen's report: all reports of a city on a map, at any zoom, and the same as a table.

Everybody may know category, place, state and dates (C4); nothing else leaves this module.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from novator.cities.models import Municipality
from novator.reports.likeness.places import ZOOM, CellBox, point_of
from novator.reports.numbers import number_of
from novator.reports.states import OPEN, STATES

COUNTED_ZOOMS = (13, 15, 17)
"""Tiles in which reports are counted as they come (`map_triggers`)."""
NEAR_ZOOM = 17
"""From here on the reports themselves are read."""
MOST_SINGLE = 300
_FINER = 2
"""A cluster is a quarter of a tile wide and high: 64 of 256 pixels."""
_LOCK = 0x6D61705F  # one process at a time puts counts together
_UNSEEN = ("unconfirmed", "received")
MOST_CELLS = 1_000
"""Cells (of some 80 m) up to which a box counts as near."""

Box = tuple[float, float, float, float]
"""South, west, north, east in degrees of WGS 84."""


@dataclass
class Cluster:
    """Reports near each other: the middle of their cells, how many by state."""

    latitude: float
    longitude: float
    states: dict[str, int] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """How many reports there are."""
        return sum(self.states.values())


@dataclass(frozen=True)
class OnMap:
    """One report as everybody may see it."""

    number: str
    category: int | None
    status: str
    latitude: float
    longitude: float
    requested_at: datetime
    changed_at: datetime


@dataclass(frozen=True)
class MapData:
    """What a map shows of a box: clusters or single reports; the table counts all of them."""

    clusters: list[Cluster]
    reports: list[OnMap]
    table: dict[int | None, dict[str, int]]

    @property
    def count(self) -> int:
        """How many reports lie in the box."""
        return sum(sum(states.values()) for states in self.table.values())

    def as_json(self) -> dict[str, Any]:
        """
        Return the shape that scripts read.

        {count, clusters: [{latitude, longitude, count, open, states: {state: n}}],
        reports: [{number, category, status, latitude, longitude, requested_at, changed_at}],
        table: [{category, count, open, states}]} – category is the key of a row or null.
        """
        return {
            "count": self.count,
            "clusters": [
                {"latitude": one.latitude, "longitude": one.longitude, **_told(one.states)}
                for one in self.clusters
            ],
            "reports": [
                vars(one)
                | {
                    "requested_at": one.requested_at.isoformat(),
                    "changed_at": one.changed_at.isoformat(),
                }
                for one in self.reports
            ],
            "table": [
                {"category": category, **_told(states)} for category, states in self.table.items()
            ],
        }


def map_of(
    *,
    municipality: Municipality,
    box: Box,
    zoom: int,
    categories: Collection[int] = (),
    states: Collection[str] = (),
    since: datetime | None = None,
    is_public: bool = True,
) -> MapData:
    """
    Count what lies in a box; single reports where there are few or the map is near.

    Empty `categories` and `states` mean all. `since` counts those requested since then, which is
    meant for weeks, not years. `is_public`: only what everybody may know of. One or two queries.
    """
    wanted = set(states or STATES) - set(_UNSEEN if is_public else ())
    cells = CellBox.of(box, ZOOM)
    is_near = zoom >= NEAR_ZOOM and cells.count <= MOST_CELLS
    source = _SINCE if since else _NEAR if is_near else _COUNTED
    facts: dict[str, Any] = {
        "city": municipality.pk,
        "states": sorted(wanted),
        "categories": list(categories),
        "hidden_too": not is_public,
        "since": since,
    }
    counted = cells if since or is_near else CellBox.of(box, _counted_zoom(zoom))
    clusters, table = _counts(source, facts | _of_cells(counted, zoom), counted.zoom)
    if zoom <= ZOOM and sum(one.count for one in clusters) > MOST_SINGLE:
        return MapData(clusters, [], table)
    if source is _COUNTED:
        facts |= _of_cells(CellBox.of(box, COUNTED_ZOOMS[-1]), zoom)
        facts["cells"] = _filled_cells(facts)
    else:
        facts |= _of_cells(cells, zoom)
    return MapData([], _single(_SINCE_ROWS if since else _NEAR_ROWS, facts), table)


def _counted_zoom(zoom: int) -> int:
    return next((z for z in COUNTED_ZOOMS if z >= zoom + _FINER), COUNTED_ZOOMS[-1])


def put_counts_together() -> int:
    """Make one row of all that count the same; return how many rows went. Bears being killed."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(_TOGETHER)
        before, after = cursor.fetchone()
        return int(before - after)


def _of_cells(cells: CellBox, zoom: int) -> dict[str, Any]:
    return {
        "bits": cells.zoom,
        "mask": (1 << cells.zoom) - 1,
        "coarser": max(0, cells.zoom - zoom - _FINER),
        "first": cells.north << cells.zoom,
        "last": ((cells.south + 1) << cells.zoom) - 1,
        "west": cells.west,
        "east": cells.east,
        "zoom": cells.zoom,
        "cells": cells.numbers() if cells.count <= MOST_CELLS else [],
    }


def _counts(
    source: str, facts: dict[str, Any], cell_zoom: int
) -> tuple[list[Cluster], dict[int | None, dict[str, int]]]:
    """Read the counts by place and state and, in the same scan, by category and state."""
    clusters: dict[tuple[int, int], Cluster] = {}
    weights: dict[tuple[int, int], list[float]] = defaultdict(lambda: [0, 0.0, 0.0])
    table: dict[int | None, dict[str, int]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(_GROUPED.format(source=source), facts)
        for is_table, row, column, category, state, count, rows, columns in cursor.fetchall():
            if is_table:
                table[category][state] = int(count)
                continue
            at = clusters.setdefault((row, column), Cluster(0.0, 0.0))
            at.states[state] = int(count)
            weight = weights[row, column]
            weight[0] += int(count)
            weight[1] += float(rows)
            weight[2] += float(columns)
    for key, (count, rows, columns) in weights.items():
        middle = point_of(columns / count + 0.5, rows / count + 0.5, cell_zoom)
        clusters[key].latitude, clusters[key].longitude = middle
    ordered = sorted(table.items(), key=lambda entry: -sum(entry[1].values()))
    return sorted(clusters.values(), key=lambda one: -one.count), dict(ordered)


def _filled_cells(facts: dict[str, Any]) -> list[int]:
    """Cells of the reports' zoom that hold any of a wide box, from the counts."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT DISTINCT cell FROM ({_COUNTED}) AS counted", facts)  # noqa: S608
        finer = ZOOM - COUNTED_ZOOMS[-1]
        boxes = [CellBox.within(cell, COUNTED_ZOOMS[-1], finer) for (cell,) in cursor.fetchall()]
    return [number for box in boxes for number in box.numbers()]


def _single(source: str, facts: dict[str, Any]) -> list[OnMap]:
    with connection.cursor() as cursor:
        cursor.execute(_SINGLE.format(source=source), facts | {"most": MOST_SINGLE})
        return [OnMap(number_of(key), *rest) for key, *rest in cursor.fetchall()]


def _told(states: dict[str, int]) -> dict[str, Any]:
    is_open = sum(count for state, count in states.items() if state in OPEN)
    return {"count": sum(states.values()), "open": is_open, "states": states}


_FILTER = """municipality_id = %(city)s AND status = ANY (%(states)s)
    AND (cardinality(%(categories)s::bigint[]) = 0 OR category_id = ANY (%(categories)s::bigint[]))
    AND (NOT is_hidden OR %(hidden_too)s)"""
_COUNTED = f"""
    SELECT cell, category_id, status, count FROM reports_mapcount
    WHERE {_FILTER} AND zoom = %(zoom)s AND cell BETWEEN %(first)s AND %(last)s
    AND (cell & %(mask)s) BETWEEN %(west)s AND %(east)s"""  # noqa: S608 - constants only
_NEAR_ROWS = f"FROM reports_report WHERE {_FILTER} AND cell = ANY (%(cells)s::bigint[])"
_SINCE_ROWS = f"""FROM reports_report
    WHERE {_FILTER} AND requested_at >= %(since)s AND cell BETWEEN %(first)s AND %(last)s
    AND (cell & %(mask)s) BETWEEN %(west)s AND %(east)s"""
_NEAR = f"SELECT cell, category_id, status, 1 AS count {_NEAR_ROWS}"
_SINCE = f"SELECT cell, category_id, status, 1 AS count {_SINCE_ROWS}"
_GROUPED = """
    WITH wanted AS ({source}),
    placed AS (
        SELECT (cell >> %(bits)s) >> %(coarser)s AS line, (cell & %(mask)s) >> %(coarser)s AS place,
            category_id, status, count, count * (cell >> %(bits)s) AS lines,
            count * (cell & %(mask)s) AS places
        FROM wanted
    )
    SELECT grouping(line) = 1, line, place, category_id, status, sum(count), sum(lines), sum(places)
    FROM placed GROUP BY GROUPING SETS ((line, place, status), (category_id, status))
    HAVING sum(count) > 0"""
_SINGLE = """
    SELECT id, category_id, status, latitude, longitude, requested_at, changed_at
    {source} ORDER BY requested_at DESC LIMIT %(most)s"""
_TOGETHER = """
    WITH gone AS (DELETE FROM reports_mapcount RETURNING *),
    kept AS (
        INSERT INTO reports_mapcount
            (municipality_id, zoom, cell, category_id, status, is_hidden, count)
        SELECT municipality_id, zoom, cell, category_id, status, is_hidden, sum(count) FROM gone
        GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(count) <> 0 RETURNING 1
    )
    SELECT (SELECT count(*) FROM gone), (SELECT count(*) FROM kept)"""
