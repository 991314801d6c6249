"""Every search: rows of a large array, of which a question needs a few, read from its file."""

from __future__ import annotations

import os
import weakref
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt


class RowsInFile:
    """
    Rows of an array in a file, each read when it is asked for.

    A map of the file would soon be resident as a whole, as the system maps the surroundings of
    each page that is touched; so a few hundred of very many rows are read instead. Where the
    system cannot read at a place, they are mapped after all.
    """

    def __init__(
        self, path: Path, *, begins: int, shape: tuple[int, ...], kind: np.dtype[Any]
    ) -> None:
        self.shape, self._kind, self._begins = shape, kind, begins
        self._mapped: npt.NDArray[Any] | None = None
        if not hasattr(os, "preadv"):
            self._mapped = np.memmap(path, dtype=kind, mode="r", offset=begins, shape=shape)
            return
        self._file = os.open(path, os.O_RDONLY)
        weakref.finalize(self, os.close, self._file)

    @classmethod
    def of_array(cls, path: Path) -> RowsInFile:
        """Rows of an array as numpy keeps it."""
        mapped = np.load(path, mmap_mode="r", allow_pickle=False)
        return cls(path, begins=int(mapped.offset), shape=mapped.shape, kind=mapped.dtype)

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, wanted: slice | npt.NDArray[np.int64] | list[int]) -> npt.NDArray[Any]:
        """
        Rows by their numbers, (numbers, …); neighbours are read at once.

        :raises ArithmeticError: the file is shorter than it was
        """
        if self._mapped is not None:
            return np.asarray(self._mapped[wanted])
        runs = self._runs(wanted)
        found = np.empty((sum(map(len, runs)), *self.shape[1:]), dtype=self._kind)
        if not found.size:
            return found
        width = found.strides[0]
        content = found.data.cast("B")
        for run in runs:
            part, content = content[: len(run) * width], content[len(run) * width :]
            if os.preadv(self._file, [part], self._begins + run.start * width) != len(part):
                raise ArithmeticError("the file of the rows is cut")
        return found

    def _runs(self, wanted: slice | npt.NDArray[np.int64] | list[int]) -> list[range]:
        """Rows that lie one behind the other."""
        if isinstance(wanted, slice):
            places = range(*wanted.indices(len(self)))
            return [places] if places.step == 1 else [range(at, at + 1) for at in places]
        numbers = np.asarray(wanted, dtype=np.int64)
        if not numbers.size:
            return []
        cuts = [0, *(np.flatnonzero(np.diff(numbers) != 1) + 1).tolist(), len(numbers)]
        firsts = numbers[cuts[:-1]].tolist()
        lengths = [end - start for start, end in pairwise(cuts)]
        return [range(first, first + length) for first, length in zip(firsts, lengths, strict=True)]
