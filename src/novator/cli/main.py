"""The command line: `novator up`, `find`, `import`, `bench` and the rest."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from novator.cli import bench_council, bench_reports  # noqa: F401 - they add their commands
from novator.cli.accounts import account_app
from novator.cli.backup import backup, restore
from novator.cli.bench import bench_app, learn_app
from novator.cli.catalogue import cities_app, export_app, import_app
from novator.cli.check import check_app
from novator.cli.council import export_council_command, import_council_command
from novator.cli.find import find
from novator.cli.import_reports import import_reports_command
from novator.cli.open311 import open311_app, reports_app
from novator.cli.problems import problems
from novator.cli.pull import pull_app
from novator.cli.up import up

app = typer.Typer(
    help="Novator: find what worked in other cities.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,
)
app.command()(up)
app.command()(find)
app.command()(problems)
app.command()(backup)
app.command()(restore)
import_app.command("reports")(import_reports_command)
import_app.command("council")(import_council_command)
export_app.command("council")(export_council_command)
app.add_typer(import_app, name="import")
app.add_typer(export_app, name="export")
app.add_typer(pull_app, name="pull")
app.add_typer(reports_app, name="reports")
app.add_typer(open311_app, name="open311")
app.add_typer(cities_app, name="cities")
app.add_typer(account_app, name="account")
app.add_typer(check_app, name="check")
app.add_typer(bench_app, name="bench")
app.add_typer(learn_app, name="learn")


@app.command(
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
    add_help_option=False,
)
def manage(
    context: typer.Context,
    data_dir: Annotated[Path | None, typer.Option(help="Folder of the data.")] = None,
) -> None:
    """Run one of Django's own management commands on the product's database."""
    from django.core.management import execute_from_command_line

    from novator.cli.setting_up import ready_database

    with ready_database(data_dir, migrate=False):
        execute_from_command_line(["novator manage", *context.args])


def run() -> None:
    """Entry point of the `novator` script."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "novator.site.settings")
    app(prog_name="novator", args=sys.argv[1:])


if __name__ == "__main__":
    run()
