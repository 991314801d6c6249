"""Bench: Novator's ranking and its peers, each as a function from a question to ids in order."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import bm25s
import numpy as np
import Stemmer
from django.db import connection

from novator.matching.catalogue import PracticeIndex
from novator.matching.fields import SearchCard, VectorsOf
from novator.matching.search import Findings, find
from novator.text.encoders import Encoder
from novator.text.words import CYRILLIC, joined, words

DEPTH = 10
SHOWN = 10

System = Callable[[str], list[str]]


def whole_text(card: SearchCard) -> str:
    """Everything a card says of itself in one text; formulations are Novator's own."""
    return joined(
        [
            part
            for text in card.texts
            for part in (text.title, text.problem, text.solution, ", ".join(text.tags))
        ]
    )


def novator_findings(index: PracticeIndex) -> Callable[[str], Findings]:
    """The product's own search, with the reasons of as many results as a page shows."""

    def search(text: str) -> Findings:
        findings = find(text, index=index, limit=DEPTH)
        for found in findings.results[:SHOWN]:
            _ = found.reasons
        return findings

    return search


def novator_slugs(index: PracticeIndex) -> System:
    """
    The same search, of whose answers nothing but the ids remains, as after a page was sent.

    An answer holds a few numbers for every card until it is forgotten: 4 MB among 100,000.
    """
    search = novator_findings(index)

    def slugs(text: str) -> list[str]:
        return [found.practice_slug for found in search(text).results]

    return slugs


def bm25_snowball(cards: Sequence[SearchCard]) -> System:
    """BM25 of bm25s over Snowball stems of the whole card."""
    stemmers = {True: Stemmer.Stemmer("russian"), False: Stemmer.Stemmer("english")}

    def tokens(text: str) -> list[str]:
        return [str(stemmers[bool(CYRILLIC.search(w))].stemWord(w)) for w in words(text)]

    retriever = bm25s.BM25(k1=1.2, b=0.75)
    retriever.index([tokens(whole_text(card)) or ["-"] for card in cards], show_progress=False)

    def search(text: str) -> list[str]:
        known = [token for token in tokens(text) if token in retriever.vocab_dict]
        if not known:
            return []
        scores = retriever.get_scores(known)
        order = np.argsort(-scores, kind="stable")[:DEPTH]
        return [cards[int(place)].slug for place in order if scores[place] > 0]

    return search


def encoder_alone(cards: Sequence[SearchCard], encoder: Encoder, vectors_of: VectorsOf) -> System:
    """Cosine of one encoder between the question and the whole card, as one would begin."""
    rows = vectors_of([whole_text(card) for card in cards], encoder, "passage")

    def search(text: str) -> list[str]:
        scores = rows @ encoder.encode([text], kind="query")[0]
        return [cards[int(p)].slug for p in np.argsort(-scores, kind="stable")[:DEPTH]]

    return search


def ts_rank_russian(cards: Sequence[SearchCard]) -> System:
    """PostgreSQL's ts_rank with the russian configuration; any word of the question may match."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.bench_cards")
        cursor.execute("CREATE TEMP TABLE bench_cards (id text, words tsvector)")
        cursor.executemany(
            "INSERT INTO bench_cards VALUES (%s, to_tsvector('russian', %s))",
            [(card.slug, whole_text(card).replace("\x00", " ")) for card in cards],
        )
        cursor.execute("CREATE INDEX ON bench_cards USING gin (words)")

    def search(text: str) -> list[str]:
        asked = " or ".join(re.findall(r"\w+", text)) or "-"
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT id FROM bench_cards, websearch_to_tsquery('russian', %s) AS question"
                " WHERE words @@ question ORDER BY ts_rank(words, question) DESC, id LIMIT %s",
                [asked, DEPTH],
            )
            return [str(row[0]) for row in cursor.fetchall()]

    return search
