"""Index: written whole or not at all, damaged files are noticed, versions are swapped."""

from __future__ import annotations

from pathlib import Path
from unittest import mock

import numpy as np
import pytest

from novator.text import index as index_module
from novator.text.index import (
    CurrentIndex,
    IndexDamaged,
    IndexMissing,
    Snapshot,
    current_version,
    open_snapshot,
    write_snapshot,
)


def write(root: Path, number: int) -> str:
    """A small version with one array."""
    return write_snapshot(
        root, arrays={"a": np.arange(number), "empty": np.zeros((0, 4))}, facts={"number": number}
    )


def test_what_was_written_is_read(tmp_path: Path) -> None:
    write(tmp_path, 5)

    snapshot = open_snapshot(tmp_path)

    assert snapshot.arrays["a"].tolist() == [0, 1, 2, 3, 4]
    assert snapshot.arrays["empty"].shape == (0, 4)
    assert snapshot.facts == {"number": 5}


def test_the_same_content_is_the_same_version(tmp_path: Path) -> None:
    assert write(tmp_path, 5) == write(tmp_path, 5)


def test_only_two_versions_are_kept(tmp_path: Path) -> None:
    versions = [write(tmp_path, number) for number in (1, 2, 3, 4)]

    kept = {item.name for item in tmp_path.iterdir() if item.is_dir()}

    assert kept == {versions[3], versions[2]} or (versions[3] in kept and len(kept) == 2)


def test_no_index_is_said(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing):
        open_snapshot(tmp_path)


@pytest.mark.parametrize("name", ["a.npy", "facts.json", "manifest.json"])
@pytest.mark.parametrize("fault", ["cut", "changed", "gone"])
def test_damage_is_noticed(tmp_path: Path, name: str, fault: str) -> None:
    path = tmp_path / write(tmp_path, 5) / name
    content = path.read_bytes()
    if fault == "gone":
        path.unlink()
    elif fault == "cut":
        path.write_bytes(content[: len(content) // 2])
    else:
        path.write_bytes(content[:-2] + bytes([content[-2] ^ 1, content[-1] ^ 1]))

    with pytest.raises(IndexDamaged):
        open_snapshot(tmp_path)


def test_a_damaged_version_is_written_again(tmp_path: Path) -> None:
    version = write(tmp_path, 5)
    (tmp_path / version / "a.npy").write_bytes(b"")

    write(tmp_path, 5)

    assert open_snapshot(tmp_path).arrays["a"].size == 5


def test_a_full_disk_leaves_the_old_version(tmp_path: Path) -> None:
    old = write(tmp_path, 1)

    with (
        mock.patch("numpy.save", side_effect=OSError("No space left")),
        pytest.raises(OSError, match="No space"),
    ):
        write(tmp_path, 2)

    assert current_version(tmp_path) == old
    assert {item.name for item in tmp_path.iterdir()} == {"CURRENT", old}


def test_readers_take_up_a_newer_version(tmp_path: Path) -> None:
    write(tmp_path, 1)
    reader = CurrentIndex(tmp_path, lambda snapshot: snapshot.facts["number"])
    with mock.patch.object(index_module, "LOOK_AGAIN_AFTER", 0.0):
        before = reader.get()
        write(tmp_path, 2)

        after = reader.get()

    assert (before, after) == (1, 2)


def test_readers_keep_the_old_version_if_the_newer_is_damaged(tmp_path: Path) -> None:
    write(tmp_path, 1)

    def make(snapshot: Snapshot) -> int:
        return int(snapshot.facts["number"])

    reader = CurrentIndex(tmp_path, make)
    with mock.patch.object(index_module, "LOOK_AGAIN_AFTER", 0.0):
        reader.get()
        (tmp_path / write(tmp_path, 2) / "a.npy").unlink()

        assert reader.get() == 1
