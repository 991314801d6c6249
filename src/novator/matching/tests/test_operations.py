"""Operations: the index follows the cards, heals, and costs nothing when nothing has changed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from novator.matching import operations, queries, search
from novator.matching.catalogue import PracticeIndex
from novator.matching.operations import index_root, rebuild_index, warm_up
from novator.matching.queries import current_index, similar_practices
from novator.matching.search import find
from novator.practices.models import Practice
from novator.practices.testing import make_practice
from novator.text import index as index_module
from novator.text.index import IndexDamaged, IndexMissing, current_version, open_snapshot
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


def test_a_worker_loads_the_encoders_before_the_first_card(quick: WordEncoder) -> None:
    warm_up()

    assert quick.encoded == 1


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


@pytest.mark.parametrize("name", ["slugs.bytes", "cards0.scales", "passages0.scales"])
def test_bytes_that_change_under_an_open_index_are_noticed(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_practice("warm-streets")
    make_practice("other-card")
    monkeypatch.setattr(index_module, "CHECKED_WHOLE_BELOW", 0)
    asked: list[int] = []
    monkeypatch.setattr(queries, "ask_for_whole_index", lambda: asked.append(1))
    version = rebuild_index()
    index = current_index()
    path = index_root() / version / f"{name}.npy"
    sound = path.read_bytes()
    with path.open("r+b") as stream:
        stream.seek(-8, 2)
        stream.write(b"\xff" * 8)

    with pytest.raises(IndexDamaged):
        _use(index)
    with pytest.raises(IndexDamaged):
        current_index()

    assert asked == [1]
    assert rebuild_index() == version
    assert path.read_bytes() == sound
    assert current_index() is not index
    _use(current_index())


def _use(index: PracticeIndex) -> None:
    """Everything that pages do with an index."""
    for found in find("тёплые улицы", index=index).results:
        assert found.reasons
    for slug in ("warm-streets", "other-card"):
        similar_practices(Practice(slug=slug), index=index)


def test_a_fault_that_is_not_of_the_index_stays_what_it_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make_practice("warm-streets")
    rebuild_index()
    index = current_index()
    monkeypatch.setattr(search, "rank", lambda *given, **named: 1 // 0)

    with pytest.raises(ZeroDivisionError):
        find("тёплые улицы", index=index)

    assert current_index() is index


def test_other_encoders_leave_the_index_of_the_site_alone(settings: Any) -> None:
    make_practice("warm-streets")
    version = rebuild_index()
    root = index_root()
    settings.ENCODERS = "use"

    rebuild_index()

    assert index_root() != root
    assert current_version(root) == version


def test_the_index_is_made_by_one_process_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    held: list[bool] = []

    def rebuilt(progress: object) -> str:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")
            held.append(cursor.fetchone()[0] > 0)
        return "version"

    monkeypatch.setattr(operations, "_rebuilt", rebuilt)

    assert rebuild_index() == "version"
    assert held == [True]


def test_an_empty_catalogue_has_an_index() -> None:
    rebuild_index()

    assert current_index().cards == 0
