"""Solutions chosen: what a paper for a meeting is made of, whatever file it becomes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Run:
    """Words of one language ("" is the paper's own), perhaps a link, bold, or not known."""

    text: str
    language: str = ""
    link: str = ""
    is_bold: bool = False
    is_quiet: bool = False


Line = tuple[Run, ...]


@dataclass(frozen=True)
class Paragraph:
    """One paragraph."""

    runs: Line
    kind: str = "paragraph"


@dataclass(frozen=True)
class Heading:
    """A heading inside a section, of level 3 or 4."""

    runs: Line
    level: int = 3
    kind: str = "heading"


@dataclass(frozen=True)
class Points:
    """A list; ordered where the order matters."""

    items: tuple[Line, ...]
    is_ordered: bool = False
    kind: str = "points"


@dataclass(frozen=True)
class Table:
    """A table with a name for those who do not see it; every row has a cell for each column."""

    name: str
    head: tuple[str, ...]
    rows: tuple[tuple[Line, ...], ...]
    kind: str = "table"


Block = Paragraph | Heading | Points | Table


@dataclass(frozen=True)
class Section:
    """A part of the paper with its heading."""

    code: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Paper:
    """The whole: the page and both files show exactly this, in this order."""

    title: str
    language: str
    facts: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    closing: str

    def as_values(self) -> dict[str, Any]:
        """The same as plain values, fit for JSON."""
        return asdict(self)


def line(text: str, language: str = "", **more: Any) -> Line:
    """One run of words."""
    return (Run(text, language, **more),)


def paragraphs(text: str, language: str = "") -> list[Block]:
    """Each line of a longer text as a paragraph."""
    lines = (part.strip() for part in text.splitlines())
    return [Paragraph(line(part, language)) for part in lines if part]


def heading(text: str, language: str = "", *, level: int = 3) -> Heading:
    """A heading inside a section."""
    return Heading(line(text, language), level)


def joined(parts: Iterable[Line], between: str = "; ") -> Line:
    """Several runs one after the other."""
    found: list[Run] = []
    for part in parts:
        if found and part:
            found.append(Run(between))
        found.extend(part)
    return tuple(found)


def column_widths(table: Table) -> list[float]:
    """Relative widths, 1 to 3: by the longest word and by the longest text of each column."""
    lines = [tuple(line(name) for name in table.head), *table.rows]
    return [
        _width(["".join(run.text for run in cell) for cell in c]) for c in zip(*lines, strict=True)
    ]


def _width(texts: Sequence[str]) -> float:
    longest = max(len(text) for text in texts)
    word = max((len(word) for text in texts for word in text.split()), default=1)
    return round(min(3.0, max(1.0, word / 9, longest / 40)), 2)
