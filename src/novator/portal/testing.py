"""Every page: what tests of the pages stand on instead of large encoders."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest


class LetterEncoder:
    """Counts letters: enough of an encoder to build an index in no time."""

    name = "letters-1"
    dimensions = 64

    def encode(self, texts: Sequence[str], *, kind: str) -> Any:
        """Give unit rows."""
        rows = np.full((len(texts), self.dimensions), 0.01, dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for letter in text.lower():
                row[ord(letter) % self.dimensions] += 1
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def index_by_letters(
    settings: Any, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[], str]:
    """Give a function that builds the index of the cards there are; until then there is none."""
    from novator.matching import operations, queries

    settings.DATA_DIR = folder
    for module in (operations, queries):
        monkeypatch.setattr(module, "encoders_from_setting", lambda value: (LetterEncoder(),))
    monkeypatch.setattr(operations, "unavailable_encoders", lambda value: ())
    return operations.rebuild_index


def plain_static_files(settings: Any) -> None:
    """Serve the static files as they lie in the packages, without a collected manifest."""
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
