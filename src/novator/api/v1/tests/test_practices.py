"""The catalogue: filters, order, parts, one card."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from novator.cities.testing import make_city
from novator.practices.models import Practice
from novator.practices.testing import make_practice

pytestmark = pytest.mark.django_db


def _ids(client: Client, asked: str) -> list[str]:
    answer = client.get(f"/api/v1/practices?{asked}")
    assert answer.status_code == 200, answer.content
    return [row["id"] for row in answer.json()["results"]]


def test_tells_a_practice_in_short(client: Client):
    make_practice()

    [row] = client.get("/api/v1/practices?lang=en").json()["results"]

    assert row["id"] == "glazov-warm-stops"
    assert row["title"] == "Warm bus stops"
    assert row["municipality"] == "Glazov"
    assert row["problem_language"] == "ru"
    assert row["cost_per_inhabitant"]["amount"] == 10
    assert row["cost_per_inhabitant"]["price_year_from"] == "work"
    assert row["effect"]["change"] == -90
    assert row["grade"] is None
    assert row["evidence"] == "stated by the source, not checked"
    assert row["page"] == "http://testserver/practices/glazov-warm-stops/"


def test_tells_one_practice_whole_and_null_for_what_is_not_stated(client: Client):
    make_practice(cost={}, effects=[], population=None)

    whole = client.get("/api/v1/practices/glazov-warm-stops?lang=ru").json()

    assert whole["title"] == "Тёплые остановки"
    assert [text["language"] for text in whole["texts"]] == ["ru", "en"]
    assert whole["cost"] is None
    assert whole["cost_per_inhabitant"] is None
    assert whole["effect"] is None
    assert whole["legal_basis"] is None
    assert whole["sources"][0]["url"] == "https://example.org/glazov-warm-stops"
    assert whole["municipality_at"] == "http://testserver/api/v1/municipalities/glazov"
    assert "one_off_cost" in whole["completeness"]["missing"]
    assert whole["similar"] == []


def test_names_practices_near_in_meaning(client: Client, index_of_cards: Any):
    make_practice()
    make_practice("glazov-cold-stops", title="Холодные остановки")
    index_of_cards()

    whole = client.get("/api/v1/practices/glazov-warm-stops").json()

    assert [other["id"] for other in whole["similar"]] == ["glazov-cold-stops"]


@pytest.mark.parametrize("slug", ["nothing", "Глазов", "%00", "a" * 81, "..%2f.."])
def test_a_stranger_is_not_found_or_no_identifier(client: Client, slug: str):
    answer = client.get(f"/api/v1/practices/{slug}")

    assert answer.status_code in {404, 422}
    assert set(answer.json()["error"]) == {"code", "message", "fields"}


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", ["lamps", "stops", "bins"]),
        ("order=title", ["bins", "stops", "lamps"]),
        ("order=cost", ["stops", "lamps"]),
        ("topic=lighting", ["lamps"]),
        ("region=RU-SVE", ["lamps"]),
        ("country=RU", ["lamps", "stops", "bins"]),
        ("country=KZ", []),
        ("size_class=over-1m", ["lamps"]),
        ("has_numbers=false", ["bins"]),
        ("cost_band=1", []),
        ("year_from=2020", ["lamps", "stops"]),
        ("year_to=2020", ["stops"]),
        ("municipality=glazov", ["stops", "bins"]),
        ("changed_since=0001-01-01T00:00:00%2B14:00", ["lamps", "stops", "bins"]),
        ("changed_since=9999-12-31T23:59:59-12:00", []),
        ("limit=1&offset=1", ["stops"]),
        ("offset=50", []),
    ],
)
def test_filters_and_orders(client: Client, asked: str, found: list[str]):
    big = make_city("Zarechny", region="RU-SVE", population=1_500_000)
    make_practice("stops", title="Остановки")
    make_practice(
        "lamps",
        title="Фонари",
        city=big,
        topic="lighting",
        year_end=2023,
        cost={"amount": 8_700_000},
    )
    make_practice(
        "bins", title="Баки", topic="waste", year_start=None, year_end=None, cost={}, effects=[]
    )

    assert _ids(client, asked) == found


def test_a_copy_is_kept_in_step_by_changes(client: Client):
    start = datetime(2026, 3, 1, 12, tzinfo=UTC)
    for day, slug in enumerate(["third", "first", "second"]):
        make_practice(slug)
        Practice.objects.filter(slug=slug).update(changed_at=start + timedelta(days=day))

    assert _ids(client, "order=changed") == ["third", "first", "second"]
    assert _ids(client, "order=changed&changed_since=2026-03-01T12:00:00Z") == ["first", "second"]
    assert _ids(client, "changed_since=2026-03-03T15:00:00%2B03:00") == []


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ("topic=nonsense", "topic"),
        ("size_class=huge", "size_class"),
        ("cost_band=6", "cost_band"),
        ("year_from=1000", "year_from"),
        ("year_to=many", "year_to"),
        ("order=best", "order"),
        ("municipality=%27", "municipality"),
        ("changed_since=yesterday", "changed_since"),
        ("changed_since=2026-03-01T12:00:00", "changed_since"),
        ("changed_since=2026-13-01T12:00:00Z", "changed_since"),
        ("changed_since=1700000000", "changed_since"),
    ],
)
def test_refuses_what_it_cannot_accept(client: Client, asked: str, field: str):
    answer = client.get(f"/api/v1/practices?{asked}")

    assert answer.status_code == 422
    assert [fault["field"] for fault in answer.json()["error"]["fields"]] == [field]


def test_a_list_costs_the_same_however_long(client: Client, django_assert_num_queries: Any):
    for number in range(20):
        make_practice(f"card-{number}")
    client.get("/api/v1/practices")

    with django_assert_num_queries(1):
        answer = client.get("/api/v1/practices?limit=20&order=title")

    assert len(answer.json()["results"]) == 20
