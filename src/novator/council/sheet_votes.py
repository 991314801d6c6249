"""Who decides: one vote of a workbook, from its row, its column of voices and its factions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from novator.council import sheet_words as words
from novator.council.composition import Seat
from novator.council.majorities import Counts
from novator.council.models import AgendaItem, VoteEvent
from novator.council.naming import likeliest, people_called
from novator.council.recording import Entered, Spoken
from novator.council.room import Majority, Room
from novator.council.sheets import Book, Row, VoteKey
from novator.council.voice_lists import option_in

COUNTS = ("yes", "no", "abstain", "not_voting", "recused")
_SUGGESTED = 3


@dataclass(frozen=True)
class VoteBefore:
    """The question of a row, and the vote that is recorded of it already, if there is one."""

    item: AgendaItem
    event: VoteEvent | None

    @property
    def kept(self) -> dict[str, Any]:
        """What the workbook does not tell stays as it is recorded."""
        if self.event is None:
            return {}
        motion = self.event.motion
        return {
            "kind": motion.kind,
            "text_en": motion.text_en,
            "is_absentee": self.event.is_absentee,
        }

    @property
    def majority(self) -> Majority | None:
        """The majority as it is recorded."""
        event = self.event
        rule = event.rule if event else None
        return Majority("", event.majority, rule) if event and rule else None


def tells_of_a_vote(book: Book, key: VoteKey, row: Row) -> bool:
    """Whether anything of a vote is typed; a bare question was not voted on."""
    typed = any(row[name] for name in ("method", "result", *COUNTS))
    return typed or key in book.voices or any(_key(line) == key for line in book.factions)


def entered_row(
    book: Book, key: VoteKey, row: Row, known: VoteBefore, room: Room
) -> Entered | None:
    """Read one vote; None: it has faults of its writing, which are named in the book."""
    before = len(book.faults)
    method = _method(book, key, row)
    majority = _majority(book, row, known, room)
    result = words.code_of(row["result"], words.RESULT_WORDS) if row["result"] else None
    if row["result"] and result is None:
        _unknown(book, row, row["result"])
    numbers = {name: _number(book, row, name) for name in (*COUNTS, "present")}
    voices = _voices(book, key, room) if method == "by_name" else {}
    factions = _factions(book, key, room) if method == "by_faction" else {}
    counts = _counts(numbers)
    if method == "by_name" and counts is not None and counts.not_voting is None:
        counts = _completed(counts, voices)
    if len(book.faults) > before or method is None:
        return None
    return Entered(
        method=method,
        text=row["motion"] or f"Принять решение «{known.item.title}»",
        majority=majority.name if majority else "",
        rule=majority.rule if majority else None,
        voices=voices,
        factions=factions,
        counts=counts,
        present=numbers["present"] if method != "by_name" else None,
        result=result,
        **known.kept,
    )


def person_in(book: Book, sheet: str, row: int, name: str, room: Room) -> int | None:
    """Whom a name of the workbook means; a fault where that is nobody, or several."""
    people = [seat.person for seat in room.seats]
    found = people_called(name, people)
    if len(found) == 1:
        return found[0].pk
    near = ", ".join(str(person) for person in likeliest(name, found or people)[:_SUGGESTED])
    message = (
        _("“%(name)s” may be several deputies.")
        if found
        else _("“%(name)s” was no deputy on that day.")
    )
    mend = _("Write the whole name. Alike: %(near)s.") % {"near": near or "—"}
    book.blame(sheet, row, "K3.member", message % {"name": name}, mend)
    return None


def _method(book: Book, key: VoteKey, row: Row) -> str | None:
    if row["method"]:
        method = words.code_of(row["method"], words.METHOD_WORDS)
        if method is None:
            _unknown(book, row, row["method"])
        return method
    if key in book.voices:
        return "by_name"
    if any(_key(line) == key for line in book.factions):
        return "by_faction"
    return "counts" if row["yes"] else "show_of_hands"


def _majority(book: Book, row: Row, known: VoteBefore, room: Room) -> Majority | None:
    text = row["majority"]
    if not text and known.event is not None:
        return known.majority
    if not text:
        return room.majorities[0] if room.majorities else None
    wanted = words.plain(text)
    for one in room.majorities:
        if wanted in {one.code, words.plain(one.name or one.code)}:
            return one
    book.blame(
        "agenda",
        row.row,
        "K3.rule",
        _("“%(text)s” is no majority of this council.") % {"text": text},
        _("Choose one: %(names)s.")
        % {"names": "; ".join(one.name or one.code for one in room.majorities)},
    )
    return None


def _unknown(book: Book, row: Row, text: str) -> None:
    message = _("“%(text)s” is not known here.") % {"text": text}
    book.blame("agenda", row.row, "book_word", message, _("Choose a value of the list."))


def _number(book: Book, row: Row, name: str) -> int | None:
    text = row[name]
    if not text:
        return None
    if text.isascii() and text.isdecimal() and len(text) < 6:
        return int(text)
    message = _("“%(text)s” is no number of voices.") % {"text": text}
    book.blame("agenda", row.row, "K3.counts", message, _("Write a whole number."))
    return None


def _counts(numbers: dict[str, int | None]) -> Counts | None:
    if all(numbers[name] is None for name in ("yes", "no", "abstain")):
        return None
    return Counts(
        yes=numbers["yes"] or 0,
        no=numbers["no"] or 0,
        abstain=numbers["abstain"] or 0,
        not_voting=numbers["not_voting"],
        recused=numbers["recused"] or 0,
    )


def _completed(counts: Counts, voices: dict[int, Spoken]) -> Counts:
    """Who did not vote and who recused is told by the voices where the row leaves it empty."""
    said = [voice.option for voice in voices.values()]
    return Counts(
        counts.yes,
        counts.no,
        counts.abstain,
        said.count("not_voting"),
        counts.recused or said.count("recused"),
    )


def _voices(book: Book, key: VoteKey, room: Room) -> dict[int, Spoken]:
    column = book.voices.get(key, {})
    voices: dict[int, Spoken] = {}
    for row, name in book.voters.items():
        person = person_in(book, "votes", row, name, room) if row in column else None
        if person is None:
            continue
        text, _sign, reason = column[row].partition(":")
        option = option_in(text)
        if option is None:
            continue
        if person in voices:
            book.blame(
                "votes",
                row,
                "K3.one_voice",
                _("%(name)s is recorded more than once in this vote.") % {"name": name},
                _("Keep one voice for each deputy."),
            )
        voices[person] = Spoken(option, reason.strip())
    _must_be_whole(book, key, voices, room)
    return voices


def _must_be_whole(book: Book, key: VoteKey, voices: dict[int, Spoken], room: Room) -> None:
    """Whoever was absent by the attendance needs no letter; everybody else does."""
    left: list[Seat] = []
    for seat in room.seats:
        person = seat.person.pk
        if person not in voices and room.was_present(person) is False:
            voices[person] = Spoken("absent")
        elif person not in voices:
            left.append(seat)
    if left and voices:
        names = ", ".join(str(seat.person) for seat in left[:6])
        book.blame(
            "votes",
            0,
            "K3.voices",
            _("Question %(number)s, not marked: %(names)s.")
            % {"number": key[0], "names": names + ("…" if len(left) > 6 else "")},
            _("Mark who did not vote (Н) and who was absent (О)."),
        )


def _key(line: Row) -> VoteKey:
    number, _slash, time = line["number"].partition("/")
    return number.strip(" ."), int(time) if time.strip().isdecimal() else 1


def _factions(book: Book, key: VoteKey, room: Room) -> dict[int | None, Counts]:
    names: dict[str, int | None] = {words.plain(word): None for word in words.NONE_OF_A_FACTION}
    for faction, _seats in room.factions:
        if faction is not None:
            known = (faction.name, faction.short_name, faction.name_en, faction.short_name_en)
            names.update({words.plain(name): faction.pk for name in known if name})
    found: dict[int | None, Counts] = {}
    for line in book.factions:
        if _key(line) != key:
            continue
        name = words.plain(line["faction"])
        if name not in names:
            book.blame(
                "factions",
                line.row,
                "K3.faction",
                _("There was no faction “%(name)s” on that day.") % {"name": line["faction"]},
                _("Choose one of the factions of the council, or mend their dates."),
            )
            continue
        numbers = [
            int(line[part]) if line[part].isascii() and line[part].isdecimal() else 0
            for part in ("yes", "no", "abstain", "not_voting")
        ]
        found[names[name]] = Counts(*numbers)
    return found
