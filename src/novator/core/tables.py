"""Beside the law: tables as CSV that table programs open as they are and reckon with nothing."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from typing import Any

CSV_TYPE = "text/csv; charset=utf-8"
BYTE_ORDER_MARK = "\ufeff"
"""Stands at the beginning, or Excel takes the letters for those of the system's code page."""

_RECKONED = re.compile(r"'*[=+\-@\t\r]")
_PIECE = 1 << 16


def guarded(cell: Any) -> Any:
    """
    Put an apostrophe before a text that a table program would take for a formula.

    A text that begins with apostrophes before such a sign is given another, so that `unguarded`
    gives back every text.
    """
    is_reckoned = isinstance(cell, str) and _RECKONED.match(cell)
    return f"'{cell}" if is_reckoned else cell


def unguarded(cell: str) -> str:
    """Take away the apostrophe that `guarded` puts before what a table would reckon with."""
    return cell[1:] if cell[:1] == "'" and _RECKONED.match(cell) else cell


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
