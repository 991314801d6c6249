"""Before the interface is tested: it stands alone, unless a test wants the pages around it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from novator.matching.testing import index_by_letters


@pytest.fixture(autouse=True)
def _alone(request: pytest.FixtureRequest, settings: Settings) -> None:
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    if not request.node.get_closest_marker("whole_site"):
        settings.ROOT_URLCONF = "novator.api.testing"
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture
def index_of_cards(
    db: None, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Any:
    """Give a function that builds the index of the cards there are."""
    return index_by_letters(settings, tmp_path, monkeypatch)


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    config.addinivalue_line("markers", "whole_site: needs the pages around the interface")
