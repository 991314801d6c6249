"""A citizen's report: likeness of meanings that is not a straight line, by way of landmarks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

MOST_LANDMARKS = 512
TEXTS_A_LANDMARK = 2
ROUNDS = 6
REACH = 0.5
LEAST_POWER = 1e-6


@dataclass(frozen=True)
class Landmarks:
    """
    Middles of texts of near meaning, and how near to them a vector must be to be like them.

    The Gaussian likeness of any two vectors is nearly the product of their `nearness` rows after
    `root` (Williams and Seeger, "Using the Nyström method to speed up kernel machines", 2001). A
    model that keeps middles instead of the texts' own vectors is small and tells of nobody.
    """

    middles: Floats
    steepness: float
    root: Floats

    def rows(self, vectors: Floats) -> Floats:
        """One row each, whose products with each other are likenesses, 1 with itself at most."""
        return np.asarray(nearness(vectors, self.middles, self.steepness) @ self.root)


def nearness(vectors: npt.ArrayLike, middles: npt.ArrayLike, steepness: float) -> Floats:
    """How near each vector is to each middle: 1 at it, falling as a Gaussian."""
    ours, theirs = np.asarray(vectors, np.float32), np.asarray(middles, np.float32)
    squares = (ours**2).sum(axis=1)[:, None] + (theirs**2).sum(axis=1)[None]
    away = np.maximum(squares - 2 * (ours @ theirs.T), 0)
    return np.asarray(np.exp(-steepness * away), dtype=np.float64)


def landmarks_of(vectors: Floats) -> Landmarks:
    """Half as many middles as vectors, 512 at most; the reach follows how far vectors spread."""
    spread = float(((vectors - vectors.mean(axis=0)) ** 2).sum(axis=1).mean())
    steepness = REACH / max(spread, 1e-6)
    count = min(MOST_LANDMARKS, max(1, len(vectors) // TEXTS_A_LANDMARK))
    middles = _middles(vectors, count)
    power, turn = np.linalg.eigh(nearness(middles, middles, steepness))
    root = turn / np.sqrt(np.maximum(power, LEAST_POWER * power.max()))
    return Landmarks(middles, steepness, root)


def _middles(vectors: Floats, count: int) -> Floats:
    """A few rounds of k-means from vectors drawn with a fixed seed."""
    chosen = np.random.default_rng(0).choice(len(vectors), count, replace=False)
    middles = vectors[chosen]
    for _ in range(ROUNDS):
        nearest = ((middles**2).sum(axis=1) - 2 * vectors @ middles.T).argmin(axis=1)
        sums = np.zeros_like(middles)
        np.add.at(sums, nearest, vectors)
        sizes = np.bincount(nearest, minlength=count)[:, None]
        middles = np.where(sizes > 0, sums / np.maximum(sizes, 1), middles)
    return np.asarray(middles)
