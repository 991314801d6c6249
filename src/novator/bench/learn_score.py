"""Bench: by which line a total becomes the chance that a reader calls a card helpful."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from novator.bench.search_questions import rounded_mean
from novator.matching.mixture import logistic
from novator.matching.search import LIKELIEST, WORTH_SHOWING

Floats = npt.NDArray[np.float64]

FOLDS = 5
EDGES = (0.0, 0.1, 0.2, 0.4, 0.6, 0.8, 0.9, 1.0)


@dataclass(frozen=True)
class Judged:
    """The totals of all cards for one question, best first, and which were called helpful."""

    totals: Floats
    helpful: Floats
    fits: float = 1.0


def fit_logistic(
    table: Floats, yes: Floats, *, ridge: float = 1.0, is_balanced: bool = False
) -> Floats:
    """Bias and weights of a ridge logistic regression by Newton; balanced: both classes alike."""
    columns = np.column_stack([np.ones(len(table)), table])
    share = yes.mean()
    row_weights = np.ones(len(yes))
    if is_balanced:
        row_weights = np.where(yes == 1, 0.5 / share, 0.5 / (1 - share))
    penalty = ridge * np.eye(columns.shape[1])
    penalty[0, 0] = 1e-6
    fitted = np.zeros(columns.shape[1])
    for _ in range(40):
        chances = logistic(columns @ fitted)
        slope = columns.T @ (row_weights * (chances - yes)) + penalty @ fitted
        bend = (columns.T * (row_weights * chances * (1 - chances))) @ columns + penalty
        fitted = fitted - np.linalg.solve(bend, slope)
    return np.asarray(fitted)


def score_line(judged: Sequence[Judged]) -> tuple[float, float]:
    """Slope and middle of that line; a card that nobody judged counts as not helpful."""
    totals = np.concatenate([one.totals for one in judged])
    helpful = np.concatenate([one.helpful for one in judged])
    bias, slope = fit_logistic(totals[:, None], helpful).tolist()
    return slope, -bias / slope


def told_of_scores(judged: Sequence[Judged], seed: int) -> dict[str, Any]:
    """How far held-out scores are true, and what showing only those worth it costs and saves."""
    chance = np.random.default_rng(seed)
    fold = chance.permutation(len(judged)) % FOLDS
    scores: list[Floats] = [np.zeros(0)] * len(judged)
    for part in range(FOLDS):
        slope, middle = score_line(
            [one for one, of in zip(judged, fold, strict=True) if of != part]
        )
        for place in np.flatnonzero(fold == part).tolist():
            one = judged[place]
            scores[place] = logistic(slope * (one.totals - middle)) * one.fits
    shown = [int((row >= WORTH_SHOWING).sum()) or LIKELIEST for row in scores]
    held = [one.helpful[:count].sum() for one, count in zip(judged, shown, strict=True)]
    return {
        "helpful_by_score": _helpful_by_score(np.concatenate(scores), judged),
        "shown_at_the_median": int(np.median(shown)),
        "precision_of_shown": round(float(sum(held) / sum(shown)), 4),
        "recall_of_shown": round(float(sum(held) / sum(one.helpful.sum() for one in judged)), 4),
    }


def _helpful_by_score(scores: Floats, judged: Sequence[Judged]) -> dict[str, Any]:
    helpful = np.concatenate([one.helpful for one in judged])
    told = {}
    for low, high in pairwise(EDGES):
        within = (scores >= low) & (scores < high)
        told[f"{low}-{high}"] = {
            "cards": int(within.sum()),
            "mean_score": rounded_mean(scores[within]),
            "helpful": rounded_mean(helpful[within]),
        }
    return told
