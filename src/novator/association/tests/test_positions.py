"""Positions: versions, remarks on a mandate, signatures; nothing skips its turn."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from novator.accounts.testing import make_role, make_user
from novator.association import joint_letters as letters
from novator.association import positions as work
from novator.association.common_work import GroupFacts, join_group, make_group
from novator.association.mandates import acting_as
from novator.association.models import Remark, Signature
from novator.association.position_documents import no_duty_words, position_paper
from novator.association.position_steps import CannotMove
from novator.association.position_waiting import (
    consultations_waiting,
    letters_waiting_for,
    remarks_without_answer,
)
from novator.association.testing import make_member
from novator.council.paper_blocks import as_pdf, as_word

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 1, 9, tzinfo=UTC)
TODAY = date(2026, 11, 1)
SOON = NOW + timedelta(days=10)
DRAFT = work.Draft(kind="bill", title="О дворах", text="Первое.\n\nВторое.", addressee="Дума")


@pytest.fixture
def office():
    return make_role("office").user


@pytest.fixture
def deputy():
    return make_user("deputy@glazov.example")


def begun(office, **changes):
    return work.begin_position(draft=replace(DRAFT, **changes), by=office, now=NOW, on=TODAY)


def consulted(office, **changes):
    made = begun(office, **changes)
    return work.open_consultation(position=made, until=SOON, by=office, now=NOW, on=TODAY)


def at_vote(office, **changes):
    made = consulted(office, **changes)
    return work.put_to_vote(position=made, by=office, now=SOON, on=TODAY)


def test_each_change_of_the_text_is_a_version(office):
    made = begun(office)
    changed = replace(DRAFT, text="Первое.\n\nИначе.", note="короче")

    work.write_version(position=made, draft=changed, revision=1, by=office, now=NOW, on=TODAY)

    texts = [version.paragraphs for version in made.versions.order_by("number")]
    assert texts == [["Первое.", "Второе."], ["Первое.", "Иначе."]]
    with pytest.raises(work.PositionChanged):
        work.write_version(position=made, draft=DRAFT, revision=1, by=office, now=NOW, on=TODAY)


def test_a_stranger_begins_and_moves_nothing(office):
    made = begun(office)
    stranger = make_user("stranger@stary-bor.example")

    with pytest.raises(CannotMove):
        begun(stranger)
    with pytest.raises(CannotMove):
        work.open_consultation(position=made, until=SOON, by=stranger, now=NOW, on=TODAY)


def test_the_chair_of_a_group_leads_its_positions_and_no_others(office, deputy):
    facts = GroupFacts(name="Дворы", starts_on=TODAY)
    group = make_group(slug="yards", facts=facts, by=office, on=TODAY)
    join_group(group=group, user=deputy, member=None, is_chair=True, by=office, on=TODAY)

    made = begun(deputy, group=group)

    assert made.group == group
    with pytest.raises(CannotMove):
        begun(deputy)


def test_a_remark_keeps_the_mandate_it_rests_on(office, deputy):
    member = make_member("Glazov", user=deputy)
    made = consulted(office)
    acting = acting_as(deputy, member, on=TODAY, act="speak")
    version = work.latest_version(made)

    row = work.remark(
        version=version, paragraph=2, acting=acting, text="Короче", by=deputy, now=NOW
    )

    assert row.mandate == acting.mandate
    with pytest.raises(CannotMove):
        work.remark(version=version, paragraph=3, acting=acting, text="?", by=deputy, now=NOW)
    with pytest.raises(CannotMove):
        work.remark(version=version, paragraph=1, acting=acting, text="!", by=deputy, now=SOON)


def test_no_vote_before_the_deadline_nor_with_open_remarks(office, deputy):
    member = make_member("Glazov", user=deputy)
    made = consulted(office)
    acting = acting_as(deputy, member, on=TODAY, act="speak")
    row = work.remark(
        version=work.latest_version(made),
        paragraph=0,
        acting=acting,
        text="Не надо",
        by=deputy,
        now=NOW,
    )

    for moment in (NOW, SOON):
        with pytest.raises(CannotMove):
            work.put_to_vote(position=made, by=office, now=moment, on=TODAY)
    with pytest.raises(CannotMove):
        work.answer_remark(remark=row, state="declined", answer="", by=office, now=NOW, on=TODAY)
    work.answer_remark(remark=row, state="declined", answer="Надо", by=office, now=NOW, on=TODAY)

    with pytest.raises(CannotMove):
        work.answer_remark(remark=row, state="taken", answer="", by=office, now=NOW, on=TODAY)
    assert work.put_to_vote(position=made, by=office, now=SOON, on=TODAY).state == "vote"
    Remark.objects.update(state="open", answer="")
    with pytest.raises(CannotMove):  # the members vote on the text now
        work.answer_remark(remark=row, state="taken", answer="", by=office, now=SOON, on=TODAY)


def test_neither_remarks_nor_signatures_are_asked_for_years(office):
    years = NOW + timedelta(days=91)
    with pytest.raises(CannotMove):
        work.open_consultation(position=begun(office), until=years, by=office, now=NOW, on=TODAY)
    letter = at_vote(office, kind="letter")
    with pytest.raises(CannotMove):
        letters.open_signing(position=letter, until=years, by=office, now=NOW, on=TODAY)


def test_a_letter_goes_in_the_name_of_those_who_signed_it(office, deputy):
    member = make_member("Glazov", user=deputy)
    letter = at_vote(office, kind="letter")
    later = SOON + timedelta(days=3)
    letters.open_signing(position=letter, until=later, by=office, now=SOON, on=TODAY)
    acting = acting_as(deputy, member, on=TODAY, act="sign")

    letters.sign_letter(position=letter, acting=acting, by=deputy, now=SOON)

    with pytest.raises(CannotMove):
        letters.sign_letter(position=letter, acting=acting, by=deputy, now=SOON)
    with pytest.raises(CannotMove):
        letters.close_signing(position=letter, by=office, now=SOON, on=TODAY)
    assert Signature.objects.get().mandate == acting.mandate
    done = letters.close_signing(position=letter, by=office, now=later, on=TODAY)
    assert (done.state, done.adopted_on) == ("adopted", TODAY)


def test_a_letter_that_nobody_signed_is_not_adopted(office):
    letter = at_vote(office, kind="letter")
    later = SOON + timedelta(days=3)
    letters.open_signing(position=letter, until=later, by=office, now=SOON, on=TODAY)

    assert letters.close_signing(position=letter, by=office, now=later, on=TODAY).state == "lost"


def test_from_sending_to_result(office):
    made = at_vote(office)
    made.state, made.adopted_on = "adopted", TODAY
    made.save()

    with pytest.raises(CannotMove):
        work.send_position(
            position=made, sent_on=date(2026, 10, 1), how="", number="1", by=office, on=TODAY
        )
    work.send_position(position=made, sent_on=TODAY, how="почтой", number="1", by=office, on=TODAY)
    work.record_answer(position=made, answered_on=TODAY, answer="Учтут", by=office, on=TODAY)
    done = work.close_position(position=made, result="Поправка принята", by=office, on=TODAY)

    assert (done.state, done.answer, done.result) == ("closed", "Учтут", "Поправка принята")


def test_the_document_says_that_it_binds_nobody(office):
    paper = position_paper(at_vote(office), language="ru")

    assert any(block.get("text") == no_duty_words() for block in paper.blocks)
    assert as_pdf(paper, made_at=NOW).startswith(b"%PDF")
    assert as_word(paper).startswith(b"PK")


def test_what_waits_for_a_representative_and_for_the_office(office, deputy):
    member = make_member("Glazov", user=deputy)
    made = consulted(office)
    acting = acting_as(deputy, member, on=TODAY, act="speak")
    letter = at_vote(office, kind="letter")
    later = SOON + timedelta(days=3)
    letters.open_signing(position=letter, until=later, by=office, now=SOON, on=TODAY)

    assert consultations_waiting([acting], now=NOW) == 1
    assert letters_waiting_for([acting], now=SOON) == 1
    version = work.latest_version(made)
    work.remark(version=version, paragraph=0, acting=acting, text="Да", by=deputy, now=NOW)
    letters.sign_letter(position=letter, acting=acting, by=deputy, now=SOON)

    assert consultations_waiting([acting], now=NOW) == 0
    assert letters_waiting_for([acting], now=SOON) == 0
    assert remarks_without_answer() == 1


def test_a_writer_of_a_group_takes_no_position_into_the_group_he_chairs(office, deputy):
    facts = GroupFacts(name="Дворы", starts_on=TODAY)
    yards = make_group(slug="yards", facts=facts, by=office, on=TODAY)
    roads = make_group(slug="roads", facts=replace(facts, name="Дороги"), by=office, on=TODAY)
    join_group(group=yards, user=deputy, member=None, by=office, on=TODAY)
    join_group(group=roads, user=deputy, member=None, is_chair=True, by=office, on=TODAY)
    made = begun(office, group=yards)

    def write(**changes):
        work.write_version(
            position=made,
            draft=replace(DRAFT, **changes),
            revision=1,
            by=deputy,
            now=NOW,
            on=TODAY,
        )

    with pytest.raises(CannotMove):
        write(group=roads)
    write(group=yards, text="Иначе.")
    made.refresh_from_db()
    assert (made.group, made.revision) == (yards, 2)
