"""A citizen's report: those near it in place and time, read for comparison."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection

from novator.cities.models import Municipality
from novator.reports.likeness.places import METRES_AROUND, cells_around, degrees_of
from novator.reports.likeness.sides import DAYS_APART, Side, says_the_same
from novator.reports.models import Report, ReportPhoto

MOST_IN_A_CELL = 60
"""Of a cell with more reports in the window only the newest are compared."""

_IN_WINDOW = """municipality_id = %(city)s AND requested_at BETWEEN %(since)s AND %(until)s
    AND status <> ALL (%(left_out)s) AND NOT (is_hidden AND %(is_public)s)
    AND erased_at IS NULL AND id <> %(asked)s"""
_FOUND = f"""
    SELECT r.id, r.duplicate_of_id, r.requested_at, r.latitude, r.longitude, r.address,
        r.category_id, coalesce(c.parent_id, c.id), c.topic, r.closed_at, r.text,
        CASE WHEN r.is_text_shown THEN r.shown_text ELSE '' END
    FROM (
        SELECT near.* FROM unnest(%(cells)s::bigint[]) AS around (number)
        CROSS JOIN LATERAL (
            SELECT * FROM reports_report WHERE cell = around.number AND {_IN_WINDOW}
            ORDER BY requested_at DESC LIMIT {MOST_IN_A_CELL}
        ) AS near
        WHERE abs(near.latitude - %(latitude)s) <= %(north)s
        AND abs(near.longitude - %(longitude)s) <= %(east)s
        UNION ALL (
            SELECT * FROM reports_report
            WHERE latitude IS NULL AND address = %(address)s AND address <> '' AND {_IN_WINDOW}
            ORDER BY requested_at DESC LIMIT {MOST_IN_A_CELL}
        )
    ) AS r LEFT JOIN reports_category AS c ON c.id = r.category_id"""  # noqa: S608 - constants

Place = tuple[float, float]


class _Row(NamedTuple):
    id: int
    duplicate_of: int | None
    requested_at: datetime
    latitude: float | None
    longitude: float | None
    address: str
    category: int | None
    group: int | None
    topic: str | None
    closed_at: datetime | None
    text: str
    shown: str


@dataclass(frozen=True)
class Neighbour:
    """A report near by: its key, that of the report which it repeats if it does, and its side."""

    key: int
    kept: int
    side: Side


def neighbours_of(
    *,
    city: Municipality,
    place: Place | None,
    address: str,
    at: datetime,
    asked: int = 0,
    is_public: bool = False,
    told: str = "",
    with_photos: bool = False,
) -> list[Neighbour]:
    """
    Read the reports of a city that lie within the window of place and time before a moment.

    `is_public`: only those of which everybody may know. Of their words then only those count that
    are shown, or that `told` largely repeats: by trying words one by one nobody learns from the
    order what somebody wrote (C4). `asked`: the key of the report itself.
    One query, and one more with photos, whatever the number of reports.
    """
    facts: dict[str, Any] = {
        "city": city.pk,
        "address": address.strip(),
        "since": at - timedelta(days=DAYS_APART),
        "until": at,
        "left_out": ["unconfirmed", "withdrawn", *(["received"] if is_public else [])],
        "is_public": is_public,
        "asked": asked,
        **_around(place),
    }
    with connection.cursor() as cursor:
        cursor.execute(_FOUND, facts)
        rows = [_Row(*row) for row in cursor.fetchall()]
    if is_public:
        rows = [row._replace(text=_open_words(row, told)) for row in rows]
    found = [Neighbour(row.id, row.duplicate_of or row.id, _side(row)) for row in rows]
    return _with_photos(found) if with_photos else found


def _around(place: Place | None) -> dict[str, Any]:
    if place is None:
        return {"cells": [], "latitude": 0.0, "longitude": 0.0, "north": 0.0, "east": 0.0}
    north, east = degrees_of(place[0], METRES_AROUND)
    return {
        "cells": cells_around(*place, metres=METRES_AROUND),
        "latitude": place[0],
        "longitude": place[1],
        "north": north,
        "east": east,
    }


def side_of(report: Report, *, photos: Sequence[int] = ()) -> Side:
    """Return what of a report counts in a comparison."""
    is_placed = report.latitude is not None and report.longitude is not None
    category = report.category
    return Side(
        at=report.requested_at.timestamp(),
        place=(report.latitude, report.longitude) if is_placed else None,  # type: ignore[arg-type]
        address=report.address,
        category=report.category_id,
        group=category and (category.parent_id or category.pk),
        topic=category and category.topic,
        closed_at=report.closed_at.timestamp() if report.closed_at else None,
        text=report.text,
        photos=photos,
    )


def prints_of(reports: Collection[int]) -> dict[int, list[int]]:
    """Return the prints of the photos of reports, where they are known."""
    prints: dict[int, list[int]] = defaultdict(list)
    found = ReportPhoto.objects.filter(report__in=reports, print_of__isnull=False)
    for report, one in found.values_list("report_id", "print_of"):
        prints[report].append(one or 0)
    return prints


def _open_words(row: _Row, told: str) -> str:
    return row.shown or (row.text if says_the_same(told, row.text) else "")


def _side(row: _Row) -> Side:
    is_placed = row.latitude is not None and row.longitude is not None
    return Side(
        at=row.requested_at.timestamp(),
        place=(row.latitude, row.longitude) if is_placed else None,  # type: ignore[arg-type]
        address=row.address,
        category=row.category,
        group=row.group,
        topic=row.topic,
        closed_at=row.closed_at.timestamp() if row.closed_at else None,
        text=row.text,
    )


def _with_photos(found: list[Neighbour]) -> list[Neighbour]:
    prints = prints_of([one.key for one in found])
    return [
        replace(one, side=replace(one.side, photos=prints[one.key])) if one.key in prints else one
        for one in found
    ]
