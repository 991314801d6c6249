"""Bench: vectors of the starter catalogue, computed once here so that no first start waits."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from novator.matching.cards import cards_for_index, questions_for_index
from novator.matching.fields import passages
from novator.text.encoders import Encoder, Kind
from novator.text.tables import Vectors
from novator.text.vectors import Progress, silent, text_hash, vectors_for


def starter_texts() -> list[tuple[Kind, str]]:
    """Every text of the catalogue in the database that gets a vector, with its kind, each once."""
    pieces = [piece for card in cards_for_index() for piece in passages(card)]
    asked = [text for question in questions_for_index() for text in question.asked_as]
    found: list[tuple[Kind, str]] = [(piece.encoded_as, piece.text) for piece in pieces]
    return sorted({*found, *(("query", text) for text in asked)})


def write_starter_vectors(
    path: Path, encoders: Sequence[Encoder], *, progress: Progress = silent
) -> int:
    """
    Write the vectors of the catalogue in the database as the package's own file; its size in bytes.

    Rows are kept in 8 bits with a scale each, as in the index, which loses nothing there.
    """
    columns: dict[str, npt.NDArray[np.generic]] = {}
    texts = starter_texts()
    for encoder in encoders:
        parts = [
            vectors_for([t for k, t in texts if k == kind], encoder, kind=kind, progress=progress)
            for kind in ("passage", "query")
        ]
        ordered = [(kind, t) for kind in ("passage", "query") for k, t in texts if k == kind]
        keys = [np.frombuffer(text_hash(t, kind=kind), dtype=np.uint8) for kind, t in ordered]
        packed = Vectors.to_arrays("v", np.concatenate(parts))
        columns[f"{encoder.name}:keys"] = np.stack(keys)
        columns[f"{encoder.name}:rows"] = packed["v.rows"]
        columns[f"{encoder.name}:scales"] = packed["v.scales"]
    with path.open("wb") as stream:
        np.savez_compressed(stream, **columns)  # type: ignore[arg-type]
    return path.stat().st_size
