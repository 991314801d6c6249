"""A session's workbook: out and in again unchanged, every fault with its place, all or nothing."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
from openpyxl import load_workbook

from novator.council.majorities import Counts
from novator.council.models import Session, Vote, VoteEvent
from novator.council.recording import Entered, record_vote
from novator.council.room import room_of
from novator.council.sheet_blank import blank_book
from novator.council.sheet_import import check_book, import_book
from novator.council.sheets import BookRefused, read_book
from novator.council.testing import (
    make_council,
    make_deputies,
    make_item,
    make_session,
    make_vote_event,
)
from novator.council.workbooks import NotABook

pytestmark = pytest.mark.django_db


def opened(session: Session, language: str = "ru") -> Any:
    return load_workbook(io.BytesIO(blank_book(session, language)))


def sent(book: Any) -> io.BytesIO:
    page = io.BytesIO()
    book.save(page)
    page.seek(0)
    return page


def filled(session: Session, *, letters: str = "ЗЗЗЗЗПППВ") -> Any:
    book = opened(session)
    book["Повестка"].append(["1", "О бюджете"])
    book["Повестка"].append(["2", "О парке", "", "Глава города", "", "только счёт", "", 6, 2, 1])
    book["Голоса"].cell(1, 4, "1")
    for row, letter in enumerate(letters, start=2):
        book["Голоса"].cell(row, 4, letter)
        book["Присутствие"].cell(row, 4, "присутствует")
    return book


@pytest.mark.parametrize("language", ["ru", "en"])
def test_a_workbook_sent_back_changes_nothing(language):
    deputies = make_deputies()
    session = make_session()
    item = make_item(session, is_closed=True)
    make_vote_event(item, voices={deputies[0]: "recused", deputies[6]: "no"})
    make_vote_event(item, voices={deputies[0]: "abstain"})
    make_vote_event(make_item(session, "О парке"), counts=Counts(5, 3, 1))
    by_faction = make_item(session, "О плане")
    room = room_of(session)
    keys = [faction.pk if faction else None for faction, _seats in room.factions]
    counts = [Counts(5, 0, 0), Counts(0, 3, 0), Counts(0, 0, 1)]
    make_vote_event(by_faction, method="by_faction", factions=dict(zip(keys, counts, strict=True)))
    shown = Entered(method="show_of_hands", text="=Разное", result="carried")
    record_vote(item=make_item(session, "=Разное"), entered=shown)
    session.refresh_from_db()
    before = session.revision

    taken = import_book(
        council=session.council, book=read_book(io.BytesIO(blank_book(session, language)))
    )

    session.refresh_from_db()
    assert taken.is_unchanged, taken.changed
    assert session.revision == before


def test_a_filled_workbook_is_taken_whole_and_the_second_time_not_at_all():
    make_deputies()
    session = make_session(are_present=False)
    book = filled(session)

    first = import_book(council=session.council, book=read_book(sent(book)))
    again = import_book(council=session.council, book=read_book(sent(book)))

    assert first.changed == {"session": 0, "agenda": 2, "attendance": 9, "votes": 2} or (
        first.changed == {"agenda": 2, "attendance": 9, "votes": 2}
    )
    assert again.is_unchanged
    budget, park = VoteEvent.objects.order_by("motion__item__position")
    assert (budget.yes, budget.no, budget.abstain, budget.present) == (5, 3, 1, 9)
    assert (park.method, park.yes, park.motion.item.initiated_as) == ("counts", 6, "Глава города")
    assert Vote.objects.count() == 9


def test_a_workbook_of_a_session_not_planned_yet_plans_it():
    council = make_council()
    make_deputies(council)
    session = make_session(council, are_present=False)
    book = filled(session)
    for row in book["Заседание"].iter_rows():
        if row[0].value in ("Номер записи", "Название"):
            row[1].value = ""
        if row[0].value == "День":
            row[1].value = date(2026, 4, 1)
        if row[0].value == "Номер":
            row[1].value = 7

    taken = import_book(council=council, book=read_book(sent(book)))

    assert taken.is_new
    assert (taken.session.name, taken.session.held_to) == ("Заседание № 7", date(2026, 4, 1))
    assert taken.session.present == 9


def broken(book: Any, kind: str) -> Any:
    agenda, voices, there = book["Повестка"], book["Голоса"], book["Присутствие"]
    if kind == "name":
        voices.cell(3, 2, "Пётр Незнакомов")
    elif kind == "letter":
        voices.cell(3, 4, "Щ")
    elif kind == "left":
        voices.cell(3, 4, "")
    elif kind == "counts":
        agenda.cell(2, 8, 9)
    elif kind == "sum":
        agenda.cell(3, 8, 20)
    elif kind == "absent":
        there.cell(3, 4, "отсутствует")
    elif kind == "majority":
        agenda.cell(2, 7, "подавляющее")
    elif kind == "column":
        voices.cell(1, 4, "17")
    elif kind == "result":
        agenda.cell(3, 14, "не принято")
    elif kind == "recused":
        voices.cell(3, 4, "К")
    elif kind == "twice":
        agenda.cell(3, 1, "1")
    return book


@pytest.mark.parametrize(
    ("kind", "place", "rule"),
    [
        ("name", "Голоса:3", "K3.member"),
        ("letter", "Голоса:3", "K3.voices"),
        ("left", "Голоса", "K3.voices"),
        ("counts", "Повестка:2", "K3.counts"),
        ("sum", "Повестка:3", "K3.present"),
        ("absent", "Повестка:2", "K3.attendance"),
        ("majority", "Повестка:2", "K3.rule"),
        ("column", "Голоса:1", "book_column"),
        ("result", "Повестка:3", "K3.result"),
        ("recused", "Повестка:2", "K3.reason"),
    ],
)
def test_every_fault_is_told_with_its_place_and_nothing_is_taken(kind, place, rule):
    make_deputies()
    session = make_session(are_present=False)
    book = read_book(sent(broken(filled(session), kind)))

    with pytest.raises(BookRefused) as refusal:
        import_book(council=session.council, book=book)

    faults = refusal.value.faults
    assert (place, rule) in {
        (f"{fault.sheet}:{fault.row}" if fault.row else fault.sheet, fault.rule) for fault in faults
    }, [str(fault) for fault in faults]
    assert not session.items.exists()
    assert not session.attendance.exists()


def test_a_check_changes_nothing():
    make_deputies()
    session = make_session(are_present=False)

    told = check_book(council=session.council, book=read_book(sent(filled(session))))

    assert told.changed["votes"] == 2
    assert not session.items.exists()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 damaged", b"number;title"])
def test_what_is_no_workbook_is_refused_in_words(content):
    with pytest.raises(NotABook):
        read_book(io.BytesIO(content))


def test_a_signed_session_takes_no_workbook():
    make_deputies()
    session = make_session(are_present=False)
    book = filled(session)
    Session.objects.update(state="signed")

    with pytest.raises(BookRefused):
        import_book(council=session.council, book=read_book(sent(book)))

    assert not session.items.exists()
