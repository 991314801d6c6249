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
    path = data_dir / "secret_key"
    if key := _read(path):
        return key
    data_dir.mkdir(parents=True, exist_ok=True)
    unfinished = data_dir / f"secret_key.{os.getpid()}"
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
