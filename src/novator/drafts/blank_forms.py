"""Solutions written: the form to fill in away from here, in Word or Excel, in both languages."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from django.utils import translation
from django.utils.translation import gettext as _

from novator.core.documents import new_document, word_bytes
from novator.drafts.fields import Field
from novator.drafts.form import STEPS

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import _Cell
    from openpyxl.worksheet.worksheet import Worksheet

EMPTY_ROWS = {"baseline": 4, "steps": 8, "effects": 5, "sources": 4}
_ACCENT = "0A5A5A"
_TINT = "E3F0EE"
_SOFT = "4A5957"
_TALLEST = 120


def word_form(language: str) -> bytes:
    """
    The form as a Word document: what is asked stands left, the answer is written right.

    The name in square brackets at each question is what the reader of filled forms goes by.
    """
    with translation.override(language):
        document = new_document(_("Card of a practice: form to fill in"), language)
        document.add_paragraph(_introduction())
        for number, step in enumerate((s for s in STEPS if s.fields), start=1):
            document.add_heading(f"{number}. {step.title}", level=1)
            document.add_paragraph(str(step.lead))
            for field in step.fields:
                _word_question(document, field)
        return word_bytes(document)


def excel_form(language: str) -> bytes:
    """The form as an Excel workbook: one sheet of questions and one for each list."""
    from openpyxl import Workbook

    with translation.override(language):
        book = Workbook()
        book.properties.title = _("Card of a practice: form to fill in")
        book.properties.creator = "Novator"
        book.properties.language = language
        card = book.active
        assert card is not None
        codes = book.create_sheet("codes")
        codes.sheet_state = "hidden"
        choices = _Choices(codes)
        _excel_card(card, choices)
        for field in (f for step in STEPS for f in step.fields if f.kind == "rows"):
            _excel_list(book.create_sheet(_sheet_name(field)), field, choices)
        book.move_sheet(codes, len(book.sheetnames))
        page = io.BytesIO()
        book.save(page)
        return page.getvalue()


class _Choices:
    """Lists of a workbook from which a cell is chosen, each once on a hidden sheet."""

    def __init__(self, sheet: Any) -> None:
        self.sheet = sheet
        self.made: dict[tuple[str, ...], str] = {}

    def offer(self, sheet: Any, cells: str, names: list[str]) -> None:
        from openpyxl.utils import get_column_letter
        from openpyxl.worksheet.datavalidation import DataValidation

        key = tuple(names)
        if key not in self.made:
            column = get_column_letter(len(self.made) + 1)
            for row, name in enumerate(names, start=1):
                self.sheet[f"{column}{row}"] = name
            self.made[key] = f"codes!${column}$1:${column}${len(names)}"
        rule = DataValidation(type="list", formula1=self.made[key], allow_blank=True)
        rule.errorTitle, rule.error = _("Not in the list"), _("Choose a value of the list.")
        sheet.add_data_validation(rule)
        rule.add(cells)


def _introduction() -> str:
    return _(
        "Fill in what you know; what is empty can be added on the site. Questions with * are "
        "needed to publish. Leave the names in square brackets as they are: the site reads the "
        "form by them. The examples are of an invented city."
    )


def _word_question(document: Document, field: Field) -> None:
    from docx.oxml import OxmlElement

    if field.kind == "rows":
        document.add_paragraph().add_run(_name(field)).bold = True
        if field.help:
            document.add_paragraph(str(field.help))
        for cell in field.cells:
            if cell.options:
                names = "; ".join(name for _code, name in cell.options)
                document.add_paragraph(f"{cell.label}: {names}")
        table = document.add_table(rows=1, cols=len(field.cells), style="Table Grid")
        for box, cell in zip(table.rows[0].cells, field.cells, strict=True):
            _word_words(box, str(cell.label), _example(cell), f"[{field.name}.{cell.name}]")
        table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
        for _row in range(EMPTY_ROWS[field.name]):
            table.add_row()
    else:
        table = document.add_table(rows=0, cols=2, style="Table Grid")
        for label, key in _keys(field):
            left, _right = table.add_row().cells
            _word_words(left, label, _about(field), f"[{key}]")
    document.add_paragraph()


def _word_words(cell: _Cell, label: str, about: str, key: str) -> None:
    from docx.shared import Pt, RGBColor

    first = cell.paragraphs[0]
    first.add_run(label).bold = True
    if about:
        run = cell.add_paragraph().add_run(about)
        run.font.size = Pt(9)
    mark = cell.add_paragraph().add_run(key)
    mark.font.size = Pt(7)
    mark.font.color.rgb = RGBColor.from_string(_SOFT)


def _excel_card(sheet: Worksheet, choices: _Choices) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill

    sheet.title = _("card")
    sheet.append(["", _("Question"), _("Answer"), _("Help and example")])
    for cell in sheet[1]:
        cell.font = Font(bold=True, color="FFFFFF")
        cell.fill = PatternFill("solid", fgColor=_ACCENT)
    _excel_line(sheet, _introduction())
    for step in (s for s in STEPS if s.fields):
        _excel_line(sheet, str(step.title), is_bold=True)
        for field in step.fields:
            if field.kind == "rows":
                words = _("See the sheet “%(name)s”.") % {"name": _sheet_name(field)}
                sheet.append(["", _name(field), words, str(field.help)])
                continue
            for label, key in _keys(field):
                sheet.append([f"[{key}]", label, "", _about(field)])
                row = sheet.max_row
                sheet[f"C{row}"].number_format = "@"
                if "=" in key:
                    choices.offer(sheet, f"C{row}", [_("yes"), _("no")])
                elif field.options:
                    choices.offer(sheet, f"C{row}", [name for _code, name in field.options])
    for row_cells in sheet.iter_rows(min_row=2, max_col=4):
        for cell in row_cells:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    for column, width in {"A": 4, "B": 38, "C": 60, "D": 60}.items():
        sheet.column_dimensions[column].width = width
    sheet.column_dimensions["A"].hidden = True
    sheet.freeze_panes = "C2"


def _excel_line(sheet: Worksheet, words: str, *, is_bold: bool = False) -> None:
    from openpyxl.styles import Font, PatternFill

    sheet.append(["", words])
    row = sheet.max_row
    sheet.merge_cells(f"B{row}:D{row}")
    sheet[f"B{row}"].font = Font(bold=is_bold)
    if is_bold:
        sheet[f"B{row}"].fill = PatternFill("solid", fgColor=_TINT)
    else:
        sheet.row_dimensions[row].height = 48


def _excel_list(sheet: Worksheet, field: Field, choices: _Choices) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    sheet.append([f"[{field.name}.{cell.name}]" for cell in field.cells])
    sheet.append([str(cell.label) for cell in field.cells])
    sheet.append([_example(cell) for cell in field.cells])
    sheet.row_dimensions[1].hidden = True
    last = 3 + 2 * EMPTY_ROWS[field.name]
    for number, asked in enumerate(field.cells, start=1):
        column = get_column_letter(number)
        sheet.column_dimensions[column].width = 34 if asked.language else 18
        sheet[f"{column}2"].font = Font(bold=True, color="FFFFFF")
        sheet[f"{column}2"].fill = PatternFill("solid", fgColor=_ACCENT)
        sheet[f"{column}3"].font = Font(italic=True, color=_SOFT)
        sheet[f"{column}3"].alignment = Alignment(wrap_text=True, vertical="top")
        for row in range(4, last + 1):
            sheet[f"{column}{row}"].number_format = "@"
        if asked.options:
            names = [name for _code, name in asked.options]
            choices.offer(sheet, f"{column}4:{column}{last}", names)
    sheet.freeze_panes = "A4"


def _keys(field: Field) -> list[tuple[str, str]]:
    """What is asked, line by line, with its key: one line, or one for each option to be ticked."""
    if field.kind == "choices":
        return [(f"{field.label}: {name}", f"{field.name}={code}") for code, name in field.options]
    return [(_name(field), field.name)]


def _name(field: Field) -> str:
    return f"{field.label} *" if field.is_compulsory else str(field.label)


def _about(field: Field) -> str:
    parts = [str(field.help)] if field.help else []
    if field.kind == "choices":
        parts.append(_("Write “yes” if it is so."))
    elif field.options:
        parts.append(_("One of:") + " " + "; ".join(name for _code, name in field.options))
    elif field.kind == "lines":
        parts.append(_("Several: each on a line of its own."))
    if field.example:
        parts.append(_example(field))
    return " ".join(parts)


def _example(field: Field) -> str:
    return f"{_('For example:')} {field.example}" if field.example else ""


def _sheet_name(field: Field) -> str:
    names = {
        "baseline": _("before"),
        "steps": _("steps"),
        "effects": _("result"),
        "sources": _("sources"),
    }
    return names[field.name]
