"""What somebody might send to the pages of reports: answered in words, opening nothing."""

from __future__ import annotations

import re
import time
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from novator.accounts.testing import make_role, signed_in
from novator.mail.models import Letter
from novator.portal import report_ground
from novator.portal.report_limits import wait_to_send
from novator.reports.contacts import ContactDetails
from novator.reports.links import token_of
from novator.reports.models import Department, Report, ReportUpdate
from novator.reports.testing import make_channel, make_report
from novator.reports.working import give_to

pytestmark = pytest.mark.django_db
DIGITS = "9" * 4500
CITY = "/en/cities/zarechny/reports/"
FORM = "/en/report/zarechny/"


@pytest.mark.parametrize(
    ("method", "path", "sent", "status"),
    [
        ("post", f"{FORM}hints.json", {"text": "яма тут", "category": "a\0b"}, 200),
        ("post", f"{FORM}hints.json", {"text": "яма тут", "address": "a\0b"}, 200),
        ("get", f"{CITY}map.json", {"zoom": DIGITS}, 200),
        ("post", f"{CITY}follow/", {"kind": "radius", "radius": DIGITS}, 422),
        ("post", f"{CITY}follow/", {"kind": "category", "category": "a\0b"}, 422),
    ],
)
def test_odd_signs_are_answered_in_words(method, path, sent, status):
    make_channel()

    response = getattr(Client(), method)(path, sent | {"wish-email": "anna@zarechny.example"})

    assert response.status_code == status


@pytest.mark.parametrize("source", ["open311", "telephone"])
def test_the_key_of_another_way_opens_no_report(source):
    key = uuid4()
    report = make_report(source=source, submission_key=key)
    sent = {"text": "Яма", "address": "Мира, 3", "email": "mallory@elsewhere.example"}
    sent |= {"processing": "on", "seen": "1", "key": str(key)}

    answer = Client().post(FORM, sent, headers={"accept": "application/json"}).json()

    assert answer["number"] != report.number
    assert Report.objects.count() == 2


def test_the_frame_sends_few_letters_to_corrected_addresses():
    contact = ContactDetails(email="anna@zarechny.example")
    report = make_report(contact=contact, is_address_confirmed=False, now=timezone.now())
    codes = []
    for number in range(7):
        token = token_of(Report.objects.get(pk=report.pk), purpose="sent")
        sent = {"email": f"victim{number}@elsewhere.example"}
        codes.append(Client().post(f"/en/widget/sent/{token}/", sent).status_code)

    assert codes == [302] * 6 + [429]


@pytest.mark.parametrize(
    ("page", "sent", "status"),
    [
        ("{number}/act/note/", {"text": "a\0b"}, 302),
        ("{number}/act/reply/", {"text": "я" * 4001}, 200),
        ("{number}/act/category/", {"category": DIGITS}, 200),
        ("batch/", {"report": DIGITS, "act": "state:accepted"}, 302),
        ("views/", {"name": "a\0b", "query": "tab=all"}, 302),
        ("../setup/categories/new/", {"questions-TOTAL_FORMS": DIGITS}, 200),
        ("../setup/categories/together/", {"category": DIGITS, "days_to_work": DIGITS}, 302),
        ("../setup/connections/new/", {"service-*": "a\0b"}, 200),
    ],
)
def test_odd_signs_of_officers_are_answered_in_words(page, sent, status):
    report = make_report()
    officer = signed_in(make_role("reports_officer", city=report.municipality).user)

    path = "/en/work/zarechny/reports/" + page.format(number=report.number)
    assert officer.post(path.replace("reports/../", ""), sent).status_code == status
    assert not ReportUpdate.objects.filter(kind="reply").exists()


def test_days_that_no_calendar_has_narrow_nothing_to_pieces():
    report = make_report()
    officer = signed_in(make_role("reports_officer", city=report.municipality).user)

    query = "?tab=all&since=0001-01-01&until=9999-12-31"
    assert officer.get(f"/en/work/zarechny/reports/{query}").status_code == 200


def test_a_source_of_tiles_that_is_away_is_left_alone(settings, monkeypatch):
    settings.TILES = "https://tiles.example/{z}/{x}/{y}.png"
    asked = []

    def fetch(url):
        asked.append(url)
        raise OSError

    monkeypatch.setattr(report_ground, "_fetched", fetch)
    cache.clear()
    for column in range(3):
        path = reverse("map_tile", args=[3, column, 1])
        assert Client().get(path).status_code == 404
    cache.clear()

    assert len(asked) == 1


def old_link(report, days):
    """A link of a letter that was written so many days ago."""
    with patch("django.core.signing.time.time", return_value=time.time() - days * 86400):
        return token_of(report)


def test_links_of_senders_end_and_a_letter_brings_a_new_one():
    contact = ContactDetails(email="anna@zarechny.example")
    report = make_report(now=timezone.now(), contact=contact)
    fresh, old = old_link(report, 179), old_link(report, 181)
    by_link = "/en/reports/by-link/"
    Letter.objects.all().delete()

    ended = Client().get(f"{by_link}{old}/")
    act = Client().post(f"/en/reports/{report.number}/act/withdraw/", {"link": old, "sure": "yes"})
    for _turn in range(2):
        sent = Client().post(f"{by_link}{old}/new/")

    assert Client().get(f"{by_link}{fresh}/").status_code == 200
    assert (ended.status_code, sent.status_code, act.status_code) == (410, 410, 302)
    assert "anna" not in ended.content.decode() + sent.content.decode()
    letter = Letter.objects.get()
    assert letter.to_email == "anna@zarechny.example"
    link = re.search(r"/ru/reports/by-link/\S+", letter.body)
    assert link is not None
    assert Client().get(link[0]).status_code == 200
    assert Client().get(f"{by_link}{old[:-1]}x/").status_code == 404
    report.refresh_from_db()
    assert report.status == "received"


def test_data_are_given_for_a_day():
    report = make_report(now=timezone.now())
    with patch("django.core.signing.time.time", return_value=time.time() - 2 * 86400):
        old = token_of(report, purpose="data")

    assert Client().get(f"/en/reports/data/{token_of(report, purpose='data')}/").status_code == 200
    assert Client().get(f"/en/reports/data/{old}/").status_code == 404


def test_a_strangers_address_does_not_keep_the_stranger_from_reporting():
    request = RequestFactory().post("/", REMOTE_ADDR="198.51.100.7")
    owner = RequestFactory().post("/", REMOTE_ADDR="203.0.113.9")

    waits = [wait_to_send(request, email="anna@zarechny.example") for _turn in range(11)]

    assert [bool(wait) for wait in waits] == [False] * 10 + [True]
    assert wait_to_send(owner, email="anna@zarechny.example") == 0


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("Уважаемая Мария Ивановна, яма засыпана.", "Уважаемая Мария"),
        ("Заявка от Кукушкиной принята.", "кукушкиной"),
        ("В кв. 17 течь устранена.", "кв. 17"),
        ("Звоните 8 (912) 345-67-89.", "8 (912) 345-67-89"),
        ("Звоните в службу: +7 34141 5-00-00.", ""),
        ("Яма засыпана 12.05.2026, улица Кирова, 17.", ""),
    ],
)
def test_words_to_everybody_are_looked_through_for_a_person(text, fact):
    report = make_report(
        channel=make_channel(emergency_phone="+7 34141 5-00-00"),
        now=timezone.now(),
        contact=ContactDetails(email="k@zarechny.example", name="Пелагея Кукушкина"),
    )
    officer = signed_in(make_role("reports_officer", city=report.municipality).user)
    reply = f"/en/work/zarechny/reports/{report.number}/act/reply/"

    first = officer.post(reply, {"text": text})
    said = ReportUpdate.objects.filter(kind="reply")
    if fact:
        assert f"“{fact}" in first.content.decode()
        assert not said.exists()
        officer.post(reply, {"text": text, "sure": "1"})

    assert said.get().text == text


def test_erasing_says_who_has_the_report_already():
    report = make_report(now=timezone.now())
    body = Department.objects.create(
        municipality=report.municipality, name="Vodokanal", email="v@zarechny.example"
    )
    give_to(
        report=report,
        department=body,
        by=make_role("reports_officer", city=report.municipality).user,
        now=timezone.now(),
    )

    page = Client().get(f"/en/reports/by-link/{token_of(report)}/").content.decode()

    assert "erasing here does not reach there" in page
    assert "Vodokanal, " in page
