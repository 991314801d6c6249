"""Every search: an encoder for tests, quick and without a model."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np

from novator.text.encoders import Kind, Matrix
from novator.text.words import stems


class WordEncoder:
    """Texts with words in common are near each other; counts how many texts it was given."""

    def __init__(self, name: str = "words-1", dimensions: int = 64) -> None:
        self.name = name
        self.dimensions = dimensions
        self.encoded = 0

    def encode(self, texts: Sequence[str], *, kind: Kind) -> Matrix:
        """One unit row a text: a sum of one fixed random direction a stem."""
        self.encoded += len(texts)
        rows = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for item in stems(text) or ["-"]:
                seed = int.from_bytes(hashlib.blake2b(item.encode(), digest_size=4).digest())
                row += np.random.default_rng(seed).standard_normal(self.dimensions)
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True))
