"""Who decides: a session's workbook to fill in, with the deputies and what is entered already."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from novator.council import sheet_words as words
from novator.council.models import FactionCount, Session, Vote, VoteEvent
from novator.council.room import Majority, Room, room_of

if TYPE_CHECKING:
    from openpyxl import Workbook

_ACCENT = "0A5A5A"
_LEAST_ROWS = 30
Table = dict[str, tuple[str, str]]
_WIDE = {"title": 60, "motion": 40, "name": 36, "faction": 24, "note": 30, "majority": 36}


def blank_book(session: Session, language: str) -> bytes:
    """
    The workbook of a session, in a language; sent back as it is, it changes nothing.

    :raises CannotRecord: the day of the session is not recorded
    """
    from openpyxl import Workbook

    room = room_of(session)
    book = Workbook()
    book.properties.title = str(session)
    book.properties.creator = "Novator"
    book.remove(book.worksheets[0])
    votes = _votes(session)
    _session(book, session, language)
    _agenda(book, session, votes, room.majorities, language)
    _attendance(book, room, language)
    _voices(book, room, votes, language)
    _factions(book, votes, language)
    page = io.BytesIO()
    book.save(page)
    return page.getvalue()


def _votes(session: Session) -> dict[int, list[VoteEvent]]:
    rows = VoteEvent.objects.filter(motion__item__session=session).select_related("motion")
    found: dict[int, list[VoteEvent]] = {}
    for event in rows.order_by("motion__position", "motion__id", "position", "id"):
        found.setdefault(event.motion.item_id, []).append(event)
    return found


def _sheet(book: Workbook, code: str, table: Table | None, language: str) -> Any:
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    sheet = book.create_sheet(words.word_for(code, words.SHEETS, language))
    if table is not None:
        sheet.append([words.word_for(name, table, language) for name in table])
        sheet.freeze_panes = "A2" if code != "votes" else "D2"
        for at, name in enumerate(table, start=1):
            sheet.column_dimensions[get_column_letter(at)].width = _WIDE.get(name, 13)
        for cell in sheet[1]:
            cell.font = Font(bold=True, color=_ACCENT)
    return sheet


def _append(sheet: Any, values: list[Any]) -> None:
    """Add a row; text stays text, even if it begins like a formula."""
    sheet.append(values)
    for cell in sheet[sheet.max_row]:
        if isinstance(cell.value, str):
            cell.data_type = "s"


def _session(book: Workbook, session: Session, language: str) -> None:
    sheet = _sheet(book, "session", None, language)
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 22, 60
    city = session.council.municipality
    facts = {
        "city": city.slug if city else "",
        "id": str(session.public_id),
        "number": session.number,
        "name": session.name,
        "day": _day(session),
        "begins": _clock(session.starts_at),
        "ends": _clock(session.ends_at),
        "place": session.place,
        "form": words.word_for(session.form, words.FORM_WORDS, language),
    }
    for name, value in facts.items():
        _append(sheet, [words.word_for(name, words.FACTS, language), value])


def _day(session: Session) -> str:
    from novator.core.partial_dates import write_partial

    first, last = session.held_from, session.held_to
    return f"{first:%d.%m.%Y}" if first and first == last else write_partial(first, last)


def _clock(moment: Any) -> str:
    return f"{timezone.localtime(moment):%H:%M}" if moment else ""


def _agenda(
    book: Workbook,
    session: Session,
    votes: dict[int, list[VoteEvent]],
    majorities: list[Majority],
    language: str,
) -> None:
    sheet = _sheet(book, "agenda", words.AGENDA, language)
    for item in session.items.order_by("position"):
        closed = ("да" if language.startswith("ru") else "yes") if item.is_closed else ""
        begin = [item.number, item.title, closed, item.initiated_as]
        for event in votes.get(item.pk, []) or [None]:  # type: ignore[list-item]
            _append(sheet, [*begin, *(_vote(event, majorities, language) if event else [])])
            begin = [item.number, "", "", ""]
    columns = list(words.AGENDA)
    names = [words.word_for(code, words.METHOD_WORDS, language) for code in words.METHOD_WORDS]
    _offer(book, sheet, columns.index("method") + 1, names)
    _offer(book, sheet, columns.index("majority") + 1, [one.name or one.code for one in majorities])
    results = [words.word_for(code, words.RESULT_WORDS, language) for code in words.RESULT_WORDS]
    _offer(book, sheet, columns.index("result") + 1, results)


def _vote(event: VoteEvent, majorities: list[Majority], language: str) -> list[Any]:
    is_named = event.method == "by_name"
    rule = (event.numerator, event.denominator, event.base, event.is_over)
    same = (
        one.name or one.code
        for one in majorities
        if (one.rule.numerator, one.rule.denominator, one.rule.base, one.rule.is_over) == rule
        and event.majority in ("", one.name)
    )
    counts = [event.yes, event.no, event.abstain, event.not_voting, event.recused, event.present]
    result = words.word_for(event.result, words.RESULT_WORDS, language)
    return [
        event.motion.text,
        words.word_for(event.method, words.METHOD_WORDS, language),
        next(same, ""),
        *([None] * 6 if is_named or event.method == "by_faction" else counts),
        result if event.is_result_stated else None,
    ]


def _attendance(book: Workbook, room: Room, language: str) -> None:
    sheet = _sheet(book, "attendance", words.ATTENDANCE, language)
    notes = dict(room.session.attendance.values_list("person", "note"))
    for place, seat in enumerate(room.seats, start=1):
        told = room.attendance.get(seat.person.pk)
        presence = words.word_for(told, words.PRESENCE_WORDS, language) if told else ""
        faction = _faction(seat.faction, language)
        _append(sheet, [place, seat.person.name, faction, presence, notes.get(seat.person.pk, "")])
    names = [words.word_for(code, words.PRESENCE_WORDS, language) for code in words.PRESENCE_WORDS]
    _offer(book, sheet, list(words.ATTENDANCE).index("presence") + 1, names)


def _faction(faction: Any, language: str) -> str:
    if faction is None:
        return words.NONE_OF_A_FACTION[0 if language.startswith("ru") else 1]
    return str(faction.name)


def _voices(book: Workbook, room: Room, votes: dict[int, list[VoteEvent]], language: str) -> None:
    sheet = _sheet(book, "votes", words.VOTES, language)
    heads: list[tuple[str, VoteEvent | None]] = []
    for item in room.session.items.order_by("position"):
        heads.append((item.number, next(iter(votes.get(item.pk, [])), None)))
        for time, event in enumerate(votes.get(item.pk, [])[1:], start=2):
            heads.append((f"{item.number}/{time}", event))
    for at, (head, _event) in enumerate(heads, start=len(words.VOTES) + 1):
        sheet.cell(1, at, head).data_type = "s"
        sheet.column_dimensions[sheet.cell(1, at).column_letter].width = 6
    said: dict[tuple[int, int], str] = {}
    letter = 0 if language.startswith("ru") else 1
    rows = Vote.objects.filter(event__motion__item__session=room.session)
    for key, voter, option, reason in rows.values_list("event", "voter", "option", "reason"):
        mark = words.LETTERS[option][letter]
        said[key, voter] = f"{mark}: {reason}" if reason else mark
    for place, seat in enumerate(room.seats, start=1):
        voices = [said.get((event.pk, seat.person.pk)) if event else None for _h, event in heads]
        _append(sheet, [place, seat.person.name, _faction(seat.faction, language), *voices])


def _factions(book: Workbook, votes: dict[int, list[VoteEvent]], language: str) -> None:
    sheet = _sheet(book, "factions", words.FACTIONS, language)
    events = {
        event.pk: (event, place)
        for rows in votes.values()
        for place, event in enumerate(rows, start=1)
    }
    counted = FactionCount.objects.filter(event__in=events)
    for row in counted.select_related("faction", "event__motion__item").order_by("event", "id"):
        number = row.event.motion.item.number
        place = events[row.event_id][1]
        key = number if place == 1 else f"{number}/{place}"
        counts = [row.yes, row.no, row.abstain, row.not_voting]
        _append(sheet, [key, _faction(row.faction, language), *counts])


def _offer(book: Workbook, sheet: Any, column: int, names: list[str]) -> None:
    """Let a column be chosen from a list; the lists stand on a hidden sheet."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    if not names:
        return
    lists = book["lists"] if "lists" in book.sheetnames else book.create_sheet("lists")
    lists.sheet_state = "hidden"
    at = lists.max_column + (1 if lists["A1"].value else 0)
    for row, name in enumerate(names, start=1):
        lists.cell(row, at, name).data_type = "s"
    letter = get_column_letter(at)
    rule = DataValidation(
        type="list", formula1=f"lists!${letter}$1:${letter}${len(names)}", allow_blank=True
    )
    sheet.add_data_validation(rule)
    own = get_column_letter(column)
    rule.add(f"{own}2:{own}{max(sheet.max_row, _LEAST_ROWS) + 200}")
