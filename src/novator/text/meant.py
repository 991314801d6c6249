"""Every search: which words of an index a word of another language means, by an encoder."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from novator.text.counts import Counted
from novator.text.encoders import Encoder
from novator.text.tables import Arrays, Texts, Vectors
from novator.text.words import CYRILLIC, LATIN, STOP_WORDS, stem, words

SHORTEST = 3
MEANINGS = 5
SHARPNESS = 2.0
MOST_WORDS = 40


def word_encoder(encoders: Iterable[Encoder]) -> Encoder | None:
    """The first encoder that knows single words across languages; None where none does."""
    return next((each for each in encoders if getattr(each, "knows_words", False)), None)


def likeliest_forms(own: Counted) -> tuple[list[str], list[str]]:
    """Stems of all Russian words and, for each, the form of it that stands in most texts."""
    forms: dict[str, tuple[int, str]] = {}
    for word, held_by in zip(own.terms, own.held_by().tolist(), strict=True):
        if _tells(word, CYRILLIC):
            meant = stem(word)
            forms[meant] = max(forms.get(meant, (0, "")), (held_by, word))
    stems = sorted(forms)
    return stems, [forms[meant][1] for meant in stems]


def _tells(word: str, script: re.Pattern[str]) -> bool:
    """Whether a folded word in these letters says something."""
    return len(word) >= SHORTEST and word not in STOP_WORDS and bool(script.search(word))


class MeantWords:
    """Stems of an index with the vectors of their likeliest forms; immutable, safe for threads."""

    def __init__(self, arrays: Mapping[str, npt.NDArray[Any]], name: str, encoder: Encoder) -> None:
        self._stems = Texts(arrays, f"{name}.stems")
        self._rows = Vectors(arrays, name)
        self._encoder = encoder

    @staticmethod
    def to_arrays(name: str, stems: Sequence[str], rows: npt.NDArray[np.float32]) -> Arrays:
        """The arrays of which `MeantWords(arrays, name, encoder)` is made."""
        return {**Texts.to_arrays(f"{name}.stems", stems), **Vectors.to_arrays(name, rows)}

    def meant_by(self, text: str) -> dict[str, float]:
        """
        Russian stems that the Latin words of a text may mean, with how surely (0 to 1).

        Words whose vectors are near mean alike in the languages that the encoder learned from
        translations. Of each word the five nearest stems are taken; the nearest counts 1, others
        less by how far they are behind it, in units of the spread over all stems.
        """
        asked = [word for word in dict.fromkeys(words(text)) if _tells(word, LATIN)]
        if not asked or len(self._rows) < MEANINGS:
            return {}
        near = self._rows.scores(self._encoder.encode(asked[:MOST_WORDS], kind="query"))
        found: dict[str, float] = {}
        for line in near / np.maximum(near.std(axis=1, keepdims=True), 1e-9):
            places = np.argpartition(line, -MEANINGS)[-MEANINGS:]
            surely = np.exp(SHARPNESS * (line[places] - line[places].max()))
            for place, share in zip(places.tolist(), surely.tolist(), strict=True):
                meant = self._stems[place]
                found[meant] = max(found.get(meant, 0.0), share)
        return found
