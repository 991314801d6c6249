"""A citizen's report: the category model is trained on texts whose category a person said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import ceil

import numpy as np
import numpy.typing as npt
from scipy import sparse

from novator.reports.classifying.calibration import (
    figures_of,
    log_loss,
    softmax,
    sure_threshold,
)
from novator.reports.classifying.features import Weighing, readable, term_counts, weighing_of
from novator.reports.classifying.kernel import ridge
from novator.reports.classifying.landmarks import Landmarks, landmarks_of
from novator.reports.classifying.mixing import learned_weights, mixed
from novator.reports.classifying.model import MEANT_AS, MeaningBlock, Model, TermBlock, meant
from novator.reports.classifying.starting import SURE_AT as SURE_AT_START
from novator.reports.classifying.starting import CategoryText, start_model
from novator.text.encoders import Encoder
from novator.text.words import words

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]

MOST_ROWS = 5_000
LEAST_ROWS = 2
MOST_TERMS = {"words": 40_000, "letters": 60_000}
SHARES = {"words": 0.40, "letters": 0.25, "meaning": 0.35}
STIFFNESSES = (0.1, 0.2, 0.4, 0.8)
SURE_IS_RIGHT = 0.94
SURE_MARGIN = 1.0
LEAST_ROWS_TO_BE_SURE = 100

WEIGHTS_BEFORE = (1.0, 0.0, 0.0)
WEIGHTS_IN_DOUBT = (0.3, 3.0, 0.5)
"""Of the opinions that the start has, that the likeness gives, and that the frequencies are."""


@dataclass(frozen=True)
class LabelledText:
    """A text with the code of the category that a person said."""

    text: str
    code: str


@dataclass(frozen=True)
class _Seen:
    """The texts of the training as rows of terms and of meanings, and how much each part counts."""

    weighings: dict[str, Weighing]
    terms: dict[str, sparse.csr_matrix]
    landmarks: dict[str, Landmarks]
    meanings: dict[str, Floats]
    shares: dict[str, float]

    def likeness(self) -> Floats:
        """Texts by texts; about 1 on the diagonal."""
        parts = [self.shares[k] * (m @ m.T).toarray() for k, m in self.terms.items()]
        parts += [self.shares[k] * (v @ v.T) for k, v in self.meanings.items()]
        return np.asarray(np.sum(parts, axis=0))


def train_model(
    rows: Sequence[LabelledText],
    categories: Sequence[CategoryText],
    encoders: Sequence[Encoder],
) -> Model:
    """
    A model that has learned from labelled texts, and knows the categories' own words besides.

    Where rows are many, the last 5,000 count, but of no category fewer than its share. With fewer
    than two rows it is the model of the start. The order of the rows is that of time.
    """
    known = _with_unnamed(categories, rows)
    start = start_model(known, encoders)
    used = _used(rows)
    if len(used) < LEAST_ROWS:
        return start
    texts = [readable(row.text) for row in used]
    place = {code: column for column, code in enumerate(start.codes)}
    truth = np.array([place[row.code] for row in used])
    return _learned(start, texts, truth, encoders)


def _learned(start: Model, texts: list[str], truth: Places, encoders: Sequence[Encoder]) -> Model:
    counts = np.bincount(truth, minlength=len(start.codes))
    frequency = (counts + 1) / (counts.sum() + len(counts))
    seen = _seen(texts, encoders)
    tries = _tries(seen, start.scores(texts), truth, frequency, _groups(texts))
    best = min(tries, key=lambda one: log_loss(one.left_out, truth))
    learned = _assembled(start, seen, best.shares, best.weights[0])
    figures = figures_of(best.left_out, truth)
    return replace(
        learned,
        bias=best.weights[2] * np.log(frequency),
        sure_at=_sure_at(best.left_out, truth),
        facts={
            "rows": len(texts),
            "stiffness": best.stiffness,
            "weights": [round(weight, 3) for weight in best.weights],
            "left_out": {name: round(value, 4) for name, value in vars(figures).items()},
        },
    )


@dataclass(frozen=True)
class _Try:
    """One stiffness: what each text says, what counts how much, and what left-out texts got."""

    stiffness: float
    shares: Floats
    weights: list[float]
    left_out: Floats


def _tries(
    seen: _Seen, started: Floats, truth: Places, frequency: Floats, groups: Places
) -> Iterator[_Try]:
    wanted = np.eye(len(frequency))[truth] - frequency
    likeness = seen.likeness()
    frequencies = np.tile(np.log(frequency), (len(truth), 1))
    for stiffness in STIFFNESSES:
        fit = ridge(likeness, wanted, groups, stiffness=stiffness)
        opinions = [started, fit.left_out, frequencies]
        weights = learned_weights(opinions, truth, before=WEIGHTS_BEFORE, doubts=WEIGHTS_IN_DOUBT)
        left_out = softmax(mixed(opinions, weights))
        yield _Try(stiffness, fit.shares * weights[1], weights, left_out)


def _assembled(start: Model, seen: _Seen, shares: Floats, weight_of_start: float) -> Model:
    """The start and what the texts taught, as one sum: each term and direction with its say."""
    terms = [replace(b, weights=b.weights * np.float32(weight_of_start)) for b in start.terms]
    meanings = [replace(b, weights=b.weights * np.float32(weight_of_start)) for b in start.meanings]
    for kind, matrix in seen.terms.items():
        learned = (matrix.T @ shares) * seen.shares[kind]
        terms.append(TermBlock(seen.weighings[kind], learned.astype(np.float32)))
    for name, rows in seen.meanings.items():
        marks = seen.landmarks[name]
        learned = marks.root @ (rows.T @ shares) * seen.shares[name]
        middles, weights = marks.middles.astype(np.float32), learned.astype(np.float32)
        meanings.append(MeaningBlock(name, middles, marks.steepness, weights))
    return replace(start, terms=tuple(terms), meanings=tuple(meanings))


def _seen(texts: list[str], encoders: Sequence[Encoder]) -> _Seen:
    """Read the texts; several encoders share the part of the meaning."""
    weighings = {kind: weighing_of(kind, texts, most=most) for kind, most in MOST_TERMS.items()}
    landmarks, meanings = {}, {}
    for encoder in encoders:
        vectors = encoder.encode([meant(text) for text in texts], kind=MEANT_AS)
        landmarks[encoder.name] = landmarks_of(vectors.astype(np.float64))
        meanings[encoder.name] = landmarks[encoder.name].rows(vectors.astype(np.float64))
    shares = {kind: SHARES[kind] for kind in weighings}
    shares |= {encoder.name: SHARES["meaning"] / len(encoders) for encoder in encoders}
    whole = sum(shares.values())
    return _Seen(
        weighings,
        {kind: _matrix(weighing, texts) for kind, weighing in weighings.items()},
        landmarks,
        meanings,
        {name: share / whole for name, share in shares.items()},
    )


def _matrix(weighing: Weighing, texts: Sequence[str]) -> sparse.csr_matrix:
    """One row a text."""
    rows = [weighing.row(term_counts(weighing.kind, text)) for text in texts]
    ends = np.cumsum([0, *(len(places) for places, _ in rows)])
    places = np.concatenate([np.zeros(0, np.int64), *(places for places, _ in rows)])
    values = np.concatenate([np.zeros(0), *(values for _, values in rows)])
    return sparse.csr_matrix((values, places, ends), shape=(len(texts), len(weighing.columns)))


def _groups(texts: Sequence[str]) -> Places:
    """One number for texts of the same words, so that none is judged by its own copy."""
    numbers: dict[str, int] = {}
    return np.array([numbers.setdefault(" ".join(words(t)), len(numbers)) for t in texts])


def _used(rows: Sequence[LabelledText]) -> list[LabelledText]:
    """Rows with a word in them, in their order; the last of each category if there are too many."""
    worded = [row for row in rows if words(readable(row.text))]
    if len(worded) <= MOST_ROWS:
        return worded
    counts = Counter(row.code for row in worded)
    kept = {code: ceil(count * MOST_ROWS / len(worded)) for code, count in counts.items()}
    chosen = []
    for row in reversed(worded):
        if kept[row.code] > 0:
            kept[row.code] -= 1
            chosen.append(row)
    return chosen[::-1]


def _with_unnamed(
    categories: Sequence[CategoryText], rows: Sequence[LabelledText]
) -> list[CategoryText]:
    """The categories, and those that only the rows know, which are called by their code."""
    named = {category.code for category in categories}
    unnamed = dict.fromkeys(row.code for row in rows if row.code not in named)
    return [*categories, *(CategoryText(code, code) for code in unnamed)]


def _sure_at(left_out: Floats, truth: Places) -> float:
    """From which top probability on at least 94 % of the left-out texts were right, with care."""
    if len(truth) < LEAST_ROWS_TO_BE_SURE:
        return SURE_AT_START
    return sure_threshold(left_out, truth, least_right=SURE_IS_RIGHT, margin=SURE_MARGIN)
