"""The web server starts before the preparation ends only where just this code has prepared."""

from pathlib import Path

import pytest

from novator.site import prepared
from novator.site.prepared import all_ready, fingerprint, is_prepared, tables_ready


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    (tmp_path / "static").mkdir()
    tables_ready(tmp_path).touch()
    all_ready(tmp_path).write_text(fingerprint(), "ascii")
    return tmp_path


def test_what_this_code_has_prepared_is_ready(data_dir: Path) -> None:
    assert is_prepared(data_dir)


@pytest.mark.parametrize("words", ["", "0" * 64])
def test_what_other_code_has_prepared_is_not(data_dir: Path, words: str) -> None:
    all_ready(data_dir).write_text(words, "ascii")

    assert not is_prepared(data_dir)


def test_a_preparation_that_broke_off_after_the_tables_is_not(data_dir: Path) -> None:
    all_ready(data_dir).unlink()

    assert not is_prepared(data_dir)


def test_an_empty_folder_is_not_prepared(tmp_path: Path) -> None:
    assert not is_prepared(tmp_path)


def test_without_the_files_of_the_pages_it_is_not(data_dir: Path) -> None:
    (data_dir / "static").rmdir()

    assert not is_prepared(data_dir)


@pytest.mark.parametrize("name", ["migrations/0002_more.py", "static/portal/site.css"])
def test_a_new_file_is_told_from_the_old_ones(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prepared, "_PACKAGE", tmp_path)
    before = fingerprint()
    made = tmp_path / "reports" / name
    made.parent.mkdir(parents=True)
    made.touch()

    assert fingerprint() != before
