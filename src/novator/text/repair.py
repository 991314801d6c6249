"""Every search: a misspelt word of a question becomes the word of the index that was meant."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from rapidfuzz import process
from rapidfuzz.distance import OSA

from novator.text.words import (
    CYRILLIC,
    STOP_WORDS,
    WORD,
    fold,
    is_english,
    is_in_dictionary,
    stem,
)

CYRILLIC_LETTERS = "абвгдежзийклмнопрстуфхцчшщъыьэюя"
LATIN_LETTERS = "abcdefghijklmnopqrstuvwxyz"
SHORTEST = 4
SHORTEST_FOR_TWO = 7
LONGEST = 30
MOST_MENDED = 12
LEAST_LATIN = 0.1


def one_edit_away(word: str) -> set[str]:
    """Every string one deletion, exchange of neighbours, replacement or insertion away."""
    letters = CYRILLIC_LETTERS if CYRILLIC.search(word) else LATIN_LETTERS
    cuts = [(word[:i], word[i:]) for i in range(len(word) + 1)]
    shorter = {left + right[1:] for left, right in cuts if right}
    swapped = {left + right[1] + right[0] + right[2:] for left, right in cuts if len(right) > 1}
    replaced = {left + c + right[1:] for left, right in cuts if right for c in letters}
    longer = {left + c + right for left, right in cuts for c in letters}
    return shorter | swapped | replaced | longer


def _by_stem(counts: Mapping[str, int]) -> dict[str, int]:
    totals: dict[str, int] = {}
    for word, count in counts.items():
        key = stem(word)
        totals[key] = totals.get(key, 0) + count
    return totals


class Vocabulary:
    """Words of an index with the number of texts that hold them; immutable, safe for threads."""

    def __init__(
        self, counts: Mapping[str, int], stem_counts: Mapping[str, int] | None = None
    ) -> None:
        """Take the words; `stem_counts`, where known, saves the work of stemming them all."""
        self._counts = dict(counts)
        self._stems = dict(_by_stem(counts) if stem_counts is None else stem_counts)

    @cached_property
    def _by_length(self) -> dict[int, list[str]]:
        groups: dict[int, list[str]] = {}
        for word in sorted(self._counts):
            if len(word) >= SHORTEST_FOR_TWO - 1:
                groups.setdefault(len(word), []).append(word)
        return groups

    @cached_property
    def _speaks_latin(self) -> bool:
        """
        Whether a fair share of the words are in Latin letters.

        The few foreign names of Russian texts are no measure of English: "many" became "Mary".
        """
        latin = sum(not CYRILLIC.search(word) for word in self._counts)
        return latin >= LEAST_LATIN * len(self._counts)

    def is_known(self, word: str) -> bool:
        """Whether a folded word needs no repair, or none can be judged by these words."""
        return (
            not SHORTEST <= len(word) <= LONGEST
            or not word.isalpha()
            or word in STOP_WORDS
            or word in self._counts
            or is_in_dictionary(word)
            or (not CYRILLIC.search(word) and self._is_likely_latin(word))
        )

    def _is_likely_latin(self, word: str) -> bool:
        return not self._speaks_latin or stem(word) in self._stems or is_english(word)

    def repair_word(self, word: str) -> str:
        """The known word that was most likely meant, or the word itself."""
        return word if self.is_known(word) else self._nearest(word)

    def _nearest(self, word: str) -> str:
        candidates = one_edit_away(word)
        near = self._most_common(candidates) or self._in_dictionary(candidates)
        if near is None and len(word) >= SHORTEST_FOR_TWO:
            near = self._within_two(word)
        return near or word

    def _most_common(self, candidates: set[str]) -> str | None:
        held = candidates & self._counts.keys()
        return max(held, key=lambda item: (self._counts[item], item), default=None)

    def _in_dictionary(self, candidates: set[str]) -> str | None:
        known = [item for item in candidates if len(item) >= SHORTEST and is_in_dictionary(item)]
        return max(known, key=lambda item: (self._stems.get(stem(item), 0), item), default=None)

    def _within_two(self, word: str) -> str | None:
        lengths = range(len(word) - 2, len(word) + 3)
        pool = [item for n in lengths for item in self._by_length.get(n, [])]
        found = process.extract(word, pool, scorer=OSA.distance, score_cutoff=2, limit=5)
        return min(
            (item for item, _distance, _place in found),
            key=lambda item: (OSA.distance(word, item), -self._counts[item], item),
            default=None,
        )

    def repair(self, text: str) -> str:
        """
        The text with its misspelt words replaced; everything else stays as written.

        Only the first dozen unknown words are looked at: a text with more is not a slip.
        """
        left = MOST_MENDED

        def mended(match_text: str) -> str:
            nonlocal left
            folded = fold(match_text)
            if left == 0 or self.is_known(folded):
                return match_text
            left -= 1
            better = self._nearest(folded)
            return match_text if better == folded else better

        return WORD.sub(lambda match: mended(match.group()), text)
