"""Matching: what a question has in common with every question, which tells nothing of it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from novator.text.encoders import Matrix
from novator.text.words import CYRILLIC

LEAST_USUAL = 50
_SCRIPTS = 2


def script_of(text: str) -> int:
    """Which row of `usual_questions` a question belongs to: 0 with Cyrillic letters, else 1."""
    return 0 if CYRILLIC.search(text) else 1


def usual_questions(texts: Sequence[str], vectors: Matrix) -> Matrix:
    """
    Mean vector of the questions in Cyrillic, then of the others; 0 where they are too few.

    A question's vector less this mean says what sets it apart. Its products with passages lose
    what they have of any question at all: some passages lie near to every question (hubs, as
    spaces of many dimensions have them), and among many cards these would come first.

    :param vectors: one row a text
    """
    scripts = np.array([script_of(text) for text in texts], dtype=np.int64)
    rows = np.zeros((_SCRIPTS, vectors.shape[1]), dtype=np.float32)
    for script in range(_SCRIPTS):
        if (scripts == script).sum() >= LEAST_USUAL:
            rows[script] = vectors[scripts == script].mean(axis=0)
    return rows
