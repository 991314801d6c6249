"""Who decides: voices read from a pasted list or table: a name and a word, or marks in columns."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field

from novator.council.models import Person
from novator.council.naming import likeliest, people_called

WORDS: dict[str, tuple[str, ...]] = {
    "yes": ("з", "за", "да", "+", "yes", "y", "for", "aye"),
    "no": ("п", "против", "нет", "no", "n", "against", "nay"),
    "abstain": ("в", "воздержался", "воздержалась", "воздерж", "возд", "abstained", "abstain", "a"),
    "not_voting": (
        "н",
        "не голосовал",
        "не голосовала",
        "не гол",
        "-",
        "–",
        "—",
        "did not vote",
        "not voting",
    ),
    "recused": ("к", "конфликт интересов", "конфликт", "самоотвод", "recused", "r"),
    "absent": ("о", "отсутствовал", "отсутствовала", "отсутствует", "отсутствие", "absent", "o"),
}
"""Words and letters by which people write an option; the first of each is its key in Russian."""
_OPTION = {word: option for option, words in WORDS.items() for word in words}
_MARKS = frozenset({"+", "x", "х", "v", "1", "✓", "✔", "да", "yes"})
_ENDING = re.compile(r"^(.*?)[\s:–—-]+(\S+(?:\s+\S+)?)$")
_PLACE = re.compile(r"^\d{1,3}[.)]?\s+")
MOST_LINES = 1000


@dataclass(frozen=True)
class Unknown:
    """A line whose name is of none of the deputies, or of several; the likeliest first."""

    name: str
    option: str
    candidates: list[Person]


@dataclass(frozen=True)
class VoiceList:
    """What was read: options by the number of the person, names not known, lines not read."""

    known: dict[int, str] = field(default_factory=dict)
    unknown: list[Unknown] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)


def option_in(text: str) -> str | None:
    """Return the option that a word, a letter or a sign stands for."""
    return _OPTION.get(" ".join(text.casefold().strip(" .").split()))


def read_voices(text: str, people: Collection[Person]) -> VoiceList:
    """Read a pasted list; nothing is guessed where a name can be of two people."""
    found = VoiceList()
    columns: list[str | None] = []
    for line in text.splitlines()[:MOST_LINES]:
        if not line.strip():
            continue
        cells = [cell.strip() for cell in re.split(r"[\t;|]", line)]
        options = [option_in(cell) for cell in cells]
        if not columns and sum(option is not None for option in options) > 1:
            columns = options
            continue
        name, option = _in_columns(cells, columns) if columns else _in_line(cells)
        if option is None or not name:
            found.unread.append(line.strip())
        else:
            _add(found, name, option, people)
    return found


def _add(found: VoiceList, name: str, option: str, people: Collection[Person]) -> None:
    meant = people_called(name, people)
    if len(meant) != 1:
        found.unknown.append(Unknown(name, option, likeliest(name, meant or people)))
    elif meant[0].pk in found.known and found.known[meant[0].pk] != option:
        found.twice.append(str(meant[0]))
    else:
        found.known[meant[0].pk] = option


def _in_columns(cells: list[str], columns: list[str | None]) -> tuple[str, str | None]:
    marked = [
        option
        for cell, option in zip(cells, columns, strict=False)
        if option is not None and cell.casefold() in _MARKS
    ]
    names = [cell for cell, option in zip(cells, columns, strict=False) if option is None and cell]
    name = next((cell for cell in names if not cell.strip(".").isdecimal()), "")
    return name, marked[0] if len(marked) == 1 else None


def _in_line(cells: list[str]) -> tuple[str, str | None]:
    written = [cell for cell in cells if cell and not cell.strip(".)").isdecimal()]
    if len(written) > 1:
        options = [option_in(cell) for cell in written[1:]]
        return written[0], next((option for option in options if option), None)
    line = _PLACE.sub("", written[0]) if written else ""
    parts = line.split()
    for length in (3, 2, 1):
        option = option_in(" ".join(parts[-length:])) if len(parts) > length else None
        if option is not None:
            return " ".join(parts[:-length]).strip(" :–—-"), option
    return line, None
