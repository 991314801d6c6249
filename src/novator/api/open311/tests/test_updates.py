"""FixMyStreet's extension for updates, both ways."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.utils import timezone

from novator.api.open311.formats import w3c
from novator.api.open311.tests.test_reading import ROOT, checked
from novator.reports.exchange.words import STATE_OF, WORD_OF
from novator.reports.life import change_state
from novator.reports.models import Channel, Report, ReportUpdate
from novator.reports.states import STATES

pytestmark = pytest.mark.django_db
UPDATES = f"{ROOT}servicerequestupdates"


def told(client: Client, key: str, report: Report, status: int = 200, **fields: Any) -> Any:
    """Post an update; return what was answered."""
    values = {
        "api_key": key,
        "service_request_id": report.number,
        "update_id": "1001",
        "status": "IN_PROGRESS",
        "updated_datetime": w3c(timezone.now()),
        "description": "Бригада выехала.",
        **fields,
    }
    values = {name: value for name, value in values.items() if value is not None}
    answer = client.post(f"{UPDATES}.json", values, headers={"Accept-Language": "en"})
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def rows(client: Client, **query: Any) -> list[dict[str, Any]]:
    """Read updates."""
    answer = client.get(f"{UPDATES}.json", query)
    assert answer.status_code == 200, answer.content.decode()
    found: list[dict[str, Any]] = answer.json()
    return found


def test_the_words_cover_every_state_and_lead_to_states_that_exist():
    assert set(WORD_OF) == set(STATES)
    assert set(WORD_OF.values()) <= set(STATE_OF)
    assert set(STATE_OF.values()) - {""} <= set(STATES)


def test_a_trusted_system_changes_the_state(client: Client, trusted: str, zarechny: Channel):
    report = checked(zarechny)

    answer = told(client, trusted, report)

    update = ReportUpdate.objects.get(after="in_progress")
    assert answer == [{"update_id": str(update.public_id)}]
    assert (update.text, update.external_id) == ("Бригада выехала.", "1001")
    report.refresh_from_db()
    assert report.status == "in_progress"


@pytest.mark.parametrize(
    ("word", "after"),
    [
        ("OPEN", "moderated"),
        ("FOR_TRIAGE", "moderated"),
        ("INVESTIGATING", "accepted"),
        ("in progress", "in_progress"),
        ("ACTION_SCHEDULED", "scheduled"),
        ("FIXED", "answered"),
        ("CLOSED", "answered"),
        ("NOT_COUNCILS_RESPONSIBILITY", "refused"),
        ("NO_FURTHER_ACTION", "refused"),
        ("CANCELLED", "withdrawn"),
        ("DUPLICATE", "moderated"),
        ("INTERNAL_REFERRAL", "moderated"),
        ("REOPEN", "moderated"),
    ],
)
def test_each_word_leads_to_its_state_or_is_kept_as_words(
    client: Client, trusted: str, zarechny: Channel, word: str, after: str
):
    report = checked(zarechny)

    values = {"service_request_id": report.number, "update_id": "7", "status": word}
    answer = client.post(
        f"{UPDATES}.xml",
        {
            **values,
            "api_key": trusted,
            "updated_datetime": w3c(timezone.now()),
            "description": "Слова",
        },
    )

    assert answer.status_code == 200
    update = ReportUpdate.objects.get(external_id="7")
    root = ElementTree.fromstring(answer.content)
    assert root.tag == "service_request_updates"
    assert root.findtext("request_update/update_id") == str(update.public_id)
    report.refresh_from_db()
    assert report.status == after
    assert "Слова" in set(ReportUpdate.objects.values_list("text", flat=True))


def test_what_the_table_of_steps_forbids_is_kept_as_words(
    client: Client, trusted: str, zarechny: Channel
):
    report = checked(zarechny, status="solved")

    told(client, trusted, report, update_id="9")

    update = ReportUpdate.objects.get(external_id="9")
    assert (update.kind, update.text, update.is_public) == ("update", "Бригада выехала.", True)
    report.refresh_from_db()
    assert report.status == "solved"


def test_without_trust_it_is_a_comment_for_the_officers(
    client: Client, key: str, zarechny: Channel
):
    report = checked(zarechny)

    told(client, key, report)

    update = ReportUpdate.objects.get(external_id="1001")
    assert (update.kind, update.by_citizen, update.is_public) == ("comment", True, False)
    assert Report.objects.get().status == "moderated"


def test_words_of_the_sender_stay_with_the_officers(
    client: Client, trusted: str, zarechny: Channel
):
    report = checked(zarechny, status="answered")

    values = {"status": "REOPEN"}
    answer = client.post(
        f"{UPDATES}.json",
        {
            **values,
            "api_key": trusted,
            "service_request_id": report.number,
            "update_id": "5",
            "updated_datetime": w3c(timezone.now()),
            "description": "Яма на месте, звоните мне 8-900",
        },
    )

    assert answer.status_code == 200
    assert Report.objects.get().status == "reopened"
    step = ReportUpdate.objects.get(external_id="5")
    assert (step.text, step.by_citizen) == ("", True)
    assert not ReportUpdate.objects.get(kind="comment").is_public


def test_an_update_is_taken_once(client: Client, trusted: str, key: str, zarechny: Channel):
    report = checked(zarechny)
    told(client, trusted, report)

    faults = told(client, trusted, report, 400)
    told(client, key, report)

    assert "already exists" in faults[0]["description"]
    assert ReportUpdate.objects.filter(external_id="1001").count() == 2


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"api_key": None}, 403),
        ({"api_key": "wrong"}, 403),
        ({"service_request_id": None}, 400),
        ({"service_request_id": "999-8"}, 404),
        ({"update_id": ""}, 400),
        ({"update_id": "x" * 121}, 400),
        ({"updated_datetime": None}, 400),
        ({"updated_datetime": "2026-01-01T00:00:00"}, 400),
        ({"description": None}, 400),
        ({"description": "ы" * 4001}, 400),
        ({"media_url": "x"}, 400),
    ],
)
def test_refuses_an_update_that_lacks_something(
    client: Client, trusted: str, zarechny: Channel, fields: dict[str, Any], status: int
):
    faults = told(client, trusted, checked(zarechny), status, **fields)

    assert faults[0]["code"] == status
    assert not ReportUpdate.objects.exclude(external_id="").exists()


def test_refuses_a_word_that_is_none(client: Client, trusted: str, zarechny: Channel):
    report = checked(zarechny)
    answer = client.post(
        f"{UPDATES}.json",
        {
            "api_key": trusted,
            "service_request_id": report.number,
            "update_id": "5",
            "status": "EXPLODED",
            "updated_datetime": w3c(timezone.now()),
            "description": "Слова",
        },
    )

    assert answer.status_code == 400
    assert "EXPLODED" not in {row["status"] for row in rows(client)}


def test_reads_steps_within_the_window_with_words_of_the_extension(
    client: Client, zarechny: Channel
):
    report, now = checked(zarechny, days=3), timezone.now()
    change_state(report=report, to="accepted", now=now - timedelta(hours=5))
    change_state(report=report, to="answered", now=now - timedelta(hours=1), text="Заделано.")

    everything = rows(client)
    window = {"start_date": w3c(now - timedelta(hours=2)), "end_date": w3c(now)}
    late = rows(client, **window)
    root = ElementTree.fromstring(client.get(f"{UPDATES}.xml", window).content)

    assert [row["status"] for row in everything] == ["INVESTIGATING", "CLOSED"]
    assert [row["description"] for row in late] == ["Заделано."]
    assert late[0]["service_request_id"] == report.number
    assert window["start_date"] <= late[0]["updated_datetime"] <= window["end_date"]
    assert root.tag == "service_request_updates"
    assert root.findtext("request_update/update_id") == late[0]["update_id"]
    assert [row["status"] for row in rows(client, service_request_id=report.number)] == [
        "INVESTIGATING",
        "CLOSED",
    ]


def test_a_second_at_the_edge_of_a_window_belongs_to_it(client: Client, zarechny: Channel):
    moment = (timezone.now() - timedelta(hours=1)).replace(microsecond=700_000)
    change_state(report=checked(zarechny), to="accepted", now=moment)

    (row,) = rows(client, start_date=w3c(moment - timedelta(hours=1)), end_date=w3c(moment))

    assert row["updated_datetime"] == w3c(moment)


@pytest.mark.parametrize(
    "query",
    [
        {"start_date": "2026-01-01T00:00:00Z"},
        {"end_date": "2026-01-01T00:00:00Z"},
        {"start_date": "2026-01-01T00:00:00Z", "end_date": "2026-06-01T00:00:00Z"},
    ],
)
def test_refuses_half_a_window_and_a_long_one(
    client: Client, zarechny: Channel, query: dict[str, str]
):
    assert client.get(f"{UPDATES}.xml", query).status_code == 400


def test_what_a_system_told_is_not_told_to_it(
    client: Client, trusted: str, key: str, zarechny: Channel
):
    report = checked(zarechny)
    told(client, trusted, report)

    assert rows(client, api_key=trusted) == []
    assert len(rows(client, api_key=key)) == 1
    assert len(rows(client, api_key="")) == 1
    assert client.get(f"{UPDATES}.xml", {"api_key": "wrong"}).status_code == 403


def test_a_system_reads_steps_of_its_own_reports_before_they_are_public(
    client: Client, key: str, trusted: str, zarechny: Channel
):
    from novator.reports.keys import origin_of
    from novator.reports.models import ApiKey

    mine = origin_of(ApiKey.objects.get(name="FixMyStreet"))
    hidden = checked(zarechny, is_hidden=True, origin=mine)
    change_state(report=hidden, to="accepted", now=timezone.now())

    assert rows(client) == []
    assert rows(client, api_key=trusted) == []
    assert [row["service_request_id"] for row in rows(client, api_key=key)] == [hidden.number]


def test_twenty_updates_take_as_many_questions_as_one(
    client: Client, zarechny: Channel, django_assert_num_queries: Any
):
    for _ in range(20):
        change_state(report=checked(zarechny), to="accepted", now=timezone.now())

    with django_assert_num_queries(3):
        assert len(rows(client)) == 20
