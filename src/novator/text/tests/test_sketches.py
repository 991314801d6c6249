"""Sketches: near rows stay near, however many there are."""

from __future__ import annotations

import numpy as np
import pytest

from novator.text.sketches import Sketch
from novator.text.tables import Vectors


def table_of(count: int, dimensions: int) -> Vectors:
    """Rows in clusters, as texts of a few hundred matters are."""
    chance = np.random.default_rng(1)
    middles = chance.standard_normal((40, dimensions))
    rows = middles[np.arange(count) % 40] + 0.5 * chance.standard_normal((count, dimensions)) + 1
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return Vectors(Vectors.to_arrays("v", rows.astype(np.float32)), "v")


def test_the_nearest_rows_are_among_the_nearest_of_the_sketch() -> None:
    table = table_of(5_000, 128)
    question = table.at(np.array([7]))[0]

    found, middle = Sketch(Sketch.to_arrays("s", table), "s").scores(question)

    exact = table.scores(question[None])[0]
    best = set(np.argsort(-exact)[:50].tolist())
    assert best <= set(np.argsort(-found)[:500].tolist())
    assert np.corrcoef(found + middle, exact)[0, 1] > 0.9


@pytest.mark.parametrize("count", [2, 3, 70])
def test_few_rows_or_dimensions_are_no_fault(count: int) -> None:
    table = table_of(count, 16)

    found, middle = Sketch(Sketch.to_arrays("s", table), "s").scores(table.at(np.array([0]))[0])

    assert found.shape == (count,)
    assert np.isfinite(found).all()
    assert np.isfinite(middle)
