"""Every search: the pieces of words that an encoder reads, by a unigram tokenizer (Kudo 2018)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from novator.text.kept import Kept

_WORD_MARK = "\u2581"
_SPACES = re.compile(" {2,}")
_UNKNOWN_BELOW = 10
_BASE = 0x9E3779B97F4A7C15
_ROUND = 2**64
_COLUMNS = ("hashes", "order", "scores")
_FACTS = ("first", "last", "unknown", "longest")
_FORMS = "normal_forms"


@dataclass(frozen=True, slots=True)
class PieceVocabulary:
    """
    Pieces one after the other in `characters`, the n-th between bytes offsets[n] and offsets[n+1].

    `scores` are logarithms of their probabilities; `first`, `last` and `unknown` are the numbers
    of the marks of a text's beginning and end and of what is no piece. `normal_forms` says what a
    character becomes before a text is divided, where it does not stay as it is.
    """

    first: int
    last: int
    unknown: int
    characters: str
    offsets: npt.NDArray[np.uint32]
    scores: npt.NDArray[np.float32]
    normal_forms: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class PieceTable:
    """
    The same vocabulary as a tokenizer looks it up.

    `hashes` of the pieces rise, `order` says whose they are; `longest` is in characters.
    """

    first: int
    last: int
    unknown: int
    hashes: npt.NDArray[np.uint64]
    order: npt.NDArray[np.int32]
    longest: int
    scores: npt.NDArray[np.float32]
    normal_forms: Mapping[int, str]


def piece_table(vocabulary: PieceVocabulary) -> PieceTable:
    """Make the table of a vocabulary; that takes 40 MB for a while."""
    ends = _character_ends(vocabulary.characters, vocabulary.offsets)
    hashes = _hashes(_codes(vocabulary.characters), ends[:-1], ends[1:])
    order = np.argsort(hashes).astype(np.int32)
    return PieceTable(
        first=vocabulary.first,
        last=vocabulary.last,
        unknown=vocabulary.unknown,
        hashes=hashes[order],
        order=order,
        longest=int(np.diff(ends).max()),
        scores=vocabulary.scores,
        normal_forms=vocabulary.normal_forms,
    )


def kept_pieces(table: PieceTable) -> Kept:
    """The table as it is kept in files."""
    facts = {name: getattr(table, name) for name in _FACTS}
    return Kept(
        {f"piece_{name}": getattr(table, name) for name in _COLUMNS},
        {**facts, _FORMS: list(table.normal_forms.items())},
    )


def pieces_from(found: Kept) -> PieceTable:
    """The table that was kept."""
    facts: Mapping[str, Any] = {
        **{name: np.asarray(found.arrays[f"piece_{name}"]) for name in _COLUMNS},
        **{name: found.facts[name] for name in _FACTS},
    }
    return PieceTable(**facts, normal_forms=dict(found.facts[_FORMS]))


class Tokenizer:
    """
    Which pieces of its vocabulary a text consists of: the likeliest division (Viterbi).

    Pieces are known by a polynomial hash of their characters modulo 2^64, so that all runs of
    characters of a text are looked up at once.
    """

    def __init__(self, table: PieceTable) -> None:
        self.first, self.last, self.unknown = table.first, table.last, table.unknown
        self._normal = table.normal_forms
        self._order, self._hashes, self._longest = table.order, table.hashes, table.longest
        self._scores = table.scores
        self._unknown_score = float(self._scores.min()) - _UNKNOWN_BELOW

    def ids(self, text: str) -> list[int]:
        """Numbers of the pieces of a text, without the marks of its beginning and end."""
        plain = _SPACES.sub(" ", text.translate(self._normal))
        return self.ids_of(
            ("" if plain.startswith(" ") else _WORD_MARK) + plain.replace(" ", _WORD_MARK)
        )

    def ids_of(self, marked: str) -> list[int]:
        """The same of a text in normal form, with the mark of a word's beginning for a space."""
        codes = _codes(marked)
        best = [0.0] + [-np.inf] * len(codes)
        way = [(0, self.unknown)] * (len(codes) + 1)
        for start, end, piece, gain in self._runs(codes):
            if best[start] + gain > best[end]:
                best[end] = best[start] + gain
                way[end] = (start, piece)
        found = []
        at = len(codes)
        while at:
            at, piece = way[at]
            found.append(piece)
        return found[::-1]

    def _runs(self, codes: npt.NDArray[np.uint32]) -> Iterator[tuple[int, int, int, float]]:
        """
        Every run of characters that is a piece: begin, end, piece, score; in order of beginnings.

        A character by itself is the unknown piece where it is no other.
        """
        firsts = np.arange(len(codes))
        begins = np.repeat(firsts, self._longest)
        ends = begins + np.tile(np.arange(1, self._longest + 1), len(codes))
        begins, ends = begins[ends <= len(codes)], ends[ends <= len(codes)]
        hashes = _hashes(codes, begins, ends)
        places = np.minimum(np.searchsorted(self._hashes, hashes), len(self._hashes) - 1)
        known = self._hashes[places] == hashes
        pieces = np.where(known, self._order[places], self.unknown)
        gains = np.where(pieces == self.unknown, self._unknown_score, self._scores[pieces])
        kept = known | (ends == begins + 1)
        columns = (begins, ends, pieces, gains)
        return zip(*(column[kept].tolist() for column in columns), strict=True)


def _codes(text: str) -> npt.NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "replace"), dtype="<u4")


def _character_ends(characters: str, offsets: npt.NDArray[np.uint32]) -> npt.NDArray[np.int64]:
    """Offsets in bytes of UTF-8 as offsets in characters."""
    codes = _codes(characters)
    widths = 1 + (codes > 0x7F) + (codes > 0x7FF) + (codes > 0xFFFF)
    return np.searchsorted(np.concatenate([[0], np.cumsum(widths)]), offsets)


def _hashes(
    codes: npt.NDArray[np.uint32], starts: npt.NDArray[np.int64], ends: npt.NDArray[np.int64]
) -> npt.NDArray[np.uint64]:
    """Of each run of characters, the sum of code times base to the power of its place."""
    length = len(codes)
    powers = _powers(_BASE, length)
    sums = np.zeros(length + 1, dtype=np.uint64)
    np.cumsum((codes.astype(np.uint64) + np.uint64(1)) * powers, out=sums[1:])
    back = _powers(pow(_BASE, -1, _ROUND), length)
    return (sums[ends] - sums[starts]) * back[np.minimum(starts, length - 1)]


def _powers(base: int, count: int) -> npt.NDArray[np.uint64]:
    factors = np.full(count, base, dtype=np.uint64)
    factors[:1] = 1
    return np.multiply.accumulate(factors)
