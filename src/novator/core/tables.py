"""Beside the law: tables as CSV that table programs open as they are and reckon with nothing."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

CSV_TYPE = "text/csv; charset=utf-8"
BYTE_ORDER_MARK = "\ufeff"
"""Stands at the beginning, or Excel takes the letters for those of the system's code page."""

_RECKONED = frozenset("=+-@\t\r")
_PIECE = 1 << 16


def guarded(cell: Any) -> Any:
    """
    Put an apostrophe before a text that a table program would take for a formula.

    A text that begins with such an apostrophe already is given another, so that `unguarded` gives
    back every text.
    """
    if not isinstance(cell, str):
        return cell
    is_reckoned = cell[:1] in _RECKONED or (cell[:1] == "'" and cell[1:2] in _RECKONED)
    return f"'{cell}" if is_reckoned else cell


def unguarded(cell: str) -> str:
    """Take away the apostrophe that `guarded` puts before what a table would reckon with."""
    is_guarded = cell[:1] == "'" and cell[1:2] in _RECKONED
    return cell[1:] if is_guarded or (cell[:2] == "''" and cell[2:3] in _RECKONED) else cell


def csv_pieces(rows: Iterable[Iterable[Any]]) -> Iterator[bytes]:
    """Write rows as CSV in UTF-8, every cell guarded, in pieces of 64 KB; None is an empty cell."""
    page = io.StringIO()
    page.write(BYTE_ORDER_MARK)
    writer = csv.writer(page)
    for row in rows:
        writer.writerow([guarded(cell) for cell in row])
        if page.tell() > _PIECE:
            yield page.getvalue().encode()
            page.seek(0)
            page.truncate()
    yield page.getvalue().encode()
