"""The front page: each example that it offers is answered."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.utils.translation import override

from novator.matching.catalogue import PracticeIndex
from novator.matching.search import find
from novator.matching.testing import make_index, starter_cards, starter_questions
from novator.portal.home import EXAMPLES


@pytest.fixture(scope="module")
def starter_index(tmp_path_factory: pytest.TempPathFactory) -> PracticeIndex:
    folder: Path = tmp_path_factory.mktemp("examples")
    return make_index(folder, starter_cards(), starter_questions())


@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_example_finds_solutions(language: str, starter_index: PracticeIndex) -> None:
    with override(language):
        asked = [str(example) for example in EXAMPLES]

    assert [text for text in asked if find(text, index=starter_index).nothing_fits] == []
