"""What the association tells: Markdown made into safe HTML, and into blocks for a document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

MOST_PICTURES = 30
_TAGS = {
    *("p", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "strong", "em", "a", "code", "pre"),
    *("blockquote", "hr", "br", "figure", "figcaption", "img"),
    *("table", "thead", "tbody", "tr", "th", "td", "div"),
}
_ATTRIBUTES: dict[str, set[str]] = {
    "a": {"href"},
    "img": {"src", "alt", "width", "height", "loading"},
    "ol": {"start"},
    "th": {"scope"},
    "div": {"class", "tabindex", "role", "aria-label"},
}


@dataclass(frozen=True)
class Picture:
    """A picture that a text may show by its number: `![](1)`. Measures in pixels."""

    address: str
    alt: str
    caption: str
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True)
class Run:
    """Words of one look within a block."""

    text: str
    is_strong: bool = False
    is_emphasised: bool = False
    link: str = ""


@dataclass(frozen=True)
class Block:
    """A heading (`level` from 1), paragraph, item ("•" or "3."), quote or row of a table."""

    kind: str
    runs: tuple[Run, ...] = ()
    level: int = 0
    mark: str = ""
    cells: tuple[tuple[Run, ...], ...] = ()


def _read(body: str) -> list[Token]:
    """Read Markdown; a link that leaves its scheme to the page's (`//…`) gets https."""
    tokens = _reader().parse(body)
    for token in tokens:
        for each in token.children or []:
            if each.type == "link_open" and str(each.attrs.get("href", "")).startswith("//"):
                each.attrSet("href", f"https:{each.attrs['href']}")
    return tokens


def _reader() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table")


def faults_of(body: str, *, pictures: int) -> list[str]:
    """Numbers or addresses of pictures that a text shows and the article does not have."""
    known = {str(number + 1) for number in range(pictures)}
    return [each for each in _pictures_in(_reader().parse(body)) if each not in known]


def as_html(body: str, *, pictures: Sequence[Picture] = (), table_name: str = "") -> str:
    """
    Make Markdown into HTML fit for a page: no markup of the writer, headings from the second level.

    Pictures are those of the article alone; one on its own line is a figure with its caption.
    What is left is cleaned by a list of allowed tags a second time.
    """
    import nh3

    tokens = _read(body)
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(6, int(token.tag[1]) + 1)}"
        if token.type == "th_open":
            token.attrSet("scope", "col")
            token.attrs.pop("style", None)
        if token.type == "td_open":
            token.attrs.pop("style", None)
    html = _rendered(tokens, pictures, table_name)
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow noopener",
    )


def _rendered(tokens: list[Token], pictures: Sequence[Picture], table_name: str) -> str:
    """Render with figures instead of paragraphs that are one picture, and tables that scroll."""
    shown: list[Token] = []
    place = 0
    while place < len(tokens):
        token = tokens[place]
        number = _only_picture(tokens, place)
        if number is not None:
            shown.append(_html(_figure(pictures, number)))
            place += 3
            continue
        if token.type == "table_open":
            name = escape(table_name, quote=True)
            shown.append(
                _html(f'<div class="scroll" tabindex="0" role="region" aria-label="{name}">')
            )
        if token.type == "inline":
            token.children = [each for each in token.children or [] if each.type != "image"]
        shown.append(token)
        if token.type == "table_close":
            shown.append(_html("</div>"))
        place += 1
    reader = _reader()
    return str(reader.renderer.render(shown, reader.options, {}))


def _html(written: str) -> Token:
    return Token("html_block", "", 0, content=written)


def _only_picture(tokens: list[Token], place: int) -> str | None:
    """The number of the picture that is all of the paragraph that begins here."""
    if tokens[place].type != "paragraph_open":
        return None
    inside = [
        each
        for each in tokens[place + 1].children or []
        if each.type != "softbreak" and (each.type != "text" or each.content.strip())
    ]
    if len(inside) != 1 or inside[0].type != "image":
        return None
    return str(inside[0].attrs.get("src", ""))


def _figure(pictures: Sequence[Picture], number: str) -> str:
    if not number.isdecimal() or not 0 < int(number) <= len(pictures):
        return ""
    found = pictures[int(number) - 1]
    size = f' width="{found.width}" height="{found.height}"' if found.width else ""
    caption = f"<figcaption>{escape(found.caption)}</figcaption>" if found.caption else ""
    return (
        f'<figure><img src="{escape(found.address, quote=True)}"'
        f' alt="{escape(found.alt, quote=True)}" loading="lazy"{size}>{caption}</figure>'
    )


def _pictures_in(tokens: Sequence[Token]) -> list[str]:
    found: list[str] = []
    for token in tokens:
        if token.type == "image":
            found.append(str(token.attrs.get("src", "")))
        found += _pictures_in(token.children or [])
    return found


def blocks_of(body: str) -> list[Block]:
    """Read Markdown as blocks for a document; pictures are left out."""
    found: list[Block] = []
    lists: list[tuple[str, int]] = []
    kind, level = "paragraph", 0
    row: list[tuple[Run, ...]] = []
    quoted = 0
    for token in _read(body):
        if token.type in {"bullet_list_open", "ordered_list_open"}:
            lists.append((token.type.split("_")[0], int(token.attrs.get("start", 1))))
        elif token.type in {"bullet_list_close", "ordered_list_close"}:
            lists.pop()
        elif token.type == "heading_open":
            kind, level = "heading", int(token.tag[1])
        elif token.type == "paragraph_open":
            kind = "item" if lists else "quote" if quoted else "paragraph"
        elif token.type == "blockquote_open":
            quoted += 1
        elif token.type == "blockquote_close":
            quoted -= 1
        elif token.type == "tr_open":
            row = []
        elif token.type in {"td_open", "th_open"}:
            kind = "cell"
        elif token.type == "tr_close":
            found.append(Block("row", cells=tuple(row)))
        elif token.type in {"fence", "code_block"}:
            found.append(Block("paragraph", (Run(token.content.rstrip()),)))
        elif token.type == "inline":
            runs = _runs(token.children or [])
            if kind == "cell":
                row.append(runs)
            elif runs:
                found.append(Block(kind, runs, level=level, mark=_mark(lists)))
                _count(lists)
    return found


def _mark(lists: list[tuple[str, int]]) -> str:
    if not lists:
        return ""
    kind, number = lists[-1]
    return "•" if kind == "bullet" else f"{number}."


def _count(lists: list[tuple[str, int]]) -> None:
    if lists:
        kind, number = lists[-1]
        lists[-1] = (kind, number + 1)


def _runs(children: Sequence[Token]) -> tuple[Run, ...]:
    found: list[Run] = []
    look: dict[str, Any] = {"is_strong": False, "is_emphasised": False, "link": ""}
    changes: Mapping[str, tuple[str, Any]] = {
        "strong_open": ("is_strong", True),
        "strong_close": ("is_strong", False),
        "em_open": ("is_emphasised", True),
        "em_close": ("is_emphasised", False),
        "link_close": ("link", ""),
    }
    for child in children:
        if child.type in changes:
            name, value = changes[child.type]
            look[name] = value
        elif child.type == "link_open":
            look["link"] = str(child.attrs.get("href", ""))
        elif child.type in {"softbreak", "hardbreak"}:
            found.append(Run(" " if child.type == "softbreak" else "\n", **look))
        elif child.type in {"text", "code_inline"} and child.content:
            found.append(Run(child.content, **look))
    return tuple(found)
