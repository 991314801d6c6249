"""Matching: every card of the index against one question; exact below 10^5, no database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from novator.matching.catalogue import PracticeIndex
from novator.matching.mixture import (
    Numbers,
    Places,
    Weights,
    clause_mean,
    lexical_part,
    lexical_share,
    meaning,
    mixed,
    pooled,
    standardised,
)
from novator.matching.question import Question, question_stems
from novator.text.encoders import Matrix
from novator.text.tables import Postings, term_weights
from novator.text.thesaurus import Thesaurus
from novator.text.words import ngrams

SCANNED_PASSAGES = 40_000
RERANKED = 300
REFERENCE_CARDS = 200

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Ranking:
    """
    What every card got. `places` are the cards that were compared in full, best first.

    `close` is closeness in meaning and `asked` that of a card's formulations alone, by place;
    `words_share` says how far words counted; `open_close` is the closeness of the nearest known
    question without an answer, on the scale of `asked`.
    """

    places: Places
    total: Numbers
    close: Numbers
    asked: Numbers
    stems: Numbers
    words_share: float
    question_vectors: list[Matrix]
    open_place: int | None
    open_close: float


@dataclass(frozen=True)
class _Scale:
    """Mean and spread of one encoder's similarities, for passages given later."""

    mean: float
    spread: float

    def apply(self, values: Numbers) -> Numbers:
        return (values - self.mean) / max(self.spread, 1e-9)


def rank(
    question: Question,
    index: PracticeIndex,
    allowed: Mask,
    *,
    weights: Weights,
    thesaurus: Thesaurus | None = None,
) -> Ranking:
    """Order the allowed cards by the mixture; ties by place, which is the order of slugs."""
    lexical, stem_scores = _lexical(question, index, weights, thesaurus)
    share = lexical_share(question.scripts, index.scripts, weights.script_share)
    vectors = index.question_vectors(question.encoded)
    cards, basis = _cards_to_read(index, allowed, vectors, lexical * share, weights)
    close, asked, scales = _closeness(index, cards, basis, vectors, weights)
    total = np.full(index.cards, -np.inf)
    total[cards] = mixed(close, lexical[cards], words=share)
    total[~allowed] = -np.inf
    order = np.argsort(-total, kind="stable")
    open_place, open_close = _nearest_open(index, vectors, scales, weights)
    return Ranking(
        places=order[: int(np.isfinite(total).sum())],
        total=total,
        close=_spread(close, cards, index.cards),
        asked=_spread(asked, cards, index.cards),
        stems=stem_scores,
        words_share=share,
        question_vectors=vectors,
        open_place=open_place,
        open_close=open_close,
    )


def _spread(values: Numbers, cards: Places, size: int) -> Numbers:
    whole = np.full(size, -np.inf)
    whole[cards] = values
    return whole


def _lexical(
    question: Question, index: PracticeIndex, weights: Weights, thesaurus: Thesaurus | None
) -> tuple[Numbers, Numbers]:
    """The lexical part of the mixture, and plainly how many of the question's words are held."""
    asked = question_stems(question)
    plain = term_weights(asked)
    terms = dict(plain)
    for term, share in (thesaurus.expansions(asked) if thesaurus else {}).items():
        terms[term] = share * weights.expansion
    pieces = term_weights(ngrams(question.core))
    own = [_scores(index.card_stems, terms), _scores(index.card_ngrams, pieces)]
    formulated = [_scores(index.asked_stems, terms), _scores(index.asked_ngrams, pieces)]
    part = lexical_part(own, formulated, index.has_asked, weights=weights)
    return part, own[0] + formulated[0]


def _scores(table: Postings, terms: Mapping[str, float]) -> Numbers:
    return table.scores(terms).astype(np.float64)


def _cards_to_read(
    index: PracticeIndex,
    allowed: Mask,
    vectors: list[Matrix],
    lexical: Numbers,
    weights: Weights,
) -> tuple[Places, Mask]:
    """Cards whose passages are compared, and which of them show the scale of similarities."""
    if len(index.owners) <= SCANNED_PASSAGES:
        return np.arange(index.cards), np.ones(index.cards, dtype=np.bool_)
    rough = np.zeros(index.cards)
    for rows, table in zip(vectors, index.card_vectors, strict=True):
        rough += standardised(table.scores(rows[:1])[0].astype(np.float64))
    rough = rough / len(vectors) * (weights.text + weights.asked) + lexical
    rough[~allowed] = -np.inf
    best = np.argpartition(-rough, min(RERANKED, index.cards - 1))[:RERANKED]
    sample = np.arange(0, index.cards, max(1, index.cards // REFERENCE_CARDS))
    cards = np.union1d(best, sample)
    return cards, np.isin(cards, sample)


def _closeness(
    index: PracticeIndex, cards: Places, basis: Mask, vectors: list[Matrix], weights: Weights
) -> tuple[Numbers, Numbers, list[_Scale]]:
    places, owners = _passages_of(index, cards)
    is_asked = index.is_asked[places]
    is_whole = len(places) == len(index.owners)
    parts, scales = [], []
    for rows, table in zip(vectors, index.passage_vectors, strict=True):
        found = table.scores(rows) if is_whole else table.scores_at(places, rows)
        similarities = clause_mean(found.astype(np.float64), weights.clauses)
        among = similarities[basis[owners]]
        scale = _Scale(float(among.mean()), float(among.std())) if among.size else _Scale(0, 1)
        parts.append(scale.apply(similarities))
        scales.append(scale)
    close, asked = meaning(parts, owners, is_asked, basis, weights=weights)
    return close, asked, scales


def _passages_of(index: PracticeIndex, cards: Places) -> tuple[Places, Places]:
    """Places of the passages of some cards, and to which of these cards each belongs."""
    if len(cards) == index.cards:
        return np.arange(len(index.owners)), index.owners
    lengths = (index.starts[cards + 1] - index.starts[cards]).astype(np.int64)
    owners = np.repeat(np.arange(len(cards)), lengths)
    offsets = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    return np.repeat(index.starts[cards], lengths) + offsets, owners


def _nearest_open(
    index: PracticeIndex, vectors: list[Matrix], scales: list[_Scale], weights: Weights
) -> tuple[int | None, float]:
    if not index.open_keys:
        return None, -np.inf
    total = np.zeros(len(index.open_keys))
    for rows, table, scale in zip(vectors, index.open_vectors, scales, strict=True):
        found = clause_mean(table.scores(rows).astype(np.float64), weights.clauses)
        total += pooled(
            scale.apply(found),
            index.open_owners.astype(np.int64),
            len(total),
            temperature=weights.temperature,
        )
    best = int(np.nanargmax(total))
    return best, float(total[best] / max(len(vectors), 1))
