"""Every search: vectors kept in the database by text and encoder, each computed once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from importlib import resources

import numpy as np
import numpy.typing as npt

from novator.text.encoders import Encoder, Kind, Matrix
from novator.text.models import Vector

Progress = Callable[[int, int], None]

BATCH = 128
READ_BATCH = 5_000
STARTER_FILE = "data/starter_vectors.npz"


def silent(done: int, total: int) -> None:
    """Progress that nobody watches."""


def text_hash(text: str, *, kind: Kind) -> bytes:
    """Key of a text as encoded: 16 bytes of BLAKE2b over its kind and itself."""
    return hashlib.blake2b(f"{kind}\0{text}".encode("utf-8", "ignore"), digest_size=16).digest()


def vectors_for(
    texts: Sequence[str], encoder: Encoder, *, kind: Kind = "passage", progress: Progress = silent
) -> Matrix:
    """
    One unit row a text, from the database where it is kept, else computed and kept.

    Missing vectors are computed in batches and each batch is saved at once, so that a run that
    was killed goes on where it stopped. `progress(done, total)` counts the missing ones.
    """
    keys = [text_hash(text, kind=kind) for text in texts]
    known = _stored(keys, encoder)
    missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
    if missing:
        known |= _starter(missing, encoder)
        _store({key: known[key] for key in missing if key in known}, encoder)
    known |= _computed(
        {k: t for k, t in missing.items() if k not in known}, encoder, kind, progress
    )
    if not keys:
        return np.zeros((0, encoder.dimensions), dtype=np.float32)
    rows = np.stack([known[key] for key in keys]).astype(np.float32)
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12))


def _stored(keys: Sequence[bytes], encoder: Encoder) -> dict[bytes, npt.NDArray[np.float16]]:
    wanted = sorted(set(keys))
    known = {}
    for start in range(0, len(wanted), READ_BATCH):
        rows = Vector.objects.filter(
            encoder=encoder.name, text_hash__in=wanted[start : start + READ_BATCH]
        )
        for key, vector in rows.values_list("text_hash", "vector").iterator():
            known[bytes(key)] = np.frombuffer(bytes(vector), dtype="<f2")
    return known


def _starter(missing: dict[bytes, str], encoder: Encoder) -> dict[bytes, npt.NDArray[np.float16]]:
    return {key: row for key, row in starter_vectors(encoder.name) if key in missing}


def starter_vectors(encoder_name: str) -> Iterator[tuple[bytes, npt.NDArray[np.float16]]]:
    """Vectors of the starter catalogue that come with the program, for its own encoders."""
    path = resources.files("novator.text").joinpath(STARTER_FILE)
    if not path.is_file():
        return
    with path.open("rb") as stream, np.load(stream) as stored:
        if f"{encoder_name}:keys" not in stored:
            return
        keys = stored[f"{encoder_name}:keys"]
        rows = stored[f"{encoder_name}:rows"].astype(np.float32)
        scales = stored[f"{encoder_name}:scales"].astype(np.float32)
    for key, row in zip(keys, (rows * scales[:, None]).astype("<f2"), strict=True):
        yield key.tobytes(), row


def _computed(
    missing: dict[bytes, str], encoder: Encoder, kind: Kind, progress: Progress
) -> dict[bytes, npt.NDArray[np.float16]]:
    shortest_first = sorted(missing, key=lambda key: (len(missing[key]), key))
    made: dict[bytes, npt.NDArray[np.float16]] = {}
    for start in range(0, len(shortest_first), BATCH):
        batch = shortest_first[start : start + BATCH]
        rows = encoder.encode([missing[key] for key in batch], kind=kind).astype("<f2")
        fresh = dict(zip(batch, rows, strict=True))
        _store(fresh, encoder)
        made |= fresh
        progress(len(made), len(missing))
    return made


def _store(vectors: dict[bytes, npt.NDArray[np.float16]], encoder: Encoder) -> None:
    Vector.objects.bulk_create(
        (
            Vector(text_hash=key, encoder=encoder.name, vector=row.tobytes())
            for key, row in vectors.items()
        ),
        batch_size=1_000,
        ignore_conflicts=True,
    )
