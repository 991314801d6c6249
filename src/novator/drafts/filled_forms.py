"""Solutions written: a filled form read, whoever sent it, and what was understood of it."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, BinaryIO, Literal

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from novator.cities.models import Municipality
from novator.drafts.content import faults_of
from novator.drafts.fields import Field, Step, cell_text
from novator.drafts.form import ALL_FIELDS, STEPS
from novator.drafts.steps import faults_by_place, value_in, values_of_step, with_unknown
from novator.files.checking import WrongContent, type_of
from novator.practices.values import NOTHING

LARGEST_FORM = 4 * 1024 * 1024
_MOST_UNPACKED = 24 * 1024 * 1024
_MOST_PARTS = 500
_MOST_ROWS = 400
_MOST_COLUMNS = 16
_MOST_LETTERS = 40_000
_KEY = re.compile(r"\[([a-z_]+)(?:([.=])([a-z_-]+))?\]")
_YES = frozenset({"yes", "да", "x", "х", "+", "v", "✓", "1", "true", "истина"})
_WORDS = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_CURRENCIES = ("cost_currency", "yearly_cost_currency")
Table = list[list[str]]

_DAMAGED: tuple[type[Exception], ...] = (
    *(KeyError, ValueError, TypeError, AttributeError, IndexError, EOFError, SyntaxError),
    *(NotImplementedError, RuntimeError, OSError, zipfile.BadZipFile, zlib.error),
)
"""What the readers of documents raise over parts that are missing or are not what they should."""


class NotAForm(Exception):
    """The file is no filled form of ours, or cannot be read; the message is fit to show."""


@dataclass(frozen=True)
class Line:
    """What became of one question: taken, not understood (with why), or empty."""

    step: Step
    asks: Field
    state: Literal["taken", "faulty", "empty"]
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True)
class Understood:
    """A filled form as a draft would hold it, and what became of each question."""

    content: dict[str, Any]
    lines: tuple[Line, ...]

    def count(self, state: str) -> int:
        """How many questions are in this state."""
        return sum(line.state == state for line in self.lines)


def read_form(file: BinaryIO, *, name: str, size: int) -> dict[str, Any]:
    """
    What was typed, by field of the form; nothing outside the file is ever asked for.

    :raises NotAForm: too large, damaged, hostile, or another document
    """
    if size > LARGEST_FORM:
        raise NotAForm(_("The file is larger than a filled form can be (4 MB)."))
    try:
        kind = type_of(file, name=name).ending
        if kind not in {"docx", "xlsx"}:
            raise NotAForm(_("This is neither a Word nor an Excel file (DOCX, XLSX)."))
        _check_parts(file)
        tables = _word_tables(file) if kind == "docx" else _excel_tables(file)
        typed = _typed(tables, answer_at=1 if kind == "docx" else 2)
    except WrongContent as refusal:
        raise NotAForm(str(refusal)) from refusal
    except _DAMAGED as fault:
        raise NotAForm(_("The document is damaged and cannot be opened.")) from fault
    if not typed:
        raise NotAForm(
            _(
                "This is no form of ours: no question of it was found. Download the form from "
                "this page, and leave the names in square brackets as they are."
            )
        )
    return typed


def understood(typed: dict[str, Any], municipality: Municipality, *, on: date) -> Understood:
    """Tell field by field what was taken; what was not understood is kept as it was typed."""
    content: dict[str, Any] = {}
    if municipality.country == "RU":  # the form on the site begins with roubles, too
        typed = typed | {name: typed.get(name) or "RUB" for name in _CURRENCIES}
    for step in STEPS:
        sent = {f.name: typed[f.name] for f in step.fields if f.name in typed}
        values = with_unknown(values_of_step(step, sent), content)
        content |= {name: value for name, value in values.items() if value not in NOTHING}
    faults = faults_by_place(tuple(faults_of(content, municipality, on=on)))
    lines = [_line(step, field, content, faults) for step in STEPS for field in step.fields]
    return Understood(content, tuple(lines))


def _line(step: Step, field: Field, content: dict[str, Any], faults: dict[str, list[str]]) -> Line:
    reasons = [
        _at(field, place) + words
        for place, several in faults.items()
        if place.partition("-")[0] == field.name
        for words in several
    ]
    if reasons:
        return Line(step, field, "faulty", tuple(reasons))
    is_empty = value_in(field, content) in NOTHING
    return Line(step, field, "empty" if is_empty else "taken")


def _at(field: Field, place: str) -> str:
    _name, _dash, inner = place.partition("-")
    number, _dash, cell_name = inner.partition("-")
    cell = next((c for c in field.cells if c.name == cell_name), None)
    return f"{field.row_name} {number}, {cell.label}: " if cell else ""


def _typed(tables: Iterable[Table], *, answer_at: int) -> dict[str, Any]:
    """Answers by field: a row with a name in brackets, or columns under such names."""
    fields = {field.name: field for field in ALL_FIELDS}
    typed: dict[str, Any] = {}
    for table in tables:
        columns: dict[int, tuple[Field, Field]] = {}
        for row in table:
            if header := _header(row, fields):
                columns = header
                for field, _cell in columns.values():
                    typed.setdefault(field.name, [])
            elif columns:
                _take_row(typed, columns, row)
            else:
                _take_answer(typed, fields, row, answer_at)
    return typed


def _header(row: Sequence[str], fields: dict[str, Field]) -> dict[int, tuple[Field, Field]]:
    found: dict[int, tuple[Field, Field]] = {}
    for place, text in enumerate(row):
        key = _KEY.search(text)
        if key and key[2] == "." and key[1] in fields:
            cells = {cell.name: cell for cell in fields[key[1]].cells}
            if key[3] in cells:
                found[place] = (fields[key[1]], cells[key[3]])
    return found


def _take_row(
    typed: dict[str, Any], columns: dict[int, tuple[Field, Field]], row: Sequence[str]
) -> None:
    told: dict[str, str] = {}
    name = ""
    for place, (field, cell) in columns.items():
        name = field.name
        text = row[place].strip() if place < len(row) else ""
        if text and not _is_printed(cell, text):
            told[cell.name] = _code_for(cell, text)
    if told and name:
        typed[name].append(told)


def _take_answer(
    typed: dict[str, Any], fields: dict[str, Field], row: Sequence[str], answer_at: int
) -> None:
    key = _KEY.search(row[0]) if row else None
    if key is None or key[1] not in fields or key[2] == ".":
        return
    field = fields[key[1]]
    answer = row[answer_at].strip() if len(row) > answer_at else ""
    if key[2] == "=":
        chosen = typed.setdefault(field.name, [])
        if answer.casefold() in _YES:
            chosen.append(key[3])
    elif field.kind not in {"choices", "rows"}:
        typed[field.name] = _code_for(field, answer)


def _is_printed(cell: Field, text: str) -> bool:
    """Whether it is the example or the label that we printed there ourselves."""
    printed = {str(cell.label)}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            printed |= {str(cell.label), f"{_('For example:')} {cell.example}"}
    return text in printed


def _code_for(field: Field, text: str) -> str:
    """The code of what was chosen, by its name in any of our languages; else the words."""
    wanted = text.casefold()
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            for option, name in field.options:
                if wanted in {option.casefold(), name.casefold()}:
                    return option
    return text


def _check_parts(file: BinaryIO) -> None:
    """Refuse what unpacks to more than a form has, and XML that would fetch or repeat things."""
    file.seek(0)
    with zipfile.ZipFile(file) as parts:
        if len(parts.infolist()) > _MOST_PARTS:
            raise NotAForm(_("The document would unpack to more than can be taken."))
        left = _MOST_UNPACKED
        for part in parts.infolist():
            with parts.open(part) as opened:
                content = opened.read(left + 1)
            left -= len(content)
            if left < 0:
                raise NotAForm(_("The document would unpack to more than can be taken."))
            if part.filename.lower().endswith((".xml", ".rels")) and _declares(content):
                raise NotAForm(_("The document holds declarations that are not taken."))
    file.seek(0)


def _declares(content: bytes) -> bool:
    """Whether XML declares entities or a document type, in whatever encoding."""
    plain = content.replace(b"\0", b"")
    return b"<!DOCTYPE" in plain or b"<!ENTITY" in plain


def _word_tables(file: BinaryIO) -> list[Table]:
    """Every table of the document that stands in no other; cells as text."""
    import docx

    body = docx.Document(file).element.body
    return [
        [_word_row(row) for row in list(table.iterchildren(f"{_WORDS}tr"))[:_MOST_ROWS]]
        for table in list(body.iterchildren(f"{_WORDS}tbl"))[:_MOST_ROWS]
    ]


def _word_row(row: Any) -> list[str]:
    cells = list(row.iter(f"{_WORDS}tc"))[:_MOST_COLUMNS]
    return [_word_text(cell)[:_MOST_LETTERS] for cell in cells]


def _word_text(cell: Any) -> str:
    lines = []
    for paragraph in cell.iter(f"{_WORDS}p"):
        parts = []
        for node in paragraph.iter(f"{_WORDS}t", f"{_WORDS}br", f"{_WORDS}tab"):
            parts.append(node.text or "" if node.tag == f"{_WORDS}t" else "\n")
        lines.append("".join(parts))
    return "\n".join(lines)


def _excel_tables(file: BinaryIO) -> list[Table]:
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(file.read()), read_only=True, data_only=True)
    try:
        return [
            [
                [cell_text(value)[:_MOST_LETTERS] for value in row]
                for row in sheet.iter_rows(
                    max_row=_MOST_ROWS, max_col=_MOST_COLUMNS, values_only=True
                )
            ]
            for sheet in book.worksheets
        ]
    finally:
        book.close()
