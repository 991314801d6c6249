"""A citizen's report: where reports are dense, in squares of the city."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, datetime

from django.core.cache import cache
from django.db import connection

from novator.reports.likeness.places import ZOOM
from novator.reports.models import Area, Category, Channel
from novator.reports.states import OPEN

SQUARE_ZOOM = 15
"""A square is a map tile of this zoom: about 650 m wide at 58° north."""
MOST_SQUARES = 1_500
KEPT_SECONDS = 600

_COUNT = """
SELECT (cell / %(side)s) / %(step)s, (cell %% %(side)s) / %(step)s, count(*),
       count(*) FILTER (WHERE status = ANY(%(open)s)),
       count(*) FILTER (WHERE status = ANY(%(open)s) AND due_on < %(today)s AND paused_on IS NULL),
       count(*) FILTER (WHERE times_refuted > 0),
       max(id) FILTER (WHERE status <> 'received' AND NOT is_hidden AND erased_at IS NULL)
  FROM reports_report
 WHERE municipality_id = %(city)s AND cell IS NOT NULL AND status <> 'unconfirmed'
   AND requested_at >= %(start)s AND requested_at < %(end)s
   AND (%(category)s::bigint IS NULL OR category_id = %(category)s)
   AND (%(area)s::bigint IS NULL OR area_id = %(area)s)
 GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT %(most)s
"""


@dataclass(frozen=True)
class Square:
    """
    A square of the map and what was reported in it; `row` and `column` count from north-west.

    `latest`: of those of which everybody may know, the newest.
    """

    row: int
    column: int
    reports: int
    open: int
    overdue: int
    refuted: int
    latest: int | None


def squares_of(
    channel: Channel,
    *,
    start: datetime,
    end: datetime,
    today: date,
    category: Category | None = None,
    area: Area | None = None,
) -> list[Square]:
    """Count the reports sent in a period by squares, the densest first; kept ten minutes."""
    facts = {
        "side": 2**ZOOM,
        "step": 2 ** (ZOOM - SQUARE_ZOOM),
        "open": sorted(OPEN),
        "today": today,
        "city": channel.municipality_id,
        "start": start,
        "end": end,
        "category": category.pk if category else None,
        "area": area.pk if area else None,
        "most": MOST_SQUARES,
    }
    names = ("city", "start", "end", "today", "category", "area")
    key = "report-heat:" + ":".join(str(facts[name]).replace(" ", "T") for name in names)
    rows = cache.get(key)
    if rows is None:
        with connection.cursor() as cursor:
            cursor.execute(_COUNT, facts)
            rows = [list(row) for row in cursor.fetchall()]
        cache.set(key, rows, KEPT_SECONDS)
    return [Square(*row) for row in rows]


def square_at(latitude: float, longitude: float) -> tuple[float, float]:
    """Return the place of a point in the net of squares: row and column with fractions."""
    side = 2**SQUARE_ZOOM
    north = math.asinh(math.tan(math.radians(latitude)))
    return (1 - north / math.pi) / 2 * side, (longitude + 180) / 360 * side
