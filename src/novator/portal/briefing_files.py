"""Solutions chosen: a paper for a meeting as tagged PDF and as Word."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from novator.core.documents import new_document, tagged_pdf, word_bytes
from novator.portal.briefing_paper import (
    Heading,
    Line,
    Paper,
    Paragraph,
    Points,
    Run,
    Table,
    column_widths,
)

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph as WordParagraph

_WORD_LANGUAGES = {"ru": "ru-RU", "en": "en-GB"}
_TEXT_WIDTH_CM = 16.6

_SOURCE = """
#let run(r) = {
  let said = r.text
  let shown = if r.language != "" { text(lang: r.language, said) } else { [#said] }
  let shown = if r.is_bold { strong(shown) } else { shown }
  let shown = if r.is_quiet { text(fill: rgb("#4a5957"), style: "italic", shown) } else { shown }
  if r.link != "" { link(r.link, shown) } else { shown }
}
#let runs(line) = line.map(run).join()
#let block-of(b) = {
  if b.kind == "paragraph" { par(runs(b.runs)) }
  else if b.kind == "heading" { heading(level: b.level, runs(b.runs)) }
  else if b.kind == "points" {
    if b.is_ordered { enum(..b.items.map(runs)) } else { list(..b.items.map(runs)) }
  } else {
    table(
      columns: b.widths.map(w => w * 1fr),
      table.header(..b.head.map(h => [#h])),
      ..b.rows.map(row => row.map(runs)).flatten()
    )
  }
}
#heading(level: 1, data.title)
#for (name, value) in data.facts [
  #text(fill: rgb("#4a5957"), name + ": ")#value \\
]
#for section in data.sections [
  #heading(level: 2, section.title)
  #for b in section.blocks { block-of(b) }
]
#v(1em)
#line(length: 30%, stroke: 0.5pt + rgb("#7c8a87"))
#text(9pt, fill: rgb("#4a5957"), data.closing)
"""


def as_pdf(paper: Paper, *, made_at: datetime) -> bytes:
    """The paper as PDF/UA-1, with headings, lists and tables tagged."""
    data = paper.as_values()
    for section, made in zip(data["sections"], paper.sections, strict=True):
        for values, block in zip(section["blocks"], made.blocks, strict=True):
            if isinstance(block, Table):
                values["widths"] = column_widths(block)
    return tagged_pdf(_SOURCE, data=data, made_at=made_at)


def as_word(paper: Paper) -> bytes:
    """The paper as a Word document with headings, lists and tables by their styles."""
    document = new_document(paper.title, paper.language)
    facts = document.add_paragraph()
    for number, (name, value) in enumerate(paper.facts):
        if number:
            facts.add_run().add_break()
        _add(facts, (Run(f"{name}: ", is_quiet=True), Run(value)))
    for section in paper.sections:
        document.add_heading(_clean(section.title), level=1)
        for block in section.blocks:
            _add_block(document, block)
    document.add_paragraph()
    _add(document.add_paragraph(), (Run(paper.closing, is_quiet=True),))
    return word_bytes(document)


def _add_block(document: Document, block: Any) -> None:
    if isinstance(block, Paragraph):
        _add(document.add_paragraph(), block.runs)
    elif isinstance(block, Heading):
        _add(document.add_heading(level=block.level - 1), block.runs)
    elif isinstance(block, Points):
        style = "List Number" if block.is_ordered else "List Bullet"
        lines = [document.add_paragraph(style=style) for _item in block.items]
        for one, item in zip(lines, block.items, strict=True):
            _add(one, item)
        if block.is_ordered:
            _count_from_one(document, lines)
    else:
        _add_table(document, block)


def _count_from_one(document: Document, lines: list[WordParagraph]) -> None:
    """Begin a list anew: else Word goes on counting from the last list of the same style."""
    numbering = document.part.numbering_part.element
    style = document.styles["List Number"].element
    known = numbering.num_having_numId(style.pPr.numPr.numId.val)
    anew = numbering.add_num(known.abstractNumId.val)
    anew.add_lvlOverride(ilvl=0).add_startOverride(1)
    for one in lines:
        one._p.get_or_add_pPr().get_or_add_numPr().get_or_add_numId().val = anew.numId


def _add_table(document: Document, block: Table) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Cm, Pt

    lines = [tuple((Run(name, is_bold=True),) for name in block.head), *block.rows]
    table = document.add_table(rows=len(lines), cols=len(block.head), style="Table Grid")
    table.autofit = False
    caption = OxmlElement("w:tblCaption")
    caption.set(qn("w:val"), block.name)
    table._tbl.tblPr.append(caption)
    widths = column_widths(block)
    for row, runs_of_row in zip(table.rows, lines, strict=True):
        for cell, runs, width in zip(row.cells, runs_of_row, widths, strict=True):
            cell.width = Cm(_TEXT_WIDTH_CM * width / sum(widths))
            paragraph = cell.paragraphs[0]
            _add(paragraph, runs, size=Pt(9))
            paragraph.paragraph_format.space_after = Pt(2)
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    document.add_paragraph().paragraph_format.space_after = Pt(2)


def _add(paragraph: WordParagraph, runs: Line, *, size: Any = None) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import RGBColor

    for one in runs:
        run = paragraph.add_run(_clean(one.text))
        run.bold, run.italic = one.is_bold or None, one.is_quiet or None
        run.font.size = size
        if one.is_quiet:
            run.font.color.rgb = RGBColor(0x4A, 0x59, 0x57)
        if one.language:
            written = OxmlElement("w:lang")
            written.set(qn("w:val"), _WORD_LANGUAGES.get(one.language, one.language))
            run._r.get_or_add_rPr().append(written)
        if one.link:
            _make_link(paragraph, run, one.link)


def _make_link(paragraph: WordParagraph, run: Any, address: str) -> None:
    """Put a run into a link; python-docx has no call for it."""
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import RGBColor

    run.font.underline = True
    run.font.color.rgb = RGBColor(0x0A, 0x5A, 0x5A)
    key = paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), key)
    link.append(run._r)
    paragraph._p.append(link)


def _clean(text: str) -> str:
    """Drop control characters, which XML cannot hold."""
    return "".join(c for c in text if c.isprintable() or c in "\n\t\u00a0\u202f\u00ad")
