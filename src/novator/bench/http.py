"""
Every figure of the pages: time, size and memory of the running site, beside a bare view's.

The peer in the same run is a Django view that only says "ok" through the same server and
middleware: no page can be faster, and what a page takes beyond it is our own work.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from novator.bench.floor import FLOOR_PATH
from novator.bench.processes import memory_of, processes_of_site
from novator.bench.questions import long_questions, short_questions
from novator.bench.scratch import scratch_site, wait_for
from novator.bench.timing import Times, ask_once, bytes_of_page, measure

PAGE_MS, SHORT_SEARCH_MS, LONG_SEARCH_MS = 60, 60, 160
PAGE_BYTES = 100_000
WARMING = 2
WEB_MIB, ALL_MIB = 400, 1500


@dataclass(frozen=True)
class Target:
    """One kind of page or answer; its paths are asked for in turn."""

    name: str
    paths: tuple[str, ...]
    is_page: bool
    budget_ms: int | None


def run_http_bench(
    *,
    base_url: str | None = None,
    data_dir: Path | None = None,
    practices: int = 10_000,
    requests: int = 120,
    clients: int = 4,
) -> dict[str, Any]:
    """
    Measure a running site, or a scratch site with synthetic cards where no address is given.

    `data_dir` is the running site's data folder, for the memory of its database. Times are taken
    twice: by one client, and by `clients` at once.

    :raises CannotMeasure: the site does not start or does not answer
    """
    if base_url is not None:
        wait_for(base_url)
        return measured(base_url, data_dir=data_dir, requests=requests, clients=clients)
    with scratch_site(practices=practices) as (address, folder):
        return measured(address, data_dir=folder, requests=requests, clients=clients)


def measured(
    base_url: str, *, data_dir: Path | None, requests: int, clients: int
) -> dict[str, Any]:
    """Measure the site that answers at an address."""
    floor = Target("floor", (_floor_path(base_url),), is_page=False, budget_ms=None)
    rows = {
        target.name: _row(base_url, target, requests, clients)
        for target in (floor, *targets(base_url, requests=requests))
    }
    for row in rows.values():
        row["times_floor"] = round(row["p50_ms"] / rows["floor"]["p50_ms"], 1)
    memory = memory_of(processes_of_site(base_url, data_dir))
    return {
        "what": "milliseconds until the last byte, as a client on the same computer sees them",
        "floor": f"a Django view that says ok, through the same server: {floor.paths[0]}",
        "practices": _total(base_url, "/api/v1/practices?limit=1"),
        "requests": requests,
        "clients": clients,
        "cpus": os.cpu_count(),
        "targets": rows,
        "memory": memory,
        "budgets": budgets(rows, memory),
    }


def targets(base_url: str, *, requests: int) -> list[Target]:
    """
    Choose what to measure; cards and cities are the first that the site itself names.

    There is a question for every request, so that none is answered from an earlier one.
    """
    cards = [row["id"] for row in _results(base_url, "/api/v1/practices?limit=30")]
    cities = [
        row["id"]
        for row in _results(base_url, "/api/v1/municipalities?with_practices=true&limit=30")
    ]
    count = 2 * requests + WARMING
    short = [quote(text) for text in short_questions(2 * count)]
    long = [quote(text) for text in long_questions(2 * count)]
    compared = "&".join(f"id={card}" for card in cards[:3])
    pages = {
        "home": ["/ru/", "/en/"],
        "search, short": [f"/ru/search/?q={text}" for text in short[:count]],
        "search, 400 characters": [f"/ru/search/?q={text}" for text in long[:count]],
        "catalogue": ["/ru/practices/"],
        "topic": [f"/ru/topics/{code}/" for code in ("roads", "waste", "heat", "water")],
        "practice": [f"/ru/practices/{card}/" for card in cards],
        "compare": [f"/ru/compare/?{compared}"],
        "cities": ["/ru/cities/"],
        "city": [f"/ru/cities/{city}/" for city in cities],
        "method": ["/ru/method/"],
    }
    answers = {
        "api search, short": [f"/api/v1/search?q={text}" for text in short[count:]],
        "api search, 400 characters": [f"/api/v1/search?q={text}" for text in long[count:]],
        "api practices": ["/api/v1/practices", "/api/v1/practices?topic=roads&limit=100"],
        "api practice": [f"/api/v1/practices/{card}" for card in cards],
        "api municipalities": ["/api/v1/municipalities"],
        "api municipality": [f"/api/v1/municipalities/{city}" for city in cities],
        "api topics": ["/api/v1/topics"],
    }
    return [
        Target(name, tuple(paths), is_page=kind is pages, budget_ms=_budget(name))
        for kind in (pages, answers)
        for name, paths in kind.items()
        if paths
    ]


def _budget(name: str) -> int:
    """Budgets are of a search and of a page; the page of results is both, one after the other."""
    if "search" not in name:
        return PAGE_MS
    search = LONG_SEARCH_MS if "400" in name else SHORT_SEARCH_MS
    return search if name.startswith("api") else search + PAGE_MS


def _row(base_url: str, target: Target, requests: int, clients: int) -> dict[str, Any]:
    measure(base_url, target.paths[:WARMING], requests=WARMING, clients=1)
    first = target.paths[WARMING:] or target.paths
    alone = measure(base_url, first, requests=requests, clients=1)
    second = first[requests:] or first
    together = measure(base_url, second, requests=requests, clients=clients)
    row = {
        "path": target.paths[0][:120],
        "statuses": sorted({*alone.statuses, *together.statuses}),
        **_times(alone, ""),
        **_times(together, "_together"),
        "bytes": alone.size,
        "budget_ms": target.budget_ms,
    }
    if target.is_page:
        row["page_bytes"] = bytes_of_page(base_url, target.paths[0])
    return row


def _times(times: Times, when: str) -> dict[str, float]:
    return {
        f"p50_ms{when}": round(times.p50_ms, 2),
        f"p95_ms{when}": round(times.p95_ms, 2),
        f"per_second{when}": round(times.per_second, 1),
    }


def budgets(rows: dict[str, Any], memory: dict[str, Any]) -> list[dict[str, Any]]:
    """Set each figure beside its budget; the time is that of one client, at the 95th percentile."""
    checks = [
        (f"{name}: p95, ms", row["p95_ms"], row["budget_ms"])
        for name, row in rows.items()
        if row["budget_ms"]
    ]
    checks += [
        (f"{name}: bytes of a first visit", row["page_bytes"], PAGE_BYTES)
        for name, row in rows.items()
        if "page_bytes" in row
    ]
    web = [
        row["own_mib"]
        for row in memory["processes"]
        if "web" in row["name"] or "floor" in row["name"]
    ]
    checks += [("web process, MiB", max(web), WEB_MIB)] if web else []
    checks += [("all processes, MiB", memory["total_mib"], ALL_MIB)] if web else []
    return [
        {"what": what, "measured": value, "budget": limit, "is_kept": value <= limit}
        for what, value, limit in checks
    ]


def _floor_path(base_url: str) -> str:
    return FLOOR_PATH if ask_once(base_url, FLOOR_PATH).status == 200 else "/healthz"


def _results(base_url: str, path: str) -> list[dict[str, Any]]:
    results: list[dict[str, Any]] = json.loads(ask_once(base_url, path).body)["results"]
    return results


def _total(base_url: str, path: str) -> int:
    return int(json.loads(ask_once(base_url, path).body)["total"])
