"""Matching: every card of the index against one question; exact below 10^5, no database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from novator.matching.catalogue import PracticeIndex
from novator.matching.mixture import (
    Numbers,
    Places,
    Weights,
    lexical_part,
    lexical_share,
    meaning,
    mixed,
    standardised,
)
from novator.matching.nearness import nearest, passages_of, reference_cards
from novator.matching.question import Question, question_stems
from novator.matching.usual import script_of
from novator.text.encoders import Matrix
from novator.text.tables import Postings, Vectors, term_weights
from novator.text.thesaurus import Thesaurus
from novator.text.words import CYRILLIC, LATIN, ngrams

COMPARED = 2_000
RERANKED = 300

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Passages:
    """Passages that were compared, by their ascending places, and what each encoder gave them."""

    places: Places
    parts: tuple[Numbers, ...]

    def of(self, first: int, end: int) -> list[Numbers]:
        """What each encoder gave the passages from one place to another, all on one scale."""
        start, stop = np.searchsorted(self.places, (first, end))
        return [values[start:stop] for values in self.parts]


@dataclass(frozen=True)
class Ranking:
    """
    What every card got. `places` are the cards that were compared in full, best first.

    `close` is closeness in meaning; `asked` is what formulations alone say, of the cards and of
    the known questions without an answer (`open_asked`) on one scale; `words_share` says how far
    words counted; `near` is how near the question lies to the catalogue, for each encoder.
    """

    places: Places
    total: Numbers
    close: Numbers
    asked: Numbers
    stems: Numbers
    words_share: float
    passages: Passages
    open_asked: Numbers
    near: tuple[float, ...]


def rank(
    question: Question,
    index: PracticeIndex,
    allowed: Mask,
    *,
    weights: Weights,
    thesaurus: Thesaurus | None = None,
) -> Ranking:
    """Order the allowed cards by the mixture; ties by place, which is the order of slugs."""
    vectors_of = index.begin_vectors([question.core])
    lexical, lexical_asked, stem_scores = _lexical(question, index, weights, thesaurus)
    share = lexical_share(question.scripts, index.scripts, weights.script_share)
    lexical = mixed(_across_scripts(question, index, weights) * (1 - share), lexical, words=share)
    script = script_of(question.core)
    vectors = index.set_apart(vectors_of(), script)
    cards, basis = _cards_to_read(index, allowed, vectors, lexical, weights)
    close, asked, passages, near = _closeness(index, cards, basis, vectors, script, weights)
    read = len(cards)
    total = np.full(index.cards, -np.inf)
    total[cards] = close[:read] + lexical[cards]
    total[~allowed] = -np.inf
    order = cards[np.argsort(-total[cards], kind="stable")]
    by_words = share * weights.asked_words / max(weights.asked, 1e-9) * lexical_asked
    return Ranking(
        places=order[: int(np.isfinite(total[cards]).sum())],
        total=total,
        close=_spread(close[:read], cards, index.cards),
        asked=_spread(asked[:read] + by_words[cards], cards, index.cards),
        stems=stem_scores,
        words_share=share,
        passages=passages,
        open_asked=asked[read:] + by_words[index.cards :],
        near=near,
    )


def narrowed(ranking: Ranking, allowed: Mask) -> Ranking:
    """The same ranking of the allowed cards alone, where every card was compared in full."""
    return replace(
        ranking,
        places=ranking.places[allowed[ranking.places]],
        total=np.where(allowed, ranking.total, -np.inf),
    )


def _spread(values: Numbers, cards: Places, size: int) -> Numbers:
    whole = np.full(size, -np.inf)
    whole[cards] = values
    return whole


def _lexical(
    question: Question, index: PracticeIndex, weights: Weights, thesaurus: Thesaurus | None
) -> tuple[Numbers, Numbers, Numbers]:
    """Lexical part of the cards, that of formulations alone, and the plain score of stems."""
    asked = question_stems(question)
    terms = term_weights(asked)
    for term, share in (thesaurus.expansions(asked) if thesaurus else {}).items():
        terms[term] = share * weights.expansion
    pieces = term_weights(ngrams(question.core))
    kind = np.float32 if index.sketches else np.float64
    own = [_scores(index.card_stems, terms, kind), _scores(index.card_ngrams, pieces, kind)]
    formulated = [
        _scores(index.asked_stems, terms, kind),
        _scores(index.asked_ngrams, pieces, kind),
    ]
    part, plain = lexical_part(own, formulated, index.has_asked, weights=weights)
    return part, plain, own[0] + formulated[0][: index.cards]


def _across_scripts(question: Question, index: PracticeIndex, weights: Weights) -> Numbers:
    """
    What words tell where the scripts differ; 0 where they agree.

    Names, borrowed words and numbers by their sound, others by their meaning.
    """
    if CYRILLIC.search(question.core) or not LATIN.search(question.core):
        return np.zeros(index.cards)
    terms = index.heard.meant_by(question.core)
    if index.meant is None:
        return weights.heard * _scores(index.card_stems, terms, np.float64)
    for term, surely in index.meant.meant_by(question.core).items():
        terms[term] = max(terms.get(term, 0.0), surely)
    return weights.meant * standardised(_scores(index.card_stems, terms, np.float64))


def _scores(table: Postings, terms: Mapping[str, float], kind: type[np.floating]) -> Numbers:
    return table.scores(terms).astype(kind, copy=False)


def _cards_to_read(
    index: PracticeIndex,
    allowed: Mask,
    vectors: list[Matrix],
    lexical: Numbers,
    weights: Weights,
) -> tuple[Places, Mask]:
    """Cards whose passages are compared, and which of them show the scale of similarities."""
    if not index.sketches:
        return np.arange(index.cards), np.ones(index.cards, dtype=np.bool_)
    best = _nearest_cards(index, allowed, vectors, lexical, weights)
    sample = reference_cards(index.cards)
    cards = np.union1d(best, sample)
    return cards, np.isin(cards, sample)


def _nearest_cards(
    index: PracticeIndex,
    allowed: Mask,
    vectors: list[Matrix],
    lexical: Numbers,
    weights: Weights,
) -> Places:
    """The few hundred allowed cards whose means are nearest: by the sketch, then by themselves."""
    whole = (weights.text + weights.asked) / len(vectors)
    shares = [whole * share for share in weights.shares_of(index.encoder_names)]
    rough, scales = lexical.astype(np.float32), []
    for share, rows, sketch in zip(shares, vectors, index.sketches, strict=True):
        found, middle = sketch.scores(rows[0])
        spread = max(float(found.std()), 1e-9)
        found *= share / spread
        rough += found
        scales.append((middle, share / spread))
    rough[~allowed] = -np.inf
    near = _largest(rough, COMPARED)
    exact = lexical[near]
    tables = zip(vectors, index.card_vectors, scales, strict=True)
    for rows, table, (middle, scale) in tables:
        exact += (table.scores_at(near, rows)[0] - middle) * scale
    exact[~allowed[near]] = -np.inf
    return near[_largest(exact, RERANKED)]


def _largest(values: npt.NDArray[np.floating], count: int) -> Places:
    return np.argpartition(values, max(0, len(values) - count))[-count:]


def _closeness(
    index: PracticeIndex,
    cards: Places,
    basis: Mask,
    vectors: list[Matrix],
    script: int,
    weights: Weights,
) -> tuple[Numbers, Numbers, Passages, tuple[float, ...]]:
    """Closeness of the cards read, then of the open questions, which have formulations only."""
    is_whole = len(cards) == index.cards
    places, owners = (
        (np.arange(len(index.owners)), index.owners)
        if is_whole
        else passages_of(cards, index.starts)
    )
    parts, near = [], []
    known = basis[owners]
    tables = zip(vectors, index.passage_vectors, index.open_vectors, strict=True)
    for encoder, (rows, table, open_table) in enumerate(tables):
        if is_whole:
            found = table.scores(rows)[0]
        else:
            found = _products(table, index.reference_vectors[encoder], places, known, rows)
        similarities = found.astype(np.float64)
        of_open = open_table.scores(rows)[0].astype(np.float64)
        among = similarities[known]
        near.append(nearest(among + index.usual_products[encoder][script]))
        spread = max(float(among.std()), 1e-9) if among.size else 1.0
        middle = float(among.mean()) if among.size else 0.0
        parts.append((np.concatenate([similarities, of_open]) - middle) / spread)
    all_owners = np.concatenate([owners, len(cards) + index.open_owners.astype(np.int64)])
    of_open = np.ones(len(index.open_owners), dtype=np.bool_)
    kinds = (
        np.concatenate([index.is_asked[places], of_open]),
        np.concatenate([index.is_window[places], ~of_open]),
    )
    whole = np.concatenate([basis, np.zeros(len(index.open_keys), dtype=np.bool_)])
    shares = weights.shares_of(index.encoder_names)
    close, asked = meaning(parts, all_owners, kinds, whole, shares=shares, weights=weights)
    read = Passages(places, tuple(values[: len(places)] for values in parts))
    return close, asked, read, tuple(near)


def _products(
    table: Vectors, kept: Vectors, places: Places, known: Mask, rows: Matrix
) -> npt.NDArray[np.float32]:
    """Products of the passages at some places; the known ones lie in memory, in their order."""
    found = np.empty(len(places), dtype=np.float32)
    found[known] = kept.scores(rows)[0]
    found[~known] = table.scores_at(places[~known], rows)[0]
    return found
