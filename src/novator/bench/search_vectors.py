"""Bench: vectors of foreign texts, kept in files so that a second run is quick."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from novator.text.encoders import Encoder, Kind, Matrix
from novator.text.vectors import Progress, silent, text_hash

BATCH = 256


class VectorFiles:
    """One file an encoder and kind in a folder; callable as `index_arrays` wants it."""

    def __init__(self, folder: Path, progress: Progress = silent) -> None:
        self._folder = folder
        self._progress = progress
        self._known: dict[str, dict[bytes, Matrix]] = {}

    def __call__(self, texts: Sequence[str], encoder: Encoder, kind: Kind) -> Matrix:
        """One unit row a text; missing ones are computed and saved as they go."""
        if not texts:
            return np.zeros((0, encoder.dimensions), dtype=np.float32)
        name = "".join(c if c.isalnum() or c in ".-" else "_" for c in f"{encoder.name}-{kind}")
        if name not in self._known:
            self._known[name] = self._read(name)
        known = self._known[name]
        keys = [text_hash(text, kind=kind) for text in texts]
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        waiting = sorted(missing, key=lambda key: len(missing[key]))
        for start in range(0, len(waiting), BATCH):
            part = waiting[start : start + BATCH]
            rows = encoder.encode([missing[key] for key in part], kind=kind)
            known.update(zip(part, rows, strict=True))
            self._progress(min(start + BATCH, len(waiting)), len(waiting))
            if (start // BATCH) % 8 == 7 or start + BATCH >= len(waiting):
                self._write(name, known)
        return np.stack([known[key] for key in keys])

    def _read(self, name: str) -> dict[bytes, Matrix]:
        path = self._folder / f"{name}.npz"
        if not path.exists():
            return {}
        with np.load(path) as stored:
            rows = stored["rows"].astype(np.float32)
            return {key.tobytes(): row for key, row in zip(stored["keys"], rows, strict=True)}

    def _write(self, name: str, known: dict[bytes, Matrix]) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        unfinished = self._folder / f".{name}.npz"
        keys = np.stack([np.frombuffer(key, dtype=np.uint8) for key in known])
        with unfinished.open("wb") as stream:
            np.savez(stream, keys=keys, rows=np.stack(list(known.values())).astype(np.float16))
        unfinished.replace(self._folder / f"{name}.npz")
