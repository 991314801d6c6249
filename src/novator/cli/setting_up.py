"""The command line: a database and a configured Django for one command."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


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
    if "DATABASE_URL" in os.environ:
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


def _configure(*, migrate: bool) -> None:
    import django
    from django.core.management import call_command

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "novator.site.settings")
    django.setup()
    if migrate:
        call_command("migrate", interactive=False, verbosity=0)


def _close_connections() -> None:
    from django.db import connections

    connections.close_all()
    for alias in connections:
        close_pool = getattr(connections[alias], "close_pool", None)
        if close_pool is not None:
            close_pool()
