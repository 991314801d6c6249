"""Every step of the loop: documents that people carry to a meeting, as tagged PDF and as Word."""

from __future__ import annotations

import functools
import io
import json
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from docx.document import Document
    from typst import Fonts

PDF_TYPE = "application/pdf"
WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_WORD_LANGUAGES = {"ru": "ru-RU", "en": "en-GB"}
# Blocks of signs that the fonts of Typst's package draw whole, tried one by one, less a few signs.
_COVERED = (
    (0x0020, 0x04FF),
    (0x1E00, 0x1EFF),
    (0x2010, 0x205E),
    (0x2070, 0x209C),
    (0x20A0, 0x20BF),
    (0x2100, 0x218B),
    (0x2190, 0x22FF),
    (0x2500, 0x25FF),
)
_NOT_COVERED = frozenset("⁁⁃℟℡℣℥⅒ↅↆↇↈ↊↋")
_HEADING_SIZES = {"Title": 20, "Heading 1": 15, "Heading 2": 12.5, "Heading 3": 11}

# What each document begins with. Typst reads the facts from `data`, so nothing that people wrote
# is ever taken for markup.
_BEGINNING = """
#let data = json(bytes(sys.inputs.data))
#set document(title: data.title)
#set page(
  paper: "a4",
  flipped: data.at("is_wide", default: false),
  margin: (x: 2.2cm, top: 2cm, bottom: 2.2cm),
  footer: context align(center, text(8.5pt, fill: rgb("#4a5957"))[
    #counter(page).display() / #counter(page).final().first()]),
)
#set text(font: "Libertinus Serif", size: 11pt, lang: data.language, hyphenate: false)
#set par(leading: 0.62em, spacing: 0.95em)
#show heading: set text(fill: rgb("#053f40"))
#show heading: set block(above: 1.5em, below: 0.75em)
#show heading.where(level: 1): set text(18pt)
#show heading.where(level: 2): set text(13pt)
#show heading.where(level: 3): set text(11.5pt)
#show link: set text(fill: rgb("#0a5a5a"))
#set table(
  stroke: (x, y) => (bottom: if y == 0 { 0.9pt + rgb("#14201f") } else { 0.4pt + rgb("#7c8a87") }),
  inset: (x: 5pt, y: 5pt),
)
#show table.cell.where(y: 0): set text(weight: "bold")
#show table: set text(size: 9.5pt, hyphenate: true)
#show table: set par(justify: false)
#let words(value) = if value == none { "" } else { str(value) }
#let lines(value) = {
  words(value).split("\\n").filter(part => part.trim() != "").map(part => par(part)).join()
}
#let sheet(columns, head, rows, ..more) = table(
  columns: columns, ..more, table.header(..head.map(words)), ..rows.flatten().map(words))
"""


def tagged_pdf(source: str, *, data: Mapping[str, Any], made_at: datetime | None = None) -> bytes:
    """
    Set a Typst document as PDF/UA-1: tagged, with title and language, fonts inside; about 0.1 s.

    `source` is markup of ours; it reads `data` (which must fit JSON, with "title" and "language")
    and may use `words`, `lines` and `sheet` of the beginning. The same moment gives the same bytes.
    Signs that no font of ours has (faces, hieroglyphs) become "□": the standard forbids gaps.

    :raises typst.TypstError: the source is faulty, or the result would not be accessible
    """
    import typst

    written = json.dumps(data, ensure_ascii=False)
    moment = (made_at or datetime.now(UTC)).replace(microsecond=0)
    try:
        return _set(source, written, moment)
    except typst.TypstError:
        if (legible := _legible(dict(data))) == data:
            raise
        return _set(source, json.dumps(legible, ensure_ascii=False), moment)


def _set(source: str, written: str, moment: datetime) -> bytes:
    import typst

    made = typst.compile(
        (_BEGINNING + source).encode(),
        format="pdf",
        sys_inputs={"data": written},
        pdf_standards="ua-1",
        font_paths=_fonts(),
        timestamp=moment,
    )
    assert isinstance(made, bytes)
    return made


def _legible(value: Any) -> Any:
    """The same with only those signs that the fonts are known to have."""
    if isinstance(value, str):
        return "".join(sign if _has_shape(sign) else "□" for sign in value)
    if isinstance(value, Mapping):
        return {name: _legible(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_legible(inner) for inner in value]
    return value


def _has_shape(sign: str) -> bool:
    if sign in "\n\t":
        return True
    is_known = any(first <= ord(sign) <= last for first, last in _COVERED)
    return is_known and unicodedata.category(sign)[0] != "C" and sign not in _NOT_COVERED


def new_document(title: str, language: str) -> Document:
    """
    An empty Word document with its title set, in the language and styles of ours.

    Headings of levels 1 to 3 and lists are by styles, so that a screen reader can walk them.
    """
    import docx
    from docx.shared import Cm

    document = docx.Document()
    document.core_properties.title = title
    document.core_properties.language = _WORD_LANGUAGES.get(language, language)
    document.core_properties.author = "Novator"
    document.core_properties.comments = ""
    _set_styles(document, _WORD_LANGUAGES.get(language, language))
    for section in document.sections:
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = Cm(2.2)
        section.top_margin = section.bottom_margin = Cm(2)
    document.add_heading(title, level=0)
    return document


def add_table(document: Document, *, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Put a table into a Word document; its first row is marked as header and is repeated."""
    from docx.oxml import OxmlElement

    table = document.add_table(rows=1, cols=len(head), style="Table Grid")
    for cell, words in zip(table.rows[0].cells, head, strict=True):
        cell.paragraphs[0].add_run(words).bold = True
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for row in rows:
        for cell, words in zip(table.add_row().cells, row, strict=True):
            cell.text = words
    document.add_paragraph()


def word_bytes(document: Document) -> bytes:
    """The document as a .docx file."""
    page = io.BytesIO()
    document.save(page)
    return page.getvalue()


def _set_styles(document: Document, language: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    for name, size in {"Normal": 11.0, **_HEADING_SIZES}.items():
        style = document.styles[name]
        style.font.size = Pt(size)
        style.font.name = "Arial"
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            fonts.attrib.pop(qn(theme), None)
        fonts.set(qn("w:cs"), "Arial")
        if name != "Normal":
            style.font.color.rgb = RGBColor(0x05, 0x3F, 0x40)
    written = OxmlElement("w:lang")
    written.set(qn("w:val"), language)
    properties = document.styles["Normal"].element.get_or_add_rPr()
    for known in properties.findall(qn("w:lang")):
        properties.remove(known)
    properties.append(written)


@functools.cache
def _fonts() -> Fonts:
    """The fonts that the package brings: a document looks the same on every machine."""
    from typst import Fonts

    return Fonts(include_system_fonts=False)
