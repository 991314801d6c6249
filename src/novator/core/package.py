"""Before the law's first step: files that come with the package, read as they were packed."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from zipfile import BadZipFile

_DAMAGED = (
    *(FileNotFoundError, EOFError, BadZipFile),
    *(ValueError, KeyError, TypeError, ArithmeticError, csv.Error),
)


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
    except _DAMAGED as fault:
        raise PackageDamaged(file, str(fault)) from fault


@contextmanager
def packaged_table(file: Path) -> Iterator[Iterator[dict[str, str]]]:
    """
    Read a table of the package row by row, each by the names of its columns.

    :raises PackageDamaged: it is missing, cut short or changed; also what the reader finds so
    """
    with packaged(file), file.open(encoding="utf-8", newline="") as lines:
        yield _whole_rows(csv.DictReader(lines, strict=True))


def _whole_rows(rows: csv.DictReader[str]) -> Iterator[dict[str, str]]:
    """:raises ValueError: a row has too few columns or too many, or there is none"""
    for row in rows:
        if None in row or None in row.values():
            raise ValueError(f"{next(iter(row.values()))!r}: too few columns or too many")
        yield row
    if rows.line_num < 2:
        raise ValueError("no rows")
