"""What the association tells: an article as a tagged PDF, for meetings and archives."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from novator.core.documents import tagged_pdf
from novator.news.marked import Run, blocks_of
from novator.news.models import Article, ArticleText

_SOURCE = """
#let run(part) = {
  let said = part.text
  let shown = if part.is_strong and part.is_emphasised { strong(emph(said)) } else if (
    part.is_strong) { strong(said) } else if part.is_emphasised { emph(said) } else { [#said] }
  if part.link != "" { link(part.link, shown) } else { shown }
}
#let runs(parts) = [#parts.map(run).join()]
= #data.title
#text(9.5pt, data.told)
#if data.summary != "" { par(strong(data.summary)) }
#for block in data.blocks {
  if block.kind == "heading" { heading(level: calc.min(block.level + 1, 4), runs(block.runs)) }
  else if block.kind == "items" {
    if block.is_numbered {
      enum(start: block.start, ..block.items.map(runs))
    } else { list(..block.items.map(runs)) }
  }
  else if block.kind == "quote" { quote(block: true, runs(block.runs)) }
  else if block.kind == "table" {
    table(columns: block.columns, table.header(..block.head.map(runs)),
      ..block.rows.map(row => row.map(runs)).flatten())
  }
  else { par(runs(block.runs)) }
}
"""


def article_pdf(text: ArticleText) -> bytes:
    """The text as PDF/UA-1; the same text gives the same bytes. Pictures are not in it."""
    article = text.article
    with translation.override(text.language):
        data = {
            "title": text.title,
            "language": text.language,
            "told": _told(article),
            "summary": text.summary,
            "blocks": _together(text.body),
        }
    return tagged_pdf(_SOURCE, data=data, made_at=article.changed_at)


def _told(article: Article) -> str:
    if article.published_at is None:
        return _("Draft")
    return date_format(article.published_at, "DATE_FORMAT")


def _together(body: str) -> list[dict[str, Any]]:
    """Blocks with items of one list and rows of one table put together."""
    made: list[dict[str, Any]] = []
    for block in blocks_of(body):
        last = made[-1] if made else {}
        if block.kind == "item":
            is_numbered = block.mark != "•"
            if last.get("kind") == "items" and last["is_numbered"] == is_numbered:
                last["items"].append(_plain(block.runs))
                continue
            start = int(block.mark[:-1]) if is_numbered else 1
            items = [_plain(block.runs)]
            made.append(
                {"kind": "items", "is_numbered": is_numbered, "start": start, "items": items}
            )
        elif block.kind == "row":
            cells = [_plain(cell) for cell in block.cells]
            if last.get("kind") == "table":
                last["rows"].append(cells)
                continue
            made.append({"kind": "table", "columns": len(cells), "head": cells, "rows": []})
        else:
            made.append({"kind": block.kind, "level": block.level, "runs": _plain(block.runs)})
    return made


def _plain(runs: tuple[Run, ...]) -> list[dict[str, Any]]:
    return [asdict(each) for each in runs]
