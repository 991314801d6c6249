"""A citizen's report: probabilities that mean what they say, and figures that check it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]

BINS = 15
SUREST = 0.70
LEAST_PROBABILITY = 1e-9
COLDEST, HOTTEST = 1e-3, 1e3
GOLDEN = (5**0.5 - 1) / 2


def softmax(scores: Floats) -> Floats:
    """Each row as probabilities that sum to 1; whatever the height of the scores."""
    if not scores.size:
        return scores
    raised = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=-1, keepdims=True))


def log_loss(probabilities: Floats, truth: Places) -> float:
    """Mean surprise at the truth, in nats."""
    told = probabilities[np.arange(len(truth)), truth]
    return float(-np.log(np.maximum(told, LEAST_PROBABILITY)).mean())


def best_sharpness(scores: Floats, truth: Places) -> float:
    """
    The number by which scores are multiplied before `softmax` so that they surprise least.

    One over the temperature of Guo et al., "On calibration of modern neural networks", 2017. Loss
    is convex in it, so that a golden-section search on its logarithm finds the least.
    """
    low, high = np.log(COLDEST), np.log(HOTTEST)

    def loss(at: float) -> float:
        return log_loss(softmax(scores * np.exp(at)), truth)

    for _ in range(40):
        third, fourth = high - GOLDEN * (high - low), low + GOLDEN * (high - low)
        if loss(third) <= loss(fourth):
            high = fourth
        else:
            low = third
    return float(np.exp((low + high) / 2))


def calibration_error(probabilities: Floats, truth: Places, *, bins: int = BINS) -> float:
    """
    Expected calibration error of the top probability in bins of equal width (15 by default).

    The gap between the mean top probability and the share that was right, averaged over the bins
    by how many texts each holds.
    """
    told, is_right = probabilities.max(axis=1), probabilities.argmax(axis=1) == truth
    place = np.minimum((told * bins).astype(np.int64), bins - 1)
    texts = np.bincount(place, minlength=bins)
    gap = np.bincount(place, told, bins) - np.bincount(place, is_right, bins)
    return float(np.abs(gap).sum() / max(texts.sum(), 1))


@dataclass(frozen=True)
class Figures:
    """How well a model does on texts that it has not seen; shares from 0 to 1."""

    accuracy: float
    accuracy_surest_70: float
    macro_f1: float
    ece: float


def figures_of(probabilities: Floats, truth: Places) -> Figures:
    """
    Figures of at least one text.

    The surest 70 % are those with the highest top probability, ties in the order of the texts.
    The F1 is the mean over categories that occur, in truth or as an answer.
    """
    answers = probabilities.argmax(axis=1)
    is_right = answers == truth
    surest = np.argsort(-probabilities.max(axis=1), kind="stable")
    kept = surest[: max(1, round(SUREST * len(truth)))]
    return Figures(
        accuracy=float(is_right.mean()),
        accuracy_surest_70=float(is_right[kept].mean()),
        macro_f1=macro_f1(answers, truth),
        ece=calibration_error(probabilities, truth),
    )


def macro_f1(answers: Places, truth: Places) -> float:
    """Mean over the categories of the harmonic mean of precision and recall."""
    found = []
    for category in np.union1d(answers, truth):
        hits = int(((answers == category) & (truth == category)).sum())
        found.append(2 * hits / int((answers == category).sum() + (truth == category).sum()))
    return float(np.mean(found))


def sure_threshold(
    probabilities: Floats, truth: Places, *, least_right: float, margin: float = 1.0
) -> float:
    """
    The lowest top probability from which on at least `least_right` of the texts are right.

    The share is judged with care: `margin` standard errors are taken off it (Wilson's bound), so
    that a dozen lucky texts do not make a threshold. Above 1, which no text reaches, where none
    will do.
    """
    told = probabilities.max(axis=1)
    order = np.argsort(-told, kind="stable")
    is_right = (probabilities.argmax(axis=1) == truth)[order]
    seen = np.arange(1, len(order) + 1)
    lower = wilson_bound(np.cumsum(is_right) / seen, seen, margin)
    last_of_its_height = np.append(told[order][1:] < told[order][:-1], True)
    fit = np.flatnonzero((lower >= least_right) & last_of_its_height)
    return float(told[order][fit[-1]]) if len(fit) else 1.01


def wilson_bound(share: Floats, seen: Places, margin: float) -> Floats:
    """Lower end of Wilson's interval of a share, `margin` standard errors wide."""
    square = margin**2
    middle = share + square / (2 * seen)
    spread = margin * np.sqrt(share * (1 - share) / seen + square / (4 * seen**2))
    return np.asarray((middle - spread) / (1 + square / seen))
