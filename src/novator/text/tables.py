"""Every search: strings, int8 vectors and BM25 postings as plain arrays that can be mapped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from novator.text.encoders import Matrix
from novator.text.rows import RowsInFile

if TYPE_CHECKING:
    from novator.text.counts import Counted

Arrays = dict[str, npt.NDArray[Any]]
Scores = npt.NDArray[np.float32]
BLOCK_ROWS = 512
MANY_POSTINGS = 50_000
AT_ONCE = 1_000_000
MOST_LIKE = 1.5


class Texts(Sequence[str]):
    """Strings in one block of bytes with their ends; read one at a time."""

    def __init__(self, arrays: Mapping[str, npt.NDArray[Any]], name: str) -> None:
        self._bytes: Any = arrays[f"{name}.bytes"]
        self._ends = arrays[f"{name}.ends"]

    def read_from(self, path: Path) -> None:
        """Read texts from the file of their bytes from now on instead of mapping it."""
        if len(self._bytes):
            self._bytes = RowsInFile.of_array(path)

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
            return self._several(place)
        if not 0 <= place < len(self):
            raise IndexError(place)
        return self._bytes[self._ends[place] : self._ends[place + 1]].tobytes().decode("utf-8")

    def _several(self, places: slice) -> list[str]:
        start, stop, step = places.indices(len(self))
        if step != 1 or stop <= start:
            return [self[i] for i in range(start, stop, step)]
        ends = self._ends[start : stop + 1]
        block = self._bytes[ends[0] : ends[-1]].tobytes()
        cuts = (ends - ends[0]).tolist()
        return [block[a:b].decode("utf-8") for a, b in pairwise(cuts)]


class Vectors:
    """Unit rows in 8 bits with one scale a row; a product costs no copy of the whole."""

    def __init__(self, arrays: Mapping[str, npt.NDArray[Any]], name: str) -> None:
        self.rows: Any = arrays[f"{name}.rows"]
        self.scales = arrays[f"{name}.scales"]

    def read_from(self, path: Path) -> None:
        """Read rows from their file from now on instead of mapping it."""
        if len(self.rows):
            self.rows = RowsInFile.of_array(path)

    @staticmethod
    def to_arrays(name: str, vectors: Matrix) -> Arrays:
        """The arrays of which `Vectors(arrays, name)` is made."""
        largest = np.abs(vectors).max(axis=1, initial=0.0)
        scales = (np.maximum(largest, 1e-12) / 127).astype(np.float32)
        rows = np.rint(vectors / scales[:, None]).astype(np.int8)
        return {f"{name}.rows": rows, f"{name}.scales": scales}

    @staticmethod
    def room(name: str, count: int, dimensions: int) -> Arrays:
        """Arrays for so many rows, to be filled with those of `to_arrays` part by part."""
        rows = np.zeros((count, dimensions), dtype=np.int8)
        return {f"{name}.rows": rows, f"{name}.scales": np.zeros(count, dtype=np.float32)}

    def __len__(self) -> int:
        return len(self.rows)

    def scores(self, questions: Matrix) -> Matrix:
        """
        Products of every row with every question: one line a question, exact over the rows.

        :raises ArithmeticError: a product that unit vectors cannot have; the arrays are damaged
        """
        found = np.empty((len(questions), len(self.rows)), dtype=np.float32)
        turned = np.ascontiguousarray(questions.T)
        block = np.empty((BLOCK_ROWS, questions.shape[1]), dtype=np.float32)
        for start in range(0, len(self.rows), BLOCK_ROWS):
            part = self.rows[start : start + BLOCK_ROWS]
            filled = block[: len(part)]
            np.copyto(filled, part)
            found[:, start : start + len(part)] = (filled @ turned).T
        return _plausible(found * self.scales)

    def scores_at(self, places: npt.NDArray[np.int64], questions: Matrix) -> Matrix:
        """
        Products of the rows at some places with every question.

        :raises ArithmeticError: a product that unit vectors cannot have; the arrays are damaged
        """
        found = np.empty((len(questions), len(places)), dtype=np.float32)
        for start in range(0, len(places), BLOCK_ROWS):
            part = places[start : start + BLOCK_ROWS]
            np.matmul(
                questions,
                self.rows[part].astype(np.float32).T,
                out=found[:, start : start + len(part)],
            )
        found *= self.scales[places]
        return _plausible(found)

    def some(self, places: npt.NDArray[np.int64]) -> Vectors:
        """The rows at some places as a table of their own, in memory."""
        rows = np.ascontiguousarray(self.rows[places])
        return Vectors({"some.rows": rows, "some.scales": self.scales[places]}, "some")

    def at(self, places: npt.NDArray[np.int64]) -> Matrix:
        """The rows at some places, as floats."""
        return np.asarray(self.rows[places] * self.scales[places][:, None], dtype=np.float32)


def _plausible(products: npt.NDArray[Any]) -> Matrix:
    if products.size and not (products.max() < MOST_LIKE and products.min() > -MOST_LIKE):
        raise ArithmeticError("no product of unit vectors")
    return np.asarray(products, dtype=np.float32)


class Postings:
    """BM25 scores of each term in each text, added up from mapped arrays."""

    def __init__(self, arrays: Mapping[str, npt.NDArray[Any]], name: str, texts: int) -> None:
        self._terms = Texts(arrays, f"{name}.terms")
        self._starts = arrays[f"{name}.starts"]
        self._owners = arrays[f"{name}.owners"]
        self._values = arrays[f"{name}.values"]
        self._texts = texts

    @staticmethod
    def to_arrays(name: str, counted: Counted, *, length: float = 0.75) -> Arrays:
        """
        The arrays of which `Postings(arrays, name, number of texts)` is made.

        `length` is BM25's b: how far a long text has to hold a word more often.
        """
        from novator.text.counts import best_match_25

        return {
            **Texts.to_arrays(f"{name}.terms", counted.terms),
            f"{name}.starts": counted.table.indptr.astype(np.int64),
            f"{name}.owners": counted.table.indices.astype(np.int32, copy=False),
            f"{name}.values": best_match_25(counted, length=length),
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

    def held_in(self, term: str, texts: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
        """Which of some texts hold a term."""
        place = self._places.get(term)
        if place is None:
            return np.zeros(len(texts), dtype=np.bool_)
        owners = self._owners[int(self._starts[place]) : int(self._starts[place + 1])]
        found = np.minimum(np.searchsorted(owners, texts.astype(np.int32)), len(owners) - 1)
        return np.asarray(owners[found] == texts)

    def holds(self, term: str, text: int) -> bool:
        """Whether a text holds a term."""
        return bool(self.held_in(term, np.array([text]))[0])

    def scores(self, weights: Mapping[str, float]) -> Scores:
        """Weighted BM25 of every text for the terms of a question."""
        known = [(self._places[t], w) for t, w in weights.items() if t in self._places]
        held = [slice(int(self._starts[at]), int(self._starts[at + 1])) for at, _weight in known]
        shares = np.array([weight for _at, weight in known], dtype=np.float32)
        if sum(part.stop - part.start for part in held) > MANY_POSTINGS:
            return self._sums_of_many(held, shares)
        found = np.zeros(self._texts, dtype=np.float32)
        for part, share in zip(held, shares, strict=True):
            found[self._owners[part]] += share * self._values[part]
        return found

    def _sums_of_many(self, held: Sequence[slice], shares: Scores) -> Scores:
        """
        The same sums by sparse products, which are several times as quick for long lists.

        So many postings at a time that their copies stay small, however long the question is.
        """
        from scipy.sparse import csc_array

        found = np.zeros(self._texts, dtype=np.float32)
        sizes = np.cumsum([part.stop - part.start for part in held])
        for group in np.split(np.arange(len(held)), np.flatnonzero(np.diff(sizes // AT_ONCE)) + 1):
            parts = [held[place] for place in group]
            values = np.concatenate([self._values[part] for part in parts])
            owners = np.concatenate([self._owners[part] for part in parts])
            ends = np.cumsum([0, *(part.stop - part.start for part in parts)])
            found += csc_array((values, owners, ends), (self._texts, len(parts))) @ shares[group]
        return found


def term_weights(tokens: Iterable[str]) -> dict[str, float]:
    """Each token with the number of times it stands in the question."""
    return {token: float(count) for token, count in Counter(tokens).items()}
