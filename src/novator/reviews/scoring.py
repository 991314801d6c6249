"""Solutions judged: what several experts say of one card, as figures; no database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, stdev


@dataclass(frozen=True)
class Scored:
    """One expert's scores by criterion, with the weights in force when they were given."""

    scores: Mapping[str, int]
    weights: Mapping[str, int]


@dataclass(frozen=True)
class CriterionResult:
    """
    What the experts gave one criterion.

    `spread` is the sample standard deviation, None below two scores.
    """

    code: str
    number: int
    mean: float
    least: int
    most: int
    spread: float | None


@dataclass(frozen=True)
class Opinion:
    """What the experts say of a card together; `total` is on the scale of the scores."""

    number: int
    total: float
    total_spread: float | None
    by_criterion: tuple[CriterionResult, ...]


def weighted_total(scores: Mapping[str, int], weights: Mapping[str, int]) -> float:
    """
    Mean of the scores by their weights: sum of weight x score over sum of weights.

    :raises ValueError: a criterion has a weight and no score, or all weights are 0
    """
    missing = [code for code in weights if code not in scores]
    if missing or not sum(weights.values()):
        raise ValueError(f"no score for {', '.join(missing)}" if missing else "no weights")
    return sum(weight * scores[code] for code, weight in weights.items()) / sum(weights.values())


def opinion(reviews: Sequence[Scored], codes: Sequence[str]) -> Opinion | None:
    """
    Put reviews together: mean, range and spread of each criterion, mean of the weighted totals.

    None without reviews. A criterion that nobody scored is left out. The order of the reviews
    changes nothing.
    """
    if not reviews:
        return None
    totals = sorted(weighted_total(review.scores, review.weights) for review in reviews)
    given = {
        code: sorted(review.scores[code] for review in reviews if code in review.scores)
        for code in codes
    }
    return Opinion(
        number=len(reviews),
        total=fmean(totals),
        total_spread=_spread(totals),
        by_criterion=tuple(
            CriterionResult(
                code=code,
                number=len(scores),
                mean=fmean(scores),
                least=scores[0],
                most=scores[-1],
                spread=_spread(scores),
            )
            for code, scores in given.items()
            if scores
        ),
    )


def _spread(values: Sequence[float]) -> float | None:
    return stdev(values) if len(values) > 1 else None
