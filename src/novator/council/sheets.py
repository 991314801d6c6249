"""Who decides: a session's workbook read: session, agenda, attendance, voices; every fault."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from django.utils.translation import gettext as _

from novator.council import sheet_words as words
from novator.council.voice_lists import option_in
from novator.council.workbooks import NotABook, Table, tables_of

NUMBERS = ("yes", "no", "abstain", "not_voting", "recused", "present")
_HEADER_WITHIN = 6
VoteKey = tuple[str, int]
"""A vote of the workbook: the number of its question, and which vote on it, from 1."""


@dataclass(frozen=True)
class BookFault:
    """What is wrong where: sheet, row (as Excel counts), rule, what, and how to mend it."""

    sheet: str
    row: int
    rule: str
    message: str
    mend: str = ""

    def __str__(self) -> str:
        place = f"{self.sheet}:{self.row}" if self.row else self.sheet
        return f"{place} {self.rule}: {self.message} {self.mend}".strip()


class BookRefused(Exception):
    """Nothing was taken from the workbook; `faults` names every reason with its place."""

    def __init__(self, faults: list[BookFault]) -> None:
        super().__init__("; ".join(map(str, faults)))
        self.faults = faults


@dataclass(frozen=True)
class Row:
    """One row: where it stands and its cells by column."""

    row: int
    cells: dict[str, str]

    def __getitem__(self, name: str) -> str:
        return self.cells.get(name, "")


@dataclass
class Book:
    """A workbook as it was typed. `titles`: what its sheets are called in it."""

    facts: dict[str, Row] = field(default_factory=dict)
    agenda: list[Row] = field(default_factory=list)
    attendance: list[Row] = field(default_factory=list)
    voices: dict[VoteKey, dict[int, str]] = field(default_factory=dict)
    voters: dict[int, str] = field(default_factory=dict)
    factions: list[Row] = field(default_factory=list)
    titles: dict[str, str] = field(default_factory=dict)
    faults: list[BookFault] = field(default_factory=list)

    def fact(self, name: str) -> str:
        """One line of the sheet of the session; empty where there is none."""
        return self.facts[name]["value"] if name in self.facts else ""

    def blame(self, sheet: str, row: int, rule: str, message: str, mend: str = "") -> None:
        """Add a fault at its place."""
        title = self.titles.get(sheet, words.SHEETS[sheet][0])
        self.faults.append(BookFault(title, row, rule, message, mend))


def read_book(file: BinaryIO) -> Book:
    """
    Read a workbook as `sheet_blank.blank_book` makes it; faults of its shape are in `faults`.

    :raises NotABook: it is no workbook, or has no sheet of ours
    """
    book = Book()
    tables: dict[str, Table] = {}
    for title, table in tables_of(file).items():
        code = words.code_of(title, words.SHEETS)
        if code is not None and code not in tables:
            tables[code], book.titles[code] = table, title
    if "agenda" not in tables:
        raise NotABook(
            _("The workbook has no sheet “%(name)s”. Download the blank and fill that in.")
            % {"name": words.SHEETS["agenda"][0]}
        )
    _read_facts(book, tables.get("session", []))
    book.agenda = list(_rows(book, "agenda", tables["agenda"], words.AGENDA, ("number", "title")))
    book.attendance = list(
        _rows(book, "attendance", tables.get("attendance", []), words.ATTENDANCE, ("name",))
    )
    book.factions = list(
        _rows(book, "factions", tables.get("factions", []), words.FACTIONS, ("faction",))
    )
    _read_voices(book, tables.get("votes", []))
    return book


def votes_of(book: Book) -> Iterator[tuple[VoteKey, Row]]:
    """
    Return the rows of the agenda that tell of a vote.

    A row without a title, or with a number that stood before, is one more vote on that question.
    """
    times: dict[str, int] = {}
    number = ""
    for row in book.agenda:
        number = row["number"] or (number if not row["title"] else "")
        times[number] = times.get(number, 0) + 1
        yield (number, times[number]), row


def questions_of(book: Book) -> list[Row]:
    """Return the rows of the agenda that are questions, not further votes on one."""
    return [row for (_number, time), row in votes_of(book) if time == 1]


def _read_facts(book: Book, table: Table) -> None:
    for place, cells in enumerate(table, start=1):
        name = words.code_of(cells[0] if cells else "", words.FACTS)
        if name is not None and len(cells) > 1 and cells[1]:
            book.facts[name] = Row(place, {"value": cells[1]})


def _rows(
    book: Book,
    sheet: str,
    table: Table,
    columns: dict[str, tuple[str, str]],
    needed: tuple[str, ...],
) -> Iterator[Row]:
    header, names = _header(table, columns, needed)
    if header is None:
        if any(any(cells) for cells in table):
            book.blame(
                sheet,
                1,
                "book_header",
                _("The row with the names of the columns is missing: %(names)s.")
                % {"names": ", ".join(columns[name][0] for name in needed)},
                _("Copy it from the blank."),
            )
        return
    for place, cells in enumerate(table[header + 1 :], start=header + 2):
        found = {name: cells[at] for at, name in names.items() if at < len(cells) and cells[at]}
        if any(name in found for name in columns if name not in ("place", "faction")) or (
            sheet == "factions" and found
        ):
            yield Row(place, found)


def _header(
    table: Table, columns: dict[str, tuple[str, str]], needed: tuple[str, ...]
) -> tuple[int | None, dict[int, str]]:
    for place, cells in enumerate(table[:_HEADER_WITHIN]):
        names: dict[int, str] = {}
        for at, cell in enumerate(cells):
            code = words.code_of(cell, columns) if cell else None
            if code is not None and code not in names.values():
                names[at] = code
        if set(needed) <= set(names.values()):
            return place, names
    return None, {}


def _read_voices(book: Book, table: Table) -> None:
    header, names = _header(table, words.VOTES, ("name",))
    if header is None:
        if any(any(cells) for cells in table):
            book.blame(
                "votes",
                1,
                "book_header",
                _("The row with the names of the columns is missing: %(names)s.")
                % {"names": words.VOTES["name"][0]},
                _("Copy it from the blank."),
            )
        return
    at_name = next(at for at, name in names.items() if name == "name")
    columns = {
        at: _vote_key(cell) for at, cell in enumerate(table[header]) if at not in names and cell
    }
    for place, cells in enumerate(table[header + 1 :], start=header + 2):
        name = cells[at_name] if at_name < len(cells) else ""
        said = {key: cells[at] for at, key in columns.items() if at < len(cells) and cells[at]}
        if not name:
            if said:
                book.blame(
                    "votes",
                    place,
                    "K3.voices",
                    _("There are voices, but no name."),
                    _("Write whose they are."),
                )
            continue
        book.voters[place] = name
        for key, text in said.items():
            _take_voice(book, key, place, text)


def _take_voice(book: Book, key: VoteKey, place: int, text: str) -> None:
    option, _sign, _reason = text.partition(":")
    if option_in(option) is None:
        book.blame(
            "votes",
            place,
            "K3.voices",
            _("“%(text)s” is no voice (question %(number)s).") % {"text": text, "number": key[0]},
            _("Write З, П, В, Н, К or О (or Y, N, A, -, R, O)."),
        )
        return
    book.voices.setdefault(key, {})[place] = text


def _vote_key(header: str) -> VoteKey:
    """Read the head of a column: "3" is the vote on question 3, "3/2" the second on it."""
    number, _slash, time = header.replace("№", "").strip().partition("/")
    return number.strip(" ."), int(time) if time.strip().isdecimal() else 1
