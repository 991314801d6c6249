"""Contests: the call, entries of a city, blind scores, result and protocol; strangers refused."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from novator.accounts.consents import PUBLICATION, give_consent
from novator.accounts.testing import make_role, make_user, signed_in
from novator.cities.testing import make_city
from novator.portal.contests import DOCUMENTS
from novator.practices.testing import make_practice
from novator.reviews.judging import close_scores, draw_up_protocol, give_score
from novator.reviews.models import Contest, Entry, Juror, Recusal, Score
from novator.reviews.testing import (
    JUDGING,
    TODAY,
    make_approver,
    make_contest,
    make_entry,
    make_juror,
)

pytestmark = pytest.mark.django_db

CALL = {
    "title_ru": "Лучший двор",
    "title_en": "Best yard",
    "text_ru": "Ждём дворы.",
    "opens_on": "2026-12-01",
    "closes_on": "2026-12-20",
    "scores_by": "2027-01-20",
    "nominations": "Двор | Yard\nПарк",
    "criteria": "Эффект | Effect | 3\nЗатраты | 2",
    "least_scores": "2",
    "rural_kinds": ["rural_settlement"],
}


@pytest.fixture
def days(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Give a function that sets the day on which the pages are opened."""

    def on(day: date) -> None:
        for module in ("contests", "jury", "contest_office"):
            monkeypatch.setattr(f"novator.portal.{module}.today", lambda: day)

    on(TODAY)
    return on


@pytest.fixture
def office() -> Client:
    return signed_in(make_role("office").user)


@pytest.fixture
def stranger() -> Client:
    return signed_in(make_approver(make_city("Stary Bor")))


@pytest.fixture
def contest(office: Client) -> Contest:
    return make_contest()


def decided(contest: Contest) -> Contest:
    entry = make_entry(contest, make_practice())
    juror = make_juror(contest)
    points = dict.fromkeys(contest.weights, 7)
    give_score(juror=juror, entry=entry, points=points, on=JUDGING)
    closed = close_scores(contest=contest, by=contest.made_by, on=JUDGING)
    return draw_up_protocol(contest=closed, by=contest.made_by, on=JUDGING)


@pytest.mark.parametrize("language", ["ru", "en"])
def test_public_pages_in_both_languages(client, contest, days, language):
    decided(contest)
    for path in ("", f"{contest.slug}/", f"{contest.slug}/results/"):
        response = client.get(f"/{language}/contests/{path}")
        assert response.status_code == 200, path
    assert "7" in response.content.decode()


@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_protocol_is_a_document_in_the_language_of_the_page(client, contest, days, language):
    decided(contest)
    pdf = client.get(f"/{language}/contests/{contest.slug}/protocol.pdf")
    word = client.get(f"/{language}/contests/{contest.slug}/protocol.docx")

    root: Any = PdfReader(io.BytesIO(pdf.content)).trailer["/Root"]
    assert root["/Lang"] == language
    assert "attachment" in pdf["Content-Disposition"]
    assert word.content.startswith(b"PK")
    assert client.get(f"/ru/contests/{contest.slug}/protocol.exe").status_code == 404


def test_the_card_tells_its_place(client, contest, days):
    decided(contest)
    page = client.get("/en/practices/glazov-warm-stops/").content.decode()

    assert "place 1" in page
    assert f"/en/contests/{contest.slug}/results/" in page


def test_a_protocol_is_made_once_however_often_it_is_asked_for(
    client, contest, days, monkeypatch: pytest.MonkeyPatch
):
    made: list[str] = []

    def make(_contest: Contest, *, language: str) -> bytes:
        made.append(language)
        return b"%PDF"

    monkeypatch.setitem(DOCUMENTS, "pdf", (make, "application/pdf"))
    decided(contest)

    for _time in range(3):
        assert client.get(f"/ru/contests/{contest.slug}/protocol.pdf").content == b"%PDF"

    assert made == ["ru"]


def test_before_the_protocol_there_is_no_result(client, contest, days):
    for path in ("results/", "protocol.pdf"):
        assert client.get(f"/ru/contests/{contest.slug}/{path}").status_code == 404


def test_a_call_that_is_being_prepared_exists_for_the_office_alone(client, office, stranger, days):
    office.post("/ru/office/contests/new/", CALL)
    made = Contest.objects.get()
    address = f"/ru/contests/{made.slug}/"

    assert office.get(address).status_code == 200
    assert stranger.get(address).status_code == client.get(address).status_code == 404
    assert made.criteria[1] == {"code": "c2", "name_ru": "Затраты", "name_en": "", "weight": 2}
    assert [one.title_en for one in made.nominations.all()] == ["Yard", ""]
    assert [one.code for one in made.all_categories] == ["urban", "rural"]


@pytest.mark.parametrize(
    ("field", "typed"),
    [("criteria", "Эффект | Effect | много"), ("nominations", "a | b | c"), ("opens_on", "завтра")],
)
def test_a_faulty_call_names_the_field_and_keeps_the_rest(office, days, field, typed):
    page = office.post("/ru/office/contests/new/", CALL | {field: typed}).content.decode()

    assert f'href="#id_{field}"' in page
    assert "Ждём дворы." in page
    assert typed in page
    assert not Contest.objects.exists()


@pytest.mark.parametrize("language", ["ru", "en"])
def test_pages_of_the_office_in_both_languages(office, contest, days, language):
    make_juror(contest)
    make_entry(contest, make_practice())
    for path in ("new/", f"{contest.slug}/", f"{contest.slug}/edit/"):
        assert office.get(f"/{language}/office/contests/{path}").status_code == 200, path


def test_the_office_runs_a_contest_to_its_end(office, client, days):
    office.post("/ru/office/contests/new/", CALL | {"least_scores": "1"})
    slug = Contest.objects.get().slug
    person = make_user("judge@example.org", name="Ольга")
    give_consent(user=person, purpose=PUBLICATION, at=timezone.now())
    office.post(f"/ru/office/contests/{slug}/jury/", {"email": "judge@example.org"})
    office.post(f"/ru/office/contests/{slug}/act/announce/")
    days(date(2026, 12, 5))
    practice = make_practice(is_by_its_city=True)
    approver = signed_in(make_approver(practice.municipality))
    nomination = Contest.objects.get().nominations.first()
    assert nomination is not None
    approver.post(
        f"/ru/contests/{slug}/enter/", {"nomination": nomination.pk, "practice": practice.slug}
    )
    days(date(2026, 12, 25))
    entry = Entry.objects.get()
    signed_in(person).post(
        f"/ru/contests/{slug}/jury/{entry.public_id}/", {"points-c1": 10, "points-c2": 5}
    )
    office.post(f"/ru/office/contests/{slug}/act/close/")
    office.post(f"/ru/office/contests/{slug}/act/protocol/")
    page = client.get(f"/ru/contests/{slug}/results/").content.decode()

    assert "8,00" in page  # (3·10 + 2·5) / 5
    assert "J1 — Ольга" in page


def test_an_unknown_address_names_the_field(office, contest, days):
    address = f"/ru/office/contests/{contest.slug}/jury/"
    page = office.post(address, {"email": "nobody@example.org"}).content.decode()

    assert 'href="#id_email"' in page
    assert not Juror.objects.exists()


def test_a_stranger_runs_nothing(stranger, client, contest, days):
    juror = make_juror(contest)
    for path in ("new/", f"{contest.slug}/", f"{contest.slug}/edit/"):
        assert stranger.get(f"/ru/office/contests/{path}").status_code == 403, path
        assert client.get(f"/ru/office/contests/{path}").status_code == 302, path
    for path in ("jury/", f"jury/{juror.pk}/end/", "act/announce/", "act/close/", "act/protocol/"):
        address = f"/ru/office/contests/{contest.slug}/{path}"
        assert stranger.post(address, {"email": "x@example.org"}).status_code == 403, path
    juror.refresh_from_db()
    assert juror.ended_at is None


@pytest.mark.parametrize("language", ["ru", "en"])
def test_a_city_enters_and_takes_back(contest, days, language):
    practice = make_practice(is_by_its_city=True)
    approver = signed_in(make_approver(practice.municipality))
    address = f"/{language}/contests/{contest.slug}/enter/"
    nomination = contest.nominations.get(position=2)
    sent = {"nomination": nomination.pk, "practice": practice.slug}

    assert approver.get(address).status_code == 200
    assert approver.post(address, sent).status_code == 302
    again = approver.post(address, sent)
    entry = Entry.objects.get()
    approver.post(f"/{language}/entries/{entry.public_id}/withdraw/")

    assert 'href="#id_practice_0"' in again.content.decode()
    entry.refresh_from_db()
    assert entry.withdrawn_at is not None


def test_a_stranger_enters_and_withdraws_nothing(stranger, client, contest, days):
    entry = make_entry(contest, make_practice())
    address = f"/ru/contests/{contest.slug}/enter/"
    nomination = contest.nominations.get(position=2)
    sent = {"nomination": nomination.pk, "practice": entry.practice.slug}

    assert client.get(address).status_code == 302
    stranger.post(address, sent)
    assert stranger.post(f"/ru/entries/{entry.public_id}/withdraw/").status_code == 403
    editor = signed_in(make_role("editor", city=entry.practice.municipality).user)
    assert editor.get(address).status_code == 403
    assert Entry.objects.get().withdrawn_at is None


@pytest.mark.parametrize("language", ["ru", "en"])
def test_a_juror_scores_blind(contest, days, language):
    entry = make_entry(contest, make_practice())
    own, other = make_juror(contest), make_juror(contest, "other@association.example")
    give_score(
        juror=other,
        entry=entry,
        points=dict.fromkeys(contest.weights, 9),
        on=JUDGING,
        comment="чужие слова",
    )
    days(JUDGING)
    juror = signed_in(own.user)
    points = {f"points-{code}": 3 for code in contest.weights}
    address = f"/{language}/contests/{contest.slug}/jury/"

    before = juror.get(address).content.decode()
    form = juror.get(f"{address}{entry.public_id}/").content.decode()
    juror.post(f"{address}{entry.public_id}/", points)

    assert "9 · 9" not in before
    assert "чужие" not in form
    assert "3 · 3" in juror.get(address).content.decode()
    assert Score.objects.get(juror=own).points["cost"] == 3


def test_faulty_points_name_the_criterion(contest, days):
    entry, juror = make_entry(contest, make_practice()), make_juror(contest)
    days(JUDGING)
    sent = {f"points-{code}": 3 for code in contest.weights} | {"points-cost": 99}
    address = f"/ru/contests/{contest.slug}/jury/{entry.public_id}/"
    page = signed_in(juror.user).post(address, sent).content.decode()

    assert 'href="#id_points-cost"' in page
    assert not Score.objects.exists()


def test_a_juror_recuses_himself(contest, days):
    entry, juror = make_entry(contest, make_practice()), make_juror(contest)
    days(JUDGING)
    address = f"/ru/contests/{contest.slug}/jury/{entry.public_id}/recuse/"
    visitor = signed_in(juror.user)

    assert visitor.post(address, {"recusal-reason": ""}).status_code == 200
    assert visitor.post(address, {"recusal-reason": "Родня"}).status_code == 302
    assert Recusal.objects.get().reason == "Родня"


def test_nobody_but_the_jury_sees_its_pages(stranger, office, client, contest, days):
    entry = make_entry(contest, make_practice())
    days(JUDGING)
    address = f"/ru/contests/{contest.slug}/jury/"

    assert client.get(address).status_code == 302
    for visitor in (stranger, office):
        assert visitor.get(address).status_code == 403
        assert visitor.get(f"{address}{entry.public_id}/").status_code == 403
        assert visitor.post(f"{address}{entry.public_id}/recuse/").status_code == 403


def test_the_call_with_twenty_entries_takes_few_queries(
    client, contest, days, django_assert_max_num_queries
):
    for number in range(20):
        make_entry(contest, make_practice(f"glazov-{number}"))
    days(JUDGING)

    with django_assert_max_num_queries(14):
        page = client.get(f"/ru/contests/{contest.slug}/").content.decode()

    assert "glazov-19" in page


def test_every_form_of_contests_is_limited(contest, monkeypatch):
    monkeypatch.setattr("novator.portal.limits.seconds_to_wait", lambda **_facts: 60)
    entry, juror = make_entry(contest, make_practice()), make_juror(contest)
    visitor = signed_in(juror.user)
    own, run = f"contests/{contest.slug}/", f"office/contests/{contest.slug}/"
    for path in (
        f"{own}enter/",
        f"{own}jury/{entry.public_id}/",
        f"{own}jury/{entry.public_id}/recuse/",
        f"entries/{entry.public_id}/withdraw/",
        "office/contests/new/",
        f"{run}edit/",
        f"{run}jury/",
        f"{run}jury/{juror.pk}/end/",
        f"{run}act/close/",
    ):
        assert visitor.post(f"/ru/{path}", {"x": "y"}).status_code == 429, path
