"""Every search: large arrays that an encoder needs, in files that all processes share."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy.typing as npt

from novator.text.index import (
    CHECKED_WHOLE_BELOW,
    IndexDamaged,
    IndexMissing,
    Snapshot,
    check_snapshot,
    open_snapshot,
    write_snapshot,
)
from novator.text.rows import RowsInFile

Array = npt.NDArray[Any]

_ARRAY = "array"


def kept_array(folder: Path | None, name: str, make: Callable[[], Array]) -> Array:
    """
    What `make` gives, mapped from a snapshot in the folder, or put there now.

    The folder holds nothing else and only what was kept last. What lies there under another name,
    or damaged, is made anew. Without a folder, or where it cannot be written, the array is held in
    memory.
    """
    snapshot = _kept(folder, name, make)
    return snapshot.arrays[_ARRAY] if isinstance(snapshot, Snapshot) else snapshot


def kept_rows(folder: Path | None, name: str, make: Callable[[], Array]) -> Array | RowsInFile:
    """What `make` gives, as `kept_array` keeps it, but read by rows and never mapped."""
    snapshot = _kept(folder, name, make)
    if isinstance(snapshot, Snapshot):
        return RowsInFile.of_array(snapshot.folder / f"{_ARRAY}.npy")
    return snapshot


def _kept(folder: Path | None, name: str, make: Callable[[], Array]) -> Snapshot | Array:
    if folder is None:
        return make()
    with suppress(IndexMissing, IndexDamaged):
        return _opened(folder, name)
    made = make()
    with suppress(OSError, IndexMissing, IndexDamaged):
        write_snapshot(folder, arrays={_ARRAY: made}, facts={"name": name}, versions=1)
        return _opened(folder, name)
    return made


def _opened(folder: Path, name: str) -> Snapshot:
    snapshot = open_snapshot(folder)
    if snapshot.facts.get("name") != name or _ARRAY not in snapshot.arrays:
        raise IndexMissing(name)
    if snapshot.size >= CHECKED_WHOLE_BELOW:
        check_snapshot(snapshot.folder)
    return snapshot
