"""
A citizen's report: weights learned from pairs that people confirmed or refused.

Training only. The choice model of `scoring` is fitted by penalised likelihood; the penalty pulls
towards given weights (stated priors, or those in use), so that few pairs change little.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from novator.reports.likeness.features import NAMES, PLACE_TIME_KIND, WORDS_AND_PHOTOS
from novator.reports.likeness.scoring import Weights

Matrix = NDArray[np.float64]
FOLDS = 5
LEAST_PAIRS = 100
"""Fewer confirmed pairs are not learned from: the gain would be chance."""


@dataclass(frozen=True)
class Choice:
    """
    One report with its candidates: a row of NAMES each (nan where unknown), and which was right.

    `chosen` is None where none of them was. Choices of one `group` (a chain of repeats, one
    report asked twice) stay on one side when data are held back. `weight` counts how many of its
    like it stands for.
    """

    rows: Matrix
    chosen: int | None
    group: int
    weight: float = 1.0


def rows_of(
    features: Sequence[Sequence[float]], compared: Sequence[tuple[float | None, float | None]]
) -> Matrix:
    """Set the features of candidates side by side, in the order of NAMES."""
    unknown = [[np.nan if v is None else v for v in pair] for pair in compared]
    rows = [[*plain, *rest] for plain, rest in zip(features, unknown, strict=True)]
    return np.array(rows, dtype=np.float64).reshape(len(rows), len(NAMES))


def learned(choices: Sequence[Choice], *, prior: Weights, pull: float = 1.0) -> Weights:
    """Return the weights most likely for the choices, pulled towards `prior`."""
    ready = [_without_gaps(choice, prior) for choice in choices]
    centre = prior.sharpness * np.array([prior.values[name] for name in NAMES])
    spread = np.std(np.concatenate([c.rows for c in ready if len(c.rows)]), axis=0) + 1e-9

    def loss(point: Matrix) -> tuple[float, Matrix]:
        total, slope = _minus_log_likelihood(ready, point[:-1], point[-1])
        off = (point[:-1] - centre) * spread
        slope[:-1] += 2 * pull * off * spread
        return total + pull * float(off @ off), slope

    start = np.append(centre, prior.none)
    found: Matrix = minimize(loss, start, jac=True, method="L-BFGS-B").x
    values = {name: float(value) for name, value in zip(NAMES, found[:-1], strict=True)}
    return Weights(values, prior.middle, none=float(found[-1]))


def settled(choices: Sequence[Choice], weights: Weights) -> Weights:
    """Set `none` and `sharpness` alone, so that the probabilities are right for these choices."""
    ready = [_without_gaps(choice, weights) for choice in choices]
    values = np.array([weights.values[name] for name in NAMES])
    scored = [replace(choice, rows=(choice.rows @ values)[:, None]) for choice in ready]

    def loss(point: Matrix) -> tuple[float, Matrix]:
        return _minus_log_likelihood(scored, point[:1], point[1])

    found = minimize(loss, np.array([1.0, 0.0]), jac=True, method="L-BFGS-B").x
    return replace(weights, sharpness=float(found[0]), none=float(found[1]))


def mean_log_likelihood(choices: Sequence[Choice], weights: Weights) -> float:
    """Return how well the weights foretell the choices; nearer to zero is better."""
    ready = [_without_gaps(choice, weights) for choice in choices]
    values = weights.sharpness * np.array([weights.values[name] for name in NAMES])
    total, _slope = _minus_log_likelihood(ready, values, weights.none)
    return -total / sum(choice.weight for choice in choices)


def held_back(
    choices: Sequence[Choice], fit: Callable[[Sequence[Choice]], Weights], *, folds: int = FOLDS
) -> float:
    """Return the mean log-likelihood of choices that the fitted weights had not seen."""
    total = weight = 0.0
    for fold in range(folds):
        kept = [choice for choice in choices if choice.group % folds == fold]
        if kept:
            fitted = fit([choice for choice in choices if choice.group % folds != fold])
            share = sum(choice.weight for choice in kept)
            total += share * mean_log_likelihood(kept, fitted)
            weight += share
    return total / weight


def _without_gaps(choice: Choice, weights: Weights) -> Choice:
    """Where nothing can be compared the middle stands, and likenesses count from there."""
    rows = choice.rows.copy()
    for offset, name in enumerate(WORDS_AND_PHOTOS, start=len(PLACE_TIME_KIND)):
        rows[:, offset] = np.nan_to_num(rows[:, offset] - weights.middle[name], nan=0.0)
    return replace(choice, rows=rows)


def _minus_log_likelihood(
    choices: Sequence[Choice], values: Matrix, none: float
) -> tuple[float, Matrix]:
    """Return the loss and its slope by the values, then by `none`."""
    total = 0.0
    slope = np.zeros(len(values) + 1)
    for choice in choices:
        utilities = np.append(choice.rows @ values, none)
        top = utilities.max()
        parts = np.exp(utilities - top)
        shares = parts / parts.sum()
        right = len(choice.rows) if choice.chosen is None else choice.chosen
        total += choice.weight * (np.log(parts.sum()) + top - utilities[right])
        off = shares.copy()
        off[right] -= 1
        slope[:-1] += choice.weight * (off[:-1] @ choice.rows)
        slope[-1] += choice.weight * off[-1]
    return float(total), slope
