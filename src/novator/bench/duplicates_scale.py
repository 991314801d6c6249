"""Every figure of duplicates: the check before a report is sent, among any number of reports."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any

import numpy as np

from novator.bench.synthetic_reports import (
    Town,
    address_of,
    fill_reports,
    make_towns,
    stream,
    text_of,
)

TOWNS = 12
ASKED = 400
_NEW = 10_000
"""Questions are drawn from a stream that the database does not hold."""


def run_scale(*, reports: int, progress: Any = None) -> dict[str, Any]:
    """Fill a scratch database with so many reports and ask it; Django must be set up on it."""
    from django.db import connection

    until = datetime(2026, 11, 1, tzinfo=UTC)
    towns = make_towns(TOWNS, on=until)
    began = time.perf_counter()
    fill_reports(towns, count=reports, until=until, progress=progress)
    filled = time.perf_counter() - began
    times, counts = _asked(towns, until)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_table_size('reports_report'), pg_indexes_size('reports_report')")
        table, indexes = cursor.fetchone()
    return {
        "reports": reports,
        "asked": len(times),
        "p50_ms": round(float(np.quantile(times, 0.5)), 2),
        "p95_ms": round(float(np.quantile(times, 0.95)), 2),
        "worst_ms": round(max(times), 2),
        "mean_neighbours": round(float(np.mean(counts)), 1),
        "most_neighbours": max(counts),
        "table_mib": table >> 20,
        "indexes_mib": indexes >> 20,
        "filled_in_seconds": round(filled),
    }


def _asked(towns: list[Town], at: datetime) -> tuple[list[float], list[int]]:
    """Each question once, at a place of its own: nothing is answered from an earlier answer."""
    from novator.cities.models import Municipality
    from novator.reports.duplicates import likely_duplicates
    from novator.reports.models import Category
    from novator.reports.neighbours import neighbours_of

    cities = Municipality.objects.in_bulk([town.key for town in towns])
    categories = Category.objects.in_bulk([key for town in towns for key in town.categories])
    [batch] = stream(towns, count=_NEW, until=at, seed=11, size=_NEW)
    times, counts = [], []
    for place in range(0, _NEW, _NEW // ASKED):
        town = towns[batch.town[place]]
        facts: dict[str, Any] = {
            "place": (float(batch.latitude[place]), float(batch.longitude[place])),
            "address": address_of(batch, place),
            "at": at,
        }
        began = time.perf_counter()
        likely_duplicates(
            municipality=cities[town.key],
            category=categories[town.categories[int(batch.kind[place])]],
            text=text_of(batch, place),
            **facts,
        )
        times.append(1000 * (time.perf_counter() - began))
        counts.append(len(neighbours_of(city=cities[town.key], is_public=True, **facts)))
    return times, counts
