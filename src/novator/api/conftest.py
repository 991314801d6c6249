"""Before the interface is tested: it stands alone, unless a test wants the pages around it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pytest_django import Settings


@pytest.fixture(autouse=True)
def _alone(request: pytest.FixtureRequest, settings: Settings) -> None:
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    if not request.node.get_closest_marker("whole_site"):
        settings.ROOT_URLCONF = "novator.api.testing"
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


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


@pytest.fixture
def index_of_cards(
    db: None, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Any:
    """Give a function that builds the index of the cards there are."""
    from novator.matching import operations, queries

    settings.DATA_DIR = tmp_path
    for module in (operations, queries):
        monkeypatch.setattr(module, "encoders_from_setting", lambda value: (LetterEncoder(),))
    monkeypatch.setattr(operations, "unavailable_encoders", lambda value: ())
    return operations.rebuild_index


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    config.addinivalue_line("markers", "whole_site: needs the pages around the interface")
