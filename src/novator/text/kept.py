"""Every search: large arrays that an encoder needs, in files that all processes share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy.typing as npt

from novator.text.index import (
    CHECKED_WHOLE_BELOW,
    IndexDamaged,
    IndexMissing,
    check_snapshot,
    open_snapshot,
    write_snapshot,
)
from novator.text.rows import RowsInFile

Array = npt.NDArray[Any]

_NAME = "name"


@dataclass(frozen=True)
class Kept:
    """Arrays by their names and plain facts beside them; in a folder, or in memory alone."""

    arrays: Mapping[str, Array]
    facts: Mapping[str, Any] = field(default_factory=dict)
    folder: Path | None = None

    def rows(self, name: str) -> Array | RowsInFile:
        """An array that is read by rows and never mapped, where it lies in a folder."""
        if self.folder is None:
            return self.arrays[name]
        return RowsInFile.of_array(self.folder / f"{name}.npy")


def kept(folder: Path | None, name: str, make: Callable[[], Kept]) -> Kept:
    """
    What `make` gives, mapped from a snapshot in the folder, or put there now.

    The folder holds nothing else and only what was kept last. What lies there under another name,
    or damaged, is made anew. Without a folder, or where it cannot be written, the arrays are held
    in memory.
    """
    if folder is None:
        return make()
    with suppress(IndexMissing, IndexDamaged):
        return _opened(folder, name)
    made = make()
    with suppress(OSError, IndexMissing, IndexDamaged):
        facts = {**made.facts, _NAME: name}
        write_snapshot(folder, arrays=dict(made.arrays), facts=facts, versions=1)
        return _opened(folder, name)
    return made


def _opened(folder: Path, name: str) -> Kept:
    snapshot = open_snapshot(folder)
    if snapshot.facts.get(_NAME) != name:
        raise IndexMissing(name)
    if snapshot.size >= CHECKED_WHOLE_BELOW:
        check_snapshot(snapshot.folder)
    return Kept(snapshot.arrays, snapshot.facts, snapshot.folder)
