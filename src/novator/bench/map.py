"""Every figure of the map: what the server needs for it at each zoom, all reports in one city."""

from __future__ import annotations

import gc
import os
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from novator.bench.synthetic_reports import fill_reports, make_towns

BUDGET_MS = 150
ZOOMS = range(4, 20)
SCREEN = (1280, 800)
PLACES = 12
_TILE = 256


def run_map_bench(*, reports: int, progress: Any = None) -> dict[str, Any]:
    """
    Put all reports into one city of a scratch database and ask for the map at every zoom.

    At each zoom a screen of 1280 × 800 is laid on the middle of the city and on places of reports.
    """
    from django.db import connection

    from novator.cities.models import Municipality
    from novator.reports.map_triggers import COUNT_ALL

    until = datetime(2026, 11, 1, tzinfo=UTC)
    towns = make_towns(1, on=until)
    fill_reports(towns, count=reports, until=until, progress=progress)
    with connection.cursor() as cursor:
        cursor.execute(COUNT_ALL)
        cursor.execute("VACUUM (ANALYZE) reports_mapcount")
        cursor.execute("SELECT count(*) FROM reports_mapcount")
        counted = cursor.fetchone()[0]
        cursor.execute(
            "SELECT latitude, longitude FROM reports_report WHERE id %% %s = 1 LIMIT %s",
            [max(1, reports // PLACES), PLACES - 1],
        )
        middles = [(towns[0].latitude, towns[0].longitude), *cursor.fetchall()]
    city = Municipality.objects.get(pk=towns[0].key)
    gc.collect()
    gc.freeze()  # what the filling has left is no work of the answers
    rows = {str(zoom): _at(city, middles, zoom) for zoom in ZOOMS}
    month = _at(city, middles[:4], 11, since=until - timedelta(days=30))
    worst = max(row["worst_ms"] for row in [*rows.values(), month])
    return {
        "reports": reports,
        "rows_of_counts": counted,
        "load": round(os.getloadavg()[0], 1),
        "zooms": rows,
        "last_30_days_at_zoom_11": month,
        "worst_ms": worst,
        "budget_ms": BUDGET_MS,
        "is_kept": worst <= BUDGET_MS,
    }


def _at(
    city: Any, middles: list[tuple[float, float]], zoom: int, since: datetime | None = None
) -> dict[str, Any]:
    """The first answer at each zoom is not counted: its pages are read from the disk."""
    from novator.reports.clusters import map_of

    times, shown, counts = [], [], []
    for middle in [middles[0], *middles]:
        began = time.perf_counter()
        told = map_of(municipality=city, box=_screen(middle, zoom), zoom=zoom, since=since)
        told.as_json()
        times.append(1000 * (time.perf_counter() - began))
        shown.append(len(told.clusters) + len(told.reports))
        counts.append(told.count)
    return {
        "p50_ms": round(float(np.quantile(times[1:], 0.5)), 1),
        "worst_ms": round(max(times[1:]), 1),
        "marks": max(shown),
        "reports_in_the_box": max(counts),
    }


def _screen(middle: tuple[float, float], zoom: int) -> tuple[float, float, float, float]:
    latitude, longitude = middle
    east = SCREEN[0] / _TILE / 2**zoom * 180
    north = SCREEN[1] / _TILE / 2**zoom * 180 * float(np.cos(np.radians(latitude)))
    return latitude - north, longitude - east, latitude + north, longitude + east
