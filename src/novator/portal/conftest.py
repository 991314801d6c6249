"""Before the pages are tested: static files as they lie, and an index that is made in no time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.cache import cache
from pytest_django import Settings

from novator.matching.testing import index_by_letters
from novator.portal.testing import plain_static_files


@pytest.fixture(autouse=True)
def _plain_static_files(settings: Settings) -> None:
    plain_static_files(settings)
    cache.clear()


@pytest.fixture
def index_of_cards(
    db: None, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[], str]:
    """Give a function that builds the index of the cards there are; until then there is none."""
    return index_by_letters(settings, tmp_path, monkeypatch)
