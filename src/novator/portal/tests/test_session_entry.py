"""The secretary's desk: who is let in, sessions and votes typed, K3 through the pages."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from novator.accounts.testing import make_role, signed_in
from novator.cities.testing import make_city
from novator.council.models import AgendaItem, Paper, Session, Speech, Vote, VoteEvent
from novator.council.testing import (
    make_council,
    make_deputies,
    make_item,
    make_session,
    make_vote_event,
)
from novator.portal.your_work import work_of

pytestmark = pytest.mark.django_db
DESK = "/en/councils/zarechny/desk/"


def secretary(city: str = "Zarechny") -> Client:
    return signed_in(make_role("secretary", city=make_city(city)).user)


def address(item: AgendaItem, rest: str = "") -> str:
    return f"{DESK}sessions/{item.session_id}/items/{item.pk}/{rest}"


def typed(**said: Any) -> dict[str, Any]:
    usual = {
        "text": "To adopt",
        "method": "by_name",
        "kind": "adopt",
        "majority": "simple",
        "act": "next",
    }
    return usual | said


def test_strangers_are_refused_everywhere():
    make_deputies(make_council())
    vote = make_vote_event()
    item = vote.motion.item
    stranger, editor = secretary("Stary Bor"), signed_in(make_role("editor", city=make_city()).user)
    session = f"{DESK}sessions/{item.session_id}/"
    pages = ["", "sessions/new/"]
    pages = [f"{DESK}{page}" for page in pages] + [
        f"{session}{page}" for page in ("", "facts/", "agenda/", "attendance/", "blank/", "book/")
    ]
    pages += [address(item), address(item, "vote/"), address(item, f"votes/{vote.pk}/")]
    acts = [
        f"{session}step/",
        f"{session}agenda/",
        address(item, "vote/check/"),
        address(item, "speeches/"),
        address(item, "papers/"),
        address(item, f"votes/{vote.pk}/remove/"),
    ]

    assert {stranger.get(page).status_code for page in pages} == {403}
    assert {stranger.post(page, {"agenda": ""}).status_code for page in acts} == {403}
    assert editor.get(pages[0]).status_code == 403
    assert Client().get(pages[0]).status_code == 302
    assert VoteEvent.objects.count() == 1


def test_another_councils_session_is_not_found_on_this_desk():
    make_council()
    other = make_session(make_council(make_city("Stary Bor")))

    assert secretary().get(f"{DESK}sessions/{other.pk}/").status_code == 404


def test_a_session_is_planned_with_its_agenda_and_shown_in_both_languages():
    make_deputies(make_council())
    client = secretary()

    answer = client.post(
        f"{DESK}sessions/new/",
        {"day": "04.03.2026", "begins": "10:00", "number": "5", "agenda": "1. Budget\n2. Park"},
    )

    session = Session.objects.get()
    assert answer["Location"] == f"{DESK}sessions/{session.pk}/"
    assert [item.title for item in session.items.all()] == ["Budget", "Park"]
    assert (session.established, session.elected) == (9, 9)
    for language in ("ru", "en"):
        for page in ("", f"sessions/{session.pk}/", f"sessions/{session.pk}/agenda/"):
            assert client.get(f"{DESK.replace('/en/', f'/{language}/')}{page}").status_code == 200


def test_a_form_that_cannot_be_taken_keeps_what_was_typed():
    make_council()

    answer = secretary().post(
        f"{DESK}sessions/new/", {"day": "soon", "place": "Hall", "agenda": "1. Budget"}
    )

    page = answer.content.decode()
    assert 'value="soon"' in page
    assert "1. Budget" in page
    assert not Session.objects.exists()


def test_all_are_present_except_those_marked():
    deputies = make_deputies(make_council())
    session = make_session(are_present=False)

    secretary().post(
        f"{DESK}sessions/{session.pk}/attendance/",
        {f"p-{deputies[0].pk}": "excused", f"n-{deputies[0].pk}": "leave"},
    )

    session.refresh_from_db()
    assert session.present == 8
    assert session.attendance.get(person=deputies[0]).note == "leave"


def test_all_for_except_one_is_kept_once_though_sent_twice():
    deputies = make_deputies(make_council())
    first = make_item()
    second = make_item(first.session, "О парке")
    client = secretary()
    page = client.get(address(first, "vote/"))
    sent = typed(rest="yes", seen=page.context["seen"], **{f"v-{deputies[0].pk}": "no"})

    answer = client.post(address(first, "vote/"), sent)
    again = client.post(address(first, "vote/"), sent)

    assert answer["Location"] == again["Location"] == address(second, "vote/")
    vote = VoteEvent.objects.get()
    assert (vote.yes, vote.no, vote.result) == (8, 1, "carried")
    assert Vote.objects.count() == 9


@pytest.mark.parametrize(
    ("said", "rule"),
    [
        ({}, "K3.voices"),
        ({"rest": "yes", "recused": True}, "K3.reason"),
        ({"rest": "yes", "absent": True}, "K3.attendance"),
        ({"method": "counts", "yes": 9, "no": 1, "abstain": 0, "not_voting": 0}, "K3.present"),
        ({"method": "counts", "yes": "", "no": ""}, "K3.method"),
        ({"method": "show_of_hands"}, "K3.result"),
        ({"method": "secret", "yes": 9, "no": 0, "abstain": 0, "result": "lost"}, "K3.result"),
    ],
)
def test_a_vote_that_cannot_be_true_is_refused_by_its_rule(said, rule):
    deputies = make_deputies(make_council())
    item = make_item()
    sent = typed(**said)
    if sent.pop("recused", False):
        sent[f"v-{deputies[0].pk}"] = "recused"
    if sent.pop("absent", False):
        item.session.attendance.filter(person=deputies[0]).update(presence="absent")
        sent[f"v-{deputies[0].pk}"] = "no"

    answer = secretary().post(address(item, "vote/"), sent)

    assert answer.status_code == 422
    assert rule in {fault.rule for fault in answer.context["faults"]}
    assert "To adopt" in answer.content.decode()
    assert not VoteEvent.objects.exists()


def test_two_people_do_not_overwrite_each_others_vote():
    deputies = make_deputies(make_council())
    vote = make_vote_event()
    item, client = vote.motion.item, secretary()
    here = address(item, f"votes/{vote.pk}/")
    seen = client.get(here).context["seen"]
    sent = typed(rest="yes", seen=seen, text=vote.motion.text, act="keep")
    client.post(here, sent | {f"v-{deputies[0].pk}": "no"})

    late = client.post(here, sent | {f"v-{deputies[1].pk}": "abstain"})

    assert late.status_code == 422
    assert [fault.rule for fault in late.context["faults"]] == ["changed_meanwhile"]
    assert late.context["sheet"].options[deputies[1].pk] == "abstain"
    vote.refresh_from_db()
    assert (vote.yes, vote.no, vote.abstain) == (8, 1, 0)


def test_a_pasted_list_asks_who_is_meant_and_the_check_writes_nothing():
    make_deputies(make_council())
    item, client = make_item(), secretary()
    pasted = "Берёзкина А. — за\nКленов\tпротив\nНезнакомов П. П. воздержался\nпросто строка"

    read = client.post(address(item, "vote/"), typed(act="paste", pasted=pasted))
    told = client.post(address(item, "vote/check/"), typed(rest="yes"))

    sheet = read.context["sheet"]
    assert sorted(sheet.options.values()) == ["no", "yes"]
    assert [one.name for one in sheet.unknown] == ["Незнакомов П. П."]
    assert sheet.unread == ["просто строка"]
    assert "<strong>9</strong>" in told.content.decode()
    assert not VoteEvent.objects.exists()


def test_speeches_know_deputies_and_papers_have_files():
    deputies = make_deputies(make_council())
    item, client = make_item(), secretary()

    client.post(address(item, "speeches/"), {"speaker": "Берёзкина А.", "stance": "for"})
    client.post(address(item, "speeches/"), {"speaker": "П. Гость", "stance": "reports"})
    refused = client.post(address(item, "papers/"), {"kind": "draft", "title": "Draft"})
    client.post(
        address(item, "papers/"),
        {"kind": "draft", "url": "https://zarechny.example/1", "title": "Draft", "is_public": "on"},
    )

    said = {(speech.person, speech.speaker) for speech in Speech.objects.all()}
    assert said == {(deputies[0], ""), (None, "П. Гость")}
    assert refused.status_code == 422
    assert list(Paper.objects.values_list("title", "is_public")) == [("Draft", True)]
    assert client.get(address(item)).status_code == 200


def test_a_workbook_goes_out_and_comes_in_by_the_page():
    make_deputies(make_council())
    session = make_item().session
    client, here = secretary(), f"{DESK}sessions/{session.pk}/"
    book = load_workbook(io.BytesIO(client.get(f"{here}blank/").content))
    book["Agenda"].cell(2, 6, "counts only")
    book["Agenda"].cell(2, 8, 20)

    refused = client.post(f"{here}book/", {"book": as_file(book)})
    book["Agenda"].cell(2, 8, 9)
    taken = client.post(f"{here}book/", {"book": as_file(book)})

    assert refused.status_code == 422
    faults = refused.context["book_faults"]
    assert ("Agenda", 2, "K3.present") in {(one.sheet, one.row, one.rule) for one in faults}
    assert taken.status_code == 302
    assert VoteEvent.objects.get().yes == 9


def as_file(book: Any) -> SimpleUploadedFile:
    page = io.BytesIO()
    book.save(page)
    return SimpleUploadedFile("session.xlsx", page.getvalue())


def test_twenty_sessions_and_twenty_questions_cost_a_few_queries(django_assert_max_num_queries):
    council = make_council()
    make_deputies(council)
    session = make_session(council)
    for number in range(20):
        make_item(session, f"Вопрос {number}")
        Session.objects.create(council=council, name=f"Заседание {number}")
    client = secretary()
    client.get(DESK)

    with django_assert_max_num_queries(10):
        client.get(DESK)
    with django_assert_max_num_queries(20):
        client.get(f"{DESK}sessions/{session.pk}/")
    with django_assert_max_num_queries(22):
        client.get(address(session.items.all()[0], "vote/"))


def test_sessions_that_wait_stand_in_the_secretarys_work():
    council = make_council()
    make_session(council, state="planned")
    held = make_session(council, name="Другое")
    make_item(held)
    user = make_role("secretary", city=council.municipality).user

    waiting = work_of(user, on=held.held_to)

    assert [one.number for one in waiting] == [1, 1]
    assert {one.address.partition("/councils/")[2] for one in waiting} == {"zarechny/desk/"}


@pytest.mark.parametrize("day", ["01.01.0001", "31.12.9999", "2016-05-05/2016-04-27"])
def test_a_day_that_cannot_be_is_refused(day):
    make_council()
    client = secretary()

    answer = client.post(
        f"{DESK}sessions/new/", {"day": day, "begins": "", "form": "in_person", "number": "7"}
    )

    assert answer.status_code == 200
    assert not Session.objects.exists()


def test_signs_that_no_text_holds_and_papers_that_are_none():
    make_deputies(make_council())
    item = make_vote_event().motion.item
    client = secretary()

    agenda = {"agenda": "1. О пар\0ке"}
    assert client.post(address(item, "papers/"), {"known": "abc"}).status_code == 404
    assert client.post(f"{DESK}sessions/{item.session_id}/agenda/", agenda).status_code < 500
