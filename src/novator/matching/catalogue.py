"""Matching: the opened index of all cards, which every search of this process reads."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import cached_property

import numpy as np
import numpy.typing as npt

from novator.matching.fields import ASKED, PASSAGE_KINDS, WINDOWED
from novator.matching.nearness import passages_of, reference_cards
from novator.text.encoders import Encoder, Matrix
from novator.text.index import IndexDamaged, Snapshot
from novator.text.meant import MeantWords, word_encoder
from novator.text.repair import Vocabulary
from novator.text.romanised import SoundingWords
from novator.text.sketches import Sketch
from novator.text.tables import Postings, Texts, Vectors

KEPT_QUESTIONS = 512

_threads = ThreadPoolExecutor(thread_name_prefix="encoder")


class PracticeIndex:
    """
    A snapshot with its tables opened; immutable but for a cache of the questions' vectors.

    :raises IndexDamaged: the snapshot was made by other encoders or lacks a table
    """

    def __init__(self, snapshot: Snapshot, encoders: Sequence[Encoder]) -> None:
        if list(snapshot.facts.get("encoders", [])) != [encoder.name for encoder in encoders]:
            raise IndexDamaged(f"{snapshot.version}: made by other encoders")
        try:
            self._open(snapshot)
        except (KeyError, TypeError, ValueError) as fault:
            raise IndexDamaged(f"{snapshot.version}: {fault}") from fault
        self.encoders = tuple(encoders)
        self._snapshot = snapshot
        self._kept: OrderedDict[str, list[Matrix]] = OrderedDict()
        self._turn = threading.Lock()

    def _open(self, snapshot: Snapshot) -> None:
        arrays, self.facts = snapshot.arrays, snapshot.facts
        self.version, self.size, self._arrays = snapshot.version, snapshot.size, arrays
        self.cards = int(self.facts["cards"])
        self._slugs = Texts(arrays, "slugs")
        self.texts = Texts(arrays, "passages")
        self.kinds = arrays["passage_kinds"]
        self.starts = arrays["passage_starts"]
        self.card_stems = Postings(arrays, "card_stems", self.cards)
        self.card_ngrams = Postings(arrays, "card_ngrams", self.cards)
        places = range(len(self.facts["encoders"]))
        self.passage_vectors = [Vectors(arrays, f"passages{place}") for place in places]
        self.card_vectors = [Vectors(arrays, f"cards{place}") for place in places]
        self.sketches = [
            Sketch(arrays, f"sketch{place}") for place in places if f"sketch{place}.rows" in arrays
        ]
        if self.sketches:
            self.texts.read_from(snapshot.folder / "passages.bytes.npy")
            for place, table in zip(places, self.passage_vectors, strict=True):
                table.read_from(snapshot.folder / f"passages{place}.rows.npy")
        self.open_vectors = [Vectors(arrays, f"open{place}") for place in places]
        self._usual = [arrays[f"usual{place}"] for place in places]
        self.near_scales = [arrays[f"near{place}"] for place in places]
        self.encoder_names: list[str] = list(self.facts["encoders"])
        self.open_owners = arrays["open_owners"]
        self.open_keys: list[str] = list(self.facts["open_keys"])
        self.open_topics: list[str] = list(self.facts["open_topics"])
        both = self.cards + len(self.open_keys)
        self.asked_stems = Postings(arrays, "asked_stems", both)
        self.asked_ngrams = Postings(arrays, "asked_ngrams", both)
        self.scripts = tuple(self.facts["scripts"])

    def is_as_written(self) -> bool:
        """Whether its files still hold what was written; reads them all."""
        return self._snapshot.is_as_written()

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """Words of the cards, for the repair of questions."""
        return Vocabulary(self._numbers("vocabulary"), self._numbers("vocabulary_stems"))

    @cached_property
    def heard(self) -> SoundingWords:
        """Words of the cards as they sound, for questions in the other script."""
        pairs = (Texts(self._arrays, f"heard_{name}")[:] for name in ("sounds", "stems"))
        return SoundingWords(zip(*pairs, strict=True))

    @cached_property
    def meant(self) -> MeantWords | None:
        """Words of the cards by their meaning, for the same; None where no encoder knows words."""
        encoder = word_encoder(self.encoders)
        if encoder is None or "meant.rows" not in self._arrays:
            return None
        return MeantWords(self._arrays, "meant", encoder)

    def _numbers(self, name: str) -> dict[str, int]:
        counts = self._arrays[f"{name}_counts"].tolist()
        return dict(zip(Texts(self._arrays, name)[:], counts, strict=True))

    @cached_property
    def slugs(self) -> Sequence[str]:
        """Slugs of the cards by their places."""
        return list(self._slugs[:])

    @cached_property
    def place_of(self) -> dict[str, int]:
        """Where a card's slug stands."""
        return {slug: place for place, slug in enumerate(self.slugs)}

    @cached_property
    def reference_vectors(self) -> list[Vectors]:
        """Passages of the reference cards, which every question is compared with, in memory."""
        places, _owners = passages_of(reference_cards(self.cards), self.starts)
        return [table.some(places) for table in self.passage_vectors]

    @cached_property
    def is_asked(self) -> npt.NDArray[np.bool_]:
        """Which passages are formulations."""
        return np.asarray(self.kinds == PASSAGE_KINDS.index(ASKED))

    @cached_property
    def is_window(self) -> npt.NDArray[np.bool_]:
        """Which passages are windows over a text without the parts of a card."""
        return np.asarray(self.kinds == PASSAGE_KINDS.index(WINDOWED))

    @cached_property
    def has_asked(self) -> npt.NDArray[np.bool_]:
        """Which cards have formulations."""
        found = np.zeros(self.cards, dtype=np.bool_)
        found[self.owners[self.is_asked]] = True
        return found

    @cached_property
    def owners(self) -> npt.NDArray[np.int64]:
        """Which card each passage belongs to."""
        return np.repeat(np.arange(self.cards), np.diff(self.starts))

    def facet(self, name: str) -> npt.NDArray[np.generic]:
        """A column of numbers: cost_band, has_numbers, year, cost."""
        return self._arrays[f"facet_{name}"]

    def facet_equals(self, name: str, value: str) -> npt.NDArray[np.bool_]:
        """Which cards hold a named value: topic, region, country, size_class, city."""
        names: list[str] = self.facts[name]
        if value not in names:
            return np.zeros(self.cards, dtype=np.bool_)
        return np.asarray(self._arrays[f"facet_{name}"] == names.index(value))

    def facet_of(self, name: str, place: int) -> str | None:
        """A card's named value, or None."""
        code = int(self._arrays[f"facet_{name}"][place])
        return str(self.facts[name][code]) if code >= 0 else None

    def forget_questions(self) -> None:
        """Forget the vectors of questions, as measuring needs it."""
        with self._turn:
            self._kept.clear()

    def set_apart(self, vectors: Sequence[Matrix], script: int) -> list[Matrix]:
        """A question's vectors less what they have in common with every question."""
        return [rows - usual[script] for rows, usual in zip(vectors, self._usual, strict=True)]

    @cached_property
    def usual_products(self) -> list[Matrix]:
        """What each encoder gives passages for any question, of the reference cards if many."""
        tables = self.reference_vectors if self.sketches else self.passage_vectors
        return [table.scores(usual) for table, usual in zip(tables, self._usual, strict=True)]

    def begin_vectors(self, texts: Sequence[str]) -> Callable[[], list[Matrix]]:
        """
        Have questions encoded while the caller does something else; what is returned waits for it.

        It gives one matrix an encoder with one row a text. The last few hundred texts are
        remembered. Encoders let go of the interpreter while they multiply, so all but the last
        work beside the caller, who takes over what no thread has begun.
        """
        with self._turn:
            found = {text: self._kept[text] for text in texts if text in self._kept}
        missing = [text for text in dict.fromkeys(texts) if text not in found]
        *others, last = self.encoders
        begun = [
            (encoder, _threads.submit(copy_context().run, _encoded, encoder, missing))
            for encoder in (others if missing else ())
        ]

        def vectors() -> list[Matrix]:
            if missing:
                of_last = _encoded(last, missing)
                rows = [
                    _encoded(encoder, missing) if work.cancel() else work.result()
                    for encoder, work in begun
                ]
                for place, text in enumerate(missing):
                    found[text] = [matrix[place : place + 1].copy() for matrix in (*rows, of_last)]
                self._keep(found)
            return [
                np.concatenate([found[text][place] for text in texts])
                for place in range(len(self.encoders))
            ]

        return vectors

    def _keep(self, found: Mapping[str, list[Matrix]]) -> None:
        with self._turn:
            for text, vectors in found.items():
                self._kept[text] = vectors
                self._kept.move_to_end(text)
            while len(self._kept) > KEPT_QUESTIONS:
                self._kept.popitem(last=False)


def _encoded(encoder: Encoder, texts: Sequence[str]) -> Matrix:
    return encoder.encode(texts, kind="query")
