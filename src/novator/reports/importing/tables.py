"""A citizen's report: tables of other systems (CSV, also packed, and XLSX) read row by row."""

from __future__ import annotations

import csv
import gzip
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any, TextIO

from django.utils.translation import gettext as _

LONGEST_CELL = 1_000_000
LARGEST_BOOK = 400_000_000
MOST_COLUMNS = 300

Row = tuple[int, list[str]]


class BrokenFile(Exception):
    """The file as a whole cannot be read; the message is fit to show."""


@contextmanager
def opened_table(path: Path) -> Iterator[tuple[list[str], Iterator[Row]]]:
    """
    Give the names of the columns, and the rows with the line of the file in which each ends.

    :raises BrokenFile: it is no table that can be read, at once or while it is read
    """
    name = path.name.lower()
    try:
        if name.endswith(".xlsx"):
            yield _book(path)
        elif name.endswith((".csv", ".csv.gz", ".tsv", ".tsv.gz")):
            with _opened(path) as file:
                yield _csv(file, path)
        else:
            raise BrokenFile(_("The ending must be .csv, .csv.gz, .tsv or .xlsx."))
    except (csv.Error, EOFError, gzip.BadGzipFile, zipfile.BadZipFile, OSError) as fault:
        raise BrokenFile(
            _("%(file)s cannot be read: %(reason)s") % {"file": path.name, "reason": fault}
        ) from fault
    except UnicodeDecodeError as fault:
        raise BrokenFile(_("%(file)s is no text in UTF-8.") % {"file": path.name}) from fault


def _opened(path: Path) -> TextIO:
    if path.suffix.lower() == ".gz":
        return gzip.open(path, "rt", encoding="utf-8-sig", newline="")
    return path.open(encoding="utf-8-sig", newline="")


def _csv(file: TextIO, path: Path) -> tuple[list[str], Iterator[Row]]:
    head = file.readline(LONGEST_CELL)
    if not head.strip():
        raise BrokenFile(_("%(file)s is empty.") % {"file": path.name})
    delimiter = max(",;\t", key=head.count)
    csv.field_size_limit(LONGEST_CELL)
    names = next(csv.reader([head], delimiter=delimiter))
    reader = csv.reader(file, delimiter=delimiter)
    return [name.strip() for name in names], ((reader.line_num + 1, row) for row in reader if row)


def _book(path: Path) -> tuple[list[str], Iterator[Row]]:
    from openpyxl import load_workbook

    with zipfile.ZipFile(path) as package:
        if sum(entry.file_size for entry in package.infolist()) > LARGEST_BOOK:
            raise BrokenFile(_("%(file)s unpacks to far too much.") % {"file": path.name})
    try:
        sheet = load_workbook(path, read_only=True, data_only=True).worksheets[0]
        rows = sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True)
        names = [_cell(cell).strip() for cell in next(rows, ())]
    except (KeyError, ValueError, IndexError, TypeError) as fault:
        raise BrokenFile(_("%(file)s is no readable XLSX file.") % {"file": path.name}) from fault
    if not any(names):
        raise BrokenFile(_("%(file)s is empty.") % {"file": path.name})
    return names, (
        (line, [_cell(cell) for cell in cells])
        for line, cells in enumerate(rows, start=2)
        if any(cell not in (None, "") for cell in cells)
    )


def _cell(value: Any) -> str:
    if isinstance(value, (datetime, date)):
        return value.isoformat(sep=" ") if isinstance(value, datetime) else value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)
