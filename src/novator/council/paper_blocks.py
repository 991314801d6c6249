"""Who decides: a paper as blocks of text, set as tagged PDF and as Word alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from novator.core.documents import add_table, new_document, tagged_pdf, word_bytes

_SOURCE = """
= #data.title
#for block in data.blocks {
  if block.kind == "heading" { heading(level: block.level + 1, words(block.text)) }
  else if block.kind == "text" { lines(block.text) }
  else if block.kind == "quote" { pad(left: 1.2em, text(style: "italic", lines(block.text))) }
  else if block.kind == "list" { list(..block.items.map(words)) }
  else if block.kind == "numbers" { enum(..block.items.map(words)) }
  else if block.kind == "facts" {
    grid(columns: (11em, 1fr), column-gutter: 1em, row-gutter: 0.7em,
      ..block.rows.map(row => (text(fill: rgb("#4a5957"), words(row.at(0))),
        words(row.at(1)))).flatten())
  }
  else if block.kind == "table" {
    sheet(block.widths.map(width => if width == 0 { auto } else { width * 1fr }),
      block.head, block.rows)
  }
  else if block.kind == "signature" {
    v(1.5em)
    grid(columns: (13em, 1fr, 13em), column-gutter: 0.8em, row-gutter: 2.2em,
      ..block.rows.map(row => (words(row.at(0)),
        align(bottom, line(length: 100%, stroke: 0.5pt)), words(row.at(1)))).flatten())
  }
}
"""


@dataclass
class Paper:
    """A paper that is being put together, block after block."""

    title: str
    language: str
    blocks: list[dict[str, Any]] = field(default_factory=list)

    def heading(self, text: str, level: int = 1) -> None:
        """Begin a part; levels begin with 1 below the title and leave none out."""
        self.blocks.append({"kind": "heading", "level": level, "text": text})

    def text(self, text: str) -> None:
        """One or more paragraphs; nothing for no text."""
        if text.strip():
            self.blocks.append({"kind": "text", "text": text})

    def quote(self, text: str) -> None:
        """What somebody said."""
        if text.strip():
            self.blocks.append({"kind": "quote", "text": text})

    def listed(self, items: Sequence[str], *, numbered: bool = False) -> None:
        """A list; nothing for no items."""
        if items:
            kind = "numbers" if numbered else "list"
            self.blocks.append({"kind": kind, "items": list(items)})

    def facts(self, rows: Sequence[tuple[str, str]]) -> None:
        """Names with what is said of each; those of which nothing is said are left out."""
        if told := [list(row) for row in rows if row[1]]:
            self.blocks.append({"kind": "facts", "rows": told})

    def table(
        self, head: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[int]
    ) -> None:
        """A table; `widths` are shares of the line, 0 for as wide as needed."""
        if rows:
            table = {"head": list(head), "rows": [list(row) for row in rows]}
            self.blocks.append({"kind": "table", "widths": list(widths), **table})

    def signatures(self, rows: Sequence[tuple[str, str]]) -> None:
        """Lines to sign on."""
        if rows:
            self.blocks.append({"kind": "signature", "rows": [list(row) for row in rows]})


def as_pdf(paper: Paper, *, made_at: datetime) -> bytes:
    """The paper as PDF/UA-1; the same moment gives the same bytes."""
    data = {"title": paper.title, "language": paper.language[:2], "blocks": paper.blocks}
    return tagged_pdf(_SOURCE, data=data, made_at=made_at)


def as_word(paper: Paper) -> bytes:
    """The paper as a Word document with headings, lists and tables by styles."""
    document = new_document(paper.title, paper.language)
    for block in paper.blocks:
        _WRITERS[block["kind"]](document, block)
    return word_bytes(document)


def _heading(document: Any, block: dict[str, Any]) -> None:
    document.add_heading(block["text"], level=block["level"])


def _text(document: Any, block: dict[str, Any]) -> None:
    for line in block["text"].splitlines():
        if line.strip():
            document.add_paragraph(line.strip())


def _quote(document: Any, block: dict[str, Any]) -> None:
    for line in block["text"].splitlines():
        if line.strip():
            document.add_paragraph(line.strip(), style="Quote")


def _list(document: Any, block: dict[str, Any]) -> None:
    for item in block["items"]:
        document.add_paragraph(item, style="List Bullet")


def _numbers(document: Any, block: dict[str, Any]) -> None:
    for place, item in enumerate(block["items"], start=1):
        document.add_paragraph(f"{place}. {item}")


def _facts(document: Any, block: dict[str, Any]) -> None:
    for name, words in block["rows"]:
        paragraph = document.add_paragraph()
        paragraph.add_run(f"{name}: ").bold = True
        paragraph.add_run(words)
        paragraph.paragraph_format.space_after = 0


def _table(document: Any, block: dict[str, Any]) -> None:
    document.add_paragraph()
    add_table(document, head=block["head"], rows=block["rows"])


def _signature(document: Any, block: dict[str, Any]) -> None:
    document.add_paragraph()
    for office, name in block["rows"]:
        document.add_paragraph(f"{office} ____________________ {name}")


_WRITERS = {
    "heading": _heading,
    "text": _text,
    "quote": _quote,
    "list": _list,
    "numbers": _numbers,
    "facts": _facts,
    "table": _table,
    "signature": _signature,
}
