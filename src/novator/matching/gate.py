"""Matching: whether any card answers the question at all, and what it is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from novator.matching.catalogue import PracticeIndex
from novator.matching.mixture import Places, Weights, logistic
from novator.matching.nearness import on_scale
from novator.matching.question import Question, question_stems
from novator.matching.ranking import Ranking
from novator.text.words import CYRILLIC

VOTERS = 8
LEAST_TOPIC_SHARE = 0.45
FARTHEST = 8.0
LEAST_FORMULATED = 0.5
SHORT = 3
NEAR_COUNTS = 3.0
LEAST_RESEMBLANCE = 0.0
OPEN_SIGNS = ("open_nearer", "open_nearer_if_short")
SIGNS = ("close", "near", "covered", "is_short", "covered_if_short", *OPEN_SIGNS)


@dataclass(frozen=True)
class Verdict:
    """What the gate says of one question."""

    nothing_fits: bool
    probability: float
    topic: str | None
    open_question_key: str | None


def signs(question: Question, ranking: Ranking, index: PracticeIndex) -> dict[str, float]:
    """
    The few numbers by which the gate decides; none where it has nothing to compare with.

    It needs known questions without an answer, and formulations of most of the cards. In a question
    of one to three words these very words tell more, and likeness of wordings less.
    """
    if not ranking.open_asked.size or index.has_asked.mean() < LEAST_FORMULATED:
        return {}
    best = ranking.places[:VOTERS]
    nearer = float(np.nanmax(ranking.open_asked) - np.nanmax(ranking.asked[ranking.places]))
    nearer = min(max(nearer, -FARTHEST), FARTHEST)
    stems = list(dict.fromkeys(question_stems(question)))
    covered = coverage(stems, best, index)
    is_short = float(len(stems) <= SHORT)
    return {
        "close": float(ranking.close[best].max()),
        "near": on_scale(ranking.near, index.near_scales),
        "covered": covered,
        "is_short": is_short,
        "covered_if_short": covered * is_short,
        "open_nearer": nearer,
        "open_nearer_if_short": nearer * is_short,
    }


def coverage(stems: Sequence[str], places: Places, index: PracticeIndex) -> float:
    """
    How much of what the question's stems tell stands in the own words of one of these cards.

    Rare stems tell more; 1 where some card holds them all, 0 where none holds any. Of cards in
    Russian the formulations are all that they say in Latin letters, so there these count as well.
    """
    telling = np.array([index.asked_stems.rarity(stem) for stem in stems])
    if not telling.sum():
        return 0.0
    held = np.array([_held(stem, places, index) for stem in stems])
    return float((telling @ held).max() / telling.sum())


def _held(stem: str, places: Places, index: PracticeIndex) -> npt.NDArray[np.bool_]:
    own = index.card_stems.held_in(stem, places)
    return own if CYRILLIC.search(stem) else own | index.asked_stems.held_in(stem, places)


def verdict_on(
    question: Question, ranking: Ranking, index: PracticeIndex, weights: Weights
) -> Verdict:
    """Weigh the signs by the learned weights; without signs something is taken to fit."""
    if not len(ranking.places):
        return Verdict(True, 1.0, None, None)
    told = signs(question, ranking, index)
    probability = nothing_probability(told, weights.gate) if told else 0.0
    nothing = probability > weights.gate.get("threshold", 1.0)
    key = open_question_like(ranking, index, told) if told else None
    return Verdict(nothing, probability, topic_of(ranking, index), key)


def open_question_like(
    ranking: Ranking, index: PracticeIndex, told: Mapping[str, float]
) -> str | None:
    """
    The known question without an answer that this one resembles; None where it only lies nearest.

    Of the questions that are rightly told that nothing fits 85 % keep the one that lies nearest,
    92 % of the Russian ones; of those that are no city's business 12 %.
    """
    place = int(np.nanargmax(ranking.open_asked))
    likeness = float(ranking.open_asked[place]) + NEAR_COUNTS * told["near"]
    resembles = told["open_nearer"] > 0 and likeness >= LEAST_RESEMBLANCE
    return index.open_keys[place] if resembles else None


def nothing_probability(told: Mapping[str, float], gate: Mapping[str, float]) -> float:
    """How likely it is that no card answers, by a logistic of the signs."""
    if not gate:
        return 0.0
    total = gate["bias"] + sum(gate.get(name, 0.0) * value for name, value in told.items())
    return float(logistic(total))


def topic_of(ranking: Ranking, index: PracticeIndex) -> str | None:
    """The topic that most of the nearest cards share, if they agree enough."""
    best = ranking.places[:VOTERS]
    votes = np.exp(ranking.total[best] - ranking.total[best[0]])
    shares: dict[str, float] = {}
    for place, vote in zip(best.tolist(), votes.tolist(), strict=True):
        if topic := index.facet_of("topic", place):
            shares[topic] = shares.get(topic, 0.0) + vote
    topic, share = max(shares.items(), key=lambda item: item[1], default=(None, 0.0))
    return topic if share >= LEAST_TOPIC_SHARE * float(votes.sum()) else None
