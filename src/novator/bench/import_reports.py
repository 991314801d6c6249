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

    The peer is COPY into an empty table of the same columns and indexes; COPY into one without any
    index, which no table that is read can be, stands beside it. Django must be set up on a scratch
    database.
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
    indexed, plain = _bare(with_indexes=True), _bare(with_indexes=False)
    return {
        "reports": done.rows,
        "bad": done.bad,
        "new": done.new,
        "new_the_second_time": again.new,
        "load": round(os.getloadavg()[0], 1),
        "import_seconds": round(seconds, 2),
        "import_again_seconds": round(seconds_again, 2),
        "per_second": round(done.rows / seconds),
        "copy_seconds": round(indexed, 2),
        "copy_without_indexes_seconds": round(plain, 2),
        "ratio": round(indexed / seconds, 3),
        "ratio_without_indexes": round(plain / seconds, 3),
        "is_kept": indexed / seconds >= LEAST_SHARE,
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


def _bare(*, with_indexes: bool) -> float:
    from django.db import connection

    including = "INCLUDING ALL" if with_indexes else "INCLUDING GENERATED"
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_bare")
        cursor.execute(f"CREATE TABLE bench_bare (LIKE reports_report {including})")
        cursor.execute(
            "SELECT string_agg(quote_ident(column_name), ',') FROM information_schema.columns"
            " WHERE table_name = 'bench_bare' AND is_generated = 'NEVER'"
        )
        columns = cursor.fetchone()[0]
        with cursor.copy(f"COPY reports_report ({columns}) TO STDOUT") as copy:
            rows = b"".join(bytes(piece) for piece in copy)
        began = time.perf_counter()
        with cursor.copy(f"COPY bench_bare ({columns}) FROM STDIN") as copy:
            copy.write(rows)
        seconds = time.perf_counter() - began
        cursor.execute("DROP TABLE bench_bare")
    return seconds
