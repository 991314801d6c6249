"""How near a question lies to the catalogue: the nearest few in a thousand, on an own scale."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from novator.matching.nearness import nearest, on_scale, reference_cards, scale_of
from novator.text.tables import Vectors


def test_a_question_like_the_formulations_is_as_near_as_they_are() -> None:
    chance = np.random.default_rng(0)
    rows = chance.normal(size=(1_200, 16)).astype(np.float32) + 1
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    table = Vectors(Vectors.to_arrays("p", rows), "p")
    starts, is_asked = np.arange(0, 1_201, 6), np.tile([False] * 3 + [True] * 3, 200)

    scale = scale_of(table, starts, is_asked)
    asked, foreign = table.scores(np.stack([rows[3], -rows[3]]))

    assert abs(on_scale([nearest(asked)], [scale])) < 4
    assert on_scale([nearest(foreign)], [scale]) < -20


@pytest.mark.parametrize(
    ("cards", "taken"), [(0, 0), (1, 1), (284, 284), (1_000, 200), (10**5, 200)]
)
def test_any_catalogue_is_measured_by_some_hundreds_of_cards(cards: int, taken: int) -> None:
    assert len(reference_cards(cards)) == taken


def test_without_passages_nothing_is_near_and_nothing_fails() -> None:
    none = Vectors(Vectors.to_arrays("p", np.zeros((0, 4), dtype=np.float32)), "p")

    assert nearest(np.zeros(0)) == 0
    assert on_scale([0.0], [scale_of(none, np.zeros(1, dtype=np.int64), np.zeros(0, bool))]) == 0


@given(st.lists(st.floats(-1, 1, width=32), min_size=1, max_size=400))
def test_it_lies_between_the_mean_and_the_largest(values: list[float]) -> None:
    found = np.array(values)

    assert found.mean() - 1e-6 <= nearest(found) <= found.max() + 1e-6
