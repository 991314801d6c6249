"""Matching: what of a card is searched, and the arrays an index of cards is made of."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from novator.matching.nearness import scale_of
from novator.matching.usual import usual_questions
from novator.text.counts import Counted, words_counted
from novator.text.encoders import Encoder, Kind, Matrix
from novator.text.meant import MeantWords, likeliest_forms, word_encoder
from novator.text.romanised import sounds_of
from novator.text.sketches import Sketch
from novator.text.tables import Arrays, Postings, Texts, Vectors
from novator.text.words import joined, ngrams_of, sentences, shares_of_scripts, stem, stems_of

FORMAT = 14
LONGEST_PASSAGE = 1_200
LONGEST_SENTENCES = 24
WINDOW = 2
BLOCK_CARDS = 2_000
SCANNED_PASSAGES = 40_000
ASKED_LENGTH = 0.3
ASKED = "asked"
WINDOWED = "window"
PASSAGE_KINDS = ("whole", "title", "problem", "solution", "tags", "sentence", ASKED, WINDOWED)
"""Indexes hold their places: until one is made anew, that of an older version is read."""

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


@dataclass(frozen=True, slots=True)
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

    A text in a single sentence is one passage, not four. A text without the parts of a card (an
    encyclopedia's article) gets windows of two sentences instead of single ones, which say too
    little out of their context.
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
        else:
            for part in _windows(text.problem or text.solution):
                add(WINDOWED, part)
    for question in card.asked_as:
        add(ASKED, question)
    return list(found.values())


def _windows(text: str) -> list[str]:
    """Each two sentences that follow each other; none of a text that has no more."""
    parts = sentences(text)
    starts = range(min(len(parts) - WINDOW + 1, LONGEST_SENTENCES))
    return [" ".join(parts[start : start + WINDOW]) for start in starts] if len(starts) > 1 else []


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
        **_lexical_arrays(cards, questions, encoders, vectors_of),
        **_facet_arrays(cards),
    }
    open_texts = [text for question in questions for text in question.asked_as]
    arrays["open_owners"] = np.repeat(
        np.arange(len(questions)), [len(question.asked_as) for question in questions]
    ).astype(np.int32)
    is_asked = arrays["passage_kinds"] == PASSAGE_KINDS.index(ASKED)
    for place, encoder in enumerate(encoders):
        arrays |= _vector_arrays(place, flat, arrays["passage_starts"], encoder, vectors_of)
        asked = vectors_of(open_texts, encoder, "query")
        arrays |= Vectors.to_arrays(f"open{place}", asked)
        arrays[f"usual{place}"] = usual_questions(open_texts, asked)
        arrays[f"near{place}"] = scale_of(
            Vectors(arrays, f"passages{place}"), arrays["passage_starts"], is_asked
        )
    facts = {
        "fingerprint": fingerprint(cards, questions, encoders),
        "encoders": [encoder.name for encoder in encoders],
        "cards": len(cards),
        "open_keys": [question.key for question in questions],
        "open_topics": [question.topic for question in questions],
        "scripts": shares_of_scripts(
            f"{lexical_text(card)} {joined(card.asked_as)}" for card in cards
        ),
        **_facet_names(cards),
    }
    return arrays, facts


def _vector_arrays(
    place: int, flat: Sequence[Passage], starts: Any, encoder: Encoder, vectors_of: VectorsOf
) -> Arrays:
    """
    Vectors of passages and their mean for each card; made block by block, for their size.

    Above 40,000 passages there is a sketch of the means too, by which a search begins.
    """
    cards = len(starts) - 1
    arrays = Vectors.room(f"passages{place}", len(flat), encoder.dimensions)
    arrays |= Vectors.room(f"cards{place}", cards, encoder.dimensions)
    for first in range(0, cards, BLOCK_CARDS):
        cuts = starts[first : first + BLOCK_CARDS + 1]
        rows = passage_vectors(flat[cuts[0] : cuts[-1]], encoder, vectors_of)
        made = {
            f"passages{place}": (cuts[0], rows),
            f"cards{place}": (first, _means(rows, cuts - cuts[0])),
        }
        for name, (begin, vectors) in made.items():
            for key, part in Vectors.to_arrays(name, vectors).items():
                arrays[key][begin : begin + len(part)] = part
    if len(flat) > SCANNED_PASSAGES:
        arrays |= Sketch.to_arrays(f"sketch{place}", Vectors(arrays, f"cards{place}"))
    return arrays


def _means(rows: Matrix, cuts: Any) -> Matrix:
    """The middle of each card's passages, as a unit row."""
    means = np.zeros((len(cuts) - 1, rows.shape[1]), dtype=np.float32)
    for card in range(len(means)):
        if cuts[card + 1] > cuts[card]:
            means[card] = rows[cuts[card] : cuts[card + 1]].mean(axis=0)
    return np.asarray(means / np.maximum(np.linalg.norm(means, axis=1, keepdims=True), 1e-12))


def passage_vectors(block: Sequence[Passage], encoder: Encoder, vectors_of: VectorsOf) -> Matrix:
    """One row a passage, each encoded as what it is: a question or an answer."""
    rows = np.zeros((len(block), encoder.dimensions), dtype=np.float32)
    for kind in ("query", "passage"):
        where = [i for i, piece in enumerate(block) if piece.encoded_as == kind]
        if where:
            rows[where] = vectors_of([block[i].text for i in where], encoder, kind)
    return rows


def _lexical_arrays(
    cards: Sequence[SearchCard],
    questions: Sequence[SearchQuestion],
    encoders: Sequence[Encoder],
    vectors_of: VectorsOf,
) -> Arrays:
    own = words_counted(lexical_text(card) for card in cards)
    asked_as = [card.asked_as for card in cards] + [item.asked_as for item in questions]
    asked = words_counted(joined(texts) for texts in asked_as)
    arrays = _vocabulary_arrays(own, asked) | _heard_arrays(own)
    arrays |= _meant_arrays(own, encoders, vectors_of)
    for name, counts, options in (("card", own, {}), ("asked", asked, {"length": ASKED_LENGTH})):
        for form, terms_of in (("stems", stems_of), ("ngrams", ngrams_of)):
            pieces = counts.turned_into(terms_of)
            arrays |= Postings.to_arrays(f"{name}_{form}", pieces, **options)
    return arrays


def _vocabulary_arrays(own: Counted, asked: Counted) -> Arrays:
    """Words by which questions are mended, in how many texts each stands, and so its stem."""
    counts: dict[str, int] = {}
    totals: dict[str, int] = {}
    for found in (own, asked):
        for word, held_by in zip(found.terms, found.held_by().tolist(), strict=True):
            if word.isalpha():
                counts[word] = counts.get(word, 0) + held_by
                totals[stem(word)] = totals.get(stem(word), 0) + held_by
    arrays: Arrays = {}
    for name, table in (("vocabulary", counts), ("vocabulary_stems", totals)):
        terms = sorted(table)
        arrays |= Texts.to_arrays(name, terms)
        arrays[f"{name}_counts"] = np.array([table[term] for term in terms], dtype=np.int32)
    return arrays


def _heard_arrays(own: Counted) -> Arrays:
    """How the words of the cards' own texts sound, and the stems that they stand for."""
    pairs = sounds_of(own.terms)
    sounds = Texts.to_arrays("heard_sounds", [sound for sound, _stem in pairs])
    return sounds | Texts.to_arrays("heard_stems", [stem for _sound, stem in pairs])


def _meant_arrays(own: Counted, encoders: Sequence[Encoder], vectors_of: VectorsOf) -> Arrays:
    """The words of the cards' own texts by what they mean, if an encoder knows words."""
    encoder = word_encoder(encoders)
    if encoder is None:
        return {}
    stems, forms = likeliest_forms(own)
    return MeantWords.to_arrays("meant", stems, vectors_of(forms, encoder, "query"))


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
