"""A citizen's report: a model of categories before anybody has said the category of one text."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from novator.reports.classifying.features import TERMS, Weighing, readable, term_key
from novator.reports.classifying.model import MeaningBlock, Model, TermBlock
from novator.text.encoders import Encoder
from novator.text.thesaurus import LONGEST_PHRASE, Entry, starter_entries
from novator.text.words import sentences, stems

Floats = npt.NDArray[np.float64]

MEANING_WEIGHT = 13.0
TERM_WEIGHTS = {"words": 10.0, "letters": 6.0}
"""Fitted on 900 wordings of problems whose topic is known; see docs/category-model.md."""
SURE_AT = 1.01
"""Never sure: even those with .9 were right in less than nine of ten cases there."""
MOST_ENTRIES = 12
KEYWORDS_TOGETHER = 6


@dataclass(frozen=True)
class CategoryText:
    """What a city says of a category; words of any language, none is needed but the name."""

    code: str
    name: str
    description: str = ""
    keywords: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Passage:
    """A piece of what is known of a category and how much it counts."""

    text: str
    weight: float


def start_model(categories: Sequence[CategoryText], encoders: Sequence[Encoder]) -> Model:
    """
    A model made of names, descriptions, key words and the thesaurus alone.

    It knows no frequencies: a text without a known word gets the same probability everywhere.
    """
    passages = [tuple(_passages(category)) for category in categories]
    blocks = [_term_block(kind, passages) for kind in TERMS]
    meanings = [_meaning_block(encoder, passages) for encoder in encoders if passages]
    return Model(
        codes=tuple(category.code for category in categories),
        bias=np.zeros(len(categories)),
        terms=tuple(blocks),
        meanings=tuple(meanings),
        sure_at=SURE_AT,
        facts={"rows": 0},
        encoders={encoder.name: encoder for encoder in encoders},
    )


def _passages(category: CategoryText) -> Iterator[_Passage]:
    """Name, sentences and key words of a category, and what the thesaurus says of them."""
    name = readable(category.name)
    described = sentences(readable(category.description))
    keywords = [readable(keyword) for keyword in category.keywords]
    yield _Passage(name, 2.0)
    yield from (_Passage(text, 1.0) for text in described)
    yield from (_Passage(", ".join(part), 2.0) for part in _batches(keywords))
    for entry in _entries_on([name, *described, *keywords])[:MOST_ENTRIES]:
        yield _Passage(f"{'; '.join([entry.colloquial, *entry.official])}. {entry.example}", 0.5)


def _batches(keywords: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(keywords), KEYWORDS_TOGETHER):
        yield keywords[start : start + KEYWORDS_TOGETHER]


@lru_cache(maxsize=1)
def _thesaurus() -> dict[tuple[str, ...], list[tuple[int, Entry]]]:
    """Entries of the thesaurus with their places, by the stems of each of their phrases."""
    found: dict[tuple[str, ...], list[tuple[int, Entry]]] = defaultdict(list)
    for place, entry in enumerate(starter_entries()):
        for phrase in dict.fromkeys((entry.colloquial, *entry.official)):
            found[tuple(stems(phrase))].append((place, entry))
    return found


def _entries_on(texts: Sequence[str]) -> list[Entry]:
    """Entries one of whose phrases stands in one of the texts, those of long phrases first."""
    longest: dict[int, tuple[int, Entry]] = {}
    for held in map(stems, texts):
        for length in range(LONGEST_PHRASE, 0, -1):
            for start in range(len(held) - length + 1):
                for place, entry in _thesaurus().get(tuple(held[start : start + length]), ()):
                    if length > longest.get(place, (0, entry))[0]:
                        longest[place] = (length, entry)
    order = sorted(longest.items(), key=lambda item: (-item[1][0], item[0]))
    return [entry for _, (_, entry) in order]


def _term_block(kind: str, passages: Sequence[Sequence[_Passage]]) -> TermBlock:
    """Terms of each category, dearer where few categories have them; rows of unit length."""
    counts = [_counted(kind, own) for own in passages]
    holding = Counter(term for counted in counts for term in counted)
    columns = {term: place for place, term in enumerate(sorted(holding))}
    rarity = np.array([np.log((1 + len(counts)) / holding[term]) for term in columns])
    weights = np.zeros((len(columns), len(counts)))
    for category, counted in enumerate(counts):
        for term, count in counted.items():
            weights[columns[term], category] = np.log1p(count)
    weights *= rarity[:, None]
    weights /= np.maximum(np.linalg.norm(weights, axis=0), 1e-12)
    weights -= weights.mean(axis=1, keepdims=True)
    weighing = Weighing(kind, columns, rarity, float(np.log(1 + len(counts))))
    return TermBlock(weighing, (weights * TERM_WEIGHTS[kind]).astype(np.float32))


def _counted(kind: str, passages: Sequence[_Passage]) -> dict[int, float]:
    """How much each term counts in the passages of one category."""
    counts: dict[int, float] = defaultdict(float)
    for passage in passages:
        for term in set(TERMS[kind](passage.text)):
            counts[term_key(term)] += passage.weight
    return counts


def _meaning_block(encoder: Encoder, passages: Sequence[Sequence[_Passage]]) -> MeaningBlock:
    """The direction of each category's passages, less what all categories have in common."""
    texts = [passage.text for own in passages for passage in own]
    vectors = iter(encoder.encode(texts, kind="query").astype(np.float64))
    centres = []
    for own in passages:
        mean = np.sum([passage.weight * next(vectors) for passage in own], axis=0)
        centres.append(mean / max(float(np.linalg.norm(mean)), 1e-12))
    away = np.array(centres) - np.mean(centres, axis=0)
    weights = MEANING_WEIGHT * np.eye(len(centres))
    return MeaningBlock(encoder.name, away.astype(np.float32), 0.0, weights.astype(np.float32))
