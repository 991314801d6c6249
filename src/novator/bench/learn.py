"""Bench: the mixture's weights and the gate, learned from questions with cross-validation."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from django.conf import settings

from novator.bench.learn_score import (
    FOLDS,
    Floats,
    Judged,
    fit_logistic,
    score_line,
    told_of_scores,
)
from novator.bench.search import built_index, stored_vectors
from novator.bench.search_questions import (
    Asked,
    english_questions,
    foreign_questions,
    gain,
    interval,
    own_questions,
    questions_from,
    rounded_mean,
    short_questions,
    unanswered_questions,
)
from novator.matching.cards import cards_for_index, questions_for_index
from novator.matching.catalogue import PracticeIndex
from novator.matching.gate import OPEN_SIGNS, SIGNS, nothing_probability, signs
from novator.matching.mixture import Weights, learned_weights, logistic
from novator.matching.question import Question, question_from
from novator.matching.ranking import Ranking, rank
from novator.text.encoders import encoders_from_setting
from novator.text.thesaurus import starter_thesaurus
from novator.text.vectors import Progress, silent

GRID: dict[str, tuple[float, ...]] = {
    "text": (0.7, 1.0),
    "text_words": (0.15, 0.25),  # less would serve question answering badly
    "asked_words": (0.5, 0.8, 1.1),
    "temperature": (1.0, 1.5),
}
REPEATS = 20
MOST_FALSE_ALARMS = 0.02
LEAST_GAIN = 0.01
"""Sum of nDCG@10 with formulations and without by which another mixture must be better."""


@dataclass(frozen=True)
class Learned:
    """Weights with what they were learned from and how well they do on questions held out."""

    weights: Weights
    report: dict[str, Any]


def learn_weights(
    index: PracticeIndex, bare: PracticeIndex, files: Sequence[Path] = (), seed: int = 0
) -> Learned:
    """
    Choose the mixture on the questions of the files and fit the gate on all questions there are.

    `bare` is the index of the same cards without formulations: the mixture must serve both.
    The optimum is flat, so the shipped mixture stays unless another gains more than chance may.
    Questions that come with the program always take part. Every figure of the report is of
    questions that were held out when the gate, the score and another mixture than the shipped
    one were chosen; the shipped one itself may have been chosen with them, earlier.
    """
    given = [question for file in files for question in questions_from(file)]
    asked = [*given, *own_questions()]
    answered = [question for question in asked if question.relevant]
    grid = [weights_of(item) for item in product(*GRID.values())]
    full, plain = (
        np.array([[_gain(q, one, weights) for q in answered] for weights in grid])
        for one in (index, bare)
    )
    best = grid[_chosen(full + plain, grid)]
    whole = [*asked, *unanswered_questions()]
    groups = {
        "sentences": whole,
        "short": short_questions(),
        "english": english_questions(),
        "no_citys_business": foreign_questions(),
    }
    gate, told = _gate(index, best, groups, seed)
    given_count = len([question for question in given if question.relevant])
    report = {"questions": len(answered), "gate_held_out": told}
    for name, table in (("with_formulations", full), ("without_formulations", plain)):
        held_out = _cross_validated(table, full + plain, grid, seed)
        report[name] = {
            "ndcg@10_held_out": rounded_mean(held_out),
            "ndcg@10_held_out_interval": interval(held_out.tolist()),
            "ndcg@10_held_out_of_files": rounded_mean(held_out[:given_count]),
            "ndcg@10_held_out_of_files_interval": interval(held_out[:given_count].tolist()),
        }
    judged = [_judged(question, index, replace(best, gate=gate)) for question in answered]
    report["score_held_out"] = told_of_scores(judged, seed)
    report["score_held_out_of_files"] = told_of_scores(judged[:given_count], seed)
    return Learned(replace(best, gate=gate, score=score_line(judged)), report)


def learned_on_catalogue(files: Sequence[Path], *, progress: Progress = silent) -> Learned:
    """
    Learn on the catalogue in the database, with its formulations and without them.

    :raises ValueError: a file is not what it should be
    """
    encoders = encoders_from_setting(settings.ENCODERS)
    cards, questions = cards_for_index(), questions_for_index()
    vectors_of = stored_vectors(progress)

    plain = [replace(card, asked_as=()) for card in cards]
    with (
        built_index(cards, questions, encoders, vectors_of) as (index, _),
        built_index(plain, questions, encoders, vectors_of) as (bare, _),
    ):
        return learn_weights(index, bare, files)


def weights_of(values: Sequence[float]) -> Weights:
    """The weights with the values of one point of the grid."""
    chosen: dict[str, Any] = dict(zip(GRID, values, strict=True))
    return Weights(**chosen)


def write_weights(path: Path, learned: Learned, *, command: str) -> None:
    """Write the small file that the program reads its weights from."""
    content = {
        "made_by": command,
        "report": learned.report,
        "weights": _rounded(asdict(learned.weights)),
    }
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", "utf-8")


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_rounded(item) for item in value]
    return round(value, 4) if isinstance(value, float) else value


def _ranking(question: Asked, index: PracticeIndex, weights: Weights) -> tuple[Question, Ranking]:
    everything = np.ones(index.cards, dtype=np.bool_)
    read = question_from(question.text, index.vocabulary)
    return read, rank(read, index, everything, weights=weights, thesaurus=starter_thesaurus())


def _judged(question: Asked, index: PracticeIndex, weights: Weights) -> Judged:
    read, ranking = _ranking(question, index, weights)
    helpful = [float(index.slugs[int(place)] in question.relevant) for place in ranking.places]
    nothing = nothing_probability(signs(read, ranking, index), weights.gate)
    return Judged(ranking.total[ranking.places], np.array(helpful), 1 - nothing)


def _gain(question: Asked, index: PracticeIndex, weights: Weights) -> float:
    places = _ranking(question, index, weights)[1].places[:10]
    return gain([index.slugs[int(place)] for place in places], question.relevant)


def _chosen(guide: Floats, grid: Sequence[Weights]) -> int:
    """Where the best mixture stands in the grid; the shipped one, if it is as good."""
    means = guide.mean(axis=1)
    shipped = [getattr(learned_weights(), name) for name in GRID]
    for place, weights in enumerate(grid):
        if [getattr(weights, name) for name in GRID] == shipped:
            return place if means[place] > means.max() - LEAST_GAIN else int(means.argmax())
    return int(means.argmax())


def _cross_validated(table: Floats, guide: Floats, grid: Sequence[Weights], seed: int) -> Floats:
    """Mean gain of each question with weights chosen by the guide without it, in five parts."""
    chance = np.random.default_rng(seed)
    total = np.zeros(table.shape[1])
    for _ in range(REPEATS):
        fold = chance.permutation(table.shape[1]) % FOLDS
        for part in range(FOLDS):
            chosen = _chosen(guide[:, fold != part], grid)
            total[fold == part] += table[chosen, fold == part]
    return np.asarray(total / REPEATS)


def _gate(
    index: PracticeIndex, weights: Weights, groups: Mapping[str, Sequence[Asked]], seed: int
) -> tuple[dict[str, float], dict[str, Any]]:
    """The gate of all questions, with the threshold that few of the answered ones pass."""
    asked = [(name, question) for name, group in groups.items() for question in group]
    rows = [signs(*_ranking(question, index, weights), index) for _name, question in asked]
    nothing = np.array([float(not question.relevant) for _name, question in asked])
    names = np.array([name for name, _question in asked])
    closed = tuple(name for name in SIGNS if name not in OPEN_SIGNS)
    told: dict[str, Any] = {}
    gate: dict[str, float] = {}
    for name, columns in (("without_open_questions", closed), ("whole", SIGNS)):
        table = np.array([[row[column] for column in columns] for row in rows])
        chances = _held_out_chances(table, nothing, seed)
        answered = chances[nothing == 0]
        threshold = float(np.quantile(answered, 1 - MOST_FALSE_ALARMS))
        fitted = fit_logistic(table, nothing, is_balanced=True)
        gate = dict(zip(("bias", *columns), fitted.tolist(), strict=True))
        gate["threshold"] = threshold
        said = chances > threshold
        told[name] = {
            group: _told(said[names == group], nothing[names == group]) for group in groups
        }
    return gate, told


def _told(said: npt.NDArray[np.bool_], nothing: Floats) -> dict[str, Any]:
    right = said[nothing == 1].astype(float)
    wrong = said[nothing == 0].astype(float)
    return {
        "answered": len(wrong),
        "unanswered": len(right),
        "recall": rounded_mean(right),
        "recall_interval": interval(right.tolist()),
        "false_alarms": rounded_mean(wrong),
        "false_alarms_interval": interval(wrong.tolist()),
    }


def _held_out_chances(table: Floats, nothing: Floats, seed: int) -> Floats:
    chance = np.random.default_rng(seed)
    total = np.zeros(len(table))
    for _ in range(REPEATS):
        fold = chance.permutation(len(table)) % FOLDS
        for part in range(FOLDS):
            kept = fold != part
            fitted = fit_logistic(table[kept], nothing[kept], is_balanced=True)
            total[fold == part] += logistic(fitted[0] + table[fold == part] @ fitted[1:])
    return total / REPEATS
