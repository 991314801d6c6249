"""The command line: `novator backup FILE` and `novator restore FILE`."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

File = Annotated[Path, typer.Argument(help="File of the backup.", dir_okay=False)]
DataDir = Annotated[Path | None, typer.Option(help="Folder of the data.")]


def backup(file: File, data_dir: DataDir = None) -> None:
    """Write the whole database and all attached files to a file; the site may go on running."""
    from novator.site.backup import write_backup

    with _database(data_dir) as (url, folder):
        write_backup(url=url, file=file, data_dir=folder)
    typer.echo(str(file))


def restore(file: File, data_dir: DataDir = None) -> None:
    """Replace the whole database and put files back: all that a backup holds, or nothing."""
    from novator.site.backup import restore_backup

    with _database(data_dir) as (url, folder):
        restore_backup(url=url, file=file, data_dir=folder)
    typer.echo(str(file))


@contextmanager
def _database(data_dir: Path | None) -> Iterator[tuple[str, Path]]:
    """Yield the address of the database, without Django; end with a message when it fails."""
    from novator.site.backup_files import BackupFailed
    from novator.site.foreign import check_server
    from novator.site.language import complain
    from novator.site.postgres import running_database
    from novator.site.unavailable import DatabaseUnavailable

    folder = (data_dir or Path(os.environ.get("NOVATOR_DATA_DIR", "var"))).resolve()
    try:
        if foreign := os.environ.get("DATABASE_URL"):
            check_server(foreign)
            folder.mkdir(parents=True, exist_ok=True)
            yield foreign, folder
        else:
            with running_database(folder) as url:
                yield url, folder
    except (BackupFailed, DatabaseUnavailable) as refusal:
        complain(str(refusal))
        raise typer.Exit(code=1) from refusal
