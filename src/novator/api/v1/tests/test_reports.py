"""Reports of citizens, told to programs: what everybody may know, and nothing else."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from novator.cities.testing import make_city
from novator.reports.contacts import ContactDetails
from novator.reports.life import change_state
from novator.reports.models import Report
from novator.reports.testing import make_channel, make_report

pytestmark = [pytest.mark.django_db, pytest.mark.whole_site]
LIST = "/api/v1/reports?city=zarechny"
SECRETS = ("СЕКРЕТТЕКСТ", "sekret@zarechny.example", "кв. 17", "СЕКРЕТИМЯ", "секретные слова")


def checked(channel, **facts):
    report = make_report(channel, now=timezone.now() - timedelta(hours=2), **facts)
    change_state(report=report, to="moderated", now=timezone.now())
    return report


def table(client, query=""):
    answer = client.get(f"/api/v1/export/reports.csv?city=zarechny{query}")
    text = b"".join(answer.streaming_content).decode().lstrip("\ufeff")
    return list(csv.DictReader(io.StringIO(text)))


def test_tells_what_everybody_may_know_and_nothing_else(client: Client):
    channel = make_channel()
    contact = ContactDetails(email="sekret@zarechny.example", name="СЕКРЕТИМЯ")
    shown = checked(channel, text="СЕКРЕТТЕКСТ", address="улица Ленина, 5, кв. 17", contact=contact)
    change_state(
        report=shown, to="withdrawn", now=timezone.now(), by_citizen=True, text="секретные слова"
    )
    make_report(channel, now=timezone.now())
    checked(channel, is_hidden=True)

    listed = client.get(f"{LIST}&lang=en")
    one = client.get(f"/api/v1/reports/{shown.number}?lang=en")
    rows = table(client)

    (told,) = listed.json()["results"]
    assert (told["number"], told["address"]) == (shown.number, "улица Ленина, 5")
    assert (told["text"], told["category"], told["latitude"]) == (None, "road-potholes", 57.001)
    assert [step["status"] for step in one.json()["steps"]] == [
        "received",
        "moderated",
        "withdrawn",
    ]
    assert [row["number"] for row in rows] == [shown.number]
    everything = listed.content.decode() + one.content.decode() + str(rows)
    assert not [secret for secret in SECRETS if secret in everything]


def test_a_shown_text_is_told(client: Client):
    report = checked(make_channel(), consents=frozenset({"processing", "publication"}))
    Report.objects.filter(pk=report.pk).update(shown_text="=Яма", is_text_shown=True)

    assert client.get(LIST).json()["results"][0]["text"] == "=Яма"
    assert table(client)[0]["text"] == "'=Яма"
    assert table(client, "&year=1999") == []


@pytest.mark.parametrize("start", ["", "&changed_since=2026-01-01T00:00:00Z"])
def test_every_report_is_told_once_by_parts(client: Client, start, django_assert_num_queries):
    channel = make_channel()
    numbers = [make_report(channel, status="accepted").number for _turn in range(7)]

    with django_assert_num_queries(2):
        client.get(f"{LIST}{start}&limit=20")
    address, told = f"{LIST}{start}&limit=3", []
    while address:
        part = client.get(address).json()
        told += [row["number"] for row in part["results"]]
        address = part["next"]

    assert told == (numbers if start else numbers[::-1])


def test_unknown_cities_and_numbers_are_refused(client: Client):
    make_city("Stary Bor")
    hidden = checked(make_channel(), is_hidden=True)

    assert client.get("/api/v1/reports?city=stary-bor").status_code == 404
    assert client.get("/api/v1/reports").status_code == 422
    assert client.get(f"{LIST}&after=x").status_code == 404
    assert client.get(f"/api/v1/reports/{hidden.number}").status_code == 404
    assert client.get("/api/v1/reports/12-4").status_code == 404
