"""The command line: a city begins to take reports, keys of other systems, reports pulled over."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from novator.cli.pull import MOST_FAULTS, CannotPull, pull_app
from novator.cli.setting_up import Refused, ended_with_message, ready_database
from novator.site.language import terminal_language

if TYPE_CHECKING:
    from novator.cities.models import Municipality
    from novator.reports.exchange.pulling import PullReport
    from novator.reports.models import Connection

open311_app = typer.Typer(no_args_is_help=True)
reports_app = typer.Typer(no_args_is_help=True)

City = Annotated[str, typer.Option(help="Its id in the addresses of the site.")]
DataDir = Annotated[Path | None, typer.Option(help="Folder of the data.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
Day = Annotated[
    datetime | None, typer.Option(help="Begin with requests of this day.", formats=["%Y-%m-%d"])
]


@open311_app.callback()
def open311_group() -> None:
    """Other systems that write by Open311."""


@reports_app.callback()
def reports_group() -> None:
    """Reports of citizens."""


@reports_app.command("open")
@ended_with_message
def open_command(
    city: Annotated[str, typer.Argument(help="The city's id in the addresses of the site.")],
    data_dir: DataDir = None,
) -> None:
    """Let a city take reports, with the starter set of categories."""
    with _ready(data_dir):
        from django.utils import timezone
        from django.utils.translation import gettext as _

        from novator.reports.opening import ChannelRefused, open_channel

        try:
            channel = open_channel(municipality=_city(city), on=timezone.localdate())
        except ChannelRefused as refusal:
            raise Refused(str(refusal)) from refusal
        words = _("%(city)s takes reports; its jurisdiction_id is %(slug)s.")
        typer.echo(words % {"city": channel.municipality.name, "slug": channel.municipality.slug})


@open311_app.command("key")
@ended_with_message
def key_command(
    city: City,
    name: Annotated[str, typer.Option(help="Name of the other system.")],
    may_update: Annotated[
        bool, typer.Option(help="Its updates change states, not only add words.")
    ] = False,
    end: Annotated[bool, typer.Option("--end", help="End the key with this name.")] = False,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Make a key with which another system sends reports, or end one; it is shown once."""
    with _ready(data_dir):
        from django.utils import timezone
        from django.utils.translation import gettext as _

        from novator.reports.keys import KeyRefused, end_key, make_key
        from novator.reports.models import ApiKey

        where = _city(city)
        if end:
            keys = ApiKey.objects.filter(municipality=where, name=name, ended_at=None)
            if (key := keys.first()) is None:
                words = _("There is no standing key with the name “%(name)s”.")
                raise Refused(words % {"name": name})
            end_key(key=key, now=timezone.now())
            typer.echo(_("The key is ended."))
            return
        try:
            key, text = make_key(municipality=where, name=name, may_update=may_update)
        except KeyRefused as refusal:
            raise Refused(str(refusal)) from refusal
        if as_json:
            typer.echo(json.dumps({"name": key.name, "api_key": text}, ensure_ascii=False))
            return
        typer.echo(text)
        print(_("Keep it: it is not shown again."), file=sys.stderr)


@pull_app.command("open311")
@ended_with_message
def pull_command(
    url: Annotated[str, typer.Argument(help="Address of the other system, up to /v2.")],
    city: City,
    jurisdiction: Annotated[str, typer.Option(help="Its jurisdiction_id, if it has any.")] = "",
    since: Day = None,
    page_size: Annotated[int, typer.Option(min=1, max=1000, help="Requests a page.")] = 200,
    pause: Annotated[float, typer.Option(min=0.0, help="Seconds between two pages.")] = 1.0,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Take over reports of another system that speaks Open311; later only what changed."""
    with _ready(data_dir):
        from django.utils import timezone
        from django.utils.translation import gettext as _

        from novator.reports.exchange.client import CannotAsk
        from novator.reports.exchange.pulling import pull_requests

        try:
            with _shown() as progress:
                report = pull_requests(
                    connection=_connection(url, city, jurisdiction),
                    now=timezone.now(),
                    wait=time.sleep,
                    since=since.replace(tzinfo=UTC) if since else None,
                    page_size=page_size,
                    pause=pause,
                    may_be_private=True,
                    progress=progress,
                )
        except CannotAsk as refusal:
            words = _("%(reason)s What was taken so far stays; pull again to go on.")
            raise CannotPull(words % {"reason": refusal}) from refusal
        if as_json:
            told = {**report.counts, "faults": [asdict(fault) for fault in report.faults]}
            typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
        else:
            _tell(report)


def _connection(url: str, city: str, jurisdiction: str) -> Connection:
    from django.conf import settings
    from django.utils.translation import gettext as _

    from novator.reports.exchange.client import base_address
    from novator.reports.models import Channel, Connection

    where, base = _city(city), base_address(url)
    if base.removesuffix("/v2").removesuffix("/open311") == settings.SITE_ADDRESS:
        raise Refused(_("This is the address of this site itself."))
    if not Channel.objects.filter(municipality=where).exists():
        raise Refused(_("This city takes no reports here at present."))
    return Connection.objects.get_or_create(
        municipality=where,
        base_url=base,
        jurisdiction=jurisdiction,
        defaults={"name": base.partition("://")[2][:160]},
    )[0]


@contextmanager
def _shown() -> Iterator[Any]:
    """Show a bar on a terminal, nothing elsewhere."""
    from django.utils.translation import gettext as _
    from rich.console import Console
    from rich.progress import MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), MofNCompleteColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task(_("Requests"), total=None)
        yield lambda report: bar.update(task, completed=report.read)


def _tell(report: PullReport) -> None:
    from django.utils.translation import gettext as _

    for fault in report.faults[:MOST_FAULTS]:
        print(f"{fault.request}: {fault.field}: {fault.reason}", file=sys.stderr)
    words = _(
        "Read: %(read)s, new: %(new)s, changed: %(changed)s, as before: %(unchanged)s,"
        " our own: %(own)s, bad: %(bad)s."
    )
    typer.echo(words % report.counts)


def _city(slug: str) -> Municipality:
    from django.utils.translation import gettext as _

    from novator.cities.models import Municipality
    from novator.cities.operations import load_gazetteer

    rows = Municipality.objects.filter(slug=slug)
    if not rows.exists():
        load_gazetteer()  # before the first `novator up`, no town is there
    found = rows.first()
    if found is None:
        raise Refused(_("There is no city “%(slug)s”.") % {"slug": slug})
    return found


@contextmanager
def _ready(data_dir: Path | None) -> Iterator[None]:
    """A database, and words in the language of the terminal."""
    with ready_database(data_dir):
        from django.utils.translation import override

        with override(terminal_language()):
            yield
