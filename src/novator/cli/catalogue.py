"""The command line: taking cards from files, giving them out, and towns without a point."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from novator.cli.setting_up import Refused, ended_with_message, ready_database
from novator.site.language import terminal_language

if TYPE_CHECKING:
    from novator.practices.importing import ImportReport, Progress

MOST_FAULTS = 100
FORMATS = ("jsonl", "csv", "xlsx")

import_app = typer.Typer(no_args_is_help=True)
export_app = typer.Typer(no_args_is_help=True)
cities_app = typer.Typer(no_args_is_help=True)

DataDir = Annotated[Path | None, typer.Option(help="Folder of the data.")]


class CannotTake(Refused):
    """The file was not taken; the message says why."""


@import_app.callback()
def import_group() -> None:
    """Take data from files."""


@export_app.callback()
def export_group() -> None:
    """Give data out as files."""


@cities_app.callback()
def cities_group() -> None:
    """Cities and their facts."""


@import_app.command("practices")
@ended_with_message
def import_practices_command(
    file: Annotated[Path, typer.Argument(help="File of cards: .jsonl, .csv or .xlsx.")],
    dry_run: Annotated[bool, typer.Option(help="Check and count only; change nothing.")] = False,
    skip_bad: Annotated[bool, typer.Option(help="Take the good rows although some are bad.")] = (
        False
    ),
    data_dir: DataDir = None,
) -> None:
    """Take practices from a file: all of them or, if any row is bad, none."""
    with ready_database(data_dir):
        from django.db import Error
        from django.utils.translation import gettext as _
        from django.utils.translation import override

        from novator.practices.operations import import_practices
        from novator.practices.reading import BrokenFile

        with override(terminal_language()):
            try:
                with _progress(_("Practices")) as progress:
                    report = import_practices(
                        path=file, dry_run=dry_run, skip_bad=skip_bad, progress=progress
                    )
            except BrokenFile as refusal:
                raise CannotTake(str(refusal)) from refusal
            except (Error, OSError) as fault:
                words = _("Nothing was changed: %(reason)s")
                raise CannotTake(words % {"reason": str(fault).strip()}) from fault
            _tell(report, dry_run=dry_run, skip_bad=skip_bad)


@export_app.command("practices")
@ended_with_message
def export_command(
    file_format: Annotated[str, typer.Option("--format", help="jsonl, csv or xlsx.")] = "jsonl",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="File to write; else standard output.")
    ] = None,
    data_dir: DataDir = None,
) -> None:
    """Give out the whole catalogue of practices (CC BY 4.0)."""
    with ready_database(data_dir):
        from django.utils.translation import gettext as _
        from django.utils.translation import override

        from novator.practices.exporting import export_practices

        with override(terminal_language()):
            if file_format not in FORMATS:
                raise Refused(_("The format must be jsonl, csv or xlsx."))
            pieces = export_practices(file_format)
            try:
                _write(pieces, output)
            except OSError as fault:
                words = _("The file cannot be written: %(reason)s")
                raise Refused(words % {"reason": fault.strerror or fault}) from fault


@cities_app.command("unmatched")
@ended_with_message
def unmatched_command(data_dir: DataDir = None) -> None:
    """List municipalities whose place on the map is not known, and towns that were left out."""
    with ready_database(data_dir):
        from django.utils.translation import gettext as _
        from django.utils.translation import override

        from novator.cities.operations import gazetteer
        from novator.cities.queries import without_point

        with override(terminal_language()):
            rows = list(without_point())
            print(_("Municipalities without a point: %(count)s") % {"count": len(rows)})
            for row in rows:
                print(f"  {row.name_ru} ({row.region_text}, {row.country})")
            unsure = gazetteer().unsure
            print(_("Places of GeoNames left out: %(count)s") % {"count": len(unsure)})
            reasons = {
                "no name": _("no Russian name is sure"),
                "namesake": _("smaller namesake in the same region"),
            }
            for place in unsure:
                print(f"  {place.name} ({place.region}): {reasons[place.reason]}")


def _write(pieces: Iterator[bytes], output: Path | None) -> None:
    """Write to a file that appears only when it is whole, or to standard output."""
    if output is None:
        for piece in pieces:
            sys.stdout.buffer.write(piece)
        sys.stdout.buffer.flush()
        return
    part = output.with_name(output.name + ".part")
    try:
        with part.open("wb") as file:
            file.writelines(pieces)
        part.replace(output)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def _progress(title: str) -> Iterator[Progress]:
    """Show a bar on a terminal, nothing elsewhere."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task(title, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _tell(report: ImportReport, *, dry_run: bool, skip_bad: bool) -> None:
    from django.utils.translation import gettext as _

    from novator.practices.importing import first_faults

    for fault in first_faults(report, MOST_FAULTS):
        where = _("line %(line)s") % {"line": fault.line}
        print(
            ": ".join(part for part in (where, fault.field, fault.reason) if part), file=sys.stderr
        )
    if len(report.faults) > MOST_FAULTS:
        more = _("… and %(count)s more faults") % {"count": len(report.faults) - MOST_FAULTS}
        print(more, file=sys.stderr)
    if report.unknown_columns:
        words = _("Columns that are not known and were not read: %(names)s")
        print(words % {"names": ", ".join(report.unknown_columns)}, file=sys.stderr)
    if report.faults and not skip_bad:
        words = _("Nothing was changed. Bad rows: %(count)s. Mend them, or use --skip-bad.")
        raise CannotTake(words % {"count": report.bad_rows})
    words = _("New: %(new)s, changed: %(changed)s, as before: %(unchanged)s, bad: %(bad)s.")
    counts = {"new": report.new, "changed": report.changed, "unchanged": report.unchanged}
    print(words % {**counts, "bad": report.bad_rows})
    if dry_run:
        print(_("This was a dry run: nothing was changed."))
