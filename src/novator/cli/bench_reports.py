"""The command line: figures of citizens' reports – repeats, map, import, many who send at once."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from novator.cli.bench import AsJson, CannotMeasure, bench_app, learn_app, tell
from novator.cli.setting_up import ended_with_message, ready_database

load_app = typer.Typer(help="Many at once.", no_args_is_help=True)
bench_app.add_typer(load_app, name="load")

Cases = Annotated[Path, typer.Option(help="Published cases (CSV, also packed by gzip).")]
Pairs = Annotated[Path, typer.Option(help="Which case (id) repeats which (ref).")]


@bench_app.command("duplicates")
@ended_with_message
def bench_duplicates(
    cases: Cases,
    pairs: Pairs,
    scale: Annotated[
        int | None, typer.Option(min=1_000, help="Times with so many reports in a database.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """How often the right report is found for one that repeats it, beside a fixed rule."""
    from novator.bench.duplicates import run_duplicates_bench

    try:
        told = run_duplicates_bench(cases=cases, pairs=pairs)
    except (ValueError, OSError) as fault:
        raise CannotMeasure(str(fault)) from fault
    if scale is not None:
        with _scratch_database():
            from novator.bench.duplicates_scale import run_scale

            among = run_scale(reports=scale)
        told |= {"in_memory": {name: told[name] for name in ("p50_ms", "p95_ms")}, "scale": among}
        told |= {name: among[name] for name in ("p50_ms", "p95_ms")}
        told["budgets"]["p95_ms"] = among["is_kept"]
    tell(told, as_json=as_json)


@bench_app.command("map")
@ended_with_message
def bench_map(
    reports: Annotated[int, typer.Option(min=1_000, help="Reports in one city.")] = 1_000_000,
    as_json: AsJson = False,
) -> None:
    """What the server needs for the map of a city's reports, at every zoom."""
    with _scratch_database():
        from novator.bench.map import run_map_bench

        tell(run_map_bench(reports=reports), as_json=as_json)


@bench_app.command("import-reports")
@ended_with_message
def bench_import_reports(
    reports: Annotated[int, typer.Option(min=1_000, help="Rows of the file.")] = 200_000,
    as_json: AsJson = False,
) -> None:
    """How fast a file of reports is taken in, beside a bare COPY of the same rows."""
    with _scratch_database():
        from novator.bench.import_reports import run_import_bench

        tell(run_import_bench(reports=reports), as_json=as_json)


@load_app.callback()
def load_group() -> None:
    """Many at once."""


@load_app.command("reports")
@ended_with_message
def bench_load_reports(
    connections: Annotated[int, typer.Option(min=1, max=250, help="Who send at once.")] = 50,
    seconds: Annotated[float, typer.Option(min=1, help="For how long they send.")] = 60,
    as_json: AsJson = False,
) -> None:
    """How many reports a second are taken, beside a bare view that inserts one row."""
    from novator.bench.load_reports import run_load_bench
    from novator.bench.scratch import CannotMeasure as NoAnswer

    try:
        told = run_load_bench(connections=connections, seconds=seconds)
    except NoAnswer as fault:
        raise CannotMeasure(str(fault)) from fault
    tell(told, as_json=as_json)


@learn_app.command("duplicates")
@ended_with_message
def learn_duplicates_command(
    cases: Cases,
    pairs: Pairs,
    output: Annotated[Path | None, typer.Option(help="File to write; else only told.")] = None,
) -> None:
    """Learn how much place, time and kind count for repeats, with figures of pairs not seen."""
    from novator.bench.learn_duplicates import learn_duplicates, write_weights

    try:
        weights, report = learn_duplicates(cases=cases, pairs=pairs)
    except (ValueError, OSError) as fault:
        raise CannotMeasure(str(fault)) from fault
    if output is not None:
        write_weights(output, weights, report)
    tell(report | {"weights": weights.stored()}, as_json=output is None)


@contextmanager
def _scratch_database() -> Iterator[None]:
    """A database of its own in a folder that goes with the block; never the operator's."""
    kept = {name: os.environ.pop(name, None) for name in ("DATABASE_URL", "NOVATOR_DATA_DIR")}
    try:
        with tempfile.TemporaryDirectory(
            prefix="novator-bench-", ignore_cleanup_errors=True
        ) as name:
            folder = Path(name)
            folder.chmod(0o755)
            with ready_database(folder):
                yield
    finally:
        os.environ.update({name: value for name, value in kept.items() if value is not None})
