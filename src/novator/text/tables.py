"""Every search: strings, int8 vectors and BM25 postings as plain arrays that can be mapped."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

import bm25s
import numpy as np
import numpy.typing as npt

from novator.text.encoders import Matrix

Arrays = dict[str, npt.NDArray[Any]]
Scores = npt.NDArray[np.float32]
BLOCK_ROWS = 512

logging.getLogger("bm25s").setLevel(logging.WARNING)


class Texts(Sequence[str]):
    """Strings in one block of bytes with their ends; read one at a time."""

    def __init__(self, arrays: Mapping[str, npt.NDArray[Any]], name: str) -> None:
        self._bytes = arrays[f"{name}.bytes"]
        self._ends = arrays[f"{name}.ends"]

    @staticmethod
    def to_arrays(name: str, texts: Iterable[str]) -> Arrays:
        """The arrays of which `Texts(arrays, name)` is made."""
        coded = [text.encode("utf-8", "ignore") for text in texts]
        ends = np.cumsum([0, *map(len, coded)], dtype=np.int64)
        return {
            f"{name}.bytes": np.frombuffer(b"".join(coded), dtype=np.uint8),
            f"{name}.ends": ends,
        }

    def __len__(self) -> int:
        return len(self._ends) - 1

    def __getitem__(self, place: Any) -> Any:
        if isinstance(place, slice):
            return [self[i] for i in range(*place.indices(len(self)))]
        if not 0 <= place < len(self):
            raise IndexError(place)
        return self._bytes[self._ends[place] : self._ends[place + 1]].tobytes().decode("utf-8")


class Vectors:
    """Unit rows in 8 bits with one scale a row; a product costs no copy of the whole."""

    def __init__(self, arrays: Mapping[str, npt.NDArray[Any]], name: str) -> None:
        self.rows = arrays[f"{name}.rows"]
        self.scales = arrays[f"{name}.scales"]

    @staticmethod
    def to_arrays(name: str, vectors: Matrix) -> Arrays:
        """The arrays of which `Vectors(arrays, name)` is made."""
        largest = np.abs(vectors).max(axis=1, initial=0.0)
        scales = (np.maximum(largest, 1e-12) / 127).astype(np.float32)
        rows = np.rint(vectors / scales[:, None]).astype(np.int8)
        return {f"{name}.rows": rows, f"{name}.scales": scales}

    def __len__(self) -> int:
        return len(self.rows)

    def scores(self, questions: Matrix) -> Matrix:
        """Products of every row with every question: one line a question, exact over the rows."""
        found = np.empty((len(questions), len(self.rows)), dtype=np.float32)
        turned = np.ascontiguousarray(questions.T)
        block = np.empty((BLOCK_ROWS, questions.shape[1]), dtype=np.float32)
        for start in range(0, len(self.rows), BLOCK_ROWS):
            part = self.rows[start : start + BLOCK_ROWS]
            filled = block[: len(part)]
            np.copyto(filled, part)
            found[:, start : start + len(part)] = (filled @ turned).T
        return np.asarray(found * self.scales)

    def scores_at(self, places: npt.NDArray[np.int64], questions: Matrix) -> Matrix:
        """Products of the rows at some places with every question."""
        rows = self.rows[places].astype(np.float32)
        return np.asarray((questions @ rows.T) * self.scales[places])

    def at(self, places: npt.NDArray[np.int64]) -> Matrix:
        """The rows at some places, as floats."""
        return np.asarray(self.rows[places] * self.scales[places][:, None], dtype=np.float32)


class Postings:
    """BM25 scores of each term in each text, made by bm25s, added up from mapped arrays."""

    def __init__(self, arrays: Mapping[str, npt.NDArray[Any]], name: str, texts: int) -> None:
        self._terms = Texts(arrays, f"{name}.terms")
        self._starts = arrays[f"{name}.starts"]
        self._owners = arrays[f"{name}.owners"]
        self._values = arrays[f"{name}.values"]
        self._texts = texts

    @staticmethod
    def to_arrays(name: str, tokens: Sequence[Sequence[str]], *, length: float = 0.75) -> Arrays:
        """
        The arrays of which `Postings(arrays, name, len(tokens))` is made.

        `length` is BM25's b: how far a long text has to hold a word more often.
        """
        retriever = bm25s.BM25(k1=1.2, b=length)
        if any(tokens):
            retriever.index([list(items) for items in tokens], show_progress=False)
            scores = retriever.scores
            terms = sorted(retriever.vocab_dict, key=lambda term: retriever.vocab_dict[term])
            terms = [term for term in terms if term]
        else:
            scores, terms = {"indptr": np.zeros(1), "indices": [], "data": []}, []
        return {
            **Texts.to_arrays(f"{name}.terms", terms),
            f"{name}.starts": np.asarray(scores["indptr"], dtype=np.int64)[: len(terms) + 1],
            f"{name}.owners": np.asarray(scores["indices"], dtype=np.int32),
            f"{name}.values": np.asarray(scores["data"], dtype=np.float32),
        }

    @cached_property
    def _places(self) -> dict[str, int]:
        return {term: place for place, term in enumerate(self._terms[:])}

    def rarity(self, term: str) -> float:
        """How much a term tells: 1 for one text's own, 0 for everywhere, 1 for an unknown one."""
        place = self._places.get(term)
        if place is None or self._texts < 2:
            return 1.0
        held_by = int(self._starts[place + 1] - self._starts[place])
        return float(np.log(self._texts / max(held_by, 1)) / np.log(self._texts))

    def __contains__(self, term: str) -> bool:
        return term in self._places

    def scores(self, weights: Mapping[str, float]) -> Scores:
        """Weighted BM25 of every text for the terms of a question."""
        found = np.zeros(self._texts, dtype=np.float32)
        for term, weight in weights.items():
            place = self._places.get(term)
            if place is None:
                continue
            held = slice(int(self._starts[place]), int(self._starts[place + 1]))
            found[self._owners[held]] += np.float32(weight) * self._values[held]
        return found


def term_weights(tokens: Iterable[str]) -> dict[str, float]:
    """Each token with the number of times it stands in the question."""
    return {token: float(count) for token, count in Counter(tokens).items()}
