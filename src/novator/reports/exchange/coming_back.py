"""A citizen's report: what the system to which it was forwarded says of it, asked for by us."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

from django.utils import translation
from django.utils.translation import gettext as _

from novator.reports.exchange.client import Page, System, read_rows, system_of
from novator.reports.exchange.cursors import keep
from novator.reports.exchange.reading import moment_in
from novator.reports.exchange.taking import (
    StatedUpdate,
    UpdateRefused,
    take_stated_update,
)
from novator.reports.exchange.words import STATE_OF, known_word
from novator.reports.models import Connection, Forwarding, Report, ReportUpdate
from novator.reports.states import CLOSED, OPEN, REASON_NEEDED, STATES

OVERLAP = timedelta(minutes=10)
FIRST_WINDOW = timedelta(days=7)
LONGEST_WINDOW = timedelta(days=89)
AT_ONCE = 50
SHORT_PAGE = 50
MOST_PAGES = 100
WATCHED_AFTER_END = timedelta(days=30)


def take_what_came_back(*, connection: Connection, now: datetime) -> int:
    """
    Take the updates of a connected system into our reports; return how many were new.

    :raises CannotAsk: the other system cannot be asked
    """
    forwarded = Forwarding.objects.filter(connection=connection, state="sent")
    if not forwarded.exists():
        return 0
    system = system_of(connection)
    if connection.speaks_updates:
        return _updates(connection, system, now=now)
    return _states(connection, system, now=now)


def origin_of(connection: Connection) -> str:
    """Name a connected system in `origin` of updates and reports."""
    return connection.base_url[:200]


def _updates(connection: Connection, system: System, *, now: datetime) -> int:
    """Ask for updates since the last time, with an overlap: what is known is passed over."""
    until = moment_in(str(connection.cursor.get("updates_until", ""))) or now - FIRST_WINDOW
    start = max(until - OVERLAP, now - LONGEST_WINDOW)
    query = {"start_date": _w3c(start), "end_date": _w3c(now), "api_key": system.api_key}
    rows = _all_updates(system, query)
    known = _forwarded(connection, (row.get("service_request_id", "") for row in rows))
    taken = 0
    for row in rows:
        report, number = known.get(row.get("service_request_id", "")), row.get("update_id", "")
        if report is not None and number:
            stated = StatedUpdate(
                external_id=number[:120],
                word=known_word(row.get("status", "")) or "OPEN",
                text=row.get("description", "")[:4000],
                stated_at=moment_in(row.get("updated_datetime", "")),
            )
            taken += _taken(connection, report, stated, now=now)
    keep(connection, {"updates_until": _w3c(now)})
    return taken


def _all_updates(system: System, query: dict[str, str]) -> list[dict[str, str]]:
    """
    Read the list to its end; a system that knows no pages gives the same one again.

    A short page is the last one for sure, so that nobody is asked twice for a few rows.
    """
    found: dict[str, dict[str, str]] = {}
    for number in range(1, MOST_PAGES + 1):
        asked = query | ({"page": str(number)} if number > 1 else {})
        page = read_rows(
            system, "servicerequestupdates", item="request_update", query=asked, form="xml"
        )
        rows = {row.get("update_id", ""): row for row in page.rows or []}
        is_news = bool(rows.keys() - found.keys())
        found |= rows
        if len(rows) < SHORT_PAGE or not is_news:
            break
    return list(found.values())


def _states(connection: Connection, system: System, *, now: datetime) -> int:
    """Ask for the state of each report that is open here or was closed not long ago."""
    rows = Forwarding.objects.filter(connection=connection, state="sent")
    watched = rows.filter(report__status__in=OPEN) | rows.filter(
        report__status__in=sorted(CLOSED - {"withdrawn"}),
        report__closed_at__gte=now - WATCHED_AFTER_END,
    )
    numbers = list(watched.order_by("pk").values_list("external_id", flat=True))
    lots = [numbers[start : start + AT_ONCE] for start in range(0, len(numbers), AT_ONCE)]
    return sum(_lot(connection, system, lot, now=now) for lot in lots)


def _lot(connection: Connection, system: System, numbers: list[str], *, now: datetime) -> int:
    query = {"service_request_id": ",".join(numbers)}
    place = hashlib.sha256(query["service_request_id"].encode()).hexdigest()[:12]
    etags: dict[str, str] = dict(connection.cursor.get("etags", {}))
    form = str(connection.cursor.get("form", ""))
    page = read_rows(
        system, "requests", item="request", query=query, form=form, etag=etags.get(place, "")
    )
    keep(connection, {"form": page.form, "etags": _with_etag(etags, place, page)})
    rows = page.rows or []
    known = _forwarded(connection, (row.get("service_request_id", "") for row in rows))
    taken = 0
    for row in rows:
        report = known.get(row.get("service_request_id", ""))
        stated = _stated(connection, report, row) if report else None
        if report and stated:
            taken += _taken(connection, report, stated, now=now)
    return taken


def _with_etag(etags: dict[str, str], place: str, page: Page) -> dict[str, str]:
    kept = {name: value for name, value in etags.items() if name != place}
    return dict([*list(kept.items())[-20:], (place, page.etag)]) if page.etag else kept


def _stated(connection: Connection, report: Report, row: Mapping[str, str]) -> StatedUpdate | None:
    """What a request says beyond what is known here: it was closed, opened again, or has words."""
    number, notes = row["service_request_id"], row.get("status_notes", "")[:4000]
    is_closed = row.get("status", "").lower() == "closed"
    at = moment_in(row.get("updated_datetime", ""))
    if is_closed and report.status in OPEN:
        return StatedUpdate(_mark(number, "closed", row), "CLOSED", notes, at)
    if not is_closed and report.status in CLOSED and _was_closed_there(connection, report):
        return StatedUpdate(_mark(number, "open", row), "REOPEN", notes, at)
    if not notes or ReportUpdate.objects.filter(report=report, text=notes).exists():
        return None
    digest = hashlib.sha256(notes.encode()).hexdigest()[:16]
    return StatedUpdate(f"{number}#{digest}"[:120], "OPEN", notes, at)


def _mark(number: str, status: str, row: Mapping[str, str]) -> str:
    return f"{number}@{row.get('updated_datetime', '')} {status}"[:120]


def _was_closed_there(connection: Connection, report: Report) -> bool:
    last = ReportUpdate.objects.filter(report=report, kind="state").order_by("-made_at", "-id")
    step = last.first()
    return step is not None and step.origin == origin_of(connection)


def _taken(connection: Connection, report: Report, stated: StatedUpdate, *, now: datetime) -> bool:
    """Take one update; words that a step needs are put in where the system gave none."""
    if not stated.text and STATE_OF[stated.word] in REASON_NEEDED:
        with translation.override(report.language):
            words = _("%(name)s says: %(state)s.")
            text = words % {"name": connection.name, "state": STATES[STATE_OF[stated.word]]}
        stated = StatedUpdate(stated.external_id, stated.word, text, stated.stated_at)
    try:
        take_stated_update(
            report=report, stated=stated, origin=origin_of(connection), may_change=True, now=now
        )
    except UpdateRefused:
        return False
    return True


def _forwarded(connection: Connection, numbers: Iterable[str]) -> dict[str, Report]:
    rows = Forwarding.objects.filter(
        connection=connection, state="sent", external_id__in=[n for n in numbers if n]
    )
    return {row.external_id: row.report for row in rows.select_related("report")}


def _w3c(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
