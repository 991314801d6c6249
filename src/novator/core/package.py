"""Before the law's first step: files that come with the package, read as they were packed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class PackageDamaged(Exception):
    """A file that comes with the package is not as it was packed; `reason` says how."""

    def __init__(self, file: Path, reason: str) -> None:
        super().__init__(f"{file}: {reason}")
        self.file = file
        self.reason = reason


@contextmanager
def packaged(file: Path) -> Iterator[None]:
    """
    Read a file of the package; what cannot be read as what it was packed as is its damage.

    :raises PackageDamaged: it is missing, cut short or changed
    """
    try:
        yield
    except (FileNotFoundError, ValueError, KeyError, TypeError) as fault:
        raise PackageDamaged(file, str(fault)) from fault
