"""Counts: sparse products count as plain loops do, and BM25 is what another program makes of it."""

from __future__ import annotations

import bm25s
import numpy as np
import pytest

from novator.text.counts import best_match_25, counted, words_counted
from novator.text.words import ngrams, ngrams_of, stems, stems_of

TEXTS = [
    "Ямы на дороге, дорога разбита.",
    "На улице темно: фонари не горят, улица без света.",
    "",
    "Stray dogs near the school; дорога к школе.",
]


@pytest.mark.parametrize("length", [0.3, 0.75])
def test_scores_are_those_of_bm25s(length: float) -> None:
    tokens = [stems(text) for text in TEXTS]
    found = counted(tokens)
    peer = bm25s.BM25(k1=1.2, b=length)
    peer.index(tokens, show_progress=False)

    values = best_match_25(found, length=length)

    for place, term in enumerate(found.terms):
        held = slice(found.table.indptr[place], found.table.indptr[place + 1])
        scores = np.zeros(len(TEXTS))
        scores[found.table.indices[held]] = values[held]
        assert np.allclose(scores, peer.get_scores([term]), atol=1e-6)


def test_words_turn_into_stems_and_pieces_as_texts_do() -> None:
    for terms_of, plain in ((stems_of, stems), (ngrams_of, ngrams)):
        found = words_counted(TEXTS).turned_into(terms_of)

        counts = found.table.toarray()

        for place, text in enumerate(TEXTS):
            told = {t: int(c) for t, c in zip(found.terms, counts[:, place], strict=True) if c}
            assert told == {term: plain(text).count(term) for term in plain(text)}
