"""
Beside the law: database and attached files in one file, and back; nothing half-written.
"""

import os
import subprocess
import tarfile
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict

from novator.site.backup_files import (
    DATABASE,
    END,
    BackupFailed,
    add_files,
    opened_backup,
    put_files_back,
)
from novator.site.language import gettext as _
from novator.site.lock import is_held
from novator.site.prepared import all_ready
from novator.site.programs import find_programs

_HOURS = 24 * 3600
_CLEAN = "DROP SCHEMA public CASCADE; CREATE SCHEMA public"
_VARIABLES = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "dbname": "PGDATABASE"}


def write_backup(*, url: str, file: Path, data_dir: Path) -> None:
    """
    Write the database and the attached files to one file, which appears only when it is whole.

    The database is read first: what is attached later is only more than it names.

    :raises BackupFailed: the file or the database does not allow it
    """
    if file.exists():
        raise BackupFailed(_("%(file)s exists already; choose another name.") % {"file": file})
    unfinished = file.with_name(f"{file.name}.unfinished")
    dump = file.with_name(f"{file.name}.database")
    try:
        for each in (unfinished, dump):
            each.unlink(missing_ok=True)
            os.close(os.open(each, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        _run("pg_dump", "--format=custom", f"--file={dump}", url=url)
        with tarfile.open(unfinished, "w") as archive:
            archive.add(dump, DATABASE)
            add_files(archive, data_dir=data_dir)
            archive.addfile(tarfile.TarInfo(END))
        unfinished.replace(file)
    except OSError as fault:
        raise BackupFailed(f"{file}: {fault.strerror}") from fault
    finally:
        unfinished.unlink(missing_ok=True)
        dump.unlink(missing_ok=True)


def restore_backup(*, url: str, file: Path, data_dir: Path) -> None:
    """
    Put back what a backup holds, in one transaction: all of it, or nothing changes.

    Everything that the database held is replaced. Attached files are put beside those that are
    there, before the database changes. The next `novator up` brings tables and index up to date.

    :raises BackupFailed: the site runs, or the file is no whole backup
    """
    if is_held(data_dir / "novator.lock"):
        raise BackupFailed(_("Stop Novator before you restore a backup."))
    if not file.is_file():
        raise BackupFailed(_("There is no file %(file)s.") % {"file": file})
    with tempfile.TemporaryDirectory(prefix="restore-", dir=data_dir) as folder:
        script, dump = Path(folder) / "backup.sql", Path(folder) / DATABASE
        with opened_backup(file, dump) as archive:
            options = ("--no-owner", "--no-privileges", f"--file={script}", str(dump))
            _run("pg_restore", *options, url=url)
            if archive is not None:
                put_files_back(archive, data_dir=data_dir)
        all_ready(data_dir).unlink(missing_ok=True)
        options = ("--quiet", "--no-psqlrc", "--single-transaction", "--set=ON_ERROR_STOP=1")
        _run("psql", *options, f"--command={_CLEAN}", f"--file={script}", url=url)


def _run(name: str, *arguments: str, url: str) -> None:
    """Run one of PostgreSQL's programs on the database, without showing the password to others."""
    programs = find_programs(account=None, shelter=Path())
    try:
        done = subprocess.run(
            [programs.command(name), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env=_environment(url),
            timeout=_HOURS,
            check=False,
        )
    except subprocess.TimeoutExpired as fault:
        raise BackupFailed(f"{name}: {fault}") from fault
    if done.returncode:
        words = done.stderr.decode(errors="replace").strip().splitlines()
        raise BackupFailed(words[0] if words else f"{name}: {done.returncode}")


def _environment(url: str) -> Mapping[str, str]:
    known = {name: str(value) for name, value in conninfo_to_dict(url).items() if value is not None}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    kept |= {variable: known[name] for name, variable in _VARIABLES.items() if name in known}
    with suppress(KeyError):
        kept["PGPASSWORD"] = known["password"]
    if "sslmode" in known:
        kept["PGSSLMODE"] = known["sslmode"]
    return kept | {"LC_ALL": "C", "PGCLIENTENCODING": "UTF8"}
