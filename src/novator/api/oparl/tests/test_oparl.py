"""OParl 1.1: our own interface has no fault, a broken server has each of its faults named."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from django.test import Client

from novator.api.oparl.checker import Checked, Limits, check_oparl
from novator.core.outside import Answer
from novator.council.models import Decision, Organization, Paper, Person, Protocol, Session
from novator.council.testing import (
    make_council,
    make_decision,
    make_deputies,
    make_item,
    make_membership,
    make_post,
    make_session,
    make_vote_event,
)

HERE = "http://testserver"
SYSTEM = f"{HERE}/oparl/v1/system"


def ask(url: str) -> Answer:
    """Ask our own interface without a network."""
    assert url.startswith(HERE), url
    answer = Client().get(url.removeprefix(HERE))
    headers = {name.lower(): value for name, value in answer.headers.items()}
    return Answer(answer.status_code, headers, answer.content)


def told(path: str, **parameters: str) -> dict[str, Any]:
    """What the interface says at a path below its version."""
    answer: dict[str, Any] = Client().get(f"/oparl/v1/{path}", parameters).json()
    return answer


def some_council() -> Organization:
    """A council with a session, a paper, a vote and a decision."""
    council = make_council()
    people = make_deputies(council)
    make_membership(people[0], council, post=make_post(council), role="head")
    session = make_session(council, place="Большой зал")
    item = make_item(session, "О парке", initiated_by=people[0])
    event = make_vote_event(item, voices={people[1]: "no"})
    make_decision(council, item=item, event=event, state="published", text="Открыть парк")
    paper = Paper.objects.create(council=council, title="Проект", url="https://city.example/p")
    paper.items.add(item)
    Session.objects.filter(pk=session.pk).update(state="signed")
    Protocol.objects.create(
        session=session, number=1, content={}, signed_on="2026-03-05", signed_by=people[0]
    )
    return council


@pytest.mark.django_db
def test_our_own_interface_has_no_fault():
    some_council()

    checked = check_oparl(SYSTEM, ask=ask)

    assert checked.faults == []
    assert checked.is_whole
    assert set(checked.objects) == {
        "System", "Body", "LegislativeTerm", "Organization", "Person", "Membership", "Meeting",
        "AgendaItem", "Paper", "Consultation", "File", "Location",
    }  # fmt: skip


@pytest.mark.django_db
def test_votes_are_told_as_an_extension():
    some_council()

    item = told("body/zarechny/agendaItem")["data"][0]

    vote = item["novator:vote"][0]
    assert vote["counts"] == {"yes": 8, "no": 1, "abstain": 0, "not_voting": 0, "recused": 0}
    assert len(vote["voice"]) == 9
    assert item["novator:decision"][0]["text"] == "Открыть парк"


@pytest.mark.django_db
def test_of_a_closed_session_only_that_it_was_and_what_came_of_it():
    council = some_council()
    Session.objects.filter(council=council).update(is_closed=True, place="Бункер")
    Decision.objects.update(initiated_as="Глава города")

    meeting = told("body/zarechny/meeting")["data"][0]

    item = meeting["agendaItem"][0]
    assert item["public"] is False
    assert "name" not in item
    assert "voice" not in item["novator:vote"][0]
    assert "resultsProtocol" not in meeting
    assert not {"location", "participant"} & set(meeting)
    assert "initiatedAs" not in item["novator:decision"][0]
    assert "Бункер" not in str(told("body/zarechny/locationList"))
    assert told("body/zarechny/paper")["data"] == []
    assert check_oparl(SYSTEM, ask=ask).faults == []


@pytest.mark.django_db
def test_lists_are_paged_filtered_and_cost_the_same_for_many(django_assert_max_num_queries):
    some_council()

    page: dict[str, Any] = told("body/zarechny/person", elementsPerPage="5")
    rest: dict[str, Any] = Client().get(page["links"]["next"].removeprefix(HERE)).json()
    with django_assert_max_num_queries(9):
        told("body/zarechny/person")

    assert (len(page["data"]), len(rest["data"])) == (5, 4)
    assert "next" not in rest["links"]
    assert told("body/zarechny/person", created_since="2200-01-01T00:00:00Z")["data"] == []
    assert len(told("body/zarechny/person", created_until="2200-01-01T00:00:00Z")["data"]) == 9
    assert Client().get("/oparl/v1/body/zarechny/person?created_since=x").status_code == 400


@pytest.mark.django_db
def test_what_is_gone_is_told_as_deleted():
    person = Person.objects.create(slug="x", name="Лишний")
    key = str(person.public_id)
    person.delete()

    found = told(f"person/{key}")

    assert found["deleted"] is True
    assert set(found) == {"id", "type", "created", "modified", "deleted"}
    assert Client().get("/oparl/v1/person/00000000-0000-0000-0000-000000000000").status_code == 404
    assert Client().post("/oparl/v1/system").status_code == 405


@pytest.mark.django_db
def test_lists_bring_what_is_gone_to_those_who_ask_for_changes():
    council = make_council()
    gone = make_item(make_session(council))
    kept = make_item(gone.session)
    key = str(gone.public_id)
    gone.delete()
    since = {"modified_since": "2020-01-01T00:00:00Z"}

    found = told("body/zarechny/agendaItem", **since)["data"]

    assert [row["id"].rpartition("/")[2] for row in found] == [str(kept.public_id), key]
    assert found[1]["deleted"] is True
    assert found[1]["created"] <= found[1]["modified"]
    assert found[1] == told(f"agendaItem/{key}")
    assert [row["id"] for row in told("body/zarechny/agendaItem")["data"]] == [found[0]["id"]]
    assert told("body/zarechny/agendaItem", modified_since="2200-01-01T00:00:00Z")["data"] == []
    assert told("body/zarechny/meeting", **since)["data"][0].get("deleted") is None


def broken(base: str) -> dict[str, Any]:
    """A server that breaks the standard in every way that the checker names."""
    kind = "https://schema.oparl.org/1.1/"
    dates = {"created": "2020-01-01T00:00:00Z", "modified": "2020-01-01T00:00:00Z"}
    lists = {name: f"{base}/{name}" for name in ("organization", "person", "meeting", "paper")}
    page: dict[str, Any] = {"pagination": {}, "links": {}}
    return {
        "/": {"id": f"{base}/", "type": f"{kind}System", "oparlVersion": kind, **dates,
              "body": f"{base}/bodies"},
        "/bodies": {**page, "data": [
            {"id": f"{base}/body/1", "type": f"{kind}Body", "name": "A", **dates, **lists,
             "legislativeTerm": [{"type": f"{kind}LegislativeTerm", **dates}]},
        ]},
        "/body/1": {"id": f"{base}/body/2", "type": f"{kind}Body", "name": "A", **dates, **lists,
                    "legislativeTerm": []},
        "/organization": {"data": [], "pagination": {},
                          "links": {"next": f"{base}/organization"}},
        "/person": {**page, "data": [
            {"id": f"{base}/person/1", "type": f"{kind}Person", **dates, "familyName": 7,
             "membership": [{"id": f"{base}/m/1", "type": f"{kind}Membership", **dates,
                             "startDate": "01.02.2020"}], "faxNumber": "1"},
        ]},
        "/meeting": {**page, "data": [
            {"id": f"{base}/meeting/1", "type": f"{kind}Meeting", **dates, "start": None,
             "organization": [f"{base}/gone"]},
        ]},
        "/paper": {**page, "data": []},
        "/person/1": {"id": f"{base}/person/1", "type": f"{kind}Person", **dates},
        "/m/1": {"id": f"{base}/m/1", "type": f"{kind}Membership", **dates},
        "/meeting/1": {"id": f"{base}/meeting/1", "type": f"{kind}Meeting", **dates},
    }  # fmt: skip


@contextmanager
def served() -> Iterator[str]:
    """The broken server on a port of its own."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            row = broken(f"http://127.0.0.1:{server.server_port}").get(self.path.split("?")[0])
            body = json.dumps(row).encode()
            self.send_response(200 if row else 404)
            self.send_header("Content-Type", "application/json")
            self.send_header("Access-Control-Allow-Origin", "*")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments: object) -> None: ...

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_broken_server_is_told_each_of_its_faults():
    with served() as base:
        checked = check_oparl(f"{base}/", may_be_private=True)

    found = {(fault.url.removeprefix(base), fault.pointer, fault.rule) for fault in checked.faults}
    assert found >= {
        ("/bodies", "/data/0/legislativeTerm/0/id", "required"),
        ("/body/1", "/id", "id"),
        ("/organization", "/links/next", "endless"),
        ("/person", "/data/0/familyName", "type"),
        ("/person", "/data/0/membership/0/startDate", "format"),
        ("/person", "/data/0/faxNumber", "unknown"),
        ("/meeting", "/data/0/start", "null"),
        ("/meeting", "", "dangling"),
    }
    assert any(fault.rule == "filter" for fault in checked.faults)


def test_other_servers_are_named_but_not_asked_and_time_has_an_end():
    asked = []

    def ask(url: str) -> Answer:
        asked.append(url)
        told = {"id": url, "body": "https://elsewhere.example/bodies"}
        return Answer(200, {"content-type": "application/json"}, json.dumps(told).encode())

    checked = check_oparl("https://city.example/", ask=ask)
    late = check_oparl("https://city.example/", ask=ask, limits=Limits(seconds=0))

    assert asked == ["https://city.example/"]
    assert checked.as_json()["foreign"] == {"elsewhere.example": 1}
    assert (checked.is_whole, late.is_whole, late.requests) == (True, False, 0)


def test_a_private_address_is_refused_and_limits_hold():
    with served() as base:
        refused = check_oparl(f"{base}/")
        short = check_oparl(f"{base}/", may_be_private=True, limits=Limits(requests=2))

    assert [fault.rule for fault in refused.faults] == ["private"]
    assert isinstance(short, Checked)
    assert not short.is_whole
