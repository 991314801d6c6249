"""A citizen's report: what the category model sees of a text, its words and its letters."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from novator.text.words import stems, words

Floats = npt.NDArray[np.float64]
Terms = Callable[[str], list[str]]

LONGEST_TEXT = 4_000
SHORTEST_PIECE = 2
LONGEST_PIECE = 5

_TAG = re.compile(r"<[a-zA-Z/!][^<>]{0,1000}>")
_ADDRESS = re.compile(r"\b(?:https?://|www\.)\S+|\S+@\S+\.\w+", re.IGNORECASE)
_MENTION = re.compile(r"\[(?:id|club|public)\d+\|([^\]]*)\]")
_NUMBER = re.compile(r"\d[\d\s()+-]*\d|\d")


def readable(text: str) -> str:
    """The words of a text without marks of pages, addresses of pages and of people."""
    short = html.unescape(text[: 2 * LONGEST_TEXT]) if "&" in text else text
    plain = _MENTION.sub(r"\1", _ADDRESS.sub(" ", _TAG.sub(" ", short)))
    return " ".join(plain.replace("\x00", " ").split())[:LONGEST_TEXT]


def word_terms(text: str) -> list[str]:
    """Stems and pairs of stems that follow each other."""
    found = stems(text)
    return [*found, *(f"{one} {other}" for one, other in pairwise(found))]


def letter_terms(text: str) -> list[str]:
    """Pieces of two to five letters of each word, whose ends are marked; any number is one."""
    return [piece for word in _words_and_zeros(text) for piece in _pieces(word)]


def _words_and_zeros(text: str) -> list[str]:
    return words(_NUMBER.sub(" 0 ", text))


def _pieces(word: str) -> Iterator[str]:
    marked = f"_{word}_"
    for size in range(SHORTEST_PIECE, LONGEST_PIECE + 1):
        if size >= len(marked):
            yield marked
            return
        yield from (marked[i : i + size] for i in range(len(marked) - size + 1))


TERMS: dict[str, Terms] = {"words": word_terms, "letters": letter_terms}


def term_counts(kind: str, text: str) -> Counter[int]:
    """How often each term of a kind stands in a text; a term is the digest that models know."""
    if kind == "letters":
        return Counter(key for word in _words_and_zeros(text) for key in _keys_of_pieces(word))
    return Counter(map(term_key, TERMS[kind](text)))


@lru_cache(maxsize=1 << 13)
def _keys_of_pieces(word: str) -> tuple[int, ...]:
    """The same words come again and again: their pieces are digested once."""
    return tuple(map(term_key, _pieces(word)))


def term_key(term: str) -> int:
    """Eight bytes of BLAKE2b, so that a model holds no word that anybody wrote."""
    return int.from_bytes(blake2b(term.encode("utf-8", "ignore"), digest_size=8).digest(), "little")


@dataclass(frozen=True)
class Weighing:
    """
    Terms that a model knows, each with its column and the logarithm of its rarity.

    A text becomes a row: (1 + log of the count) times rarity for each known term, over the length
    that the row would have with the unknown terms. So a text of unknown words says little, and a
    text that was trained on looks as it would if it had not been.
    """

    kind: str
    columns: dict[int, int]
    rarity: Floats
    rarity_of_unknown: float

    def row(self, counts: Counter[int]) -> tuple[npt.NDArray[np.int64], Floats]:
        """Columns with their values of a text whose terms are counted; none without a known one."""
        known = [(self.columns[term], n) for term, n in counts.items() if term in self.columns]
        unknown = np.array([n for term, n in counts.items() if term not in self.columns], float)
        places = np.array([place for place, _ in known], dtype=np.int64)
        values = (1 + np.log([n for _, n in known])) * self.rarity[places]
        others = (1 + np.log(unknown)) * self.rarity_of_unknown
        length = float(np.sqrt(values @ values + others @ others))
        return places, values / length if length else values


def weighing_of(kind: str, texts: Sequence[str], *, most: int) -> Weighing:
    """
    The terms of the texts, the `most` frequent, with their rarity.

    Pairs of words and pieces of words must stand in two texts, a word in one.
    """
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(set(TERMS[kind](text)))
    known = sorted(
        ((count, term) for term, count in counts.items() if count > 1 or _is_word(kind, term)),
        key=lambda item: (-item[0], item[1]),
    )[:most]
    rarity = np.array([_rarity(count, len(texts)) for count, _ in known])
    columns = {term_key(term): place for place, (_, term) in enumerate(known)}
    return Weighing(kind, columns, rarity, _rarity(1, len(texts)))


def _is_word(kind: str, term: str) -> bool:
    return kind == "words" and " " not in term


def _rarity(holding: int, texts: int) -> float:
    return float(np.log((1 + texts) / (1 + holding)) + 1)
