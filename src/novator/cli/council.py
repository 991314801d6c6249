"""The command line: councils taken from files and given out."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from novator.cli.catalogue import DataDir, _progress, _write
from novator.cli.setting_up import Refused, ended_with_message, ready_database
from novator.site.language import terminal_language

if TYPE_CHECKING:
    from novator.cities.models import Municipality
    from novator.council.popolo.faults import Import

MOST_FAULTS = 100


@ended_with_message
def import_council_command(
    file: Annotated[Path, typer.Argument(help="Popolo .json, or the .xlsx of people and bodies.")],
    city: Annotated[str, typer.Option(help="Slug of the city, if the file does not say it.")] = "",
    dry_run: Annotated[bool, typer.Option(help="Check and count only; change nothing.")] = False,
    skip_bad: Annotated[bool, typer.Option(help="Leave out what is wrong, take the rest.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
    data_dir: DataDir = None,
) -> None:
    """Take a council's people, votes and decisions from a file: all or, if any is wrong, none."""
    with ready_database(data_dir):
        from django.utils.translation import gettext as _
        from django.utils.translation import override

        from novator.council.popolo.reading import BrokenFile
        from novator.council.popolo.taking import import_popolo
        from novator.council.roster_sheets import import_workbook

        with override(terminal_language()):
            take = import_workbook if file.suffix.lower() == ".xlsx" else import_popolo
            try:
                with _progress(_("Councils")) as progress:
                    report = take(
                        path=file,
                        municipality=_city(city),
                        dry_run=dry_run,
                        skip_bad=skip_bad,
                        progress=progress,
                    )
            except BrokenFile as refusal:
                raise Refused(str(refusal)) from refusal
            if as_json:
                typer.echo(json.dumps(report.as_json(), ensure_ascii=False))
            else:
                _tell(report, dry_run=dry_run)
            if report.faults and not skip_bad:
                words = _("Nothing was changed. Faults: %(count)s. Mend them, or use --skip-bad.")
                raise Refused(words % {"count": len(report.faults)})


@ended_with_message
def export_council_command(
    slug: Annotated[str, typer.Argument(help="Slug of the city.")],
    file_format: Annotated[
        str, typer.Option("--format", help="popolo, jsonl, csv, xlsx, or xlsx-template (blank).")
    ] = "popolo",
    table: Annotated[
        str, typer.Option(help="What a CSV holds: votes, memberships or decisions.")
    ] = "votes",
    closed: Annotated[
        bool, typer.Option(help="With what was said behind closed doors, and drafts.")
    ] = False,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="File to write; else standard output.")
    ] = None,
    data_dir: DataDir = None,
) -> None:
    """Give out one council: people, bodies, sessions, votes, decisions, mandates."""
    with ready_database(data_dir):
        from django.utils.translation import gettext as _
        from django.utils.translation import override

        from novator.council.composition import council_of
        from novator.council.popolo.tabulated import FORMATS, TABLES, export_council
        from novator.council.roster_blank import blank_roster

        with override(terminal_language()):
            if file_format == "xlsx-template":
                _write(iter([blank_roster()]), output)
                return
            if file_format not in FORMATS or table not in TABLES:
                words = _("The format must be popolo, jsonl, csv or xlsx.")
                mend = _("The table of a CSV is votes, memberships or decisions.")
                raise Refused(f"{words} {mend}")
            place = _city(slug)
            council = council_of(place) if place else None
            if council is None:
                raise Refused(_("This city has no council here."))
            pieces = export_council(council, file_format, table=table, is_public=not closed)
            try:
                _write(pieces, output)
            except OSError as fault:
                words = _("The file cannot be written: %(reason)s")
                raise Refused(words % {"reason": fault.strerror or fault}) from fault


def _city(slug: str) -> Municipality | None:
    from django.utils.translation import gettext as _

    from novator.cities.models import Municipality

    if not slug:
        return None
    found = Municipality.objects.filter(slug=slug).first()
    if found is None:
        raise Refused(_("There is no city with the slug %(slug)s.") % {"slug": slug})
    return found


def _tell(report: Import, *, dry_run: bool) -> None:
    from django.utils.translation import gettext as _

    for fault in report.faults[:MOST_FAULTS]:
        where = _("line %(line)s") % {"line": fault.line} if fault.line else ""
        print(" ".join(part for part in (where, fault.pointer, str(fault)) if part),
              file=sys.stderr)  # fmt: skip
    if len(report.faults) > MOST_FAULTS:
        more = _("… and %(count)s more faults") % {"count": len(report.faults) - MOST_FAULTS}
        print(more, file=sys.stderr)
    for note in report.notes:
        print(note, file=sys.stderr)
    if report.dropped:
        words = _("Left out, because only what concerns the office is kept: %(names)s.")
        names = ", ".join(f"{name} ({count})" for name, count in sorted(report.dropped.items()))
        print(words % {"names": names}, file=sys.stderr)
    words = _("New: %(new)s, changed: %(changed)s, as before: %(unchanged)s, left out: %(bad)s.")
    counts = {
        "new": report.new.total(),
        "changed": report.changed.total(),
        "unchanged": report.unchanged.total(),
    }
    print(words % {**counts, "bad": report.skipped})
    if dry_run:
        print(_("This was a dry run: nothing was changed."))
