"""Open311 read by other systems: discovery, services, requests and every way of asking."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.utils import timezone

from novator.cities.testing import make_city
from novator.files.testing import make_file, photo
from novator.reports.life import change_state
from novator.reports.models import Category, Channel, Report, ReportPhoto
from novator.reports.testing import category_of, make_channel, make_report

pytestmark = pytest.mark.django_db
ROOT = "/open311/v2/"


def xml(client: Client, path: str, **query: Any) -> ElementTree.Element:
    """Read an answer as XML."""
    answer = client.get(ROOT + path, query)
    assert answer.status_code == 200, answer.content.decode()
    assert answer.headers["Content-Type"] == "text/xml; charset=utf-8"
    assert answer.content.startswith(b'<?xml version="1.0" encoding="utf-8"?>')
    return ElementTree.fromstring(answer.content)


def numbers(client: Client, **query: Any) -> list[str]:
    """Numbers of the requests found."""
    answer = client.get(f"{ROOT}requests.json", query)
    assert answer.status_code == 200, answer.content.decode()
    return [row["service_request_id"] for row in answer.json()]


def checked(channel: Channel, *, days: float = 1, **facts: Any) -> Report:
    """A report of some days ago that was checked."""
    now = timezone.now() - timedelta(days=days)
    return make_report(channel, now=now, **({"status": "moderated"} | facts))


def test_discovery_names_the_endpoint_in_both_formats(client: Client, zarechny: Channel):
    told = client.get(f"{ROOT}discovery.json").json()
    root = xml(client, "discovery.xml")

    endpoint = told["endpoints"][0]
    assert endpoint["specification"] == "http://wiki.open311.org/GeoReport_v2"
    assert endpoint["url"] == "http://testserver/open311/v2"
    assert endpoint["type"] == "production"
    assert endpoint["formats"] == ["text/xml", "application/json"]
    assert endpoint["jurisdictions"][0]["jurisdiction_id"] == "zarechny"
    assert {"changeset", "contact", "key_service"} <= set(told)
    assert root.tag == "discovery"
    assert root.findtext("endpoints/endpoint/url") == "http://testserver/open311/v2"
    assert [one.text for one in root.findall("endpoints/endpoint/formats/format")] == [
        "text/xml",
        "application/json",
    ]
    assert client.get("/open311/discovery.json").json() == told


def test_services_in_both_formats_and_languages(client: Client, zarechny: Channel):
    rows = client.get(f"{ROOT}services.json", headers={"Accept-Language": "en"}).json()
    root = xml(client, "services.xml", jurisdiction_id="zarechny")

    holes = next(row for row in rows if row["service_code"] == "road-potholes")
    assert holes == {
        "service_code": "road-potholes",
        "service_name": "Potholes and broken road surface",
        "description": "A pothole, sunken or broken surface of a street, yard or pavement",
        "metadata": False,
        "type": "realtime",
        "keywords": "pothole, asphalt, road, surface, rut",
        "group": holes["group"],
    }
    assert root.tag == "services"
    first = root.find("service")
    assert first is not None
    assert first.findtext("service_name") == "Ямы и разрушенный асфальт"
    assert first.findtext("metadata") == "false"


def test_a_service_out_of_season_or_use_is_not_offered(client: Client, zarechny: Channel):
    gone = category_of(zarechny)
    Category.objects.filter(pk=gone.pk).update(is_active=False)

    codes = [row["service_code"] for row in client.get(f"{ROOT}services.json").json()]

    assert "road-potholes" not in codes
    assert client.get(f"{ROOT}services/road-potholes.json").status_code == 404


QUESTIONS: list[dict[str, Any]] = [
    {
        "code": "depth",
        "datatype": "singlevaluelist",
        "required": True,
        "name_ru": "Глубина",
        "name_en": "Depth",
        "help_ru": "На глаз",
        "values": [
            {"key": "deep", "name_ru": "больше ладони", "name_en": "deeper than a hand"},
            {"key": "flat", "name_ru": "мельче", "name_en": "flatter"},
        ],
    },
    {"code": "lane", "datatype": "string", "name_ru": "Полоса"},
]


def test_a_definition_asks_questions_number_and_photo(client: Client, zarechny: Channel):
    Category.objects.filter(code="road-potholes").update(
        attributes=QUESTIONS, asks_asset="номер опоры", needs_photo=True
    )

    told = client.get(f"{ROOT}services/road-potholes.json", headers={"Accept-Language": "en"})
    root = xml(client, "services/road-potholes.xml")

    definition = told.json()
    assert definition["service_code"] == "road-potholes"
    depth, lane, asset, picture = definition["attributes"]
    assert depth == {
        "variable": True,
        "code": "depth",
        "datatype": "singlevaluelist",
        "required": True,
        "datatype_description": "На глаз",
        "order": 1,
        "description": "Depth",
        "values": [
            {"key": "deep", "name": "deeper than a hand"},
            {"key": "flat", "name": "flatter"},
        ],
    }
    assert (lane["required"], lane["order"], lane["values"]) == (False, 2, None)
    assert asset["code"] == "asset_number"
    assert (picture["code"], picture["variable"]) == ("photo", False)
    assert root.tag == "service_definition"
    assert root.findtext("attributes/attribute/values/value/key") == "deep"
    assert root.findtext("attributes/attribute/order") == "1"
    listed = client.get(f"{ROOT}services.json").json()
    assert next(row for row in listed if row["service_code"] == "road-potholes")["metadata"] is True


def test_a_request_tells_what_everybody_may_know(client: Client, zarechny: Channel):
    report = checked(zarechny, address="улица Ленина, 5, кв. 7")

    (row,) = client.get(f"{ROOT}requests/{report.number}.json").json()
    root = xml(client, f"requests/{report.number}.xml")

    assert row["service_request_id"] == report.number
    assert row["status"] == "open"
    assert row["service_code"] == "road-potholes"
    assert (row["lat"], row["long"]) == (57.001, 53.002)
    assert row["address"] == "улица Ленина, 5"
    assert (row["description"], row["media_url"], row["zipcode"]) == (None, None, None)
    assert row["requested_datetime"].endswith("Z")
    assert row["expected_datetime"].endswith("Z")
    assert root.tag == "service_requests"
    element = root.find("request")
    assert element is not None
    told = {child.tag for child in element}
    assert {"service_request_id", "status", "requested_datetime", "updated_datetime"} <= told
    assert not told & {"description", "media_url", "zipcode", "address_id", "service_notice"}


def test_text_and_photos_only_where_they_are_shown_and_never_the_sender(
    client: Client, zarechny: Channel
):
    report = checked(zarechny, may_publish=True, is_text_shown=True, shown_text="Яма у дома")
    ReportPhoto.objects.create(report=report, original=make_file(photo(), "a.jpg"), position=0)
    shown = make_file(photo(size=(64, 64)), "b.jpg")
    ReportPhoto.objects.create(
        report=report, original=make_file(photo(), "c.jpg"), shown=shown, is_shown=True, position=1
    )

    answer = client.get(f"{ROOT}requests.json", {"extensions": "true"})

    (row,) = answer.json()
    assert row["description"] == "Яма у дома"
    assert str(shown.public_id) in row["media_url"]
    assert row["media_url"].startswith("http://testserver/")
    extended = row["extended_attributes"]
    assert extended["photos"] == [row["media_url"]]
    assert (extended["state"], extended["detailed_status"]) == ("moderated", "OPEN")
    assert extended["jurisdiction_id"] == "zarechny"
    for name in ("email", "phone", "first_name", "last_name", "account_id", "device_id"):
        assert name not in row


def test_status_notes_are_the_last_words_of_the_city(client: Client, zarechny: Channel):
    report = checked(zarechny, status="in_progress")
    change_state(report=report, to="answered", now=timezone.now(), text="Яма заделана.")

    (row,) = client.get(f"{ROOT}requests/{report.number}.json").json()

    assert (row["status"], row["status_notes"]) == ("closed", "Яма заделана.")
    assert row["expected_datetime"] is None


def test_lists_hold_what_is_public(client: Client, zarechny: Channel):
    seen = checked(zarechny)
    hidden = checked(zarechny, is_hidden=True)
    waiting = checked(zarechny, status="unconfirmed")
    new = checked(zarechny, status="received")
    foreign = checked(zarechny, status="received", source="open311")

    assert numbers(client) == [foreign.number, seen.number]
    assert client.get(f"{ROOT}requests/{hidden.number}.json").status_code == 404
    assert client.get(f"{ROOT}requests/{waiting.number}.json").status_code == 404
    (row,) = client.get(f"{ROOT}requests/{new.number}.json").json()
    assert (row["status"], row["lat"], row["address"]) == ("open", None, None)


def test_named_numbers_override_everything(client: Client, zarechny: Channel):
    old = checked(zarechny, days=400)
    new = checked(zarechny)
    gone = "999-8"

    found = numbers(
        client, service_request_id=f"{old.number}, {new.number},{gone}", status="closed"
    )

    assert found == [new.number, old.number]
    alone = client.get(f"{ROOT}requests.json", {"service_request_id": "nonsense"})
    assert alone.status_code == 404
    assert alone.json()[0]["code"] == 404


def test_filters_by_service_and_status(client: Client, zarechny: Channel):
    hole = checked(zarechny)
    lamp = checked(zarechny, category="snow-ice", status="answered")

    assert numbers(client, service_code="snow-ice") == [lamp.number]
    assert numbers(client, service_code="snow-ice,road-potholes") == [lamp.number, hole.number]
    assert numbers(client, service_code="snow-ice,unheard-of") == [lamp.number]
    assert numbers(client, status="closed") == [lamp.number]
    assert numbers(client, status="open") == [hole.number]
    assert numbers(client, status="Open,Closed") == [lamp.number, hole.number]
    assert numbers(client, status="", service_code="", start_date="") == [lamp.number, hole.number]
    assert client.get(f"{ROOT}requests.json?service_code=unheard-of").status_code == 404
    assert client.get(f"{ROOT}requests.json?status=broken").status_code == 400


def test_filters_by_the_day_of_the_request(client: Client, zarechny: Channel):
    recent, older = checked(zarechny, days=2), checked(zarechny, days=100)
    moment = older.requested_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    day_later = (older.requested_at + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%S%z")

    assert numbers(client) == [recent.number]
    assert numbers(client, start_date=moment, end_date=moment) == [older.number]
    assert numbers(client, start_date=moment, end_date=day_later) == [older.number]
    assert numbers(client, end_date=day_later) == [older.number]
    unencoded = f"{ROOT}requests.json?start_date={older.requested_at:%Y-%m-%dT00:00:00}+03:00"
    assert client.get(unencoded).status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        {"start_date": "2026-01-01T00:00:00Z", "end_date": "2026-04-02T00:00:01Z"},
        {"start_date": "2026-02-01T00:00:00Z", "end_date": "2026-01-01T00:00:00Z"},
        {"start_date": "2026-02-01T00:00:00"},
        {"start_date": "2026-02-01"},
        {"end_date": "yesterday"},
        {"start_date": "2026-02-30T00:00:00Z"},
        {"updated_after": "0000-00-00T00:00:00Z"},
        {"start_date": "9999-12-31T23:59:59-23:00"},
        {"start_date": "0001-01-01T00:00:00+23:00"},
        {"updated_after": "2026-02-02T00:00:00Z", "updated_before": "2026-02-01T00:00:00Z"},
        {"page": "0"},
        {"page_size": "many"},
        {"page": "٣"},
        {"extensions": "perhaps"},
        {"lat": "57"},
        {"long": "nan", "lat": "1"},
        {"lat": "91", "long": "0"},
        {"radius": "5"},
        {"bbox": "1,2,3"},
        {"bbox": "3,2,1,4"},
    ],
)
def test_refuses_what_cannot_be_meant(client: Client, zarechny: Channel, query: dict[str, str]):
    answer = client.get(f"{ROOT}requests.json", query, headers={"Accept-Language": "en"})

    assert answer.status_code == 400
    assert answer.json()[0]["code"] == 400
    assert answer.json()[0]["description"]


def test_filters_by_change_in_the_order_of_changes(client: Client, zarechny: Channel):
    first = checked(zarechny, days=300, changed_at=datetime(2026, 10, 1, 12, tzinfo=UTC))
    last = checked(zarechny, days=200, changed_at=datetime(2026, 10, 3, 12, tzinfo=UTC))

    assert numbers(client, updated_after="2026-10-01T00:00:00Z") == [first.number, last.number]
    assert numbers(client, updated_after="2026-10-02T00:00:00Z") == [last.number]
    assert numbers(client, updated_before="2026-10-01T12:00:00Z") == [first.number]


def test_pages(client: Client, zarechny: Channel):
    made = [checked(zarechny).number for _ in range(3)]

    assert numbers(client, page_size=2) == made[:0:-1]
    assert numbers(client, page_size=2, page=2) == made[:1]
    assert numbers(client, page_size=2, page=3) == []
    assert numbers(client, page_size=100_000) == made[::-1]


def test_filters_by_place(client: Client, zarechny: Channel):
    near = checked(zarechny, latitude=57.0, longitude=53.0)
    far = checked(zarechny, latitude=57.01, longitude=53.0)

    assert numbers(client, lat="57.0", long="53.001", radius="100") == [near.number]
    assert numbers(client, lat="57.0", long="53.0") == [near.number]
    assert numbers(client, lat="57.0", long="53.0", radius="2000") == [far.number, near.number]
    assert numbers(client, bbox="52.9,57.005,53.1,57.02") == [far.number]


def test_twenty_rows_take_as_many_questions_as_one(
    client: Client, zarechny: Channel, django_assert_num_queries: Any
):
    for _ in range(20):
        checked(zarechny)

    with django_assert_num_queries(4):
        assert len(client.get(f"{ROOT}requests.json").json()) == 20


def test_one_city_need_not_be_named_several_must(client: Client, zarechny: Channel):
    report = checked(zarechny)
    make_channel(make_city("Glazov"))

    missing = client.get(f"{ROOT}services.json")
    unheard = client.get(f"{ROOT}services.xml", {"jurisdiction_id": "atlantis"})
    elsewhere = client.get(f"{ROOT}requests/{report.number}.json", {"jurisdiction_id": "glazov"})

    assert (missing.status_code, unheard.status_code, elsewhere.status_code) == (400, 404, 404)
    assert ElementTree.fromstring(unheard.content).findtext("error/code") == "404"
    assert numbers(client, jurisdiction_id="zarechny") == [report.number]


def test_nobody_is_served_yet(client: Client, db: None):
    assert client.get(f"{ROOT}services.json").status_code == 404
    assert client.get(f"{ROOT}discovery.json").json()["endpoints"][0]["jurisdictions"] == []
