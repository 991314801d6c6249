"""Every figure of the councils: pages among many councils, and a large file taken in."""

from __future__ import annotations

import json
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import numpy as np

from novator.bench.synthetic_councils import fill_councils, popolo_of_votes

PAGE_BUDGET_MS = 60
IMPORT_BUDGET_S = 60
OBJECTS = REQUESTS = 40
STATIC = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}


def run_council_bench(
    *, councils: int, people: int, ballots: int, requests: int = REQUESTS, progress: Any = None
) -> dict[str, Any]:
    """
    Fill a scratch database and ask for pages of objects spread over it, each kind by itself.

    The database is cleaned up first, as it is every night: what was just written is slower to read.

    The time is the server's own, in this process: queries, template and middleware.
    """
    from django.db import connection

    began = time.perf_counter()
    counts = fill_councils(councils=councils, people=people, ballots=ballots, progress=progress)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.in_atomic_block else "VACUUM ANALYZE")
    built = round(time.perf_counter() - began, 1)
    with _pages_alone():
        pages = {name: _times(paths, requests) for name, paths in _paths().items()}
    worst = max((page["p95_ms"] for page in pages.values()), default=0.0)
    return {
        **counts,
        "built_s": built,
        "load": round(os.getloadavg()[0], 1),
        "pages": pages,
        "worst_p95_ms": worst,
        "budget_ms": PAGE_BUDGET_MS,
        "is_kept": worst <= PAGE_BUDGET_MS and all(page["is_ok"] for page in pages.values()),
    }


def run_council_import_bench(*, ballots: int) -> dict[str, Any]:
    """Take one Popolo file with so many named voices; then the same file again."""
    from novator.council.models import Vote
    from novator.council.popolo.taking import import_popolo

    with tempfile.TemporaryDirectory(prefix="novator-bench-") as folder:
        path = Path(folder) / "council.json"
        path.write_text(json.dumps(popolo_of_votes(ballots=ballots)), encoding="utf-8")
        size = path.stat().st_size
        began = time.perf_counter()
        first = import_popolo(path=path)
        taken = time.perf_counter() - began
        began = time.perf_counter()
        again = import_popolo(path=path)
        compared = time.perf_counter() - began
    votes = Vote.objects.count()
    return {
        "votes": votes,
        "faults": len(first.faults),
        "megabytes": round(size / 1e6, 1),
        "import_s": round(taken, 1),
        "votes_per_s": round(votes / taken),
        "same_again_s": round(compared, 1),
        "changed_again": again.new.total() + again.changed.total(),
        "load": round(os.getloadavg()[0], 1),
        "budget_s": IMPORT_BUDGET_S,
        "is_kept": taken <= IMPORT_BUDGET_S and not first.faults,
    }


@contextmanager
def _pages_alone() -> Iterator[None]:
    from django.conf import settings
    from django.test.utils import override_settings
    from django.utils import translation

    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    storages = {**settings.STORAGES, **STATIC}
    with (
        override_settings(STORAGES=storages, ALLOWED_HOSTS=["*"], DEBUG=False),
        translation.override("ru"),
    ):
        yield


def _paths() -> dict[str, list[str]]:
    """Addresses of each kind of page, spread over all objects; kinds without pages are left out."""
    from django.urls import NoReverseMatch, reverse

    from novator.council.models import Decision, Organization, Person, Session, VoteEvent

    places = [
        row.municipality.slug
        for row in _spread(Organization.objects.filter(kind="council"), "municipality")
        if row.municipality is not None
    ]
    kinds: dict[str, list[list[Any]]] = {
        "council": [[slug] for slug in places],
        "council_support": [[slug] for slug in places],
        "council_sessions": [[slug] for slug in places],
        "council_decisions": [[slug] for slug in places],
        "person": [[row.slug] for row in _spread(Person.objects.all())],
        "council_session": [[row.pk] for row in _spread(Session.objects.all())],
        "council_vote": [[row.pk] for row in _spread(VoteEvent.objects.all())],
        "council_decision": [[row.pk] for row in _spread(Decision.objects.all())],
        "councils": [[]],
    }
    found = {}
    for name, every in kinds.items():
        try:
            found[name] = [reverse(name, args=arguments) for arguments in every]
        except NoReverseMatch:
            continue
    found["oparl meetings"] = [
        f"/oparl/v1/body/{slug}/meeting?elementsPerPage=1" for slug in places
    ]
    return found


def _spread(rows: Any, *related: str) -> list[Any]:
    """Some forty rows over the whole table, by key."""
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    step = max(1, len(keys) // OBJECTS)
    chosen = rows.filter(pk__in=keys[::step][:OBJECTS])
    return list(chosen.select_related(*related) if related else chosen)


def _times(paths: list[str], requests: int) -> dict[str, Any]:
    """
    Wall time of each answer, this process's own share of it (on a busy machine the surer figure).
    The first answer is not counted: its template is read then.
    """
    from django.test import Client

    client, times, own, statuses = Client(), [], [], set()
    client.get(paths[0])
    for path in islice(cycle(paths), requests):
        began, began_own = time.perf_counter(), time.process_time()
        statuses.add(client.get(path).status_code)
        times.append(1000 * (time.perf_counter() - began))
        own.append(1000 * (time.process_time() - began_own))
    return {
        "p50_ms": round(float(np.quantile(times, 0.5)), 1),
        "p95_ms": round(float(np.quantile(times, 0.95)), 1),
        "own_p95_ms": round(float(np.quantile(own, 0.95)), 1),
        "pages": len(paths),
        "is_ok": statuses == {200},
    }
