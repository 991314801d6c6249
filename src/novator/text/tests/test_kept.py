"""Kept arrays: written once, whole or not at all, made anew when damaged."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from novator.text.kept import Array, kept_array

NUMBERS = np.arange(50_000, dtype=np.float32)


def never() -> Array:
    raise AssertionError("it is there")


def test_what_was_kept_is_not_made_again(tmp_path: Path) -> None:
    kept_array(tmp_path / "new", "table-1", lambda: NUMBERS)

    assert np.array_equal(kept_array(tmp_path / "new", "table-1", never), NUMBERS)


@pytest.mark.parametrize("damage", [b"damage", b""])
def test_a_damaged_file_is_made_anew(damage: bytes, tmp_path: Path) -> None:
    kept_array(tmp_path, "table-1", lambda: NUMBERS)
    (path,) = tmp_path.iterdir()
    path.write_bytes(path.read_bytes()[:10_000] + damage)

    again = kept_array(tmp_path, "table-1", lambda: NUMBERS)

    assert np.array_equal(again, NUMBERS)
    assert list(tmp_path.iterdir()) == [path]


def test_other_versions_and_what_a_killed_process_left_go(tmp_path: Path) -> None:
    kept_array(tmp_path, "table-1", lambda: NUMBERS)
    (tmp_path / "tmp1.new").write_bytes(b"left by a killed process")
    os.utime(tmp_path / "tmp1.new", (0, 0))
    (tmp_path / "tmp2.new").write_bytes(b"somebody writes at this moment")

    kept_array(tmp_path, "table-2", lambda: NUMBERS)

    found = sorted(path.name for path in tmp_path.iterdir())
    assert len(found) == 2
    assert found[0].startswith("table-2")
    assert found[1] == "tmp2.new"


def test_a_folder_that_cannot_be_written_is_done_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_given: object, **_named: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "save", full)

    assert kept_array(tmp_path, "table-1", lambda: NUMBERS) is NUMBERS
    assert not list(tmp_path.iterdir())


def test_without_a_folder_it_is_held_in_memory() -> None:
    assert kept_array(None, "table-1", lambda: NUMBERS) is NUMBERS
