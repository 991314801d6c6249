"""Municipalities, their filters and the cities most like each."""

from __future__ import annotations

import pytest
from django.test import Client

from novator.cities.testing import make_city

pytestmark = pytest.mark.django_db


def test_tells_what_is_known_and_null_for_the_rest(client: Client):
    make_city("Glazov", oktmo="94720000", population_year=None)
    make_city("Stary Bor", population=None, population_year=None, latitude=None, longitude=None)

    glazov = client.get("/api/v1/municipalities/glazov?lang=en").json()
    stary_bor = client.get("/api/v1/municipalities/stary-bor?lang=ru").json()

    assert glazov["name"] == "Glazov"
    assert glazov["kind"] == "urban_okrug"
    assert glazov["region"] == {"code": "RU-UD", "name": "Udmurt Republic"}
    assert glazov["oktmo"] == "94720000"
    assert glazov["population"] == 60_000
    assert glazov["population_year"] is None
    assert glazov["practices"] == 0
    assert glazov["practices_at"] == "http://testserver/api/v1/practices?municipality=glazov"
    assert stary_bor["name"] == "Старый Бор"
    assert (stary_bor["population"], stary_bor["latitude"]) == (None, None)
    assert stary_bor["oktmo"] is None


def test_names_peers_with_the_reason_for_each(client: Client):
    make_city("Zarechny")
    make_city("Glazov", population=30_000)

    zarechny = client.get("/api/v1/municipalities/zarechny?lang=en").json()

    [glazov] = zarechny["peers"]
    assert glazov["id"] == "glazov"
    assert 0 < glazov["likeness"] <= 1
    population = next(r for r in glazov["reasons"] if r["aspect"] == "population")
    assert population["value"] == 2
    assert population["text"] == "population differs by a factor of 2"


def test_a_stranger_is_not_found(client: Client):
    answer = client.get("/api/v1/municipalities/nowhere")

    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "not_found"


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", ["glazov", "zarechny", "pervouralsk"]),
        ("q=глазов", ["glazov"]),
        ("q=г.%20Глазов", ["glazov"]),
        ("q=Glaz", ["glazov"]),
        ("q=%25", []),
        ("q=%27;DROP", []),
        ("region=RU-UD", ["glazov", "zarechny"]),
        ("region=RU-XX", []),
        ("country=KZ", []),
        ("with_practices=true", []),
        ("with_practices=false", ["glazov", "zarechny", "pervouralsk"]),
        ("limit=1&offset=1", ["zarechny"]),
        ("offset=1000", []),
    ],
)
def test_filters(client: Client, asked: str, found: list[str]):
    make_city("Zarechny")
    make_city("Glazov")
    make_city("Pervouralsk", region="RU-SVE", short_name_ru="Первоуральск")

    answer = client.get(f"/api/v1/municipalities?{asked}")

    assert answer.status_code == 200
    assert sorted(row["id"] for row in answer.json()["results"]) == sorted(found)


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ("q=", "q"),
        ("q=" + "x" * 201, "q"),
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=ten", "limit"),
        ("limit=5.0", "limit"),
        ("offset=-1", "offset"),
        ("offset=99999999999999999999", "offset"),
        ("with_practices=maybe", "with_practices"),
        ("country=russia", "country"),
        ("region=ru", "region"),
    ],
)
def test_refuses_what_it_cannot_accept_and_says_where(client: Client, asked: str, field: str):
    answer = client.get(f"/api/v1/municipalities?{asked}&lang=en")

    assert answer.status_code == 422
    [fault] = answer.json()["error"]["fields"]
    assert fault["field"] == field
    assert fault["message"].endswith(".")
    assert "cannot be accepted" not in fault["message"]


def test_leads_through_a_long_list(client: Client):
    for number in range(1, 6):
        make_city(f"Town {number}", short_name_ru=f"Город {number}")

    first = client.get("/api/v1/municipalities?limit=2").json()
    second = client.get(first["next"]).json()
    last = client.get(second["next"]).json()

    assert [row["id"] for row in second["results"]] == ["town-3", "town-4"]
    assert first["total"] == 5
    assert first["previous"] is None
    assert last["next"] is None
    assert client.get(last["previous"]).json() == second


def test_a_list_costs_the_same_however_long(client: Client, django_assert_num_queries):
    for number in range(20):
        make_city(f"Town {number}")

    with django_assert_num_queries(2):
        answer = client.get("/api/v1/municipalities?limit=20")

    assert len(answer.json()["results"]) == 20


def test_one_municipality_costs_a_fixed_number_of_queries(
    client: Client, django_assert_max_num_queries
):
    for number in range(20):
        make_city(f"Town {number}")

    with django_assert_max_num_queries(4):
        answer = client.get("/api/v1/municipalities/town-7")

    assert len(answer.json()["peers"]) == 5
