"""`novator reports open`, `novator open311 key` and `novator pull open311` as a user types them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import typer.main
from django.utils import timezone
from pytest_django import Settings
from typer.testing import CliRunner, Result

from novator.cities.testing import make_city
from novator.cli import open311
from novator.cli.pull import pull_app
from novator.reports.exchange.client import CannotAsk, Page
from novator.reports.keys import key_of_text
from novator.reports.models import ApiKey, Channel, Connection, Report
from novator.reports.testing import make_channel
from novator.reports.tests.open311_server import request_row

pytestmark = pytest.mark.django_db
RUNNER = CliRunner()
DOCS = Path(__file__).resolve().parents[4] / "docs"


@pytest.fixture(autouse=True)
def _own_database(monkeypatch: pytest.MonkeyPatch) -> None:
    @contextmanager
    def ready(data_dir: Path | None = None) -> Iterator[Path]:
        yield Path()

    monkeypatch.setattr(open311, "ready_database", ready)
    monkeypatch.setattr("novator.cities.operations.load_gazetteer", lambda: 0)
    monkeypatch.setenv("NOVATOR_LANGUAGE", "en")


def key(*options: str) -> Result:
    return RUNNER.invoke(open311.open311_app, ["key", "--name", "City app", *options])


def test_a_city_begins_to_take_reports() -> None:
    city = make_city("Zarechny")
    done = RUNNER.invoke(open311.reports_app, ["open", city.slug])

    assert done.exit_code == 0
    assert "its jurisdiction_id is zarechny" in done.stdout
    assert Channel.objects.get().municipality == city
    assert RUNNER.invoke(open311.reports_app, ["open", "atlantis"]).exit_code == 1


def test_a_key_is_shown_once_and_ended() -> None:
    city = make_channel().municipality

    made = key("--city", "zarechny", "--may-update", "--json")
    again = key("--city", "zarechny")
    text = json.loads(made.stdout)["api_key"]
    assert key_of_text(text, municipality=city, on=timezone.localdate()) is not None
    ended = key("--city", "zarechny", "--end")

    assert (made.exit_code, again.exit_code, ended.exit_code) == (0, 1, 0)
    assert "already" in again.stderr
    assert ApiKey.objects.get().may_update
    assert text not in ApiKey.objects.get().digest
    assert key_of_text(text, municipality=city, on=timezone.localdate()) is None
    assert key("--city", "zarechny", "--end").exit_code == 1


def told(monkeypatch: pytest.MonkeyPatch, *pages: list[dict[str, Any]] | CannotAsk) -> None:
    """Let the other system answer so."""
    left = list(pages)

    def answer(*_asked: Any, **_how: Any) -> Page:
        page = left.pop(0) if left else []
        if isinstance(page, CannotAsk):
            raise page
        rows = [{name: str(value) for name, value in row.items() if value} for row in page]
        return Page(rows, "json")

    monkeypatch.setattr("novator.reports.exchange.pulling.read_rows", answer)


def pull(*options: str) -> Result:
    address = "https://311.example/v2/services.xml"
    return RUNNER.invoke(
        pull_app,
        ["open311", address, "--city", "zarechny", "--pause", "0", *options],
    )


def test_takes_requests_and_says_what_was_done(monkeypatch: pytest.MonkeyPatch) -> None:
    make_channel()
    told(monkeypatch, [request_row("T-1"), request_row("T-2", lat="north")])

    done = pull("--jurisdiction", "x", "--since", "2026-01-01")

    assert done.exit_code == 0
    assert "Read: 2, new: 1, changed: 0, as before: 0, our own: 0, bad: 1." in done.stdout
    assert "T-2: lat: not a number" in done.stderr
    connection = Connection.objects.get()
    assert (connection.base_url, connection.jurisdiction) == ("https://311.example/v2", "x")
    told(monkeypatch, [request_row("T-1")])
    counts = json.loads(pull("--jurisdiction", "x", "--json").stdout)
    assert (counts["unchanged"], counts["faults"]) == (1, [])
    assert Report.objects.count() == 1


def test_says_why_it_cannot_and_what_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    make_channel()
    told(monkeypatch, [request_row("T-1")], CannotAsk("away", "It is away."))

    done = pull()

    assert done.exit_code == 1
    assert "It is away. What was taken so far stays" in done.stderr
    assert Report.objects.count() == 1


def test_does_not_pull_from_itself(settings: Settings) -> None:
    make_channel()
    settings.SITE_ADDRESS = "https://311.example"
    where = "https://311.example/open311/v2"

    done = RUNNER.invoke(pull_app, ["open311", where, "--city", "zarechny"])

    assert done.exit_code == 1
    assert "this site itself" in done.stderr


@pytest.mark.parametrize("name", ["open311.md", "ru/open311.md"])
def test_the_document_names_every_option(name: str) -> None:
    text = (DOCS / name).read_text(encoding="utf-8")
    pulls = typer.main.get_command(pull_app).commands["open311"]  # type: ignore[attr-defined]
    keys = typer.main.get_command(open311.open311_app).commands["key"]  # type: ignore[attr-defined]
    options = {
        option
        for command in (pulls, keys)
        for parameter in command.params
        for option in parameter.opts
        if option.startswith("--")
    }

    assert sorted(option for option in options if option not in text) == []
