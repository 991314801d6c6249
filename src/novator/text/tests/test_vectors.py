"""Vectors: computed once, kept by text, kind and encoder; a killed run goes on."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from novator.text import vectors as vectors_module
from novator.text.encoders import Kind, Matrix
from novator.text.models import Vector
from novator.text.testing import WordEncoder
from novator.text.vectors import vectors_for

pytestmark = pytest.mark.django_db


def test_computes_only_what_is_missing() -> None:
    encoder = WordEncoder()
    vectors_for(["яма", "фонарь"], encoder)

    rows = vectors_for(["фонарь", "вода", "фонарь"], encoder)

    assert encoder.encoded == 3
    assert Vector.objects.count() == 3
    assert rows.shape == (3, encoder.dimensions)
    assert np.allclose(rows[0], rows[2])


def test_kinds_and_encoders_are_kept_apart() -> None:
    vectors_for(["яма"], WordEncoder("one-1"))
    vectors_for(["яма"], WordEncoder("two-1"))
    vectors_for(["яма"], WordEncoder("one-1"), kind="query")

    assert Vector.objects.count() == 3


def test_rows_are_those_of_the_encoder() -> None:
    encoder = WordEncoder()

    kept = [vectors_for(["яма на дороге"], encoder) for _ in range(2)]

    assert np.allclose(kept[0], encoder.encode(["яма на дороге"], kind="passage"), atol=2e-3)
    assert np.allclose(kept[0], kept[1])


def test_a_killed_run_goes_on_where_it_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    class Killed(Exception):
        pass

    class Mortal(WordEncoder):
        def encode(self, texts: Sequence[str], *, kind: Kind) -> Matrix:
            if self.encoded >= 4:
                raise Killed
            return super().encode(texts, kind=kind)

    monkeypatch.setattr(vectors_module, "BATCH", 2)
    texts = [f"слово {number}" for number in range(10)]
    with pytest.raises(Killed):
        vectors_for(texts, Mortal())

    survivor = WordEncoder()
    vectors_for(texts, survivor)

    assert survivor.encoded == 6


def test_progress_counts_the_missing() -> None:
    seen: list[tuple[int, int]] = []
    vectors_for(["яма"], WordEncoder())

    vectors_for(
        ["яма", "вода"], WordEncoder(), progress=lambda done, total: seen.append((done, total))
    )

    assert seen == [(1, 1)]


def test_nothing_is_nothing() -> None:
    assert vectors_for([], WordEncoder()).shape == (0, 64)
