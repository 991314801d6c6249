"""Who decides: an Excel workbook opened without trusting it: its sheets as rows of text."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from datetime import date, datetime, time
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

LARGEST_BOOK = 8 * 1024 * 1024
_MOST_UNPACKED = 64 * 1024 * 1024
_MOST_PARTS = 500
MOST_ROWS = 2000
MOST_COLUMNS = 300
_MOST_LETTERS = 10_000
Table = list[list[str]]
_DAMAGED: tuple[type[Exception], ...] = (
    *(KeyError, ValueError, TypeError, AttributeError, IndexError, EOFError, SyntaxError),
    *(NotImplementedError, RuntimeError, OSError, zipfile.BadZipFile, zlib.error),
)
"""What readers of workbooks raise over parts that are missing or are not what they should be."""


class NotABook(Exception):
    """The file is no workbook that can be taken; the message is fit to show."""


def tables_of(file: BinaryIO) -> dict[str, Table]:
    """
    Return the sheets of a workbook by their names; cells as people read them.

    :raises NotABook: too large, damaged, or of another kind
    """
    content = file.read(LARGEST_BOOK + 1)
    if len(content) > LARGEST_BOOK:
        raise NotABook(_("The file is larger than %(most)d MB.") % {"most": LARGEST_BOOK >> 20})
    try:
        _check_parts(content)
        return _read(content)
    except _DAMAGED as fault:
        raise NotABook(
            _("The file cannot be read as an Excel workbook (.xlsx). Save it as .xlsx again.")
        ) from fault


def _read(content: bytes) -> dict[str, Table]:
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    try:
        return {
            sheet.title: [
                [_text(value)[:_MOST_LETTERS] for value in row]
                for row in sheet.iter_rows(
                    max_row=MOST_ROWS, max_col=MOST_COLUMNS, values_only=True
                )
            ]
            for sheet in book.worksheets
            if sheet.sheet_state == "visible"
        }
    finally:
        book.close()


_TURNING = re.compile(r"[\u202a-\u202e\u2066-\u2069]")
"""Signs that turn around the line in which a name stands."""


def _text(value: Any) -> str:
    """A number as it was typed, a day as people write it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "+" if value else "-"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        is_day = value.time() == time.min
        return f"{value:%d.%m.%Y}" if is_day else f"{value:%d.%m.%Y %H:%M}"
    if isinstance(value, date):
        return f"{value:%d.%m.%Y}"
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return _TURNING.sub("", str(value).replace("_x000D_", "")).strip()


def _check_parts(content: bytes) -> None:
    """Refuse what unpacks to more than a workbook has, and XML that declares things."""
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        too_much = NotABook(_("The workbook would unpack to more than can be taken."))
        if len(parts.infolist()) > _MOST_PARTS:
            raise too_much
        left = _MOST_UNPACKED
        for part in parts.infolist():
            with parts.open(part) as opened:
                unpacked = opened.read(left + 1)
            left -= len(unpacked)
            if left < 0:
                raise too_much
            told = unpacked[:4096].replace(b"\0", b"")
            if b"<!DOCTYPE" in told or b"<!ENTITY" in told:
                raise NotABook(_("The workbook holds declarations that are not taken."))
