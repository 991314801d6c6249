"""Matching: one index of the starter catalogue for all tests of a process."""

from __future__ import annotations

import pytest

from novator.matching.catalogue import PracticeIndex
from novator.matching.testing import make_index, starter_cards, starter_questions


@pytest.fixture(scope="session")
def starter_index(tmp_path_factory: pytest.TempPathFactory) -> PracticeIndex:
    """The starter catalogue as it is searched."""
    folder = tmp_path_factory.mktemp("starter-index")
    return make_index(folder, starter_cards(), starter_questions())
