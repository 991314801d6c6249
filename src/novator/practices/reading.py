"""Solutions found: files of cards (JSONL, CSV, XLSX) read row by row, whatever is in them."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from novator.core.tables import unguarded

LARGEST_FILE = 200_000_000
LONGEST_LINE = 2_000_000
LARGEST_UNPACKED = 400_000_000
MOST_COLUMNS = 1000
MOST_ROWS = 1_000_000


class BrokenFile(Exception):
    """The file as a whole cannot be read; the message is fit to show."""


@dataclass(frozen=True)
class RawRow:
    """One row of a file as it was read; `fault` says why it could not be."""

    line: int
    values: dict[str, Any]
    fault: str = ""


def read_file(path: Path) -> Iterator[RawRow]:
    """
    Read the rows of a file, by its ending: .jsonl (or .ndjson), .csv, .xlsx.

    :raises BrokenFile: it cannot be read as what its ending says
    """
    readers: dict[str, Callable[[Path], Iterator[RawRow]]] = {
        ".jsonl": _read_jsonl,
        ".ndjson": _read_jsonl,
        ".csv": _read_csv,
        ".xlsx": _read_xlsx,
    }
    reader = readers.get(path.suffix.lower())
    if reader is None:
        words = _("%(file)s: the ending must be .jsonl, .csv or .xlsx.")
        raise BrokenFile(words % {"file": path.name})
    _check_size(path)
    rows = 0
    for rows, row in enumerate(reader(path), start=1):
        if rows > MOST_ROWS:
            raise BrokenFile(_("%(file)s has too many rows.") % {"file": path.name})
        yield row
    if rows == 0:
        raise BrokenFile(_("%(file)s is empty: there is no row in it.") % {"file": path.name})


def _check_size(path: Path) -> None:
    try:
        size = path.stat().st_size
        is_file = path.is_file()
    except OSError as fault:
        words = _("%(file)s cannot be read: %(reason)s.")
        raise BrokenFile(words % {"file": path, "reason": fault.strerror}) from fault
    if not is_file:
        raise BrokenFile(_("%(file)s is no file.") % {"file": path})
    if size > LARGEST_FILE:
        raise BrokenFile(_("%(file)s is larger than 200 MB.") % {"file": path.name})


def _read_jsonl(path: Path) -> Iterator[RawRow]:
    for number, line in enumerate(_text_lines(path), start=1):
        if line.strip():
            yield _json_row(number, line)


def _json_row(number: int, line: str) -> RawRow:
    try:
        values = json.loads(line, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as fault:
        reason = _("is no JSON: %(reason)s") % {"reason": str(fault)[:120]}
        return RawRow(number, {}, reason)
    if not isinstance(values, dict):
        return RawRow(number, {}, _("must be a JSON object"))
    return RawRow(number, values)


def _refuse_constant(name: str) -> float:
    raise ValueError(name)


def _read_csv(path: Path) -> Iterator[RawRow]:
    lines = _text_lines(path)
    head = next(lines, "")
    if not head.strip():
        return
    delimiter = max(",;\t", key=head.count)
    limit = csv.field_size_limit(LONGEST_LINE)
    try:
        reader = csv.reader(_chained(head, lines), delimiter=delimiter, strict=True)
        columns = _columns(next(reader), path)
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield _table_row(reader.line_num, columns, [unguarded(cell) for cell in cells])
    except csv.Error as fault:
        words = _("%(file)s is no CSV file: %(reason)s.")
        raise BrokenFile(words % {"file": path.name, "reason": fault}) from fault
    finally:
        csv.field_size_limit(limit)


def _chained(head: str, rest: Iterator[str]) -> Iterator[str]:
    yield head
    yield from rest


def _table_row(line: int, columns: list[str], cells: list[Any]) -> RawRow:
    if any(cell not in (None, "") for cell in cells[len(columns) :]):
        return RawRow(line, {}, _("has more cells than the heading"))
    return RawRow(line, dict(zip(columns, cells, strict=False)))


def _columns(names: list[Any], path: Path) -> list[str]:
    columns = [str(name or "").strip() for name in names]
    while columns and not columns[-1]:
        columns.pop()
    if len(columns) > MOST_COLUMNS:
        raise BrokenFile(_("%(file)s has too many columns.") % {"file": path.name})
    twice = sorted({name for name in columns if columns.count(name) > 1})
    if "id" not in columns or twice:
        words = _("%(file)s: the first row must name the columns, each once, with “id” among them.")
        raise BrokenFile(words % {"file": path.name})
    return columns


def _text_lines(path: Path) -> Iterator[str]:
    """Lines of a UTF-8 file; a line too long or another encoding is refused."""
    with path.open("rb") as file:
        start = file.read(4)
        file.seek(3 if start.startswith(b"\xef\xbb\xbf") else 0)
        if start.startswith((b"\xff\xfe", b"\xfe\xff", b"PK\x03\x04")):
            raise BrokenFile(_not_utf8(path))
        while line := file.readline(LONGEST_LINE + 1):
            if len(line) > LONGEST_LINE:
                raise BrokenFile(_("%(file)s has a line above 2 MB.") % {"file": path.name})
            try:
                yield line.decode("utf-8")
            except UnicodeDecodeError as fault:
                raise BrokenFile(_not_utf8(path)) from fault


def _not_utf8(path: Path) -> str:
    words = _(
        "%(file)s is no text in UTF-8. Save it again as UTF-8 (in a table program: “CSV UTF-8”)."
    )
    return words % {"file": path.name}


def _read_xlsx(path: Path) -> Iterator[RawRow]:
    from openpyxl import load_workbook

    _check_package(path)
    try:
        book = load_workbook(io.BytesIO(path.read_bytes()), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        rows = sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True)
        columns = _columns(list(next(rows, ())), path)
        for number, cells in enumerate(rows, start=2):
            values = [_cell(cell) for cell in cells]
            if any(cell not in (None, "") for cell in values):
                yield _table_row(number, columns, values)
    except (BrokenFile, MemoryError):
        raise
    except Exception as fault:  # openpyxl meets a broken book with whatever its parsers raise
        raise BrokenFile(_not_xlsx(path)) from fault


def _check_package(path: Path) -> None:
    """Refuse what is no XLSX package, and one that unpacks to more than it should."""
    try:
        with zipfile.ZipFile(path) as package:
            size = sum(entry.file_size for entry in package.infolist())
            names = {entry.filename for entry in package.infolist()}
    except (zipfile.BadZipFile, OSError, ValueError) as fault:
        raise BrokenFile(_not_xlsx(path)) from fault
    if "[Content_Types].xml" not in names:
        raise BrokenFile(_not_xlsx(path))
    packed = max(1, path.stat().st_size)
    if size > LARGEST_UNPACKED or (size > 20_000_000 and size > 200 * packed):
        raise BrokenFile(_("%(file)s unpacks to far too much.") % {"file": path.name})


def _not_xlsx(path: Path) -> str:
    words = _("%(file)s is no readable XLSX file. Open it in a table program and save it again.")
    return words % {"file": path.name}


def _cell(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    return unguarded(value) if isinstance(value, str) else value
