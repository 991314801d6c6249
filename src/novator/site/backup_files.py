"""
Beside the law: the attached files in a backup, each checked by its digest when it comes back.
"""

import hashlib
import re
import shutil
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from novator.site.language import gettext as _

DATABASE = "database"
END = "end"
"""Last in the archive, and empty: a torn file is known by its absence."""
_FILE = re.compile(r"files/[0-9a-f]{2}/[0-9a-f]{2}/([0-9a-f]{64})")
_OLDER = b"PGDMP"
_PIECE = 1 << 18


class BackupFailed(Exception):
    """The file was not written, or the database was left as it was; the message says why."""


def add_files(archive: tarfile.TarFile, *, data_dir: Path) -> None:
    """Add every attached file; one that is removed in this moment is left out."""
    for path in sorted((data_dir / "files").glob("??/??/*")):
        try:
            archive.add(path, path.relative_to(data_dir).as_posix(), recursive=False)
        except FileNotFoundError:
            continue


@contextmanager
def opened_backup(file: Path, dump: Path) -> Iterator[tarfile.TarFile | None]:
    """
    Unpack the database of a backup; yield the archive, None for one of before there were files.

    :raises BackupFailed: the file is no whole backup
    """
    with file.open("rb") as begun:
        is_older = begun.read(len(_OLDER)) == _OLDER
    if is_older:
        shutil.copyfile(file, dump)
        yield None
        return
    try:
        with tarfile.open(file, "r:") as archive:
            archive.getmember(END)
            database = archive.extractfile(DATABASE)
            if database is None:
                raise BackupFailed(_not_whole(file))
            with database, dump.open("xb") as target:
                shutil.copyfileobj(database, target, _PIECE)
            yield archive
    except (tarfile.TarError, KeyError, EOFError) as fault:
        raise BackupFailed(_not_whole(file)) from fault


def put_files_back(archive: tarfile.TarFile, *, data_dir: Path) -> None:
    """
    Put every attached file of a backup in its place; each appears only when it is whole.

    :raises BackupFailed: one is not what its name says
    """
    for member in archive:
        known = _FILE.fullmatch(member.name)
        source = archive.extractfile(member) if known and member.isfile() else None
        if known is None or source is None:
            continue
        target = data_dir / "files" / known[1][:2] / known[1][2:4] / known[1]
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        unfinished = target.with_name(f"{known[1]}.unfinished")
        try:
            with source, unfinished.open("wb") as file:
                unfinished.chmod(0o600)
                if _copied(source, file) != known[1]:
                    raise BackupFailed(_not_whole(Path(str(archive.name))))
            unfinished.replace(target)
        finally:
            unfinished.unlink(missing_ok=True)


def _copied(source: IO[bytes], target: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while piece := source.read(_PIECE):
        digest.update(piece)
        target.write(piece)
    return digest.hexdigest()


def _not_whole(file: Path) -> str:
    return _("%(file)s is no whole backup.") % {"file": file}
