"""What somebody might send to the pages of reports: answered in words, opening nothing."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from novator.accounts.testing import make_role, signed_in
from novator.portal import report_ground
from novator.reports.contacts import ContactDetails
from novator.reports.links import token_of
from novator.reports.models import Report, ReportUpdate
from novator.reports.testing import make_channel, make_report

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
