"""
A citizen's report: a file taken in, streaming. Checked whole first, then written in pieces.

A killed import leaves whole pieces; the same command again goes on, because each row is known by
its origin and its id there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from novator.reports.importing.mapping import FileMapping
from novator.reports.importing.rows import BadRow, Fault, RowReader
from novator.reports.importing.tables import opened_table
from novator.reports.models import Category, Channel
from novator.text.words import fold

PIECE = 50_000
MOST_FAULTS = 1_000
ABSURD_SHARE = 0.01
LEAST_ABSURD = 100
"""A point with more than a hundredth of all rows, and so many, stands for "no place known"."""

Progress = Callable[[int, int | None], None]


@dataclass
class ImportReport:
    """What an import did, or would do: `default_points` are (latitude, longitude, rows)."""

    rows: int = 0
    new: int = 0
    changed: int = 0
    bad: int = 0
    faults: list[Fault] = field(default_factory=list)
    default_points: list[tuple[float, float, int]] = field(default_factory=list)
    outside: int = 0
    new_categories: list[str] = field(default_factory=list)
    is_written: bool = False

    @property
    def unchanged(self) -> int:
        """Rows that were there as they are."""
        return self.rows - self.new - self.changed

    def as_json(self) -> dict[str, Any]:
        """Return everything as plain values."""
        told = {name: value for name, value in vars(self).items() if name != "faults"}
        faults = [vars(fault) for fault in self.faults]
        return told | {"unchanged": self.unchanged, "faults": faults}


def import_reports(
    *,
    path: Path,
    mapping: FileMapping,
    channel: Channel,
    now: datetime,
    dry_run: bool = False,
    skip_bad: bool = False,
    progress: Progress | None = None,
) -> ImportReport:
    """
    Take the reports of a file, or tell what would happen.

    Nothing is changed by a dry run, nor where a row is bad, unless `skip_bad`. Reports on which
    somebody here has worked stay as they are. Not within a transaction of the caller.

    :raises BrokenFile: the file as a whole cannot be read
    """
    report = ImportReport()
    tell = progress or (lambda done, total: None)
    with _staging(mapping):
        _stage(path, mapping, channel, report, tell)
        _refuse_twice(mapping, report)
        _find_default_points(channel, report)
        _find_new_categories(mapping, channel, report)
        _refuse_future(now, mapping, report)
        if report.bad and not skip_bad:
            return report
        if dry_run:
            _foretell(mapping, channel, report)
            return report
        _prepare(mapping, channel, report)
        _write(mapping, channel, now, report, tell)
        report.is_written = True
    return report


class _staging:  # noqa: N801 - a context
    """A table of this connection for the rows of the file; it goes with the block."""

    def __init__(self, mapping: FileMapping) -> None:
        self._zone = mapping.time_zone

    def __enter__(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE IF EXISTS report_staging, report_staged_category")
            cursor.execute(_STAGING)
            cursor.execute("SELECT set_config('TimeZone', %s, false)", [self._zone])

    def __exit__(self, *fault: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('TimeZone', 'UTC', false)")
            cursor.execute("DROP TABLE IF EXISTS report_staging, report_staged_category")


def _stage(
    path: Path, mapping: FileMapping, channel: Channel, report: ImportReport, tell: Progress
) -> None:
    with opened_table(path) as (names, rows), connection.cursor() as cursor:
        reader = RowReader(names, mapping, channel)
        with cursor.copy(f"COPY report_staging ({STAGED}) FROM STDIN") as copy:
            lines: list[str] = []
            for line, cells in rows:
                try:
                    lines.append(reader.line_of(line, cells))
                except BadRow as bad:
                    _keep_fault(report, Fault(line, bad.field, str(bad)))
                    continue
                if len(lines) == 2_000:
                    copy.write("".join(lines))
                    report.rows += len(lines)
                    lines.clear()
                    tell(report.rows, None)
            copy.write("".join(lines))
            report.rows += len(lines)
        report.outside = reader.outside
        cursor.execute("ANALYZE report_staging")


def _keep_fault(report: ImportReport, fault: Fault) -> None:
    report.bad += 1
    if len(report.faults) < MOST_FAULTS:
        report.faults.append(fault)


def _refuse(query: str, facts: list[Any], column: str, reason: str, report: ImportReport) -> None:
    """Take rows that a query finds out of the staging; each is a fault."""
    with connection.cursor() as cursor:
        cursor.execute(query, facts)
        for line, value in cursor.fetchall():
            report.rows -= 1
            _keep_fault(report, Fault(line, column, reason % {"value": value}))


def _refuse_twice(mapping: FileMapping, report: ImportReport) -> None:
    column = " + ".join(mapping.columns["external_id"])
    _refuse(_TWICE, [], column, _("“%(value)s” stands in an earlier line already"), report)


def _refuse_future(now: datetime, mapping: FileMapping, report: ImportReport) -> None:
    column = " + ".join(mapping.columns["requested_at"])
    _refuse(_FUTURE, [now], column, _("“%(value)s” lies in the future"), report)


def _find_default_points(channel: Channel, report: ImportReport) -> None:
    """Points that other systems put where they know no place lose their rows' places."""
    least = max(LEAST_ABSURD, ABSURD_SHARE * report.rows)
    with connection.cursor() as cursor:
        cursor.execute(_CROWDED, [least])
        found = cursor.fetchall()
        known = [(point[0], point[1]) for point in channel.default_points]
        report.default_points = [(latitude, longitude, n) for latitude, longitude, n in found]
        for latitude, longitude in [*known, *((point[0], point[1]) for point in found)]:
            cursor.execute(_NO_PLACE, [latitude, longitude])


def _find_new_categories(mapping: FileMapping, channel: Channel, report: ImportReport) -> None:
    if mapping.unknown_categories == "none":
        return
    codes = set(_categories(channel))
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT category FROM report_staging WHERE category <> ''")
        words = sorted(word for (word,) in cursor.fetchall())
    report.new_categories = [w for w in words if _code_of(w, mapping) not in codes]


def _code_of(word: str, mapping: FileMapping) -> str:
    stated = mapping.categories.get(word.casefold())
    return stated or (slugify(word, allow_unicode=False) or _letters(word))[:60].strip("-")


def _letters(word: str) -> str:
    """A code for words that have no Latin letter: the same word gives the same code."""
    return "x" + fold(word).encode("utf-8").hex()[:56]


def _categories(channel: Channel) -> dict[str, int]:
    found = Category.objects.filter(municipality=channel.municipality_id)
    return dict(found.values_list("code", "pk"))


def _foretell(mapping: FileMapping, channel: Channel, report: ImportReport) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN, [channel.municipality_id, mapping.origin])
        report.new = report.rows - cursor.fetchone()[0]


@transaction.atomic
def _prepare(mapping: FileMapping, channel: Channel, report: ImportReport) -> None:
    """Make the categories that are missing and note the default points, before any row."""
    made = {
        _code_of(word, mapping): Category(
            municipality_id=channel.municipality_id,
            code=_code_of(word, mapping),
            topic=mapping.topic,
            name_ru=word,
            name_en=word if word.isascii() else "",
            position=1_000,
            is_active=False,
        )
        for word in report.new_categories
    }
    Category.objects.bulk_create(made.values(), ignore_conflicts=True)
    points = [[latitude, longitude] for latitude, longitude, _n in report.default_points]
    new = [point for point in points if point not in channel.default_points]
    if new:
        channel.default_points = [*channel.default_points, *new]
        channel.save(update_fields=["default_points"])
    keys = _categories(channel)
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT category FROM report_staging WHERE category <> ''")
        words = [word for (word,) in cursor.fetchall()]
        rows = [(word, key) for word in words if (key := keys.get(_code_of(word, mapping)))]
        cursor.executemany("INSERT INTO report_staged_category VALUES (%s, %s)", rows)


def _write(
    mapping: FileMapping, channel: Channel, now: datetime, report: ImportReport, tell: Progress
) -> None:
    """Each piece is a transaction of its own: what is written stays, whatever happens then."""
    facts: dict[str, Any] = {
        "city": channel.municipality_id,
        "origin": mapping.origin,
        "language": mapping.language,
        "now": now,
    }
    done = 0
    for first, last in _pieces():
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_INSERT, facts | {"first": first, "last": last})
            new, changed = cursor.fetchone()
        report.new += new
        report.changed += changed
        done = min(report.rows, done + PIECE)
        tell(done, report.rows)


def _pieces() -> Iterator[tuple[int, int]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(place), 0) FROM report_staging")
        count = cursor.fetchone()[0]
    for first in range(1, count + 1, PIECE):
        yield first, first + PIECE - 1


STAGED = """line, external_id, requested_at, closed_at, category, text, address, latitude,
    longitude, status, asset_number"""
_STAGING = """
    CREATE TEMPORARY TABLE report_staging (
        place bigint GENERATED ALWAYS AS IDENTITY, line bigint, external_id text,
        requested_at timestamptz, closed_at timestamptz, category text, text text, address text,
        latitude double precision, longitude double precision, status text, asset_number text
    );
    CREATE TEMPORARY TABLE report_staged_category (word text PRIMARY KEY, category_id bigint)"""
_TWICE = """
    DELETE FROM report_staging AS later USING (
        SELECT external_id, min(line) AS line FROM report_staging
        GROUP BY external_id HAVING count(*) > 1
    ) AS first
    WHERE later.external_id = first.external_id AND later.line > first.line
    RETURNING later.line, later.external_id"""
_FUTURE = """
    DELETE FROM report_staging WHERE requested_at > %s::timestamptz + interval '1 day'
    RETURNING line, requested_at"""
_CROWDED = """
    SELECT latitude, longitude, count(*) FROM report_staging WHERE latitude IS NOT NULL
    GROUP BY 1, 2 HAVING count(*) > %s ORDER BY 3 DESC"""
_NO_PLACE = """
    UPDATE report_staging SET latitude = NULL, longitude = NULL
    WHERE abs(latitude - %s) < 0.0001 AND abs(longitude - %s) < 0.0001"""
_KNOWN = """
    SELECT count(*) FROM report_staging AS s JOIN reports_report AS r
    ON r.municipality_id = %s AND r.origin = %s AND r.external_id = s.external_id
    AND r.external_id <> ''"""
_INSERT = """
    WITH written AS (
        INSERT INTO reports_report (
            municipality_id, category_id, category_by, text, shown_text, is_text_shown,
            may_publish, language, latitude, longitude, placed_by, address, asset_number, answers,
            status, is_danger, is_hidden, source, origin, external_id, requested_at, arrived_at,
            changed_at, closed_at, supports, times_reopened, times_refuted, is_confirmed
        )
        SELECT %(city)s, c.category_id, CASE WHEN c.category_id IS NULL THEN 'nobody' ELSE 'source'
            END, s.text, '', false, false, %(language)s, s.latitude, s.longitude,
            CASE WHEN s.latitude IS NULL THEN 'nobody' ELSE 'source' END, s.address,
            s.asset_number, '{}', s.status, false, false, 'import', %(origin)s, s.external_id,
            s.requested_at, s.requested_at, %(now)s, s.closed_at, 0, 0, 0, false
        FROM report_staging AS s LEFT JOIN report_staged_category AS c ON c.word = s.category
        WHERE s.place BETWEEN %(first)s AND %(last)s
        ON CONFLICT (municipality_id, origin, external_id) WHERE NOT external_id = ''
        DO UPDATE SET status = excluded.status, closed_at = excluded.closed_at,
            category_id = excluded.category_id, category_by = excluded.category_by,
            text = excluded.text, address = excluded.address, latitude = excluded.latitude,
            longitude = excluded.longitude, placed_by = excluded.placed_by,
            changed_at = excluded.changed_at
        WHERE reports_report.source = 'import' AND reports_report.erased_at IS NULL
        AND NOT EXISTS (
            SELECT FROM reports_reportupdate AS u WHERE u.report_id = reports_report.id
        )
        AND (reports_report.status, reports_report.closed_at, reports_report.category_id,
            reports_report.text, reports_report.address, reports_report.latitude,
            reports_report.longitude)
        IS DISTINCT FROM (excluded.status, excluded.closed_at, excluded.category_id,
            excluded.text, excluded.address, excluded.latitude, excluded.longitude)
        RETURNING xmax = 0 AS is_new
    )
    SELECT count(*) FILTER (WHERE is_new), count(*) FILTER (WHERE NOT is_new) FROM written"""
