"""A session recorded: planned, changed, its agenda, who was there, how each voted."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from novator.council.agenda import AgendaLine, mark_of_agenda, read_agenda, set_agenda
from novator.council.majorities import Counts, Rule
from novator.council.models import FactionCount, Session, Vote, VoteEvent
from novator.council.recording import (
    ChangedMeanwhile,
    Entered,
    Presence,
    SessionClosedForEntry,
    SessionFacts,
    Spoken,
    cancel_session,
    change_session,
    invite_to_session,
    mark_of_attendance,
    plan_session,
    record_attendance,
    record_held,
    record_vote,
    remove_vote,
)
from novator.council.refusals import CannotRecord
from novator.council.room import room_of
from novator.council.testing import (
    make_council,
    make_decision,
    make_deputies,
    make_item,
    make_membership,
    make_person,
    make_session,
    make_vote_event,
    partial,
)
from novator.council.vote_taking import VoteRefused, mark_of_vote

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 4)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("О бюджете\nО парке", [("1", "О бюджете"), ("2", "О парке")]),
        ("1. О бюджете\n2) О парке", [("1", "О бюджете"), ("2", "О парке")]),
        ("1.\tО бюджете\n№ 2.\tО парке", [("1", "О бюджете"), ("2", "О парке")]),
        ("1. О бюджете\n1.1. О налогах", [("1", "О бюджете"), ("1.1", "О налогах")]),
        (
            "1. О внесении изменений\nв решение от 01.02.2026\n2. О парке",
            [("1", "О внесении изменений в решение от 01.02.2026"), ("2", "О парке")],
        ),
        ("• О бюджете\n\n— О парке", [("1", "О бюджете"), ("2", "О парке")]),
        ("21. О бюджете\n22. О парке", [("21", "О бюджете"), ("22", "О парке")]),
        ("2. О парке\n1. О бюджете", [("1", "О парке"), ("2", "О бюджете")]),
        ("2026 год: о подготовке", [("1", "2026 год: о подготовке")]),
    ],
)
def test_a_pasted_list_is_read(text, lines):
    assert [(line.number, line.title) for line in read_agenda(text)] == lines


def test_a_pasted_list_names_closed_questions_and_who_brought_them():
    read = read_agenda("1. О награде (закрытый вопрос)\nИнициатор: Глава города")

    assert read == [AgendaLine("О награде", "1", is_closed=True, initiated_as="Глава города")]


def test_a_planned_session_keeps_the_numbers_of_its_day():
    council = make_council()
    make_deputies(council)

    session = make_session(council, state="planned")
    council.parts.filter(kind="convocation").update(seats=25)
    council.rules.all().delete()
    session.refresh_from_db()

    assert (session.established, session.elected, session.present) == (9, 9, None)
    assert session.quorum_base
    assert str(session.convocation) == str(council.parts.get(kind="convocation"))


def test_a_number_is_not_given_twice():
    council = make_council()
    facts = SessionFacts(name="Первое", number="1", held=partial("2026-03-04"))
    plan_session(council=council, facts=facts)

    with pytest.raises(CannotRecord) as refusal:
        plan_session(council=council, facts=replace(facts, name="Второе"))

    assert refusal.value.rule == "session_number"
    assert Session.objects.count() == 1


def test_the_steps_of_a_session():
    session = make_session(state="planned")

    with pytest.raises(CannotRecord, match=r"agenda|повест"):
        invite_to_session(session=session, on=DAY)
    make_item(session)
    assert invite_to_session(session=session, on=DAY).state == "invited"
    with pytest.raises(CannotRecord):
        record_held(session=session, on=date(2026, 3, 3))
    assert record_held(session=session, on=DAY).state == "held"
    with pytest.raises(CannotRecord):
        cancel_session(session=session, on=DAY)


def test_a_signed_session_takes_no_entry():
    make_deputies()
    vote = make_vote_event()
    item = vote.motion.item
    Session.objects.update(state="signed")

    for act in (
        lambda: set_agenda(session=item.session, lines=[AgendaLine("Другое")]),
        lambda: record_attendance(session=item.session, people={}),
        lambda: change_session(session=item.session, facts=SessionFacts(name="Другое")),
        lambda: remove_vote(event=vote),
    ):
        with pytest.raises(SessionClosedForEntry):
            act()
    assert item.session.items.get().title == item.title
    assert VoteEvent.objects.count() == 1


def test_moved_questions_stay_the_same_and_voted_ones_never_vanish():
    make_deputies()
    vote = make_vote_event()
    budget = vote.motion.item
    park = make_item(budget.session, "О парке")
    new, moved, stays = set_agenda(
        session=budget.session,
        lines=read_agenda("1. О наградах\n2. О парке\n3. О бюджете города (изменения)"),
    )

    assert (moved.pk, stays.pk) == (park.pk, budget.pk)
    assert new.pk not in {park.pk, budget.pk}
    with pytest.raises(CannotRecord) as refusal:
        set_agenda(session=budget.session, lines=[AgendaLine("О наградах")])
    assert refusal.value.rule == "agenda_in_use"
    assert budget.session.items.count() == 3


def test_two_people_do_not_overwrite_each_other():
    make_deputies()
    session = make_session()
    seen, first = mark_of_agenda(session), [AgendaLine("О бюджете")]
    set_agenda(session=session, lines=first, seen=seen)

    with pytest.raises(ChangedMeanwhile):
        set_agenda(session=session, lines=[AgendaLine("О парке")], seen=seen)

    assert session.items.get().title == "О бюджете"


def test_attendance_counts_those_present_and_refuses_strangers():
    deputies = make_deputies()
    session = make_session(are_present=False)
    away = {person.pk: Presence("present") for person in deputies}
    away[deputies[0].pk] = Presence("excused", "отпуск")

    assert record_attendance(session=session, people=away).present == 8
    with pytest.raises(CannotRecord) as refusal:
        record_attendance(session=session, people={make_person("Чужой").pk: Presence("present")})
    assert refusal.value.rule == "K3.member"
    assert session.attendance.count() == 9


def test_nobody_is_absent_who_voted():
    deputies = make_deputies()
    vote = make_vote_event()
    session = vote.motion.item.session
    mark = mark_of_attendance(session)

    with pytest.raises(CannotRecord) as refusal:
        record_attendance(session=session, people={deputies[0].pk: Presence("absent")}, seen=mark)

    assert refusal.value.rule == "K3.attendance"
    assert session.attendance.filter(presence="present").count() == 9


def test_a_vote_by_name_keeps_each_voice_with_its_faction():
    deputies = make_deputies()
    against, recused = deputies[5], deputies[1]

    vote = make_vote_event(voices={against: "no", recused: "recused"})

    assert (vote.yes, vote.no, vote.abstain, vote.recused) == (7, 1, 0, 1)
    assert (vote.present, vote.elected, vote.established) == (8, 9, 9)
    assert vote.result == "carried"
    assert str(vote.votes.get(voter=against).faction) == "Поле"
    assert vote.votes.get(voter=recused).reason


def test_the_faction_on_a_vote_is_that_of_the_day():
    deputies = make_deputies()
    vote = make_vote_event()
    member = deputies[0].memberships.get(organization__kind="faction")
    member.ends_from = member.ends_to = date(2026, 6, 1)
    member.save()

    assert str(vote.votes.get(voter=deputies[0]).faction) == "Сад"


def test_a_stranger_and_an_absent_deputy_have_no_voice():
    deputies = make_deputies()
    session = make_session(are_present=False)
    there = {person.pk: Presence("present") for person in deputies[1:]}
    record_attendance(session=session, people={**there, deputies[0].pk: Presence("absent")})
    item, stranger = make_item(session), make_person("Чужой")

    with pytest.raises(VoteRefused) as refusal:
        make_vote_event(item, voices={stranger: "yes"})

    rules = {fault.rule for fault in refusal.value.faults}
    assert rules >= {"K3.member", "K3.attendance"}
    assert not Vote.objects.exists()
    assert not item.motions.exists()


def test_who_was_elected_after_the_day_has_no_voice():
    make_deputies()
    late = make_membership("Поздний Кедров", starts="2026-05-01").person

    with pytest.raises(VoteRefused, match=r"Поздний"):
        make_vote_event(voices={late: "yes"})


def test_a_show_of_hands_is_not_recorded_by_name_nor_inferred():
    make_deputies()
    entered = Entered(method="show_of_hands", text="Принять за основу", result="carried")

    vote = record_vote(item=make_item(), entered=entered)

    assert (vote.yes, vote.no, vote.abstain, vote.is_result_stated) == (None, None, None, True)
    assert vote.is_carried
    assert not vote.votes.exists()


def test_a_vote_by_faction_is_the_sum_of_its_factions():
    make_deputies()
    item = make_item()
    garden, field, none = [
        faction.pk if faction else None for faction, _seats in room_of(item.session).factions
    ]
    said = {garden: Counts(5, 0, 0), field: Counts(0, 3, 0), none: Counts(0, 0, 1)}

    vote = make_vote_event(item, method="by_faction", factions=said)

    assert (vote.yes, vote.no, vote.abstain, vote.result) == (5, 3, 1, "carried")
    assert FactionCount.objects.filter(event=vote).count() == 3


def test_too_few_present_decide_nothing():
    make_deputies()
    session = make_session()
    vote = make_vote_event(make_item(session), counts=Counts(3, 0, 0), present=3)

    assert vote.result == "no_quorum"


def test_a_repeated_vote_is_a_new_row_and_a_changed_one_is_not():
    deputies = make_deputies()
    first = make_vote_event()
    item, motion = first.motion.item, first.motion

    again = make_vote_event(motion=motion, voices={deputies[0]: "no"})
    voices = {person.pk: Spoken("no") for person in deputies}
    entered = Entered(method="by_name", text="Отклонить", rule=Rule(1, 2, "present"), voices=voices)
    changed = record_vote(item=item, entered=entered, event=first, seen=mark_of_vote(first))

    assert [vote.position for vote in motion.votes_taken.all()] == [1, 2]
    assert (changed.pk, changed.result) == (first.pk, "lost")
    assert again.votes.filter(option="no").count() == 1
    with pytest.raises(ChangedMeanwhile):
        record_vote(item=item, entered=entered, event=first, seen="as it was")


def test_a_vote_on_which_a_decision_rests_stays_carried():
    deputies = make_deputies()
    vote = make_vote_event()
    make_decision(event=vote)
    voices = {person.pk: Spoken("no") for person in deputies}
    entered = Entered(method="by_name", text="Да", rule=Rule(1, 2, "present"), voices=voices)

    with pytest.raises(CannotRecord):
        record_vote(item=vote.motion.item, entered=entered, event=vote)
    with pytest.raises(CannotRecord):
        remove_vote(event=vote)

    assert VoteEvent.objects.get().yes == 9


def test_a_session_planned_before_its_council_was_entered_gets_its_numbers():
    council = make_council()
    session = make_session(council, state="planned")
    deputies = make_deputies(council)

    assert session.elected is None
    people = {person.pk: Presence("present") for person in deputies}
    kept = record_attendance(session=session, people=people)

    assert (kept.elected, kept.present) == (9, 9)
