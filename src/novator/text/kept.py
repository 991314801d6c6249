"""Every search: large arrays that an encoder needs, in files that all processes map."""

from __future__ import annotations

import os
import time
import zlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

_UNFINISHED = ".new"
_LONGEST_WRITING = 3_600.0
_CHUNK = 1 << 20


def kept_array(folder: Path | None, name: str, make: Callable[[], Array]) -> Array:
    """
    What `make` gives, from a file of the folder where it lies there whole, or put there now.

    The folder holds nothing else. The name of the file ends with its check sum; one that differs
    is made anew. Without a folder, or where it cannot be written, the array is held in memory.
    """
    if folder is None:
        return make()
    for path in folder.glob(f"{name}-*.npy"):
        with suppress(OSError, ValueError, EOFError):
            return _opened(path)
    made = make()
    with suppress(OSError, ValueError, EOFError):
        return _opened(_written(folder, name, made))
    return made


def _opened(path: Path) -> Array:
    """:raises ValueError: what lies there differs from what was written"""
    if not path.stem.endswith(f"-{_check_sum(path):08x}"):
        raise ValueError(path.name)
    return np.asarray(np.load(path, mmap_mode="r"))


def _check_sum(path: Path) -> int:
    """Read, not mapped: what is never asked for need not be resident."""
    found = 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            found = zlib.crc32(chunk, found)
    return found


def _written(folder: Path, name: str, made: Array) -> Path:
    """
    Where the array lies now, whole or not at all.

    Those of other versions are taken away, and what a killed process has left an hour ago.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=folder, suffix=_UNFINISHED, delete=False) as file:
        try:
            np.save(file, made)
            file.flush()
            os.fsync(file.fileno())
            path = folder / f"{name}-{_check_sum(Path(file.name)):08x}.npy"
            Path(file.name).replace(path)
        except OSError:
            Path(file.name).unlink(missing_ok=True)
            raise
    for other in folder.iterdir():
        is_old = other.suffix == ".npy" and other != path
        if is_old or (other.suffix == _UNFINISHED and _age(other) > _LONGEST_WRITING):
            other.unlink(missing_ok=True)
    return path


def _age(path: Path) -> float:
    return time.time() - path.stat().st_mtime
