"""Every figure of duplicates: the check before a report is sent, among any number of reports."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import numpy as np
import psutil

from novator.bench.synthetic_reports import (
    Town,
    address_of,
    fill_reports,
    make_towns,
    stream,
    text_of,
)

MOST_P95_MS = 20
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
    _asked(towns, until)  # what only the first questions wait for
    processor = _processor_seconds()
    times = _asked(towns, until)
    processor = 1000 * (_processor_seconds() - processor) / len(times)
    counts = _neighbours(towns, until)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_table_size('reports_report'), pg_indexes_size('reports_report')")
        table, indexes = cursor.fetchone()
    p95 = round(float(np.quantile(times, 0.95)), 2)
    return {
        "reports": reports,
        "asked": len(times),
        "p50_ms": round(float(np.quantile(times, 0.5)), 2),
        "p95_ms": p95,
        "is_kept": p95 <= MOST_P95_MS,
        "worst_ms": round(max(times), 2),
        "processor_ms": round(processor, 2),
        "load": round(os.getloadavg()[0], 1),
        "mean_neighbours": round(float(np.mean(counts)), 1),
        "most_neighbours": max(counts),
        "table_mib": table >> 20,
        "indexes_mib": indexes >> 20,
        "filled_in_seconds": round(filled),
    }


def _asked(towns: list[Town], at: datetime) -> list[float]:
    """Each question at a place of its own: nothing is answered from an earlier answer."""
    from novator.reports.duplicates import likely_duplicates
    from novator.reports.models import Category

    categories = Category.objects.in_bulk([key for town in towns for key in town.categories])
    times = []
    for facts, category, text in _questions(towns, at):
        began = time.perf_counter()
        likely_duplicates(
            municipality=facts.pop("city"), category=categories[category], text=text, **facts
        )
        times.append(1000 * (time.perf_counter() - began))
    return times


def _neighbours(towns: list[Town], at: datetime) -> list[int]:
    from novator.reports.neighbours import neighbours_of

    return [len(neighbours_of(is_public=True, **facts)) for facts, _c, _t in _questions(towns, at)]


def _questions(towns: list[Town], at: datetime) -> Iterator[tuple[dict[str, Any], int, str]]:
    from novator.cities.models import Municipality

    cities = Municipality.objects.in_bulk([town.key for town in towns])
    [batch] = stream(towns, count=_NEW, until=at, seed=11, size=_NEW)
    for place in range(0, _NEW, _NEW // ASKED):
        town = towns[batch.town[place]]
        point = float(batch.latitude[place]), float(batch.longitude[place])
        facts = {"city": cities[town.key], "place": point, "at": at}
        category = town.categories[int(batch.kind[place])]
        yield facts | {"address": address_of(batch, place)}, category, text_of(batch, place)


def _processor_seconds() -> float:
    """Processor time of this process and of its share in the database so far."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = psutil.Process(cursor.fetchone()[0]).cpu_times()
    return time.process_time() + backend.user + backend.system
