"""Sessions, decisions and mandates told to programs; of what is closed only results."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from django.test import Client

from novator.council.testing import (
    make_council,
    make_decision,
    make_item,
    make_mandate,
    make_person,
    make_post,
    make_session,
)

pytestmark = pytest.mark.django_db


def test_lists_decisions_page_after_page(client: Client, django_assert_num_queries):
    council = make_council()
    for day in range(1, 26):
        make_decision(council, on=date(2026, 3, day)).effects.create(kind="other", text="иное")
    make_decision(council, state="draft", title="Черновик")

    with django_assert_num_queries(3):
        first = client.get("/api/v1/decisions?municipality=zarechny&limit=20").json()
    second = client.get(first["next"]).json()

    days = [row["adopted"] for row in first["results"] + second["results"]]
    assert days == sorted(days, reverse=True)
    assert len(days) == 25
    assert second["next"] is None
    assert len(client.get("/api/v1/decisions?limit=100").json()["results"]) == 25
    assert client.get("/api/v1/decisions?municipality=nowhere").json()["results"] == []
    assert client.get("/api/v1/decisions?state=draft").status_code == 422


def test_tells_a_decision_whole_and_no_draft(client: Client):
    decision = make_decision(state="published", initiated_as="Глава города")
    draft = make_decision(state="draft")

    told = client.get(f"/api/v1/decisions/{decision.pk}?lang=en").json()

    assert told["initiated_by"] == "Глава города"
    assert [step["state"] for step in told["steps"]] == ["adopted", "published"]
    assert "33-FZ" in told["rests_on"]
    assert client.get(f"/api/v1/decisions/{draft.pk}").status_code == 404


def test_of_a_closed_session_only_results_are_told(client: Client):
    session = make_session(is_closed=True, closed_because="Гостайна", place="Бункер")
    item = make_item(session, title="О тайном")
    make_decision(session.council, item=item, title="О дорогах", initiated_as="Министр")

    told = client.get(f"/api/v1/sessions/{session.pk}")
    listed = client.get("/api/v1/sessions?municipality=zarechny")
    decision = client.get(f"/api/v1/decisions/{item.decisions.get().pk}").json()

    assert told.json()["content"]["items"][0]["decisions"][0]["title"] == "О дорогах"
    for answer in (told, listed):
        words = str(answer.json())
        assert "Бункер" not in words
        assert "О тайном" not in words
    assert decision["initiated_by"] is None


def test_tables_are_given_as_csv(client: Client):
    make_mandate(make_decision(), holder=make_person(), subject="=1+1")
    make_mandate(make_decision(), holder=make_post())

    answer = client.get("/api/v1/export/councils/mandates.csv?municipality=zarechny")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    rows = list(csv.DictReader(io.StringIO(text)))

    assert {row["subject"] for row in rows} == {
        "'=1+1",
        "выступать от имени города в ассоциации",
    }
    assert all(row["is_in_force"] == "True" for row in rows)
    for table in ("sessions", "decisions"):
        assert client.get(f"/api/v1/export/councils/{table}.csv").status_code == 200
