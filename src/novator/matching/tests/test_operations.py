"""Operations: the index follows the cards, heals, and costs nothing when nothing has changed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from novator.matching import operations, queries
from novator.matching.operations import index_root, rebuild_index
from novator.matching.queries import current_index, similar_practices
from novator.practices.testing import make_practice
from novator.text.index import IndexMissing, open_snapshot
from novator.text.testing import WordEncoder

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def quick(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[WordEncoder]:
    """An own folder and an encoder without a model."""
    settings.DATA_DIR = tmp_path
    encoder = WordEncoder()
    for module in (operations, queries):
        monkeypatch.setattr(module, "encoders_from_setting", lambda _value: (encoder,))
    queries._current.cache_clear()
    yield encoder
    queries._current.cache_clear()


def test_no_index_is_said() -> None:
    with pytest.raises(IndexMissing):
        current_index()


def test_cards_of_the_database_are_found() -> None:
    practice = make_practice("warm-streets")
    other = make_practice("other-card")

    version = rebuild_index()

    assert current_index().version == version
    assert set(current_index().place_of) == {practice.slug, other.slug}
    assert similar_practices(practice) == [other.slug]


def test_nothing_is_done_when_nothing_has_changed(quick: WordEncoder) -> None:
    make_practice("warm-streets")
    version = rebuild_index()
    encoded = quick.encoded

    assert rebuild_index() == version
    assert quick.encoded == encoded


def test_a_new_card_makes_a_new_version() -> None:
    make_practice("warm-streets")
    before = rebuild_index()
    make_practice("another-card")

    assert rebuild_index() != before


def test_a_damaged_index_is_made_anew() -> None:
    make_practice("warm-streets")
    version = rebuild_index()
    (index_root() / version / "passages0.rows.npy").write_bytes(b"broken")

    assert rebuild_index() == version
    assert open_snapshot(index_root()).version == version


def test_an_empty_catalogue_has_an_index() -> None:
    rebuild_index()

    assert current_index().cards == 0
