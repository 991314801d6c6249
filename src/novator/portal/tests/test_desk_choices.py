"""The secretary's desk: people chosen from ordered lists; steps, rules and papers in words."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from novator.accounts.testing import make_role, make_user, signed_in
from novator.cities.testing import make_city
from novator.council.models import Paper, Person, Session
from novator.council.testing import (
    make_convocation,
    make_council,
    make_decision,
    make_deputies,
    make_item,
    make_membership,
    make_person,
    make_post,
    make_session,
    partial,
)
from novator.mail.models import Letter
from novator.portal.people_choices import listed_name

pytestmark = pytest.mark.django_db
DESK = "/en/councils/zarechny/desk/"
BODIES = "/en/councils/zarechny/bodies/"


@pytest.fixture
def secretary() -> Client:
    return signed_in(make_role("secretary", city=make_city()).user)


def choices(client: Client, address: str, name: str) -> list[Any]:
    """What a field of the form of a page offers."""
    offered: list[Any] = client.get(address).context["form"].fields[name].choices
    return offered


def test_people_stand_by_office_faction_and_family_name_each_once(secretary: Client) -> None:
    council = make_council()
    people = make_deputies(council)
    former = make_person("Яков Бывалов")
    earlier = make_convocation(council, starts="2015-09-20", dissolved=partial("2020-09-19"))
    make_membership(former, earlier, starts="2015-09-20", ends="2020-09-19", end_reason="Срок")
    make_membership(people[2], council, post=make_post(council), role="head")
    draft = make_decision(council, state="draft")

    offered = choices(secretary, f"/en/councils/decisions/{draft.pk}/step/", "person")

    assert offered[0] == ("", "—")
    groups = {str(name): [label for _key, label in rows] for name, rows in offered[1:]}
    assert list(groups) == [
        "In office now", "Сад", "Поле", "of no faction", "Others of this city, former deputies too",
    ]  # fmt: skip
    assert groups["In office now"] == ["Липова Вера — Глава города"]
    assert groups["Сад"] == ["Берёзкина Анна", "Кленов Борис", "Осинин Глеб", "Рябинина Дарья"]
    assert groups["Others of this city, former deputies too"] == ["Бывалов Яков"]
    assert sum(map(len, groups.values())) == len(people) + 1


def test_a_session_is_chaired_by_the_head_who_is_no_deputy(secretary: Client) -> None:
    council = make_council()
    make_deputies(council)
    head = make_person("Фёдор Градов")
    make_membership(head, council, post=make_post(council), role="head")

    secretary.post(f"{DESK}sessions/new/", {"day": "5 октября 2026 г.", "chair": head.pk})

    session = Session.objects.get()
    assert session.chair == head
    assert str(session.held_to) == "2026-10-05"


def test_nobody_of_another_city_can_be_chosen(secretary: Client) -> None:
    make_deputies(make_council())
    elsewhere = make_council(make_city("Stary Bor"))
    stranger = make_person("Степан Чужой")
    make_membership(stranger, elsewhere)

    answer = secretary.post(f"{DESK}sessions/new/", {"day": "2026-10", "chair": stranger.pk})

    assert "chair" in answer.context["form"].errors
    assert not Session.objects.exists()


@pytest.mark.parametrize(
    ("name", "family", "listed"),
    [
        ("Анна Петровна Берёзкина", "Берёзкина", "Берёзкина Анна Петровна"),
        ("Берёзкина Анна Петровна", "Берёзкина", "Берёзкина Анна Петровна"),
        ("Мария де ла Крус", "де ла Крус", "де ла Крус Мария"),
        ("Сократ", "", "Сократ"),
    ],
)
def test_a_listed_name_begins_with_the_family_name(name: str, family: str, listed: str) -> None:
    assert listed_name(Person(name=name, family_name=family)) == listed


def test_to_invite_tells_to_how_many_a_letter_goes_and_writes_once(secretary: Client) -> None:
    people = make_deputies(make_council())
    Person.objects.filter(pk=people[0].pk).update(user=make_user("anna@zarechny.example"))
    day = timezone.localdate() + timedelta(days=9)
    session = make_session(state="planned", on=day)
    make_item(session)
    step = f"{DESK}sessions/{session.pk}/step/"

    told = secretary.post(step, {"step": "invited"}, follow=True).content.decode()
    again = secretary.post(step, {"step": "invited"}, follow=True).content.decode()

    assert "A letter goes to 1 deputy. 8 deputies have no account here" in told
    assert "A letter goes" not in again
    assert Letter.objects.get().kind == "session"


def test_a_rule_without_a_code_gets_one(secretary: Client) -> None:
    council = make_council()
    said = {
        "name": "Четверть состава",
        "numerator": "1",
        "denominator": "4",
        "is_over": "0",
        "base": "elected",
    }

    secretary.post(f"{BODIES}rules/new/", said)
    secretary.post(f"{BODIES}rules/new/", said | {"name": "Пятая часть", "denominator": "5"})

    made = council.rules.filter(name__in=["Четверть состава", "Пятая часть"])
    assert len(set(made.values_list("code", flat=True))) == 2


def test_a_paper_is_called_as_its_file_and_an_address_needs_a_title(secretary: Client) -> None:
    make_deputies(make_council())
    item = make_item()
    papers = f"{DESK}sessions/{item.session_id}/items/{item.pk}/papers/"
    file = SimpleUploadedFile("Пояснительная_записка.txt", "О дворах".encode())

    kept = secretary.post(
        papers, {"kind": "draft", "upload": file, "dated": "октябрь 2025"}, follow=True
    )
    refused = secretary.post(papers, {"kind": "draft", "url": "https://duma.example/a.pdf"})

    assert Paper.objects.get().title == "Пояснительная записка"
    assert "October 2025" in kept.content.decode()
    assert "title" in refused.context["faulty"].errors


def test_the_workbook_of_people_is_found_from_the_page_of_bodies(secretary: Client) -> None:
    make_council()

    assert f"{DESK}people/" in secretary.get(BODIES).content.decode()


def test_who_sits_stands_before_who_left(secretary: Client) -> None:
    council = make_council()
    convocation = council.parts.get(kind="convocation")
    make_membership("Анна Ушедшая", council, ends="2022", end_reason="Сложение полномочий")
    make_membership("Яна Сидящая", council)

    page = secretary.get(f"{BODIES}of/{convocation.public_id}/").content.decode()

    assert page.index("Яна Сидящая") < page.index("Анна Ушедшая")
