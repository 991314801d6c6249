"""Who decides: a session's workbook taken: everything or nothing, the same file twice nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from novator.core.partial_dates import UNKNOWN, Partial, read_stated
from novator.council import sheet_words as words
from novator.council.agenda import AgendaLine, set_agenda
from novator.council.models import AgendaItem, Organization, Session, VoteEvent
from novator.council.recording import (
    Presence,
    SessionFacts,
    change_session,
    plan_session,
    record_attendance,
)
from novator.council.refusals import CannotRecord
from novator.council.room import Room, room_of
from novator.council.sheet_votes import VoteBefore, entered_row, person_in, tells_of_a_vote
from novator.council.sheets import Book, BookRefused, Row, questions_of, votes_of
from novator.council.vote_taking import VoteRefused, is_as_entered, record_vote


@dataclass
class Imported:
    """What was taken from a workbook; all numbers zero: it was all there already."""

    session: Session
    is_new: bool = False
    changed: dict[str, int] = field(default_factory=dict)

    @property
    def is_unchanged(self) -> bool:
        """Whether everything was there already."""
        return not self.is_new and not any(self.changed.values())


def import_book(*, council: Organization, book: Book, session: Session | None = None) -> Imported:
    """
    Take a workbook: the session (a new one where none is meant), agenda, attendance, votes.

    :raises BookRefused: it has faults; nothing is changed and each is named with its place
    """
    with transaction.atomic():
        return _import(council, book, session)


def check_book(*, council: Organization, book: Book, session: Session | None = None) -> Imported:
    """
    Tell what `import_book` would change, and change nothing.

    :raises BookRefused: it has faults
    """
    with transaction.atomic():
        taken = _import(council, book, session)
        transaction.set_rollback(True)
    return taken


def _import(council: Organization, book: Book, session: Session | None) -> Imported:
    found = session or _meant(council, book)
    taken = _session(council, book, found)
    if taken is None:
        raise BookRefused(book.faults)
    _try(book, "agenda", 0, lambda: _agenda(book, taken))
    room = room_of(taken.session)
    _try(book, "attendance", 0, lambda: _attendance(book, taken, room))
    taken.session.refresh_from_db()
    room = room_of(taken.session)
    _votes(book, taken, room)
    if book.faults:
        raise BookRefused(book.faults)
    return taken


def _try(book: Book, sheet: str, row: int, act: Callable[[], Any]) -> Any:
    """Act within a savepoint; a refusal becomes a fault of that row."""
    try:
        with transaction.atomic():
            return act()
    except VoteRefused as refusal:
        for fault in refusal.faults:
            book.blame(sheet, row, fault.rule, fault.message, fault.mend)
    except CannotRecord as refusal:
        book.blame(sheet, row, refusal.rule, refusal.message, refusal.mend)
    return None


def _meant(council: Organization, book: Book) -> Session | None:
    """The session that the workbook names: by its record, else by its number and day."""
    rows = Session.objects.filter(council=council)
    try:
        known = rows.filter(public_id=UUID(book.fact("id"))).first() if book.fact("id") else None
    except ValueError:
        known = None
    if known is not None:
        return known
    day = _day(book)
    if day.latest is None:
        return None
    same = rows.filter(held_to=day.latest)
    number = book.fact("number")
    return same.filter(number=number).first() if number else same.filter(number="").first()


def _day(book: Book) -> Partial:
    try:
        return read_stated(book.fact("day"))
    except ValueError:
        row = book.facts["day"].row
        book.blame(
            "session",
            row,
            "session_day",
            _("“%(text)s” is no date such as 04.03.2026 or 2026-03.") % {"text": book.fact("day")},
        )
        return UNKNOWN


def _session(council: Organization, book: Book, found: Session | None) -> Imported | None:
    facts = _facts(book, found)
    if book.faults:
        return None
    if found is None:
        if facts.held == UNKNOWN:
            book.blame(
                "session",
                0,
                "session_day",
                _("The day of the session is missing."),
                _("Enter it on the sheet of the session."),
            )
            return None
        planned = _try(book, "session", 0, lambda: plan_session(council=council, facts=facts))
        return Imported(planned, is_new=True) if planned else None
    before = found.revision
    if facts != _stored(found):
        changed = _try(book, "session", 0, lambda: change_session(session=found, facts=facts))
        if changed is None:
            return None
        return Imported(changed, changed={"session": int(changed.revision != before)})
    return Imported(found)


def _stored(session: Session) -> SessionFacts:
    names = [name for name in SessionFacts.__dataclass_fields__ if name != "held"]
    held = Partial(session.held_from, session.held_to)
    return SessionFacts(held=held, **{name: getattr(session, name) for name in names})


def _facts(book: Book, found: Session | None) -> SessionFacts:
    """What the sheet says; what it leaves empty stays as it is stored."""
    facts = _stored(found) if found else SessionFacts(name="", form="in_person")
    changes: dict[str, Any] = {
        name: book.fact(name) for name in ("number", "name", "place") if book.fact(name)
    }
    if book.fact("day"):
        changes["held"] = _day(book)
    if book.fact("form"):
        form = words.code_of(book.fact("form"), words.FORM_WORDS)
        if form is None:
            told = {"text": book.fact("form")}
            row = book.facts["form"].row
            book.blame("session", row, "book_word", _("“%(text)s” is not known here.") % told)
        changes["form"] = form or facts.form
    day: Partial = changes.get("held", facts.held)
    for name in ("begins", "ends"):
        moment = _moment(book, name, day)
        if moment is not None:
            changes["starts_at" if name == "begins" else "ends_at"] = moment
    facts = replace(facts, **changes)
    if facts.name:
        return facts
    last = f"{day.latest:%d.%m.%Y}" if day.latest else ""
    called = f"№ {facts.number}" if facts.number else last
    return replace(facts, name=f"Заседание {called}".strip())


def _moment(book: Book, name: str, day: Partial) -> datetime | None:
    text = book.fact(name)
    if not text or day.latest is None:
        return None
    try:
        clock = datetime.strptime(text[-5:].strip().zfill(5), "%H:%M").time()  # noqa: DTZ007
    except ValueError:
        row = book.facts[name].row
        told = _("“%(text)s” is no time such as 10:00.") % {"text": text}
        book.blame("session", row, "session_times", told)
        return None
    return timezone.make_aware(datetime.combine(day.latest, clock))


def _agenda(book: Book, taken: Imported) -> None:
    lines = []
    for row in questions_of(book):
        if not row["title"]:
            book.blame(
                "agenda",
                row.row,
                "agenda_title",
                _("The question has no title."),
                _("Write it, or give the row the number of the question it belongs to."),
            )
            return
        is_closed = words.plain(row["closed"]) in words.YES
        lines.append(AgendaLine(row["title"], row["number"], is_closed, row["brought"]))
    stored = [
        AgendaLine(item.title, item.number, item.is_closed, item.initiated_as)
        for item in taken.session.items.order_by("position")
    ]
    if lines and lines != stored:
        set_agenda(session=taken.session, lines=lines)
        taken.changed["agenda"] = len(set(lines) ^ set(stored)) or 1


def _attendance(book: Book, taken: Imported, room: Room) -> None:
    told: dict[int, Presence] = {}
    for row in book.attendance:
        person = person_in(book, "attendance", row.row, row["name"], room)
        if not row["presence"] and not row["note"]:
            continue
        presence = words.code_of(row["presence"], words.PRESENCE_WORDS)
        if presence is None:
            book.blame(
                "attendance",
                row.row,
                "K3.attendance",
                _("“%(text)s” is no kind of attendance.") % {"text": row["presence"]},
                _("Choose a value of the list."),
            )
        elif person is not None and person in told:
            book.blame(
                "attendance",
                row.row,
                "K3.attendance",
                _("%(name)s stands twice.") % {"name": row["name"]},
                _("Keep one row for each deputy."),
            )
        elif person is not None:
            told[person] = Presence(presence, row["note"][:200] if presence != "present" else "")
    rows = taken.session.attendance.values_list("person", "presence", "note")
    stored = {key: Presence(presence, note) for key, presence, note in rows}
    if told and told != stored and not book.faults:
        record_attendance(session=taken.session, people=told)
        taken.changed["attendance"] = sum(stored.get(key) != one for key, one in told.items())


def _votes(book: Book, taken: Imported, room: Room) -> None:
    items = {item.number: item for item in taken.session.items.all()}
    events: dict[int, list[VoteEvent]] = {}
    rows = VoteEvent.objects.filter(motion__item__session=taken.session).select_related("motion")
    for event in rows.order_by("motion__position", "motion__id", "position", "id"):
        events.setdefault(event.motion.item_id, []).append(event)
    known = set()
    for key, row in votes_of(book):
        known.add(key)
        item = items.get(key[0]) or _by_place(book, row, items)
        if item is not None and tells_of_a_vote(book, key, row):
            before = events.get(item.pk, [])
            known_as = before[key[1] - 1] if len(before) >= key[1] else None
            _vote(book, taken, replace(room, session=taken.session), (key, row, item, known_as))
    for key in book.voices.keys() - known:
        book.blame(
            "votes",
            1,
            "book_column",
            _("The column “%(number)s” is of no question of the agenda.") % {"number": key[0]},
            _("Give it the number of a question; of a second vote on it, such as 3/2."),
        )


def _by_place(book: Book, row: Row, items: dict[str, AgendaItem]) -> AgendaItem | None:
    """A question that was typed without a number goes by its place."""
    places = {question.row: place for place, question in enumerate(questions_of(book), start=1)}
    return items.get(str(places.get(row.row, 0)))


def _vote(book: Book, taken: Imported, room: Room, about: tuple[Any, Row, AgendaItem, Any]) -> None:
    key, row, item, event = about
    entered = entered_row(book, key, row, VoteBefore(item, event), room)
    if entered is None or (event is not None and is_as_entered(event, entered)):
        return
    kept = _try(
        book,
        "agenda",
        row.row,
        lambda: record_vote(item=item, entered=entered, event=event, room=room),
    )
    taken.changed["votes"] = taken.changed.get("votes", 0) + (kept is not None)
