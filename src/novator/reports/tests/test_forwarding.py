"""Reports forwarded to another system, once, and what comes back from it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from novator.reports.contacts import ContactDetails, seal_text
from novator.reports.exchange import sending, telling
from novator.reports.exchange.coming_back import take_what_came_back
from novator.reports.exchange.sending import look_after_forwardings, send_forwarding
from novator.reports.forwarding import ask_to_forward
from novator.reports.life import change_state
from novator.reports.models import (
    Channel,
    Connection,
    Department,
    Forwarding,
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
def town(server: Town, settings: Settings) -> Town:
    """The other system, empty and well-behaved; the operator allows this machine."""
    settings.OPEN311_PRIVATE_HOSTS = ["127.0.0.1"]
    settings.SITE_ADDRESS = "https://novator.example"
    address = server.address
    server.__init__()  # type: ignore[misc]
    server.address = address
    return server


@pytest.fixture
def defers(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What is queued for sending."""
    queued: list[dict[str, Any]] = []
    monkeypatch.setattr(
        sending, "_defer", lambda key, **how: queued.append({"forwarding_id": key, **how})
    )
    return queued


@pytest.fixture
def forwarding(town: Town, defers: list[dict[str, Any]], db: None) -> Forwarding:
    """A hole in the road was given to the region's roads."""
    channel = make_channel()
    city = channel.municipality
    roads = Department.objects.create(municipality=city, name="Дороги области", kind="outside")
    Connection.objects.create(
        municipality=city,
        department=roads,
        name="Roads",
        base_url=town.address,
        jurisdiction="roads.example",
        sealed_key=seal_text("their-key"),
        services={"road-potholes": "001"},
    )
    report = make_report(
        channel,
        contact=ContactDetails(email="anna@example.org", name="Анна Петрова"),
        consents=frozenset({"processing"}),
        asset_number="17",
    )
    update = change_state(
        report=report, to="forwarded", now=NOW, text="Передано дорожникам.", department=roads
    )
    made = ask_to_forward(update)
    assert made is not None
    return made


def send(forwarding: Forwarding, attempt: int = 1) -> str:
    """Send as the worker does."""
    return send_forwarding(forwarding_id=forwarding.pk, attempt=attempt, now=timezone.now())


def make_forwarding(connection: Connection) -> Forwarding:
    """Another report that was given to the same system."""
    channel = Channel.objects.get(municipality=connection.municipality)
    facts = {"made_at": timezone.now(), "changed_at": timezone.now()}
    report = make_report(channel)
    return Forwarding.objects.create(report=report, connection=connection, **facts)


def test_is_sent_with_their_names_and_without_the_sender(
    forwarding: Forwarding, town: Town, defers: list[dict[str, Any]]
):
    assert defers == [{"forwarding_id": forwarding.pk, "attempt": 1}]
    Connection.objects.update(failed_at=NOW, failure="away")

    assert send(forwarding) == "sent"

    (posted,) = town.posted
    assert posted["service_code"] == ["001"]
    assert posted["jurisdiction_id"] == ["roads.example"]
    assert posted["api_key"] == ["their-key"]
    assert (posted["lat"], posted["long"]) == (["57.001"], ["53.002"])
    assert posted["attribute[asset_number]"] == ["17"]
    assert posted["via"] == [f"https://novator.example#{forwarding.report.number}"]
    assert not {"email", "first_name", "last_name", "phone"} & set(posted)
    forwarding.refresh_from_db()
    assert forwarding.external_id == "T-1"
    assert Connection.objects.get().failed_at is None
    told = ReportUpdate.objects.get(kind="update")
    assert told.is_public
    assert "T-1" in told.text
    assert send(forwarding) == ""
    assert len(town.posted) == 1


def test_the_sender_is_named_where_the_connection_says_so_and_the_sender_agreed(
    forwarding: Forwarding, town: Town
):
    Connection.objects.update(sends_contact=True)

    send(forwarding)

    assert town.posted[0]["email"] == ["anna@example.org"]
    assert town.posted[0]["last_name"] == ["Петрова"]
    forwarding.report.consents.all().delete()
    Forwarding.objects.update(state="waiting")
    send(forwarding)
    assert "email" not in town.posted[1]


def test_a_refusal_is_kept_for_a_person(forwarding: Forwarding, town: Town):
    town.failures = [(404, {})]

    assert send(forwarding) == "refused"

    forwarding.refresh_from_db()
    assert "no such service" in forwarding.failure


def test_a_person_settles_what_is_not_known(
    forwarding: Forwarding, town: Town, defers: list[dict[str, Any]]
):
    town.is_cut = True
    send(forwarding)
    with pytest.raises(sending.ForwardingRefused):
        sending.found_there(forwarding=forwarding, number=" ", now=NOW)

    sending.found_there(forwarding=forwarding, number="T-5", now=NOW)

    forwarding.refresh_from_db()
    assert (forwarding.state, forwarding.external_id) == ("sent", "T-5")
    with pytest.raises(sending.ForwardingRefused):
        sending.send_again(forwarding=forwarding, now=NOW)


def test_what_was_refused_is_sent_again_when_it_is_forwarded_again(
    forwarding: Forwarding, town: Town, defers: list[dict[str, Any]]
):
    town.failures = [(400, {})]
    send(forwarding)
    last = ReportUpdate.objects.get(after="forwarded")

    ask_to_forward(last)

    assert len(defers) == 2
    assert send(forwarding) == "sent"
    ask_to_forward(last)
    assert len(defers) == 2


def test_a_busy_or_absent_system_is_tried_again_with_growing_pauses(
    forwarding: Forwarding, town: Town, defers: list[dict[str, Any]]
):
    town.failures = [(503, {"Retry-After": "200"})]

    assert send(forwarding) == "waiting"
    Connection.objects.update(base_url="http://127.0.0.1:1/open311")
    assert send(forwarding, attempt=2) == "waiting"
    assert send(forwarding, attempt=8) == "refused"

    assert [(job["attempt"], job.get("seconds")) for job in defers[1:]] == [(2, 200), (3, 300)]


def test_where_the_answer_is_lost_a_person_looks_and_nothing_is_sent_again(
    forwarding: Forwarding, town: Town, defers: list[dict[str, Any]]
):
    town.is_cut = True

    assert send(forwarding) == "unknown"
    assert send(forwarding) == ""

    assert len(town.posted) == 1
    assert len(defers) == 1


def test_a_lost_answer_is_found_where_the_other_side_knows_our_key(
    forwarding: Forwarding, town: Town
):
    town.is_cut = True
    send(forwarding)
    connection = Connection.objects.get()
    assert look_after_forwardings(connection=connection, now=timezone.now()) == 0
    town.tokens[town.posted[0]["submission_key"][0]] = "N-77"

    assert look_after_forwardings(connection=connection, now=timezone.now()) == 1

    forwarding.refresh_from_db()
    assert (forwarding.state, forwarding.external_id) == ("sent", "N-77")


def test_what_did_not_arrive_is_sent_again_where_a_repeat_is_known(
    forwarding: Forwarding, town: Town, defers: list[dict[str, Any]]
):
    send(forwarding)
    town.tokens[town.posted[0]["submission_key"][0]] = "T-1"
    later = make_forwarding(forwarding.connection)
    town.is_cut = True
    assert send(later) == "unknown"
    town.is_cut = False

    look_after_forwardings(connection=Connection.objects.get(), now=timezone.now())

    assert defers[-1] == {"forwarding_id": later.pk, "attempt": 1}
    assert send(later) == "sent"
    assert town.posted[1]["submission_key"] == town.posted[2]["submission_key"]


@pytest.mark.parametrize("hours", [0, 7])
def test_what_did_not_arrive_is_left_to_a_person_elsewhere_and_after_hours(
    forwarding: Forwarding, town: Town, defers: list[dict[str, Any]], hours: int
):
    send(forwarding)
    if hours:
        town.tokens[town.posted[0]["submission_key"][0]] = "T-1"
    later = make_forwarding(forwarding.connection)
    town.is_cut = True
    send(later)
    town.is_cut = False
    now = timezone.now() + timedelta(hours=hours)

    for _turn in range(2):
        look_after_forwardings(connection=Connection.objects.get(), now=now)

    later.refresh_from_db()
    assert later.state == "unknown"
    assert len(defers) == 1


@pytest.mark.parametrize("what", ["withdrawn", "out of use", "erased"])
def test_what_nobody_wants_there_any_more_is_not_sent(
    forwarding: Forwarding, town: Town, what: str
):
    if what == "withdrawn":
        change_state(report=forwarding.report, to="withdrawn", now=NOW, by_citizen=True)
    elif what == "erased":
        Report.objects.update(erased_at=NOW)
    else:
        Connection.objects.update(is_active=False)

    assert send(forwarding) == "refused"

    forwarding.refresh_from_db()
    assert forwarding.failure
    assert town.posted == []


def test_a_token_is_asked_for_until_the_number_comes(forwarding: Forwarding, town: Town):
    town.gives_tokens = True

    assert send(forwarding) == "token"
    town.tokens["T-1"] = ""
    connection = Connection.objects.get()
    assert look_after_forwardings(connection=connection, now=timezone.now()) == 0
    town.tokens["T-1"] = "N-9"
    assert look_after_forwardings(connection=connection, now=timezone.now()) == 1

    forwarding.refresh_from_db()
    assert (forwarding.state, forwarding.external_id) == ("sent", "N-9")


def test_what_a_killed_worker_left_is_shown_to_a_person(forwarding: Forwarding):
    Forwarding.objects.update(state="sending", changed_at=NOW)

    look_after_forwardings(connection=Connection.objects.get(), now=NOW + timedelta(hours=1))

    forwarding.refresh_from_db()
    assert forwarding.state == "unknown"


def test_updates_come_back_once_and_change_the_state(forwarding: Forwarding, town: Town):
    send(forwarding)
    Connection.objects.update(speaks_updates=True)
    row = {"service_request_id": "T-1", "updated_datetime": "2026-03-02T12:00:00Z"}
    town.updates = [
        {**row, "update_id": "1", "status": "IN_PROGRESS", "description": "Выехали"},
        {**row, "update_id": "2", "status": "FIXED", "description": None},
        {**row, "update_id": "3", "status": "DUPLICATE", "description": "Уже было"},
        {**row, "update_id": "4", "status": "FIXED", "service_request_id": "T-99"},
    ]
    connection = Connection.objects.get()

    first = take_what_came_back(connection=connection, now=timezone.now())
    second = take_what_came_back(connection=Connection.objects.get(), now=timezone.now())

    assert (first, second) == (3, 0)
    report = Report.objects.get()
    assert report.status == "answered"
    texts = list(report.updates.order_by("pk").values_list("kind", "text"))
    assert ("state", "Выехали") in texts
    assert ("update", "Уже было") in texts
    assert report.updates.get(after="answered").text.startswith("Roads")


def test_a_long_list_of_updates_is_read_to_its_end(forwarding: Forwarding, town: Town):
    send(forwarding)
    Connection.objects.update(speaks_updates=True)
    others = {"service_request_id": "T-99", "status": "OPEN", "description": "Чужое"}
    town.updates = [{**others, "update_id": str(number)} for number in range(60)]
    mine = {"service_request_id": "T-1", "status": "IN_PROGRESS", "description": "Выехали"}
    town.updates += [{**mine, "update_id": "last"}]
    town.most_rows = 50

    taken = take_what_came_back(connection=Connection.objects.get(), now=timezone.now())

    assert taken == 1
    assert Report.objects.get().status == "in_progress"
    town.has_pages, town.asked[:] = False, []
    take_what_came_back(connection=Connection.objects.get(), now=timezone.now())
    assert len(town.asked) == 2


def test_a_system_without_updates_is_asked_for_states(forwarding: Forwarding, town: Town):
    send(forwarding)
    connection = Connection.objects.get()
    town.requests = [request_row("T-1", status_notes="В плане на май")]
    assert take_what_came_back(connection=connection, now=timezone.now()) == 1
    assert take_what_came_back(connection=connection, now=timezone.now()) == 0
    assert Report.objects.get().status == "forwarded"
    town.requests = [request_row("T-1", status="closed", status_notes="Готово")]

    assert take_what_came_back(connection=connection, now=timezone.now()) == 1

    report = Report.objects.get()
    assert report.status == "answered"
    assert report.updates.filter(text="Готово", after="answered").exists()
    town.requests = [request_row("T-1", status="open", updated_datetime="2026-03-09T10:00:00Z")]
    assert take_what_came_back(connection=connection, now=timezone.now()) == 1
    assert Report.objects.get().status == "reopened"


def _queue_of_tellings(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    queued: list[dict[str, Any]] = []
    monkeypatch.setattr(
        telling,
        "_defer",
        lambda update, there, **how: queued.append(
            {"update_id": update, "forwarding_id": there, "attempt": how["attempt"]}
        ),
    )
    return queued


@pytest.mark.parametrize(("last", "told"), [("withdrawn", 1), ("answered", 0)])
def test_what_the_sender_decided_before_the_number_came_is_told_with_it(
    forwarding: Forwarding, town: Town, monkeypatch: pytest.MonkeyPatch, last: str, told: int
):
    Connection.objects.update(speaks_updates=True)
    town.is_cut = True
    send(forwarding)
    report = Report.objects.get()
    step = change_state(
        report=report, to=last, now=timezone.now(), text="Готово", by_citizen=last == "withdrawn"
    )
    queued = _queue_of_tellings(monkeypatch)
    assert telling.ask_to_tell_there(step) == 0
    town.tokens[town.posted[0]["submission_key"][0]] = "N-77"

    look_after_forwardings(connection=Connection.objects.get(), now=timezone.now())

    assert [each["update_id"] for each in queued] == [step.pk] * told


def test_what_the_sender_decides_is_told_there(
    forwarding: Forwarding, town: Town, monkeypatch: pytest.MonkeyPatch
):
    queued = _queue_of_tellings(monkeypatch)
    send(forwarding)
    Connection.objects.update(speaks_updates=True)
    report = Report.objects.get()
    answered = change_state(report=report, to="answered", now=NOW, text="Готово")
    reopened = change_state(report=report, to="reopened", now=NOW, by_citizen=True)
    theirs = ReportUpdate(report=report, kind="state", after="reopened", origin=town.address)

    told = [telling.ask_to_tell_there(update) for update in (answered, reopened, theirs)]
    town.failures = [(503, {})]
    busy, done = telling.tell_update(**queued[0]), telling.tell_update(**queued[0])

    assert told == [0, 1, 0]
    assert (busy, done) == ("busy", "told")
    assert queued[1]["attempt"] == 2
    posted = town.posted[-1]
    assert (posted["status"], posted["service_request_id"]) == (["REOPEN"], ["T-1"])
    assert posted["update_id"] == [str(reopened.public_id)]


def test_nobody_is_asked_before_anything_was_sent(forwarding: Forwarding, town: Town):
    assert take_what_came_back(connection=Connection.objects.get(), now=NOW) == 0
    assert town.asked == []
