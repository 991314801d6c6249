"""The command line: figures of the councils."""

from __future__ import annotations

from typing import Annotated

import typer

from novator.cli.bench import AsJson, bench_app, tell
from novator.cli.bench_reports import _scratch_database
from novator.cli.setting_up import ended_with_message


@bench_app.command("council")
@ended_with_message
def bench_council(
    councils: Annotated[int, typer.Option(min=1, help="Councils.")] = 1_000,
    people: Annotated[int, typer.Option(min=5, help="People in all of them.")] = 35_000,
    ballots: Annotated[int, typer.Option(min=5, help="Named voices in all of them.")] = 1_000_000,
    only_import: Annotated[
        bool, typer.Option("--import", help="How fast a Popolo file with 100,000 votes is taken.")
    ] = False,
    votes: Annotated[int, typer.Option(min=35, help="Votes of that file.")] = 100_000,
    as_json: AsJson = False,
) -> None:
    """What pages of councils, people, sessions and votes need among many; how fast a file is."""
    with _scratch_database():
        from novator.bench.council import run_council_bench, run_council_import_bench

        if only_import:
            tell(run_council_import_bench(ballots=votes), as_json=as_json)
            return
        told = run_council_bench(councils=councils, people=people, ballots=ballots)
        tell(told, as_json=as_json)
