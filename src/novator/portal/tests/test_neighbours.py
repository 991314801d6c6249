"""The office's pages of other catalogues: who may, what is shown, what a button does."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from novator.accounts.testing import make_role, make_user, signed_in
from novator.cities.testing import make_city
from novator.interchange.models import Conflict, ForeignCard, Installation, Neighbour, PassedOn
from novator.interchange.operations import READ_NEIGHBOUR
from novator.interchange.settling import state_of
from novator.interchange.testing import BEGAN, card, make_neighbour
from novator.practices.models import Practice
from novator.practices.testing import make_practice
from novator.practices.versions import content_of
from novator.practices.writing import row_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Client:
    return signed_in(make_role("office").user)


def make_conflict(slug: str = "glazov-warm-stops", **fields: Any) -> Conflict:
    neighbour = Neighbour.objects.first() or make_neighbour()
    assert neighbour.installation is not None
    practice = make_practice(slug, city=make_city("Glazov"))
    theirs = content_of(row_of(practice)) | {"title_ru": "Остановки с подогревом"}
    facts = {
        "practice": practice,
        "origin": neighbour.installation,
        "slug": slug,
        "kind": "both",
        "theirs": theirs,
        "changed_at": BEGAN,
        "page": "https://votkinsk.example/ru/practices/x/",
    }
    return Conflict.objects.create(**facts | fields)


def pages(neighbour: Neighbour, conflict: Conflict) -> list[str]:
    return [
        "/ru/office/neighbours/",
        f"/ru/office/neighbours/{neighbour.pk}/",
        f"/ru/office/conflicts/{conflict.pk}/",
    ]


@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_office_sees_its_pages(office: Client, language: str):
    conflict = make_conflict()
    neighbour = Neighbour.objects.get()
    Neighbour.objects.update(
        outcome="failed",
        failure="status",
        failure_detail="502",
        read_at=timezone.now(),
        counts={"new": 3, "bad": 1},
        faults=[{"entry": "a/b", "field": "topic", "reason": "is missing"}],
        unplaced=["посёлок Неведомый"],
    )

    for address in pages(neighbour, conflict):
        answer = office.get(address.replace("/ru/", f"/{language}/"))
        assert answer.status_code == 200
        assert f'<html lang="{language}"' in answer.content.decode()
    page = office.get(f"/en/office/neighbours/{neighbour.pk}/").content.decode()
    assert "502" in page
    assert "посёлок Неведомый" in page


def test_strangers_are_refused_everywhere():
    conflict = make_conflict()
    neighbour = Neighbour.objects.get()
    stary_bor = make_city("Stary Bor")
    posts = [
        "/ru/office/neighbours/passing-on/",
        f"/ru/office/neighbours/{neighbour.pk}/act/",
    ]

    for user in (
        make_role("head", city=stary_bor).user,
        make_role("moderator").user,
        make_user("nobody@stary-bor.example"),
    ):
        browser = signed_in(user)
        for address in pages(neighbour, conflict):
            assert browser.get(address).status_code == 403
            assert browser.post(address, {"url": "https://a.example"}).status_code == 403
        for address in posts:
            assert browser.post(address, {"act": "forget", "passes_on": "yes"}).status_code == 403

    assert Neighbour.objects.count() == 1
    assert not Installation.objects.filter(passes_on=True).exists()
    for address in pages(neighbour, conflict):
        assert "/account/" in Client().get(address).headers["Location"]


def test_a_form_of_another_site_changes_nothing(office: Client):
    make_neighbour()
    office.handler.enforce_csrf_checks = True

    answer = office.post("/ru/office/neighbours/passing-on/", {"passes_on": "yes"})

    assert answer.status_code == 403
    assert not Installation.objects.filter(passes_on=True).exists()


def test_a_catalogue_is_added_and_read_by_the_worker(office: Client):
    answer = office.post("/ru/office/neighbours/", {"url": "votkinsk.example/", "name": "Воткинск"})

    neighbour = Neighbour.objects.get()
    job = ProcrastinateJob.objects.get(task_name=READ_NEIGHBOUR)
    assert answer.headers["Location"] == f"/ru/office/neighbours/{neighbour.pk}/"
    assert neighbour.url == "https://votkinsk.example"
    assert (neighbour.outcome, neighbour.may_be_private) == ("asked", False)
    assert job.args == {"neighbour_id": neighbour.pk}


def test_a_wrong_address_is_named_and_kept(office: Client):
    page = office.post("/ru/office/neighbours/", {"url": "ftp://a.example"}).content.decode()

    assert 'role="alert"' in page
    assert 'value="ftp://a.example"' in page
    assert 'aria-invalid="true"' in page
    assert not Neighbour.objects.exists()


def test_the_office_decides_how_a_catalogue_is_read(office: Client):
    neighbour = make_neighbour(cursor="c7")
    origin = PassedOn.objects.create(neighbour=neighbour, public_id=uuid4(), cards=7)
    path = f"/ru/office/neighbours/{neighbour.pk}/"
    assert str(origin.public_id) in office.get(path).content.decode()

    office.post(path, {"name": "Воткинск", "rhythm": "daily", "passed_on": [str(origin.public_id)]})

    neighbour.refresh_from_db()
    assert (neighbour.name, neighbour.rhythm) == ("Воткинск", "daily")
    assert neighbour.passed_on.get().is_taken
    assert neighbour.cursor == ""


@pytest.mark.parametrize(("act", "status"), [("read", 302), ("anew", 302), ("dance", 404)])
def test_a_catalogue_is_read_when_asked(office: Client, act: str, status: int):
    neighbour = make_neighbour(cursor="c7")

    answer = office.post(f"/ru/office/neighbours/{neighbour.pk}/act/", {"act": act})

    neighbour.refresh_from_db()
    assert answer.status_code == status
    assert neighbour.cursor == ("" if act == "anew" else "c7")
    assert neighbour.outcome == ("asked" if status == 302 else "")


def test_a_catalogue_is_forgotten_and_its_cards_stay(office: Client):
    make_conflict()
    neighbour = Neighbour.objects.get()

    office.post(f"/ru/office/neighbours/{neighbour.pk}/act/", {"act": "forget"})

    assert not Neighbour.objects.exists()
    assert Practice.objects.exists()


def test_the_office_decides_what_is_passed_on(office: Client):
    office.post("/ru/office/neighbours/passing-on/", {"passes_on": "yes"})
    assert Installation.objects.get(is_own=True).passes_on

    office.post("/ru/office/neighbours/passing-on/", {"passes_on": "no"})
    assert not Installation.objects.get(is_own=True).passes_on


@pytest.mark.parametrize(
    ("verdict", "title", "settlement"),
    [
        ("theirs", "Остановки с подогревом", "theirs"),
        ("ours", "Тёплые остановки", "ours"),
        ("mixed", "Остановки с подогревом", "theirs"),
    ],
)
def test_a_conflict_is_settled(office: Client, verdict: str, title: str, settlement: str):
    conflict = make_conflict()
    page = office.get(f"/ru/office/conflicts/{conflict.pk}/").content.decode()
    assert "Остановки с подогревом" in page

    answer = office.post(
        f"/ru/office/conflicts/{conflict.pk}/",
        {"verdict": verdict, "theirs": "title_ru", "seen": state_of(conflict)},
    )

    conflict.refresh_from_db()
    assert answer.status_code == 302
    assert conflict.settlement == settlement
    assert Practice.objects.get().texts.get(language="ru").title == title


def test_a_conflict_that_changed_meanwhile_is_shown_again(office: Client):
    conflict = make_conflict()

    page = office.post(
        f"/ru/office/conflicts/{conflict.pk}/",
        {"verdict": "mixed", "theirs": "title_ru", "seen": "long ago"},
    ).content.decode()

    conflict.refresh_from_db()
    assert 'role="alert"' in page
    assert conflict.settled_at is None
    assert " checked" in page


def test_a_card_withdrawn_there_is_withdrawn_here_by_a_button(office: Client):
    conflict = make_conflict(kind="withdrawn", theirs={}, reason="больше не работает")

    office.post(
        f"/ru/office/conflicts/{conflict.pk}/",
        {"verdict": "withdraw", "seen": state_of(conflict)},
    )

    assert Practice.objects.get().withdrawn_because == "больше не работает"


def test_a_long_list_costs_no_more(office: Client, django_assert_max_num_queries):
    for number in range(20):
        make_conflict(f"card-{number}")
        make_neighbour(f"https://city-{number}.example")

    with django_assert_max_num_queries(16):
        page = office.get("/ru/office/neighbours/").content.decode()

    assert page.count("/ru/office/conflicts/") == 20


def test_a_foreign_text_is_shown_as_text(office: Client):
    theirs = card(title_ru="<script>alert(1)</script>", contact_org="<b>x</b>")
    conflict = make_conflict(theirs=theirs)

    page = office.get(f"/ru/office/conflicts/{conflict.pk}/").content.decode()

    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_a_card_from_elsewhere_leads_to_its_page_and_its_files_there():
    neighbour = make_neighbour()
    practice = make_practice("votkinsk-lamps", origin="https://votkinsk.example")
    assert neighbour.installation is not None
    ForeignCard.objects.create(
        practice=practice,
        origin=neighbour.installation,
        slug="votkinsk-lamps",
        changed_at=BEGAN,
        page="https://votkinsk.example/ru/practices/votkinsk-lamps/",
        attachments=[{"url": "https://votkinsk.example/files/1/", "caption": "Схема"}],
    )

    page = Client().get("/en/practices/votkinsk-lamps/").content.decode()

    assert 'href="https://votkinsk.example/ru/practices/votkinsk-lamps/"' in page
    assert 'href="https://votkinsk.example/files/1/"' in page
    assert "Схема" in page
