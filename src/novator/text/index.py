"""Every search: one snapshot of an index per folder, mapped into memory, swapped by a rename."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

import numpy as np
import numpy.typing as npt

CURRENT = "CURRENT"
MANIFEST = "manifest.json"
FACTS = "facts.json"
CHECKED_WHOLE_BELOW = 64 * 2**20
LOOK_AGAIN_AFTER = 1.0
KEPT_VERSIONS = 2
LONGEST_WRITING = 3_600.0
_UNFINISHED = ".unfinished-"

Arrays = Mapping[str, npt.NDArray[Any]]
Seal = tuple[str, int, int]
Opened = TypeVar("Opened")


class IndexMissing(Exception):
    """No index has been written yet."""


class IndexDamaged(Exception):
    """The index on disk is not what was written; the caller rebuilds it."""


@dataclass(frozen=True)
class Snapshot:
    """One version of an index; the arrays are read-only maps of files."""

    version: str
    arrays: Arrays
    facts: Mapping[str, Any]
    size: int
    folder: Path = Path()
    seal: Seal = ("", 0, 0)

    def is_as_written(self) -> bool:
        """Whether the files that are mapped are still those in the folder, each byte of them."""
        try:
            check_snapshot(self.folder)
        except IndexDamaged:
            return False
        return seal_of(self.folder) == self.seal


def write_snapshot(
    root: Path, *, arrays: Arrays, facts: Mapping[str, Any], versions: int = KEPT_VERSIONS
) -> str:
    """
    Write a version and make it the current one; readers never see half of it.

    The version is a digest of the content, so that the same content is the same version. Older
    versions than the last few are removed, and what a killed process has left an hour ago.
    """
    root.mkdir(parents=True, exist_ok=True)
    started = root / f"{_UNFINISHED}{os.getpid()}-{threading.get_ident()}"
    shutil.rmtree(started, ignore_errors=True)
    started.mkdir()
    try:
        version = _write_files(started, arrays, facts)
        _move(started, root / version)
        _point_to(root, version)
    finally:
        shutil.rmtree(started, ignore_errors=True)
    _prune(root, version, versions)
    return version


def _write_files(folder: Path, arrays: Arrays, facts: Mapping[str, Any]) -> str:
    for name, array in arrays.items():
        with (folder / f"{name}.npy").open("wb") as stream:
            np.save(stream, np.ascontiguousarray(array), allow_pickle=False)
            _flush(stream.fileno(), stream.flush)
    with (folder / FACTS).open("w", encoding="utf-8") as text:
        json.dump(facts, text, ensure_ascii=False, sort_keys=True)
        _flush(text.fileno(), text.flush)
    sums = {path.name: _checksum(path) for path in sorted(folder.iterdir())}
    content = json.dumps(sums, sort_keys=True)
    with (folder / MANIFEST).open("w", encoding="utf-8") as text:
        text.write(content)
        _flush(text.fileno(), text.flush)
    return hashlib.blake2b(content.encode(), digest_size=8).hexdigest()


def _flush(descriptor: int, flush: Callable[[], None]) -> None:
    flush()
    os.fsync(descriptor)


def _checksum(path: Path) -> list[Any]:
    digest = hashlib.blake2b(digest_size=16)
    with path.open("rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    return [path.stat().st_size, digest.hexdigest()]


def _move(source: Path, target: Path) -> None:
    if target.exists():
        with contextlib.suppress(IndexDamaged):
            check_snapshot(target)
            return
        shutil.rmtree(target)
    source.rename(target)


def _point_to(root: Path, version: str) -> None:
    pointer = root / f".{CURRENT}-{os.getpid()}-{threading.get_ident()}"
    with pointer.open("w", encoding="ascii") as text:
        text.write(version)
        _flush(text.fileno(), text.flush)
    pointer.replace(root / CURRENT)


def _prune(root: Path, version: str, versions: int) -> None:
    others = {item: _age(item) for item in root.iterdir() if item.is_dir() and item.name != version}
    older = sorted(
        (item for item in others if not item.name.startswith(".")), key=others.__getitem__
    )
    left = [item for item in others if item.name.startswith(_UNFINISHED)]
    for item in older[versions - 1 :] + [each for each in left if others[each] > LONGEST_WRITING]:
        shutil.rmtree(item, ignore_errors=True)


def _age(item: Path) -> float:
    try:
        return time.time() - item.stat().st_mtime
    except FileNotFoundError:  # another process has finished it meanwhile
        return 0.0


def current_version(root: Path) -> str:
    """
    The version that readers should use now.

    :raises IndexMissing: nothing was written yet
    """
    try:
        return (root / CURRENT).read_text("ascii").strip()
    except (FileNotFoundError, NotADirectoryError) as fault:
        raise IndexMissing(str(root)) from fault
    except (OSError, UnicodeDecodeError) as fault:
        raise IndexDamaged(f"{root / CURRENT}: {fault}") from fault


def seal_of(folder: Path) -> Seal:
    """
    What tells a version's files from those by which it was replaced, under the same name.

    :raises IndexDamaged: there is no such version
    """
    try:
        found = (folder / MANIFEST).stat()
    except OSError as fault:
        raise IndexDamaged(f"{folder}: {fault}") from fault
    return folder.name, found.st_ino, found.st_mtime_ns


def check_snapshot(folder: Path) -> None:
    """
    Compare every file with the checksum it was written with.

    :raises IndexDamaged: a file is missing or changed
    """
    for name, stated in _manifest(folder).items():
        try:
            found = _checksum(folder / name)
        except OSError as fault:
            raise IndexDamaged(f"{folder / name}: {fault}") from fault
        if found != stated:
            raise IndexDamaged(f"{folder / name}: checksum")


def _manifest(folder: Path) -> dict[str, list[Any]]:
    try:
        manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
        sizes = {name: int(stated[0]) for name, stated in manifest.items()}
        wrong = [name for name, size in sizes.items() if (folder / name).stat().st_size != size]
    except (OSError, ValueError, AttributeError, TypeError, IndexError) as fault:
        raise IndexDamaged(f"{folder}: {fault}") from fault
    if wrong:
        raise IndexDamaged(f"{folder / wrong[0]}: size")
    return dict(manifest)


def open_snapshot(root: Path, version: str | None = None) -> Snapshot:
    """
    Map a version, the current one by default, into memory.

    Sizes are always compared; checksums where the whole is small, else with `check_snapshot`.

    :raises IndexMissing: nothing was written yet
    :raises IndexDamaged: a file is missing, cut, changed or unreadable
    """
    name = version or current_version(root)
    folder = root / name
    seal = seal_of(folder)
    manifest = _manifest(folder)
    size = sum(int(stated[0]) for stated in manifest.values())
    if size < CHECKED_WHOLE_BELOW:
        check_snapshot(folder)
    try:
        arrays = {
            file.removesuffix(".npy"): _mapped(folder / file)
            for file in manifest
            if file.endswith(".npy")
        }
        facts = json.loads((folder / FACTS).read_text("utf-8"))
    except (OSError, ValueError, EOFError) as fault:
        raise IndexDamaged(f"{folder}: {fault}") from fault
    return Snapshot(name, arrays, facts, size, folder, seal)


def _mapped(path: Path) -> npt.NDArray[Any]:
    """A map of the file as a plain array: slices of np.memmap itself cost ten times as much."""
    try:
        mapped = np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))
    except ValueError:  # nothing to map in an empty array
        mapped = np.load(path, allow_pickle=False)
    return mapped


class CurrentIndex(Generic[Opened]):
    """
    The current version as this process sees it; looks for a newer one at most once a second.

    A newer version that turns out damaged is not taken while an older one is open. One that was
    rejected is not opened again before its files have been replaced.
    """

    def __init__(self, root: Path, make: Callable[[Snapshot], Opened]) -> None:
        self._root = root
        self._make = make
        self._turn = threading.Lock()
        self._opened: Opened | None = None
        self._seal: Seal | None = None
        self._rejected: Seal | None = None
        self._looked_at = float("-inf")

    def reject(self, opened: Opened) -> None:
        """Let go of an opened version that turned out damaged."""
        with self._turn:
            if self._opened is opened:
                self._opened, self._rejected = None, self._seal

    def get(self) -> Opened:
        """
        What `make` made of the current version.

        :raises IndexMissing: nothing was written yet
        :raises IndexDamaged: the current version is damaged and no older one is open
        """
        opened = self._opened
        if opened is not None and time.monotonic() - self._looked_at < LOOK_AGAIN_AFTER:
            return opened
        with self._turn:
            return self._look()

    def _look(self) -> Opened:
        try:
            version = current_version(self._root)
            seal = seal_of(self._root / version)
            if seal == self._rejected:
                raise IndexDamaged(f"{version}: rejected")
            if self._opened is None or seal != self._seal:
                self._opened = self._make(open_snapshot(self._root, version))
                self._seal = seal
        except (IndexMissing, IndexDamaged):
            if self._opened is None:
                raise
        self._looked_at = time.monotonic()
        return self._opened
