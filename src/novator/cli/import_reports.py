"""The command line: taking citizens' reports of another system from a file."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from novator.cli.catalogue import DataDir
from novator.cli.setting_up import Refused, ended_with_message, ready_database
from novator.site.language import terminal_language

if TYPE_CHECKING:
    from novator.reports.importing.taking import ImportReport
    from novator.reports.models import Channel

MOST_FAULTS = 100


@ended_with_message
def import_reports_command(
    file: Annotated[Path, typer.Argument(help="Table of reports: .csv, .csv.gz, .tsv or .xlsx.")],
    mapping: Annotated[
        Path, typer.Option(help="Mapping (.toml), or boston, new-york, san-francisco, pos.")
    ],
    city: Annotated[str, typer.Option(help="Slug of a city that takes reports.")],
    dry_run: Annotated[bool, typer.Option(help="Check and count only; change nothing.")] = False,
    skip_bad: Annotated[bool, typer.Option(help="Take the good rows although some are bad.")] = (
        False
    ),
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
    data_dir: DataDir = None,
) -> None:
    """Take citizens' reports from a file: all of them or, if any row is bad, none."""
    with ready_database(data_dir):
        from django.db import Error
        from django.utils import timezone
        from django.utils.translation import gettext as _
        from django.utils.translation import override

        from novator.reports.importing.mapping import BadMapping, read_mapping
        from novator.reports.importing.tables import BrokenFile
        from novator.reports.importing.taking import import_reports

        with override(terminal_language()):
            try:
                with _progress(_("Reports")) as progress:
                    report = import_reports(
                        path=file,
                        mapping=read_mapping(mapping),
                        channel=_channel(city),
                        now=timezone.now(),
                        dry_run=dry_run,
                        skip_bad=skip_bad,
                        progress=progress,
                    )
            except (BadMapping, BrokenFile) as refusal:
                raise Refused(str(refusal)) from refusal
            except (Error, OSError) as fault:
                words = _("The import was broken off: %(reason)s. Begin it again: it goes on.")
                raise Refused(words % {"reason": str(fault).strip()}) from fault
            if as_json:
                typer.echo(json.dumps(report.as_json(), ensure_ascii=False, default=str))
            else:
                _tell(report)
            _end(report, dry_run=dry_run, skip_bad=skip_bad, as_json=as_json)


def _channel(slug: str) -> Channel:
    from django.utils.translation import gettext as _

    from novator.reports.models import Channel

    channel = Channel.objects.filter(municipality__slug=slug).select_related("municipality").first()
    if channel is None:
        raise Refused(_("No city with the slug %(slug)s takes reports.") % {"slug": slug})
    return channel


@contextmanager
def _progress(title: str) -> Iterator[Callable[[int, int | None], None]]:
    """Show a bar on a terminal, nothing elsewhere."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task(title, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _tell(report: ImportReport) -> None:
    from django.utils.translation import gettext as _

    for fault in report.faults[:MOST_FAULTS]:
        where = _("line %(line)s") % {"line": fault.line}
        words = ": ".join(part for part in (where, fault.field, fault.reason) if part)
        print(words, file=sys.stderr)
    if report.bad > MOST_FAULTS:
        more = _("… and %(count)s more faults") % {"count": report.bad - MOST_FAULTS}
        print(more, file=sys.stderr)
    for latitude, longitude, count in report.default_points:
        words = _("%(count)s rows lie on %(latitude)s, %(longitude)s: taken as no place known.")
        print(words % {"count": count, "latitude": latitude, "longitude": longitude})
    if report.outside:
        print(_("Places outside the city, left out: %(count)s.") % {"count": report.outside})
    if report.new_categories:
        words = _("New categories, not offered on the form: %(names)s.")
        print(words % {"names": ", ".join(report.new_categories)})


def _end(report: ImportReport, *, dry_run: bool, skip_bad: bool, as_json: bool) -> None:
    from django.utils.translation import gettext as _

    if report.bad and not skip_bad:
        words = _("Nothing was changed. Bad rows: %(count)s. Mend them, or use --skip-bad.")
        raise Refused(words % {"count": report.bad})
    if as_json:
        return
    words = _("New: %(new)s, changed: %(changed)s, as before: %(unchanged)s, bad: %(bad)s.")
    counts = {"new": report.new, "changed": report.changed, "unchanged": report.unchanged}
    print(words % {**counts, "bad": report.bad})
    if dry_run:
        print(_("This was a dry run: nothing was changed."))
