"""Beside the law: bytes under the folder of files, each under its SHA-256, whole or not there."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from django.conf import settings

_PIECE = 1 << 18


def path_of(digest: str) -> Path:
    """Return where bytes with this digest lie."""
    return Path(settings.FILES_DIR) / digest[:2] / digest[2:4] / digest


def put(source: BinaryIO) -> str:
    """
    Keep bytes so that they outlive a power cut from here on; returns their digest.

    The file appears by a rename, when it is whole and on the disk.
    """
    incoming = Path(settings.FILES_DIR) / "incoming"
    incoming.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = incoming / uuid4().hex
    digest = hashlib.sha256()
    try:
        with unfinished.open("xb") as file:
            unfinished.chmod(0o600)
            source.seek(0)
            while piece := source.read(_PIECE):
                digest.update(piece)
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        target = path_of(digest.hexdigest())
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)
    _settle(target.parent)
    return digest.hexdigest()


def remove(digest: str) -> None:
    """Remove bytes for good, and the folders that are empty then."""
    path = path_of(digest)
    path.unlink(missing_ok=True)
    with suppress(OSError):
        path.parent.rmdir()
        path.parent.parent.rmdir()


def old_digests(*, before: float) -> Iterator[str]:
    """Yield the digests of all files that were put there before a moment (seconds)."""
    for path in Path(settings.FILES_DIR).glob("[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]/*"):
        if path.stat().st_mtime < before:
            yield path.name


def remove_unfinished(*, before: float) -> None:
    """Remove what killed uploads left half-written."""
    for path in (Path(settings.FILES_DIR) / "incoming").glob("*"):
        if path.stat().st_mtime < before:
            path.unlink(missing_ok=True)


def _settle(folder: Path) -> None:
    """Have the names on the disk too; where folders cannot be opened (Windows) nothing is to do."""
    if os.name != "posix":
        return
    for each in (folder, folder.parent, folder.parent.parent):
        handle = os.open(each, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
