"""The command line: `novator pull`, cards of other catalogues taken over."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer

from novator.cli.setting_up import Refused, ended_with_message, ready_database
from novator.site.language import terminal_language

if TYPE_CHECKING:
    from novator.interchange.models import Neighbour
    from novator.interchange.operations import Progress
    from novator.interchange.taking import PullReport

MOST_FAULTS = 100

pull_app = typer.Typer(no_args_is_help=True)


class CannotPull(Refused):
    """The other side cannot be read; the message says why and what stays."""


@pull_app.callback()
def pull_group() -> None:
    """Take over data from elsewhere."""


@pull_app.command("novator")
@ended_with_message
def pull_novator(
    url: Annotated[str, typer.Argument(help="Address of the other site.")],
    dry_run: Annotated[bool, typer.Option(help="Check and count only; change nothing.")] = False,
    all_: Annotated[
        bool, typer.Option("--all", help="Read the whole catalogue again, not only what is new.")
    ] = False,
    passed_on: Annotated[
        list[UUID] | None,
        typer.Option(
            help="Number of an installation of which it passes cards on that are to be taken; "
            "kept, may be repeated."
        ),
    ] = None,
    own_only: Annotated[
        bool, typer.Option("--own-only", help="Take cards of its own alone again; kept.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
    data_dir: Annotated[Path | None, typer.Option(help="Folder of the data.")] = None,
) -> None:
    """Take over what changed in another catalogue of Novator since the last time."""
    with ready_database(data_dir):
        from django.utils.translation import gettext as _
        from django.utils.translation import override

        from novator.interchange.fetching import CannotRead

        with override(terminal_language()):
            try:
                origins = [] if own_only else passed_on or None
                report = _pull(url, dry_run=dry_run, from_start=all_, passed_on=origins)
            except CannotRead as refusal:
                words = _("%(reason)s What was taken so far stays; pull again to go on.")
                raise CannotPull(words % {"reason": refusal}) from refusal
            if as_json:
                typer.echo(json.dumps(_told(report, dry_run=dry_run), ensure_ascii=False, indent=2))
            else:
                _tell(report, dry_run=dry_run)


def _pull(url: str, *, dry_run: bool, from_start: bool, passed_on: list[UUID] | None) -> PullReport:
    from django.db import transaction

    from novator.interchange.operations import add_neighbour

    if not dry_run:
        neighbour = add_neighbour(url=url, may_be_private=True)
        return _read(neighbour, dry_run=False, from_start=from_start, passed_on=passed_on)
    with transaction.atomic():
        try:
            neighbour = add_neighbour(url=url, may_be_private=True)
            return _read(neighbour, dry_run=True, from_start=from_start, passed_on=passed_on)
        finally:
            transaction.set_rollback(True)


def _read(
    neighbour: Neighbour, *, dry_run: bool, from_start: bool, passed_on: list[UUID] | None
) -> PullReport:
    from novator.interchange.operations import begin_anew, read_neighbour, take_passed_on

    if from_start:
        begin_anew(neighbour=neighbour)
    if passed_on is not None:
        known = neighbour.passed_on.filter(is_taken=True) if passed_on else ()
        take_passed_on(neighbour=neighbour, origins={*passed_on, *(one.public_id for one in known)})
    with _progress() as progress:
        return read_neighbour(neighbour=neighbour, dry_run=dry_run, progress=progress)


@contextmanager
def _progress() -> Iterator[Progress]:
    """Show a bar on a terminal, nothing elsewhere."""
    from django.utils.translation import gettext as _
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task(_("Changes"), total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _told(report: PullReport, *, dry_run: bool) -> dict[str, Any]:
    return {
        "is_dry_run": dry_run,
        **report.counts,
        "faults": [asdict(fault) for fault in report.faults],
        "unplaced": report.unplaced,
        "not_taken_from": report.not_taken_from,
    }


def _tell(report: PullReport, *, dry_run: bool) -> None:
    from django.utils.translation import gettext as _

    for fault in report.faults[:MOST_FAULTS]:
        parts = (fault.entry, fault.field, fault.reason)
        print(": ".join(part for part in parts if part), file=sys.stderr)
    for name in report.unplaced:
        words = _("No place on the map is known for: %(name)s")
        print(words % {"name": name}, file=sys.stderr)
    words = _(
        "New: %(new)s, changed: %(changed)s, withdrawn: %(withdrawn)s, as before: %(unchanged)s,"
        " conflicts: %(conflicts)s, bad: %(bad)s."
    )
    print(words % report.counts)
    told = (
        (report.own, _("Our own cards that came back and were passed over: %(count)s.")),
        (
            report.not_taken,
            _("Cards that it has from elsewhere, not taken: %(count)s (see --passed-on)."),
        ),
        (report.kept, _("Cards that were withdrawn here and stay so: %(count)s.")),
        (report.conflicts, _("Conflicts wait on the page of the office “Other catalogues”.")),
    )
    for count, sentence in told:
        if count:
            print(sentence % {"count": count})
    for name, count in report.not_taken_from.items():
        print(_("--passed-on %(name)s (cards: %(count)s)") % {"name": name, "count": count})
    if dry_run:
        print(_("This was a dry run: nothing was changed."))
