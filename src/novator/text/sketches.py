"""Every search: short likenesses of vectors, so that of very many only near ones are read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from novator.text.encoders import Matrix
from novator.text.tables import Arrays, Scores, Vectors

DIMENSIONS = 64
SAMPLE = 8_000
SPREADS_KEPT = 4.5
BLOCK_ROWS = 2_048


class Sketch:
    """
    The directions in which the rows of a table differ most, in 8 bits: a few bytes a row.

    What a scan takes is the time to read it, so the nearest of very many rows are sought here and
    compared in full afterwards. Every row is in it: filters lose nothing.
    """

    def __init__(self, arrays: Mapping[str, npt.NDArray[Any]], name: str) -> None:
        self._rows = arrays[f"{name}.rows"]
        self._turn = arrays[f"{name}.turn"]
        self._middle = arrays[f"{name}.middle"]

    @staticmethod
    def to_arrays(name: str, table: Vectors, dimensions: int = DIMENSIONS) -> Arrays:
        """The arrays of which `Sketch(arrays, name)` is made: principal directions of a sample."""
        count = len(table)
        sample = table.at(np.linspace(0, count - 1, min(count, SAMPLE)).astype(np.int64))
        middle = sample.mean(axis=0)
        _values, directions = np.linalg.eigh(np.cov(sample, rowvar=False))
        turn = directions[:, ::-1][:, :dimensions].astype(np.float32)
        steps = np.maximum(((sample - middle) @ turn).std(axis=0) * SPREADS_KEPT / 127, 1e-12)
        rows = np.zeros((count, turn.shape[1]), dtype=np.int8)
        for start in range(0, count, BLOCK_ROWS):
            part = table.at(np.arange(start, min(start + BLOCK_ROWS, count)))
            turned = np.rint((part - middle) @ turn / steps)
            rows[start : start + len(part)] = np.clip(turned, -127, 127)
        return {
            f"{name}.rows": rows,
            f"{name}.turn": (turn * steps).astype(np.float32),
            f"{name}.middle": middle.astype(np.float32),
        }

    def scores(self, question: npt.NDArray[np.float32]) -> tuple[Scores, float]:
        """Nearly the product of every row with a question, less the second: that of the middle."""
        turned = question @ self._turn
        found = np.empty(len(self._rows), dtype=np.float32)
        for place, part in _as_floats(self._rows):
            np.matmul(part, turned, out=found[place : place + len(part)])
        return found, float(question @ self._middle)


def _as_floats(rows: npt.NDArray[np.int8]) -> Iterator[tuple[int, Matrix]]:
    """Blocks of rows in one piece of memory that stays in the processor's cache."""
    block = np.empty((BLOCK_ROWS, rows.shape[1]), dtype=np.float32)
    for start in range(0, len(rows), BLOCK_ROWS):
        part = rows[start : start + BLOCK_ROWS]
        filled = block[: len(part)]
        np.copyto(filled, part)
        yield start, filled
