"""Before the law's first step: the key that signs cookies, kept in the data folder."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def secret_key(data_dir: Path) -> str:
    """
    Return the data folder's key, whole and readable by its owner only; made if there is none.

    :raises OSError: the folder cannot be written to
    """
    return _kept(data_dir, "secret_key")


def personal_keys(stated: str, data_dir: Path) -> list[str]:
    """
    Return the keys that encrypt contacts, newest first: as stated (comma-separated), else kept.

    New contacts are encrypted by the first, old ones read by any. The last also keys the digests
    by which addresses are found, so a new key is put in front and the last one stays.

    :raises OSError: none is stated and the folder cannot be written to
    """
    keys = [key.strip() for key in stated.split(",") if key.strip()]
    return keys or [_kept(data_dir, "personal_key")]


def _kept(data_dir: Path, name: str) -> str:
    path = data_dir / name
    if key := _read(path):
        return key
    data_dir.mkdir(parents=True, exist_ok=True)
    unfinished = data_dir / f"{name}.{os.getpid()}"
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(50))
    unfinished.replace(path)
    return _read(path)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii").strip()
    except (FileNotFoundError, UnicodeDecodeError):
        return ""
