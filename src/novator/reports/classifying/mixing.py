"""A citizen's report: how much each opinion on a category counts, learned from left-out texts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy import optimize

from novator.reports.classifying.calibration import log_loss, softmax

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]

MOST_WEIGHT = 60.0


def mixed(opinions: Sequence[Floats], weights: Sequence[float]) -> Floats:
    """The weighted sum of opinions; each is [texts, codes]."""
    return np.asarray(np.tensordot(np.asarray(weights), np.stack(opinions), axes=1))


def learned_weights(
    opinions: Sequence[Floats], truth: Places, *, before: Sequence[float], doubts: Sequence[float]
) -> list[float]:
    """
    Weights of opinions, none negative, with which the left-out texts surprise least.

    A logarithmic pool of opinions (Genest and Zidek, 1986): it holds the temperature as well.
    `before` are the weights that hold without any text, `doubts` by how much each may be off: with
    few texts the weights stay near those before, with many they follow the texts.
    """
    stacked, expected, off = np.stack(opinions), np.asarray(before), np.asarray(doubts)
    rows = np.arange(len(truth))

    def loss(weights: Floats) -> tuple[float, Floats]:
        told = softmax(np.tensordot(weights, stacked, axes=1))
        away = (weights - expected) / off
        surprise = log_loss(told, truth) * len(truth) + 0.5 * float(away @ away)
        told[rows, truth] -= 1
        return surprise, np.einsum("btc,tc->b", stacked, told) + away / off

    found = optimize.minimize(
        loss,
        expected,
        jac=True,
        method="L-BFGS-B",
        bounds=[(0.0, MOST_WEIGHT)] * len(expected),
    )
    return [float(weight) for weight in found.x]
