"""Reports to problems: those of a group that say the same; pure arithmetic on vectors of texts."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]


def alike(vectors: Matrix, background: Matrix) -> NDArray[np.bool_]:
    """
    Tell which texts of a group belong to the others by meaning.

    :param vectors: unit rows [n, d], one for each text of the group
    :param background: unit rows [m, d] of other texts of the same kind in the city

    A text is left out when it is less like the rest of its group (mean cosine) than texts of its
    kind are to one another at their lower quartile. Fewer than three texts, or fewer than eight to
    compare with, say nothing: all belong.
    """
    if len(vectors) < 3 or len(background) < 8:
        return np.ones(len(vectors), dtype=bool)
    usual = background @ background.T
    quartile = np.quantile(usual[np.triu_indices(len(background), 1)], 0.25)
    return np.asarray(mean_likeness(vectors) >= quartile)


def mean_likeness(vectors: Matrix) -> NDArray[np.float64]:
    """Return the mean cosine of each row to the other rows; zeros for a single one."""
    if len(vectors) < 2:
        return np.zeros(len(vectors))
    total = vectors @ vectors.sum(axis=0)
    own = np.einsum("ij,ij->i", vectors, vectors)
    return np.asarray((total - own) / (len(vectors) - 1), dtype=np.float64)


def most_telling(vectors: Matrix, count: int) -> list[int]:
    """Return the rows nearest to all others, best first: the texts that speak for the group."""
    order = np.argsort(-mean_likeness(vectors), kind="stable")
    return [int(row) for row in order[:count]]
