"""The command line: a database and a configured Django for one command."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ParamSpec
from urllib.parse import urlsplit

import typer

Parameters = ParamSpec("Parameters")


class Refused(Exception):
    """What the user asked for cannot be done as it was asked; the message is fit to show."""


def ended_with_message(command: Callable[Parameters, None]) -> Callable[Parameters, None]:
    """Let a command end with a message and status 1 where it refuses or the database does."""

    @functools.wraps(command)
    def run(*args: Parameters.args, **kwargs: Parameters.kwargs) -> None:
        from novator.site.language import complain
        from novator.site.unavailable import DatabaseUnavailable

        try:
            command(*args, **kwargs)
        except (Refused, DatabaseUnavailable) as refusal:
            complain(str(refusal))
            raise typer.Exit(code=1) from refusal

    return run


@contextmanager
def ready_database(data_dir: Path | None = None, *, migrate: bool = True) -> Iterator[Path]:
    """
    Give the block a running database and a configured Django; yield the data folder.

    Joins the server of a running `novator up`, else starts one for as long as the block runs.
    `DATABASE_URL` names the operator's own server instead.

    :raises DatabaseUnavailable: no server can be had; the message says why
    """
    folder = (data_dir or Path(os.environ.get("NOVATOR_DATA_DIR", "var"))).resolve()
    os.environ["NOVATOR_DATA_DIR"] = str(folder)
    os.environ.setdefault("NOVATOR_DATABASE_POOL", "0")
    if port := port_of_running_site(folder):
        os.environ.setdefault("NOVATOR_PORT", port)
    if foreign := os.environ.get("DATABASE_URL"):
        from novator.site.foreign import check_server

        check_server(foreign)
        folder.mkdir(parents=True, exist_ok=True)
        _configure(migrate=migrate)
        yield folder
        return
    from novator.site.postgres import running_database

    with running_database(folder) as url:
        os.environ["DATABASE_URL"] = url
        try:
            _configure(migrate=migrate)
            yield folder
        finally:
            _close_connections()
            del os.environ["DATABASE_URL"]


def port_of_running_site(folder: Path) -> str:
    """Port of the `novator up` that runs on the folder, for links in letters; "" when none does."""
    from novator.site.lock import is_held

    lock = folder / "novator.lock"
    if not is_held(lock):
        return ""
    _pid, _space, address = lock.read_text(encoding="utf-8").partition(" ")
    return str(urlsplit(address).port or "")


@contextmanager
def ready_catalogue(data_dir: Path | None = None) -> Iterator[Path]:
    """
    Give the block a database with cards and a sound index, made first where they are missing.

    What has to be made is shown on standard error, so that standard output stays clean.
    """
    from novator.site.language import complain
    from novator.site.language import gettext as _

    with ready_database(data_dir) as folder:
        from novator.matching.operations import rebuild_index
        from novator.practices.models import Practice
        from novator.practices.operations import load_starter_catalogue
        from novator.text.encoders import EncoderUnavailable

        if not Practice.objects.exists():
            complain(_("Loading the starter catalogue ..."))
            load_starter_catalogue()
        told = 0

        def tell(done: int, total: int) -> None:
            nonlocal told
            percent = 100 * done // max(total, 1)
            if total > 1 and percent >= told + 10:
                told = percent - percent % 10
                complain(_("Search index: %(percent)s %%") % {"percent": told})

        try:
            rebuild_index(progress=tell)
        except EncoderUnavailable as fault:
            raise Refused(str(fault)) from fault
        yield folder


def _configure(*, migrate: bool) -> None:
    import django
    from django.core.exceptions import ImproperlyConfigured

    from novator.site.language import gettext as _

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "novator.site.settings")
    try:
        django.setup()
    except (ValueError, ImproperlyConfigured) as fault:
        raise Refused(_("A setting is wrong: %(reason)s") % {"reason": fault}) from fault
    if migrate:
        from novator.site.prepare import migrate as bring_tables_up_to_date

        bring_tables_up_to_date()


def _close_connections() -> None:
    from django.conf import settings
    from django.db import connections

    if not settings.configured:
        return
    for connection in connections.all(initialized_only=True):
        connection.close()
        close_pool = getattr(connection, "close_pool", None)
        if close_pool is not None:
            close_pool()
