"""Pages of the association: who sees what, who is refused, from the application to the register."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from novator.accounts.models import User
from novator.accounts.testing import make_role, make_user, signed_in
from novator.association.models import Application, FeeRule, Invoice, Member, Representative
from novator.association.starting import load_starter_members
from novator.association.testing import (
    make_application,
    make_joining_decision,
    make_mandate_to,
    make_member,
    make_representing_person,
)
from novator.cities.testing import make_city
from novator.council.models import Mandate
from novator.council.starter import load_starter_councils

pytestmark = pytest.mark.django_db


def make_stranger() -> User:
    return make_role("head", city=make_city("Stary Bor")).user


def test_the_second_story_is_read_on_its_pages(client: Client) -> None:
    load_starter_councils()
    load_starter_members()

    register = client.get("/ru/association/members/").content.decode()
    page = client.get("/ru/association/members/glazov/").content.decode()
    front = client.get("/en/association/")

    assert all(name in register for name in ("Глазов", "Череповец", "Вологда", "Заречный"))
    for said in ("Олег Бекмеметьев", "Вера Тронина", "Глава города Глазова", "2016"):
        assert said in page
    assert front.status_code == 200


def test_a_city_asks_and_the_office_admits() -> None:
    zarechny = make_city("Zarechny", oktmo="94730000")
    head, office = make_role("head", city=zarechny).user, make_role("office").user
    decision = make_joining_decision(zarechny)
    make_mandate_to(make_representing_person(zarechny), decision)
    city, association = signed_in(head), signed_in(office)

    begun = city.post("/ru/association/join/", {"city": zarechny.slug})
    application = Application.objects.get()
    refused = city.post(begun.headers["Location"], {"revision": "1", "submit": "1"})
    application.refresh_from_db()
    written = {"decision": decision.pk, "revision": application.revision, "submit": "1"}
    handed_in = city.post(begun.headers["Location"], written)
    waiting = association.get("/ru/office/applications/").content.decode()
    admitted = association.post(f"{begun.headers['Location']}admit/")

    assert (refused.status_code, application.state) == (302, "draft")
    assert (handed_in.status_code, admitted.status_code) == (302, 302)
    assert "Заречный" in waiting
    assert Member.objects.get().decision == decision


def test_strangers_neither_see_nor_change_what_is_of_a_city_and_the_office() -> None:
    glazov = make_member("Glazov")
    application = make_application("Zarechny")
    rule = FeeRule.objects.create(year=2026, base=1, decided_in="№ 1")
    invoice = Invoice.objects.create(
        member=glazov,
        rule=rule,
        number="2026-0001",
        amount=1,
        reckoning={"unbounded": "1", "bound": ""},
        issued_on=date(2026, 1, 1),
        due_on=date(2026, 2, 1),
        made_by=application.made_by,
    )
    stranger = signed_in(make_stranger())

    for path in (
        application.get_absolute_url(),
        invoice.get_absolute_url(),
        f"{invoice.get_absolute_url()}file/pdf/",
        "/ru/association/members/glazov/representatives/",
        "/ru/association/members/glazov/fees/",
        "/ru/association/members/glazov/standing/",
        "/ru/office/fees/",
    ):
        assert stranger.get(path).status_code == 403, path
    for act in ("admit", "refuse", "withdraw", "checks"):
        assert stranger.post(f"{application.get_absolute_url()}{act}/").status_code == 403
    assert stranger.post("/ru/association/join/", {"city": "zarechny"}).status_code == 403
    assert Application.objects.get().state == "submitted"


def test_the_head_names_a_representative_and_ends_the_naming() -> None:
    glazov = make_member("Glazov")
    head = make_role("head", city=glazov.municipality).user
    deputy = make_user("deputy@glazov.example", name="Заместитель")
    page, client = "/ru/association/members/glazov/representatives/", signed_in(head)
    mandate = Mandate.objects.get()

    client.post(page, {"act": "name", "mandate": mandate.pk, "email": deputy.email})
    row = Representative.objects.get()
    shown = client.get(page).content.decode()
    client.post(page, {"act": "end", "row": row.pk, "because": "Ушёл"})
    row.refresh_from_db()

    assert (row.user, row.ended_because) == (deputy, "Ушёл")
    assert "Заместитель" in shown
    assert "Заместитель" not in Client().get("/ru/association/members/glazov/").content.decode()


def test_the_register_costs_the_same_for_twenty_members(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(20):
        make_member(make_city(f"City {number}"))

    with django_assert_max_num_queries(14):
        page = client.get("/ru/association/members/")

    assert page.content.decode().count("member-name") == 20


def test_a_list_of_nobody_is_no_tab_of_the_register(client: Client) -> None:
    make_member("Glazov")

    without = client.get("/en/association/members/").content.decode()
    asked_for = client.get("/en/association/members/?list=suspended").content.decode()
    make_member("Zarechny", standing="suspended")
    with_one = client.get("/en/association/members/").content.decode()

    assert "?list=suspended" not in without
    assert "?list=former" not in without
    assert "?list=suspended" in asked_for
    assert "Membership suspended" in with_one
