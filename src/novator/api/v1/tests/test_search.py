"""Search: answers with their reasons, and every odd question answered sensibly."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from novator.api.v1 import search
from novator.cities.testing import make_city
from novator.matching.search import Findings, Found
from novator.matching.testing import letters_fall_silent
from novator.practices.testing import make_open_question, make_practice

pytestmark = pytest.mark.django_db

ASKED = "/api/v1/search?q=пассажиры мёрзнут на остановках"


def test_finds_practices_and_says_why(client: Client, index_of_cards: Any):
    make_practice()
    make_practice("lamps", title="Фонари", problem="Темно на улицах.", topic="lighting")
    index_of_cards()

    answer = client.get(f"{ASKED}&lang=en")

    body = answer.json()
    assert answer.status_code == 200
    first = body["results"][0]
    assert first["id"] == "glazov-warm-stops"
    assert first["title"] == "Warm bus stops"
    assert first["municipality"] == "Glazov"
    assert 0 <= first["score"] <= 1
    assert first["why"]
    assert all(reason["text"] for reason in first["why"])
    assert body["total"] >= 1
    assert body["city"] is None
    assert answer.headers["Cache-Control"] == "private, max-age=60"


def test_takes_the_readers_city_into_account(client: Client, index_of_cards: Any):
    make_practice()
    make_city("Zarechny")
    index_of_cards()

    body = client.get(f"{ASKED}&city=г. Заречный&lang=en").json()

    assert body["city"] == {
        "id": "zarechny",
        "name": "Zarechny",
        "region": {"code": "RU-UD", "name": "Udmurt Republic"},
        "others": [],
    }
    assert 0 < body["results"][0]["likeness"] <= 1


def test_an_unknown_city_is_refused_with_a_suggestion(client: Client, index_of_cards: Any):
    make_practice()
    index_of_cards()

    answer = client.get(f"{ASKED}&city=Глазав&lang=en")

    error = answer.json()["error"]
    assert answer.status_code == 404
    assert error["fields"][0]["field"] == "city"
    assert "Glazov" in error["message"]


def test_where_nothing_fits_it_says_so_and_shows_only_the_nearest(
    client: Client, index_of_cards: Any, monkeypatch: pytest.MonkeyPatch
):
    make_practice()
    question = make_open_question()
    index_of_cards()
    nearest = (Found("glazov-warm-stops", 0.1, ()),)
    findings = Findings(
        nothing_fits=True,
        results=nearest,
        likeliest=nearest,
        open_question_key=question.key,
    )
    monkeypatch.setattr(search, "find", lambda text, **rest: findings)

    body = client.get(f"{ASKED}&lang=en").json()

    assert body["nothing_fits"] is True
    assert body["open_question"]["title"] == "Street lamps shine into bedrooms"
    assert [row["id"] for row in body["results"]] == ["glazov-warm-stops"]


def test_what_only_the_filters_leave_out_is_counted(
    client: Client, index_of_cards: Any, monkeypatch: pytest.MonkeyPatch
):
    make_practice()
    index_of_cards()

    plain = client.get(f"{ASKED}&lang=en").json()
    narrowed = client.get(f"{ASKED}&lang=en&topic=animals").json()

    assert (plain["nothing_fits"], plain["fit_without_filters"]) == (False, None)
    assert (narrowed["nothing_fits"], narrowed["fit_without_filters"]) == (True, 1)
    assert narrowed["results"] == []
    assert narrowed["total"] == 0
    assert narrowed["open_question"] is None


def test_an_unknown_country_is_refused_with_those_there_are(client: Client, index_of_cards: Any):
    make_practice()
    index_of_cards()

    answer = client.get(f"{ASKED}&lang=en&country=XX")

    error = answer.json()["error"]
    assert answer.status_code == 404
    assert error["code"] == "not_found"
    assert error["fields"][0]["field"] == "country"
    assert error["fields"][0]["message"].endswith("there are: RU.")
    assert client.get(f"{ASKED}&country=RU").status_code == 200


def test_when_an_encoder_went_away_it_says_when_to_ask_again(
    client: Client, index_of_cards: Any, monkeypatch: pytest.MonkeyPatch
):
    make_practice()
    index_of_cards()
    letters_fall_silent(monkeypatch)

    answer = client.get("/api/v1/search", {"q": "снег не убирают", "lang": "en"})

    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert answer.json()["error"]["message"] == "The search cannot read questions right now."


def test_without_an_index_it_says_when_to_ask_again(client: Client, settings: Any, tmp_path: Any):
    settings.DATA_DIR = tmp_path

    answer = client.get(f"{ASKED}&lang=en")

    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert "index" in answer.json()["error"]["message"]


@pytest.mark.parametrize(
    "question",
    [
        " ",
        "🕳️🚗💥",
        "?",
        "'; DROP TABLE practices; --",
        "<script>alert(1)</script>",
        "Aвтобус oпаздывает",
        "я" * 10_000,
        "﷽" * 300,
        "\u202eмяуд",
        "a\nb\tc\x01",
    ],
)
def test_every_odd_question_has_an_answer(client: Client, index_of_cards: Any, question: str):
    make_practice()
    index_of_cards()

    answer = client.get("/api/v1/search", {"q": question})

    assert answer.status_code == 200
    assert isinstance(answer.json()["nothing_fits"], bool)


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ("", "q"),
        ("q=", "q"),
        ("q=" + "x" * 10_001, "q"),
        ("q=a&city=", "city"),
        ("q=a&order=best", "order"),
        ("q=a&limit=1000", "limit"),
    ],
)
def test_refuses_what_it_cannot_accept(client: Client, asked: str, field: str):
    answer = client.get(f"/api/v1/search?{asked}")

    assert answer.status_code == 422
    assert [fault["field"] for fault in answer.json()["error"]["fields"]] == [field]


def test_parts_of_the_results_follow_each_other(client: Client, index_of_cards: Any):
    for number in range(4):
        make_practice(f"stops-{number}")
    index_of_cards()

    first = client.get(f"{ASKED}&limit=1").json()
    second = client.get(first["next"]).json()

    assert first["results"][0]["id"] != second["results"][0]["id"]
    assert client.get(second["previous"]).json()["results"] == first["results"]


def test_an_answer_costs_the_same_however_long(
    client: Client, index_of_cards: Any, django_assert_max_num_queries: Any
):
    for number in range(20):
        make_practice(f"stops-{number}")
    index_of_cards()
    client.get(ASKED)

    with django_assert_max_num_queries(9):
        client.get(f"{ASKED}&limit=100")
