"""Matching: what of a card is searched, and the arrays an index of cards is made of."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from novator.text.encoders import Encoder, Kind, Matrix
from novator.text.tables import Arrays, Postings, Texts, Vectors
from novator.text.words import joined, ngrams, sentences, share_of_scripts, stems, words

FORMAT = 7
LONGEST_PASSAGE = 1_200
LONGEST_SENTENCES = 24
ASKED_LENGTH = 0.3
ASKED = "asked"
PASSAGE_KINDS = ("whole", "title", "problem", "solution", "tags", "sentence", ASKED)

VectorsOf = Callable[[Sequence[str], Encoder, Kind], Matrix]


@dataclass(frozen=True)
class CardText:
    """What a card says in one language."""

    language: str
    title: str
    problem: str = ""
    solution: str = ""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Facets:
    """What a card can be filtered and ordered by; unknown is None."""

    topic: str = ""
    region: str | None = None
    country: str | None = None
    size_class: str | None = None
    cost_band: int | None = None
    has_numbers: bool = False
    year: int | None = None
    cost_per_inhabitant: float | None = None
    city: str | None = None


@dataclass(frozen=True)
class SearchCard:
    """A card as the index takes it in."""

    slug: str
    texts: tuple[CardText, ...]
    asked_as: tuple[str, ...] = ()
    facets: Facets = Facets()


@dataclass(frozen=True)
class SearchQuestion:
    """A known problem that no card answers, with the ways in which people put it."""

    key: str
    topic: str
    asked_as: tuple[str, ...]


@dataclass(frozen=True)
class Passage:
    """A piece of a card that gets a vector of its own."""

    kind: str
    text: str

    @property
    def encoded_as(self) -> Kind:
        """Formulations are questions; everything else is an answer."""
        return "query" if self.kind == ASKED else "passage"


def passages(card: SearchCard) -> list[Passage]:
    """
    The pieces of a card, each text once: whole, title, problem, solution, tags, sentences, asked.

    A text in a single sentence is one passage, not four. The sentences of a text without the parts
    of a card (an encyclopedia's article) get none: measured, they bring nothing there.
    """
    found: dict[str, Passage] = {}

    def add(kind: str, text: str) -> None:
        clean = " ".join(text.split())[:LONGEST_PASSAGE]
        if clean and clean not in found:
            found[clean] = Passage(kind, clean)

    for text in card.texts:
        add("whole", joined([text.title, text.problem, text.solution]))
        add("title", text.title)
        add("problem", text.problem)
        add("solution", text.solution)
        add("tags", ", ".join(text.tags))
        if text.problem and text.solution:
            for part in (sentences(text.problem) + sentences(text.solution))[:LONGEST_SENTENCES]:
                add("sentence", part)
    for question in card.asked_as:
        add(ASKED, question)
    return list(found.values())


def lexical_text(card: SearchCard) -> str:
    """All words of a card's own texts, for the lexical fields."""
    return joined(
        [
            part
            for text in card.texts
            for part in (text.title, text.problem, text.solution, ", ".join(text.tags))
        ]
    )


def fingerprint(
    cards: Sequence[SearchCard], questions: Sequence[SearchQuestion], encoders: Sequence[Encoder]
) -> str:
    """Digest of everything an index is made of; the same digest needs no new index."""
    digest = hashlib.blake2b(digest_size=16)
    digest.update(f"{FORMAT} {[encoder.name for encoder in encoders]}".encode())
    for item in (*cards, *questions):
        digest.update(repr(item).encode("utf-8", "ignore"))
    return digest.hexdigest()


def index_arrays(
    cards: Sequence[SearchCard],
    questions: Sequence[SearchQuestion],
    encoders: Sequence[Encoder],
    vectors_of: VectorsOf,
) -> tuple[Arrays, dict[str, Any]]:
    """Everything that goes into a snapshot: arrays, and facts that JSON can hold."""
    pieces = [passages(card) for card in cards]
    flat = [piece for card in pieces for piece in card]
    arrays: Arrays = {
        **Texts.to_arrays("slugs", [card.slug for card in cards]),
        **Texts.to_arrays("passages", [piece.text for piece in flat]),
        "passage_kinds": np.array([PASSAGE_KINDS.index(p.kind) for p in flat], dtype=np.int8),
        "passage_starts": np.cumsum([0, *map(len, pieces)], dtype=np.int64),
        **_lexical_arrays(cards, questions),
        **_facet_arrays(cards),
    }
    open_texts = [text for question in questions for text in question.asked_as]
    arrays["open_owners"] = np.repeat(
        np.arange(len(questions)), [len(question.asked_as) for question in questions]
    ).astype(np.int32)
    for place, encoder in enumerate(encoders):
        arrays |= _vector_arrays(place, flat, arrays["passage_starts"], encoder, vectors_of)
        asked = vectors_of(open_texts, encoder, "query")
        arrays |= Vectors.to_arrays(f"open{place}", asked)
    facts = {
        "fingerprint": fingerprint(cards, questions, encoders),
        "encoders": [encoder.name for encoder in encoders],
        "cards": len(cards),
        "open_keys": [question.key for question in questions],
        "open_topics": [question.topic for question in questions],
        "scripts": share_of_scripts(
            " ".join(f"{lexical_text(card)} {joined(card.asked_as)}" for card in cards)
        ),
        **_facet_names(cards),
    }
    return arrays, facts


def _vector_arrays(
    place: int, flat: Sequence[Passage], starts: Any, encoder: Encoder, vectors_of: VectorsOf
) -> Arrays:
    rows = np.zeros((len(flat), encoder.dimensions), dtype=np.float32)
    for kind in ("query", "passage"):
        where = [i for i, piece in enumerate(flat) if piece.encoded_as == kind]
        if where:
            rows[where] = vectors_of([flat[i].text for i in where], encoder, kind)
    means = np.zeros((len(starts) - 1, encoder.dimensions), dtype=np.float32)
    for card in range(len(means)):
        if starts[card + 1] > starts[card]:
            means[card] = rows[starts[card] : starts[card + 1]].mean(axis=0)
    lengths = np.linalg.norm(means, axis=1, keepdims=True)
    return {
        **Vectors.to_arrays(f"passages{place}", rows),
        **Vectors.to_arrays(f"cards{place}", means / np.maximum(lengths, 1e-12)),
    }


def _lexical_arrays(cards: Sequence[SearchCard], questions: Sequence[SearchQuestion]) -> Arrays:
    own = [lexical_text(card) for card in cards]
    asked = [joined(card.asked_as) for card in cards]
    asked += [joined(question.asked_as) for question in questions]
    counts = Counter(word for text in (*own, *asked) for word in set(words(text)))
    vocabulary = sorted(word for word in counts if word.isalpha())
    return {
        **Postings.to_arrays("card_stems", [stems(text) for text in own]),
        **Postings.to_arrays("card_ngrams", [ngrams(text) for text in own]),
        **Postings.to_arrays("asked_stems", [stems(t) for t in asked], length=ASKED_LENGTH),
        **Postings.to_arrays("asked_ngrams", [ngrams(t) for t in asked], length=ASKED_LENGTH),
        **Texts.to_arrays("vocabulary", vocabulary),
        "vocabulary_counts": np.array([counts[word] for word in vocabulary], dtype=np.int32),
    }


def _facet_names(cards: Sequence[SearchCard]) -> dict[str, list[str]]:
    return {
        name: sorted({value for card in cards if (value := getattr(card.facets, name))})
        for name in ("topic", "region", "country", "size_class", "city")
    }


def _facet_arrays(cards: Sequence[SearchCard]) -> Arrays:
    names = _facet_names(cards)
    arrays: Arrays = {}
    for name, values in names.items():
        places = {value: place for place, value in enumerate(values)}
        column = [places.get(getattr(card.facets, name), -1) for card in cards]
        arrays[f"facet_{name}"] = np.array(column, dtype=np.int32)
    facets = [card.facets for card in cards]
    arrays["facet_cost_band"] = np.array([f.cost_band or 0 for f in facets], dtype=np.int8)
    arrays["facet_has_numbers"] = np.array([f.has_numbers for f in facets], dtype=np.bool_)
    arrays["facet_year"] = np.array([f.year or 0 for f in facets], dtype=np.int16)
    arrays["facet_cost"] = np.array(
        [np.nan if f.cost_per_inhabitant is None else f.cost_per_inhabitant for f in facets],
        dtype=np.float64,
    )
    return arrays
