"""A citizen's report: reports of another system taken over, page by page, only what changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from django.db import transaction

from novator.reports.exchange.client import CannotAsk, Page, System, read_rows, system_of
from novator.reports.exchange.cursors import keep
from novator.reports.exchange.reading import moment_in
from novator.reports.exchange.rows import BadRow, Taker
from novator.reports.models import Connection

LONGEST_WINDOW = 90.0
"""Days, as the standard allows."""
SHORTEST_WINDOW = 1 / 24
OVERLAP = timedelta(minutes=5)
FULL_ANSWER = 1_000
MOST_WAITS = 5
MOST_FAULTS = 1_000

Wait = Callable[[float], None]


@dataclass(frozen=True)
class RowFault:
    """What is wrong with one request of the other system."""

    request: str
    field: str
    reason: str


@dataclass
class PullReport:
    """What a pull did; `is_finished`: there was nothing left to ask for."""

    pages: int = 0
    read: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    own: int = 0
    bad: int = 0
    is_finished: bool = False
    faults: list[RowFault] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        """The figures."""
        names = ("pages", "read", "new", "changed", "unchanged", "own", "bad")
        return {name: getattr(self, name) for name in names}


def pull_requests(
    *,
    connection: Connection,
    now: datetime,
    wait: Wait,
    since: datetime | None = None,
    page_size: int = 200,
    pause: float = 1.0,
    may_be_private: bool = False,
    most_pages: int | None = None,
    progress: Callable[[PullReport], None] = lambda report: None,
) -> PullReport:
    """
    Take over what is new or changed since the last time; goes on where a killed run ended.

    The first time everything since `since` (90 days) in windows of at most 90 days, later what
    changed. `since` given anew begins anew. Each page is stored together with the cursor.

    :raises CannotAsk: the other system cannot be read; what was taken stays
    """
    report, system = PullReport(), system_of(connection, may_be_private=may_be_private)
    _begin(connection, since, now)
    taker = Taker(connection)
    while connection.cursor["mode"]:
        page = _asked(connection, system, page_size, wait)
        report.pages += 1
        _take_page(connection, taker, page, report, now=now)
        progress(report)
        if most_pages is not None and report.pages >= most_pages:
            return report
        if connection.cursor["mode"]:
            wait(pause)
    report.is_finished = True
    return report


def _begin(connection: Connection, since: datetime | None, now: datetime) -> None:
    cursor = connection.cursor
    if since is None and cursor.get("mode"):
        return
    facts: dict[str, Any] = {"began": _w3c(now), "page": 1, "last": ""}
    if since is None and cursor.get("updated_until"):
        keep(connection, {**facts, "mode": "changes"})
        return
    start = since or now - timedelta(days=LONGEST_WINDOW)
    windows = {"mode": "windows", "start": _w3c(start), "days": LONGEST_WINDOW}
    keep(connection, {**facts, **windows})


def _asked(connection: Connection, system: System, page_size: int, wait: Wait) -> Page:
    """Ask for a page; where the system is busy, wait as long as it says."""
    cursor = connection.cursor
    query = {"page": str(cursor["page"]), "page_size": str(page_size), "extensions": "true"}
    if cursor["mode"] == "changes":
        query["updated_after"] = _w3c(_moment(cursor, "updated_until") - OVERLAP)
    else:
        query |= {"start_date": cursor["start"], "end_date": _w3c(_window_end(cursor))}
    for turn in range(MOST_WAITS + 1):
        try:
            form = str(cursor.get("form", ""))
            return read_rows(system, "requests", item="request", query=query, form=form)
        except CannotAsk as refusal:
            if refusal.kind != "busy" or turn == MOST_WAITS:
                raise
            wait(max(1, refusal.seconds))
    raise AssertionError


@transaction.atomic
def _take_page(
    connection: Connection, taker: Taker, page: Page, report: PullReport, *, now: datetime
) -> None:
    rows = page.rows or []
    for row in rows:
        report.read += 1
        outcome: str
        try:
            outcome = taker.take(row, now=now)
        except BadRow as fault:
            outcome = "bad"
            if len(report.faults) < MOST_FAULTS:
                number = row.get("service_request_id", "")[:120]
                report.faults.append(RowFault(number, fault.field, str(fault)))
        setattr(report, outcome, getattr(report, outcome) + 1)
    keep(connection, {"form": page.form, **_advanced(connection.cursor, rows)})


def _advanced(cursor: dict[str, Any], rows: list[dict[str, str]]) -> dict[str, Any]:
    """
    Where to go on: the next page, else the next window, else nothing is left.

    A page like the one before shows a system that knows no pages: if its answer was full, the
    window is halved.
    """
    digest = sha256("\n".join(row.get("service_request_id", "") for row in rows).encode())
    mark = digest.hexdigest()[:16]
    is_repeated = bool(rows) and mark == cursor["last"]
    if rows and not is_repeated:
        return {"page": cursor["page"] + 1, "last": mark}
    done = {"mode": "", "updated_until": cursor["began"], "page": 1, "last": ""}
    if cursor["mode"] == "changes":
        return done
    if is_repeated and len(rows) >= FULL_ANSWER and cursor["days"] > SHORTEST_WINDOW:
        return {"page": 1, "last": "", "days": cursor["days"] / 2}
    end = _window_end(cursor)
    if end >= _moment(cursor, "began"):
        return done
    days = min(LONGEST_WINDOW, cursor["days"] * 2)
    return {"page": 1, "last": "", "start": _w3c(end), "days": days}


def _window_end(cursor: dict[str, Any]) -> datetime:
    end = _moment(cursor, "start") + timedelta(days=cursor["days"])
    return min(end, _moment(cursor, "began"))


def _moment(cursor: dict[str, Any], name: str) -> datetime:
    found = moment_in(str(cursor[name]))
    if found is None:
        raise ValueError(name)
    return found


def _w3c(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
