"""The command line: whether other systems keep to a standard."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from novator.cli.setting_up import Refused, ended_with_message
from novator.site.language import terminal_language

MOST_FAULTS = 200

check_app = typer.Typer(no_args_is_help=True)


@check_app.callback()
def check_group() -> None:
    """Check data and servers against standards."""


@check_app.command("oparl")
@ended_with_message
def check_oparl_command(
    url: Annotated[str, typer.Argument(help="Address of the System object of the server.")],
    most_requests: Annotated[int, typer.Option(min=1, help="Stop after so many questions.")] = 2000,
    minutes: Annotated[int, typer.Option(min=1, help="Stop after so many minutes.")] = 15,
    private: Annotated[bool, typer.Option(help="Allow an address of a private network.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
    data_dir: Annotated[Path | None, typer.Option(help="Folder of the data.")] = None,
) -> None:
    """Walk an OParl server and name missing fields, wrong types, dangling references."""
    _configured(data_dir)
    from django.utils.translation import gettext as _
    from django.utils.translation import override

    from novator.api.oparl.checker import Limits, check_oparl

    with override(terminal_language()):
        limits = Limits(requests=most_requests, seconds=60.0 * minutes)
        checked = check_oparl(url, limits=limits, may_be_private=private)
        if as_json:
            typer.echo(json.dumps(checked.as_json(), ensure_ascii=False))
        else:
            for fault in checked.faults[:MOST_FAULTS]:
                print(f"{fault.url}#{fault.pointer} {fault.rule}: {fault.message}", file=sys.stderr)
            words = _("Objects: %(objects)s, questions: %(requests)s, faults: %(faults)s.")
            counts = {"objects": checked.objects.total(), "requests": checked.requests}
            print(words % {**counts, "faults": len(checked.faults)})
            for host, count in checked.foreign.most_common(20):
                words = _("Not asked, of another server: %(host)s (%(count)s addresses).")
                print(words % {"host": host, "count": count})
            if not checked.is_whole:
                print(_("A limit was reached: the rest was not looked at."))
        if checked.faults:
            words = _("The server breaks the standard %(count)s times.")
            raise Refused(words % {"count": len(checked.faults)})


def _configured(data_dir: Path | None) -> None:
    """Django without a database: nothing is read from it."""
    import os

    import django

    folder = (data_dir or Path(os.environ.get("NOVATOR_DATA_DIR", "var"))).resolve()
    os.environ["NOVATOR_DATA_DIR"] = str(folder)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "novator.site.settings")
    os.environ.setdefault("NOVATOR_SECRET_KEY", "not-used-" + "0" * 50)
    os.environ.setdefault("DATABASE_URL", "postgresql://none/none")
    django.setup()
