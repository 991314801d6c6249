"""Kept arrays: written once, whole or not at all, made anew when damaged."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from novator.text.kept import Array, Kept, kept
from novator.text.rows import RowsInFile

NUMBERS = np.arange(50_000, dtype=np.float32)


def never() -> Array:
    raise AssertionError("it is there")


def kept_array(folder: Path | None, name: str, make: Callable[[], Array]) -> Array:
    return kept(folder, name, lambda: Kept({"array": make()})).arrays["array"]


def test_what_was_kept_is_not_made_again(tmp_path: Path) -> None:
    kept_array(tmp_path / "new", "table-1", lambda: NUMBERS)

    assert np.array_equal(kept_array(tmp_path / "new", "table-1", never), NUMBERS)


@pytest.mark.parametrize("damage", [b"damage", b""])
def test_a_damaged_file_is_made_anew(damage: bytes, tmp_path: Path) -> None:
    kept_array(tmp_path, "table-1", lambda: NUMBERS)
    (path,) = tmp_path.glob("*/array.npy")
    path.write_bytes(path.read_bytes()[:10_000] + damage)

    again = kept_array(tmp_path, "table-1", lambda: NUMBERS)

    assert np.array_equal(again, NUMBERS)
    assert list(tmp_path.glob("*/array.npy")) == [path]


def test_a_file_damaged_in_its_middle_is_made_anew(tmp_path: Path) -> None:
    kept_array(tmp_path, "table-1", lambda: NUMBERS)
    (path,) = tmp_path.glob("*/array.npy")
    data = bytearray(path.read_bytes())
    data[100_000] ^= 1
    path.write_bytes(data)

    assert np.array_equal(kept_array(tmp_path, "table-1", lambda: NUMBERS), NUMBERS)


def test_of_other_names_and_of_killed_processes_nothing_is_left(tmp_path: Path) -> None:
    kept_array(tmp_path, "table-1", lambda: NUMBERS)
    old, new = tmp_path / ".unfinished-1-1", tmp_path / ".unfinished-2-2"
    old.mkdir()
    new.mkdir()
    os.utime(old, (0, 0))

    other = kept_array(tmp_path, "table-2", lambda: NUMBERS + 1)

    assert np.array_equal(other, NUMBERS + 1)
    assert len(list(tmp_path.glob("*/array.npy"))) == 1
    assert not old.exists()
    assert new.exists(), "somebody writes at this moment"


def test_rows_are_those_of_the_array(tmp_path: Path) -> None:
    table = NUMBERS.reshape(100, 500)

    for _first_then_again in range(2):
        rows = kept(tmp_path, "table-1", lambda: Kept({"table": table})).rows("table")
        assert isinstance(rows, RowsInFile)
        assert np.array_equal(rows[np.array([7, 0, 99, 7])], table[[7, 0, 99, 7]])
        assert rows[np.array([], dtype=np.int64)].shape == (0, 500)


def test_rows_of_a_file_that_was_cut_meanwhile_are_no_zeros(tmp_path: Path) -> None:
    made = Kept({"table": NUMBERS.reshape(100, 500)})
    rows = kept(tmp_path, "table-1", lambda: made).rows("table")
    (path,) = tmp_path.glob("*/table.npy")
    os.truncate(path, 1_000)

    with pytest.raises(ArithmeticError):
        rows[np.array([99])]


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
