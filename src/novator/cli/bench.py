"""The command line: `novator bench …`, every figure we claim, and `novator learn weights`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from novator.cli.setting_up import Refused, ended_with_message, ready_catalogue

bench_app = typer.Typer(help="Measure what is claimed.", no_args_is_help=True)
learn_app = typer.Typer(help="Learn from questions.", no_args_is_help=True)

DataDir = Annotated[Path | None, typer.Option(help="Folder of the data.")]
EACH_FOR_SMOOTHING = 16
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


class CannotMeasure(Refused):
    """The figures cannot be had; the message says why."""


@bench_app.command("search")
@ended_with_message
def bench_search(
    queries: Annotated[
        Path | None, typer.Option(help="Questions with the cards that answer them (JSONL).")
    ] = None,
    beir: Annotated[
        Path | None, typer.Option(help="Folder with corpus.jsonl, queries.jsonl and qrels.tsv.")
    ] = None,
    scale: Annotated[
        int | None, typer.Option(min=1_000, help="Speed and memory with so many cards.")
    ] = None,
    ablation: Annotated[
        bool, typer.Option(help="What each part of the mixture is worth on --queries.")
    ] = False,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """How well and how fast the right cards are found, beside peers, in one run."""
    if queries is None and beir is None and scale is None:
        raise CannotMeasure("--queries FILE, --beir DIR or --scale N")
    with ready_catalogue(data_dir):
        from novator.bench.search import run_search_bench
        from novator.bench.search_ablation import run_ablation
        from novator.bench.search_scale import run_scale_bench

        told: dict[str, Any] = {}
        try:
            if queries is not None and ablation:
                told |= run_ablation(queries)
            elif queries is not None or beir is not None:
                told |= run_search_bench(queries=queries, beir=beir)
            if scale is not None:
                told |= run_scale_bench(cards=scale, queries=queries)
        except (ValueError, OSError) as fault:
            raise CannotMeasure(str(fault)) from fault
    tell(told, as_json=as_json)


@bench_app.command("http")
@ended_with_message
def bench_http(
    url: Annotated[str | None, typer.Option(help="Address of a running site.")] = None,
    practices: Annotated[int, typer.Option(min=300, help="Cards of the scratch site.")] = 10_000,
    requests: Annotated[int, typer.Option(min=10, help="Requests for each kind.")] = 120,
    clients: Annotated[int, typer.Option(min=1, help="Clients at once.")] = 4,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """How fast pages and answers come, beside a bare view of the same server, and memory."""
    from novator.bench.http import run_http_bench
    from novator.bench.scratch import CannotMeasure as NoAnswer

    try:
        told = run_http_bench(
            base_url=url,
            data_dir=data_dir,
            practices=practices,
            requests=requests,
            clients=clients,
        )
    except NoAnswer as fault:
        raise CannotMeasure(str(fault)) from fault
    tell(told, as_json=as_json)


@bench_app.command("editors")
@ended_with_message
def bench_editors(
    editors: Annotated[int, typer.Option(min=1, max=250, help="People who write at once.")] = 50,
    seconds: Annotated[float, typer.Option(min=1, help="For how long they write.")] = 60,
    pause: Annotated[float, typer.Option(min=0, help="Seconds before each act of theirs.")] = 3,
    as_json: AsJson = False,
) -> None:
    """How fast pages open and save while many editors write at once, and whether words get lost."""
    from novator.bench.editors import run_editors_bench
    from novator.bench.scratch import CannotMeasure as NoAnswer

    try:
        told = run_editors_bench(editors=editors, seconds=seconds, pause=pause)
    except NoAnswer as fault:
        raise CannotMeasure(str(fault)) from fault
    tell(told, as_json=as_json)


@bench_app.command("publish")
@ended_with_message
def bench_publish(
    cards: Annotated[int, typer.Option(min=1, max=100, help="How many are published.")] = 5,
    practices: Annotated[int, typer.Option(min=10, help="Cards that are there before.")] = 300,
    as_json: AsJson = False,
) -> None:
    """How soon a card is found after a moderator has published it."""
    from novator.bench.publishing import run_publishing_bench
    from novator.bench.scratch import CannotMeasure as NoAnswer

    try:
        told = run_publishing_bench(cards=cards, practices=practices)
    except NoAnswer as fault:
        raise CannotMeasure(str(fault)) from fault
    tell(told, as_json=as_json)


@bench_app.command("reports")
@ended_with_message
def bench_reports(
    train: Annotated[
        Path, typer.Option(help="Texts to learn from: CSV with the columns text and category.")
    ],
    test: Annotated[Path, typer.Option(help="Texts to judge by: CSV with the same columns.")],
    as_json: AsJson = False,
) -> None:
    """How well categories of citizens' messages are proposed, beside TF-IDF with a linear model."""
    from novator.bench.reports import CannotRead, run_reports_bench

    try:
        told = run_reports_bench(train, test)
    except CannotRead as fault:
        raise CannotMeasure(str(fault)) from fault
    tell(told, as_json=as_json)


@bench_app.command("starter-vectors")
@ended_with_message
def starter_vectors(
    output: Annotated[Path, typer.Option(help="File to write.")], data_dir: DataDir = None
) -> None:
    """Compute the vectors that the package brings for its own catalogue."""
    with ready_catalogue(data_dir):
        from django.conf import settings

        from novator.bench.search_starter import write_starter_vectors
        from novator.text.encoders import encoders_from_setting

        size = write_starter_vectors(output, encoders_from_setting(settings.ENCODERS))
        typer.echo(f"{output}: {size:,} bytes")


@bench_app.command("e5")
@ended_with_message
def e5_graph(
    output: Annotated[Path, typer.Option(help="Folder to write to.")], data_dir: DataDir = None
) -> None:
    """Make the graph of the encoder e5 that the package brings; needs the package onnx."""
    with ready_catalogue(data_dir):
        from novator.bench.e5_graph import write_graph
        from novator.bench.search_starter import starter_texts

        texts = [f"{kind}: {text}" for kind, text in starter_texts()[::EACH_FOR_SMOOTHING]]
        try:
            sizes = write_graph(texts, output)
        except (ImportError, OSError) as fault:
            raise CannotMeasure(str(fault)) from fault
        for name, size in sizes.items():
            typer.echo(f"{output / name}: {size:,} bytes")


@learn_app.command("weights")
@ended_with_message
def learn_weights_command(
    queries: Annotated[
        list[Path], typer.Option(help="Questions with the cards that answer them (JSONL).")
    ],
    output: Annotated[Path | None, typer.Option(help="File to write; else only told.")] = None,
    data_dir: DataDir = None,
) -> None:
    """Learn the weights of the search and its "nothing fits", with cross-validation."""
    with ready_catalogue(data_dir):
        from novator.bench.learn import learned_on_catalogue, write_weights

        try:
            learned = learned_on_catalogue(queries)
        except (ValueError, OSError) as fault:
            raise CannotMeasure(str(fault)) from fault
        if output is not None:
            names = " ".join(f"--queries {path.name}" for path in queries)
            write_weights(output, learned, command=f"novator learn weights {names}")
        tell(learned.report, as_json=output is None)


def tell(told: Mapping[str, Any], *, as_json: bool) -> None:
    """Print figures as JSON or in lines."""
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2, default=str))
    else:
        _tell_in_lines(told, depth=0)


def _tell_in_lines(told: Mapping[str, Any], *, depth: int) -> None:
    for name, value in told.items():
        if isinstance(value, Mapping):
            typer.echo(f"{'  ' * depth}{name}")
            _tell_in_lines(value, depth=depth + 1)
        else:
            typer.echo(f"{'  ' * depth}{name}: {value}")
