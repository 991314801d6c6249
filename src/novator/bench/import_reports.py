"""Every figure of the import: a file of reports taken in, beside a bare COPY of the same rows."""

from __future__ import annotations

import csv
import os
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from novator.bench.synthetic_reports import (
    STATES,
    TEXTS,
    Town,
    address_of,
    make_towns,
    stream,
    text_of,
)

LEAST_SHARE = 1 / 3
_HEAD = (
    "CASE_ENQUIRY_ID OPEN_DT CLOSED_DT CASE_STATUS TYPE CASE_TITLE LOCATION_STREET_NAME"
    " LATITUDE LONGITUDE"
)
_WHEN = "%m/%d/%Y %I:%M:%S %p"


def run_import_bench(*, reports: int) -> dict[str, Any]:
    """
    Import a synthetic file with Boston's columns, then COPY the rows that came of it.

    The peer is COPY of the finished rows into the emptied table of reports; COPY into a table of
    the same columns without any index, key or trigger stands beside it. Django must be set up on a
    scratch database.
    """
    from novator.reports.importing.mapping import read_mapping
    from novator.reports.importing.taking import import_reports
    from novator.reports.models import Channel

    until = datetime(2026, 11, 1, tzinfo=UTC)
    [town] = make_towns(1, on=until)
    channel = Channel.objects.select_related("municipality").get(municipality=town.key)
    with tempfile.TemporaryDirectory(prefix="novator-bench-") as folder:
        path = Path(folder) / "cases.csv"
        _write(path, town, reports, until)
        began = time.perf_counter()
        done = import_reports(
            path=path, mapping=read_mapping(Path("boston")), channel=channel, now=until
        )
        seconds = time.perf_counter() - began
        began = time.perf_counter()
        again = import_reports(
            path=path, mapping=read_mapping(Path("boston")), channel=channel, now=until
        )
        seconds_again = time.perf_counter() - began
    rows, columns = _rows_of_table()
    here = _copied(rows, columns, "reports_report")
    plain = _copied(rows, columns, "bench_bare")
    return {
        "reports": done.rows,
        "bad": done.bad,
        "new": done.new,
        "new_the_second_time": again.new,
        "load": round(os.getloadavg()[0], 1),
        "import_seconds": round(seconds, 2),
        "import_again_seconds": round(seconds_again, 2),
        "per_second": round(done.rows / seconds),
        "copy_seconds": round(here, 2),
        "copy_into_a_bare_table_seconds": round(plain, 2),
        "ratio": round(here / seconds, 3),
        "ratio_to_a_bare_table": round(plain / seconds, 3),
        "is_kept": here / seconds >= LEAST_SHARE,
    }


def _write(path: Path, town: Town, reports: int, until: datetime) -> None:
    kinds = list(TEXTS)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_HEAD.split())
        for batch in stream([town], count=reports, until=until):
            for place in range(len(batch.at)):
                closed = batch.closed[place]
                writer.writerow(
                    [
                        batch.first + place,
                        _moment(float(batch.at[place])),
                        "" if np.isnan(closed) else _moment(float(closed)),
                        "Open" if STATES[int(batch.state[place])] == "accepted" else "Closed",
                        kinds[int(batch.kind[place])],
                        text_of(batch, place),
                        address_of(batch, place),
                        batch.latitude[place],
                        batch.longitude[place],
                    ]
                )


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime(_WHEN)


def _rows_of_table() -> tuple[bytes, str]:
    """All rows as COPY writes them, and their columns; a table without any index is made too."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_bare")
        cursor.execute("CREATE TABLE bench_bare (LIKE reports_report INCLUDING GENERATED)")
        cursor.execute(
            "SELECT string_agg(quote_ident(column_name), ',') FROM information_schema.columns"
            " WHERE table_name = 'bench_bare' AND is_generated = 'NEVER'"
        )
        columns = cursor.fetchone()[0]
        with cursor.copy(f"COPY reports_report ({columns}) TO STDOUT") as copy:
            rows = b"".join(bytes(piece) for piece in copy)
        cursor.execute("TRUNCATE reports_report, reports_mapcount CASCADE")
    return rows, columns


def _copied(rows: bytes, columns: str, table: str) -> float:
    from django.db import connection

    began = time.perf_counter()
    statement = f"COPY {table} ({columns}) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        copy.write(rows)
    return time.perf_counter() - began
