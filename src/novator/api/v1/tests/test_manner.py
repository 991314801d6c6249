"""What is the same at every address of the interface."""

from __future__ import annotations

import json

import pytest
from django.db import OperationalError
from django.test import Client

from novator.api.v1 import errors
from novator.api.v1.interface import is_readable
from novator.api.v1.routes import api
from novator.practices.models import PracticeQuerySet

pytestmark = pytest.mark.django_db


def test_names_the_ways_in(client: Client):
    answer = client.get("/api/v1/", headers={"Accept-Language": "en"})

    assert answer.status_code == 200
    assert answer.json()["openapi"] == "http://testserver/api/v1/openapi.json"
    assert answer.headers["Link"].endswith('rel="license"')


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/api/v1/nowhere", 404, "not_found"),
        ("/api/v1/topics/", 404, "not_found"),
        ("/api/v1/%00", 404, "not_found"),
        ("/api/v1/%ff%0a", 404, "not_found"),
        ("/api/v1/topics?lang=%FF", 400, "malformed_request"),
        ("/api/v1/topics?lang=%00", 400, "malformed_request"),
        ("/api/v1/nowhere?q=%00", 400, "malformed_request"),
        ("/api/v1/topics?lang=", 422, "invalid_parameters"),
        ("/api/v1/topics?lang=de", 422, "invalid_parameters"),
        ("/api/v1/topics?city=x", 422, "invalid_parameters"),
        ("/api/v1/topics?" + "a=1&" * 1200, 400, "malformed_request"),
        ("/api/v1/topics?lang=" + "x" * 30_000, 422, "invalid_parameters"),
    ],
)
def test_refuses_in_one_shape(client: Client, path: str, status: int, code: str):
    answer = client.get(path, headers={"Accept-Language": "en"})

    assert answer.status_code == status
    error = answer.json()["error"]
    assert error["code"] == code
    assert error["message"]
    assert bool(error["fields"]) == (status == 422)
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace"])
def test_changes_nothing(client: Client, method: str):
    answer = getattr(client, method)("/api/v1/topics")

    assert answer.status_code == 405
    assert answer.headers["Allow"] == "GET, HEAD, OPTIONS"
    assert answer.json()["error"]["code"] == "method_not_allowed"


def test_another_origin_may_ask_first(client: Client):
    answer = client.options("/api/v1/topics", headers={"Origin": "https://example.org"})

    assert answer.status_code == 204
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "GET" in answer.headers["Access-Control-Allow-Methods"]


def test_head_is_get_without_a_body(client: Client):
    answer = client.head("/api/v1/topics")

    assert answer.status_code == 200
    assert answer.headers["ETag"] == client.get("/api/v1/topics").headers["ETag"]
    assert answer.content == b""


def test_says_that_nothing_has_changed(client: Client):
    first = client.get("/api/v1/topics")

    again = client.get("/api/v1/topics", headers={"If-None-Match": first.headers["ETag"]})
    other = client.get("/api/v1/topics", headers={"If-None-Match": 'W/"other"'})

    assert again.status_code == 304
    assert again.content == b""
    for name in ("ETag", "Vary", "Cache-Control", "Content-Language"):
        assert again.headers[name] == first.headers[name]
    assert other.status_code == 200


@pytest.mark.parametrize(
    ("asked", "accepted", "language"),
    [
        ("", "", "ru"),
        ("", "en-GB,en;q=0.9,ru;q=0.5", "en"),
        ("", "de,en;q=0.5", "en"),
        ("", "de,*;q=0.1", "ru"),
        ("?lang=ru", "en", "ru"),
        ("?lang=en", "ru", "en"),
    ],
)
def test_speaks_the_language_of_the_reader(
    client: Client, asked: str, accepted: str, language: str
):
    answer = client.get(f"/api/v1/topics{asked}", headers={"Accept-Language": accepted})

    [roads] = [topic for topic in answer.json()["results"] if topic["code"] == "roads"]
    assert roads["name"] == {"ru": "Дороги и улицы", "en": "Roads and streets"}[language]
    assert answer.headers["Content-Language"] == language
    assert "Accept-Language" in answer.headers["Vary"]


def test_a_fault_of_ours_is_told_in_the_one_shape_and_logged_without_the_question(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    def broken(practices: object) -> None:
        raise RuntimeError("sec" + "ret question")

    monkeypatch.setattr(PracticeQuerySet, "published", broken)

    answer = client.get("/api/v1/topics?lang=en")

    assert answer.status_code == 500
    assert answer.json()["error"]["code"] == "internal_error"
    assert "RuntimeError" in caplog.text
    assert "secret" not in caplog.text


def test_a_lost_database_is_told_with_when_to_ask_again(
    client: Client, monkeypatch: pytest.MonkeyPatch
):
    def lost(practices: object) -> None:
        raise OperationalError("connection lost")

    monkeypatch.setattr(PracticeQuerySet, "published", lost)

    answer = client.get("/api/v1/topics")

    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "10"
    assert answer.json()["error"]["code"] == "unavailable"


@pytest.mark.parametrize(
    ("query_string", "readable"),
    [("", True), ("q=%D1%8F", True), ("q=%D1", False), ("q=%00", False), ("q=a+b", True)],
)
def test_reads_no_broken_text(query_string: str, readable: bool):
    assert is_readable(query_string) == readable


def test_counts_practices_by_topic_in_one_query(client: Client, django_assert_num_queries):
    with django_assert_num_queries(1):
        answer = client.get("/api/v1/topics")

    assert len(answer.json()["results"]) == 18
    assert {topic["practices"] for topic in answer.json()["results"]} == {0}


def test_every_refusal_says_something_of_its_own():
    said = {
        errors.malformed().content,
        errors.not_found().content,
        errors.method_not_allowed("PUT", ["GET"]).content,
        errors.invalid_parameters([("q", "x")]).content,
    }

    assert len(said) == 4
    assert all(set(json.loads(body)["error"]) == {"code", "message", "fields"} for body in said)


def test_the_description_is_of_every_route(client: Client):
    described = client.get("/api/v1/openapi.json?lang=en").json()

    assert described["openapi"].startswith("3.1")
    routes = {
        f"/api/v1{path}" if path.startswith("/") else f"/api/v1/{path}"
        for router in api._get_bound_routers()
        for path in router.path_operations
    }
    assert set(described["paths"]) == routes
    for operations in described["paths"].values():
        for operation in operations.values():
            assert {"200", "304", "400", "422", "500", "503"} <= set(operation["responses"])
            assert operation["summary"]
            assert operation["description"]


@pytest.mark.whole_site
@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_page_for_programmers_shows_every_address(client: Client, language: str):
    described = client.get("/api/v1/openapi.json").json()

    answer = client.get(f"/api/v1/docs?lang={language}")

    page = answer.content.decode()
    assert answer.status_code == 200
    assert f'<html lang="{language}"' in page
    assert all(path in page for path in described["paths"])
    assert "<script" not in page
