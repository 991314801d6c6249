"""
Before the law's first step: locks on files, which the system frees when their holder is killed.
"""

import os
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Self

_POLL_SECONDS = 0.05
_LOCKED_BYTE = 1 << 30  # far behind the text, so that Windows lets others read what the file says


class LockHeld(Exception):
    """Another process holds the lock."""


class FileLock:
    """
    An exclusive lock on a file, free again as soon as the holder lets go or dies.

    The file may carry a few words about its holder; it is never deleted, or two processes could
    hold two files of one name.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: int | None = None

    def acquire(self, *, timeout: float = 0.0, words: str = "") -> None:
        """
        Take the lock, waiting up to `timeout` seconds.

        :raises LockHeld: somebody else holds it still
        """
        until = time.monotonic() + timeout
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            while not _locked(descriptor):
                if time.monotonic() >= until:
                    raise LockHeld(str(self.path))
                time.sleep(_POLL_SECONDS)
        except BaseException:
            os.close(descriptor)
            raise
        self._file = descriptor
        self.write(words)

    def write(self, words: str) -> None:
        """Say in the file who holds it."""
        assert self._file is not None
        os.ftruncate(self._file, 0)
        os.lseek(self._file, 0, os.SEEK_SET)
        os.write(self._file, words.encode())

    def release(self) -> None:
        """Let go; harmless when not held."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def __enter__(self) -> Self:
        if self._file is None:
            self.acquire()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()


if sys.platform == "win32":
    import msvcrt

    def _locked(descriptor: int) -> bool:
        os.lseek(descriptor, _LOCKED_BYTE, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _locked(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def is_held(path: Path) -> bool:
    """Tell whether somebody holds the lock on this file now."""
    if not path.exists():
        return False
    descriptor = os.open(path, os.O_RDWR)
    try:
        return not _locked(descriptor)
    finally:
        os.close(descriptor)
