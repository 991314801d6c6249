"""Reports of another system taken over: pages, windows, changes, kills, busy and odd systems."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from novator.reports.exchange.client import CannotAsk, base_address
from novator.reports.exchange.pulling import PullReport, pull_requests
from novator.reports.exchange.reading import Unreadable, moment_in, rows_in
from novator.reports.models import (
    Channel,
    Connection,
    Forwarding,
    PulledRequest,
    Report,
    ReportUpdate,
)
from novator.reports.testing import NOW, make_channel, make_report
from novator.reports.tests.open311_server import Town, request_row, town_server

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def server() -> Iterator[Town]:
    """One server for all tests of the module."""
    with town_server() as town:
        yield town


@pytest.fixture
def town(server: Town) -> Town:
    """The other system, empty and well-behaved."""
    address = server.address
    server.__init__()  # type: ignore[misc]
    server.address = address
    return server


@pytest.fixture
def connection(town: Town, db: None) -> Connection:
    """Zarechny knows that system."""
    channel = make_channel()
    return Connection.objects.create(
        municipality=channel.municipality, name="Votkinsk", base_url=town.address
    )


def pull(connection: Connection, **how: Any) -> PullReport:
    """Pull without waiting; the waits are kept."""
    connection.refresh_from_db()
    facts: dict[str, Any] = {"now": NOW, "wait": lambda seconds: None, "may_be_private": True}
    return pull_requests(connection=connection, **facts | how)


@pytest.mark.parametrize("has_json", [True, False])
def test_takes_requests_over_from_json_and_from_xml(
    town: Town, connection: Connection, has_json: bool
):
    town.has_json = has_json
    town.requests = [
        request_row("T-1", service_name="Ямы и разрушенный асфальт"),
        request_row("T-2", status="closed", status_notes="Заделано", service_code="road-signs"),
    ]

    report = pull(connection)

    assert (report.new, report.bad, report.is_finished) == (2, 0, True)
    hole, sign = Report.objects.order_by("external_id")
    assert (hole.text, hole.status, hole.source) == ("Hole T-1", "received", "open311")
    assert hole.requested_at == datetime(2026, 2, 20, 7, tzinfo=UTC)
    assert (hole.latitude, hole.address) == (57.001, "улица Ленина, 5")
    assert hole.category is not None
    assert hole.category.code == "road-potholes"
    assert sign.category is not None
    assert (sign.category.code, sign.status) == ("road-signs", "answered")
    assert ReportUpdate.objects.filter(report=sign, text="Заделано", is_public=True).exists()


def test_asks_later_only_for_what_changed(town: Town, connection: Connection):
    town.requests = [request_row("T-1"), request_row("T-2")]
    pull(connection)
    town.asked.clear()
    town.requests[0] |= {
        "status": "closed",
        "description": "Deep hole",
        "updated_datetime": "2026-03-02T11:00:00Z",
    }

    report = pull(connection, now=NOW + timedelta(hours=3))

    assert (report.read, report.changed, report.unchanged) == (1, 1, 0)
    assert {query.get("updated_after") for _path, query in town.asked} == {"2026-03-02T08:55:00Z"}
    changed = Report.objects.get(external_id="T-1")
    assert (changed.text, changed.status) == ("Deep hole", "answered")
    town.requests[0] |= {"status": "open", "updated_datetime": "2026-03-03T11:00:00Z"}
    pull(connection, now=NOW + timedelta(days=2))
    assert Report.objects.get(external_id="T-1").status == "reopened"


def test_goes_on_where_a_killed_run_ended(town: Town, connection: Connection):
    town.requests = [request_row(f"T-{n}") for n in range(5)]

    first = pull(connection, page_size=2, most_pages=1)
    second = pull(connection, page_size=2)

    assert (first.new, first.is_finished) == (2, False)
    assert (second.new, second.unchanged) == (3, 0)
    assert PulledRequest.objects.count() == 5


def test_reads_a_long_time_in_windows_of_ninety_days(town: Town, connection: Connection):
    town.requests = [
        request_row("T-1", requested_datetime="2025-06-01T10:00:00Z"),
        request_row("T-2", requested_datetime="2026-01-15T10:00:00Z"),
    ]

    report = pull(connection, since=datetime(2025, 5, 1, tzinfo=UTC))

    assert report.new == 2
    windows = {(query["start_date"], query["end_date"]) for _path, query in town.asked}
    assert len(windows) == 4
    assert min(windows)[0] == "2025-05-01T00:00:00Z"
    assert max(end for _start, end in windows) == "2026-03-02T09:00:00Z"


def test_halves_the_window_of_a_system_that_knows_no_pages(
    town: Town, connection: Connection, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("novator.reports.exchange.pulling.FULL_ANSWER", 3)
    town.has_pages, town.most_rows = False, 3
    days = (3, 8, 13, 18, 23)
    town.requests = [
        request_row(f"T-{day}", requested_datetime=f"2026-02-{day:02}T10:00:00Z") for day in days
    ]

    report = pull(connection, since=datetime(2026, 2, 1, tzinfo=UTC))

    assert report.new == 5


def test_waits_as_long_as_a_busy_system_asks(town: Town, connection: Connection):
    town.requests = [request_row("T-1")]
    town.failures = [(429, {"Retry-After": "7"}), (503, {})]
    waits: list[float] = []

    pull(connection, wait=waits.append, pause=0.5)

    assert waits == [7, 60, 0.5]


def test_keeps_what_was_taken_where_the_system_breaks(town: Town, connection: Connection):
    town.requests = [request_row("T-1"), request_row("T-2")]
    pull(connection, page_size=1, most_pages=1)
    town.failures = [(500, {})]

    with pytest.raises(CannotAsk) as refusal:
        pull(connection, page_size=1)

    assert refusal.value.kind == "away"
    assert pull(connection, page_size=1).new == 1


def test_reports_bad_requests_and_takes_the_good_ones(town: Town, connection: Connection):
    Channel.objects.update(default_points=[[57.05, 53.05]])
    town.requests = [
        request_row("T-1"),
        request_row("T-2", lat="north"),
        request_row("T-3", lat=10.0, long=10.0),
        request_row("T-4", requested_datetime="2026-02-30T10:00"),
        request_row("", description="no number"),
        request_row("T-6", lat=57.05, long=53.05),
        request_row("T-7", lat=0, long=0, address=None),
    ]

    report = pull(connection)

    assert (report.new, report.bad) == (3, 4)
    assert {(fault.request, fault.field) for fault in report.faults} == {
        ("T-2", "lat"),
        ("T-3", "lat"),
        ("T-4", "requested_datetime"),
        ("", "service_request_id"),
    }
    assert Report.objects.get(external_id="T-6").latitude is None


def test_what_began_here_is_not_taken_back(town: Town, connection: Connection):
    channel = Channel.objects.get()
    mine = make_report(channel)
    facts = {"made_at": NOW, "changed_at": NOW, "state": "sent", "external_id": "T-1"}
    Forwarding.objects.create(report=mine, connection=connection, **facts)
    make_report(channel, external_id=f"{town.address.removesuffix('/open311')}#T-2")
    town.requests = [request_row("T-1"), request_row("T-2")]

    report = pull(connection)

    assert (report.own, report.new) == (2, 0)


def test_a_private_system_needs_the_operator(town: Town, connection: Connection, settings: Any):
    with pytest.raises(CannotAsk) as refusal:
        pull(connection, may_be_private=False)

    assert refusal.value.kind == "private"
    settings.OPEN311_PRIVATE_HOSTS = ["127.0.0.1"]
    assert pull(connection, may_be_private=False).is_finished


def test_reads_only_what_is_harmless():
    bomb = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a><request>&b;</request></a>'
    outside = b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a><request/></a>'

    for body in (bomb, outside, b"", b"<a", b"{", b"[" * 100_000, b"<html><p/></html>", b"1"):
        with pytest.raises(Unreadable):
            rows_in(body, item="request")
    wrapped = b'\xef\xbb\xbf{"requests": [{"service_request_id": 7, "lat": null, "x": [1]}, 5]}'
    assert rows_in(wrapped, item="request") == [{"service_request_id": "7"}]
    named = b'<a xmlns="urn:x"><request><lat>1</lat><media_url/></request></a>'
    assert rows_in(named, item="request") == [{"lat": "1"}]


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-02-20T10:00:00+03:00", datetime(2026, 2, 20, 7, tzinfo=UTC)),
        ("2026-02-20T10:00:00Z", datetime(2026, 2, 20, 10, tzinfo=UTC)),
        ("2026-02-20 10:00:00", datetime(2026, 2, 20, 10, tzinfo=UTC)),
        ("2026-02-20", datetime(2026, 2, 20, tzinfo=UTC)),
        ("2026-02-31", None),
        ("soon", None),
        ("", None),
    ],
)
def test_reads_moments_as_systems_write_them(text: str, moment: datetime | None):
    assert moment_in(text) == moment


def test_an_address_is_kept_without_what_people_paste_behind_it():
    assert base_address("https://a.example/v2/services.xml?x=1") == "https://a.example/v2"
    assert base_address("a.example/open311/v2/") == "https://a.example/open311/v2"
    for wrong in ("", "ftp://a", "https://user:pass@a.example", "https://[::1"):
        with pytest.raises(CannotAsk):
            base_address(wrong)
