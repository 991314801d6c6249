"""What one Novator forwards another takes, tells back and never sends home again."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import Settings

from novator.api.open311.tests.test_reading import ROOT
from novator.cities.testing import make_city
from novator.reports.exchange.reading import rows_in
from novator.reports.exchange.rows import Taker
from novator.reports.exchange.sending import fields_of
from novator.reports.keys import make_key
from novator.reports.models import Channel, Connection, Forwarding, Report
from novator.reports.testing import NOW, make_channel, make_report

pytestmark = pytest.mark.django_db
HERE, THERE = "https://here.example", "https://there.example"


@pytest.fixture
def forwarding(zarechny: Channel, settings: Settings) -> Forwarding:
    """Zarechny forwards a report from HERE; the code then plays THERE, where Glazov is served."""
    settings.SITE_ADDRESS = HERE
    connection = Connection.objects.create(
        municipality=zarechny.municipality,
        name="Glazov",
        base_url=f"{THERE}/open311/v2",
        jurisdiction="glazov",
    )
    report = make_report(zarechny, answers={"depth": "deep", "where": ["a", "b"]})
    facts = {"made_at": NOW, "changed_at": NOW}
    return Forwarding.objects.create(report=report, connection=connection, **facts)


def test_what_is_forwarded_is_taken_once_and_not_given_back(
    client: Client, forwarding: Forwarding, settings: Settings
):
    glazov = make_channel(make_city("Glazov"))
    key = make_key(municipality=glazov.municipality, name="Zarechny")[1]
    sent: dict[str, list[str]] = {"api_key": [key], "jurisdiction_id": ["glazov"]}
    for name, value in fields_of(forwarding):
        sent.setdefault(name, []).append(value)
    path = f"{ROOT}requests.xml"
    settings.SITE_ADDRESS = THERE

    first, again = client.post(path, sent), client.post(path, sent)

    (row,) = rows_in(first.content, item="request")
    assert rows_in(again.content, item="request") == [row]
    taken = Report.objects.get(municipality=glazov.municipality)
    mine = forwarding.report
    assert taken.number == row["service_request_id"]
    assert (taken.text, taken.latitude, taken.address) == (mine.text, mine.latitude, mine.address)
    assert taken.external_id == f"{HERE}#{mine.number}"
    key_of_sending = sent["submission_key"][0]
    token = client.get(f"{ROOT}tokens/{key_of_sending}.xml?jurisdiction_id=glazov")
    assert rows_in(token.content, item="request")[0]["service_request_id"] == taken.number

    back = Connection.objects.create(
        municipality=glazov.municipality, name="Zarechny", base_url=f"{HERE}/open311/v2"
    )
    pulled = {"service_request_id": mine.number, "requested_datetime": "2026-03-01T00:00:00Z"}
    assert Taker(back).take(pulled, now=NOW) == "own"
    settings.SITE_ADDRESS = HERE
    refused = client.post(path, sent)
    assert refused.status_code == 400
