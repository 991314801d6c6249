"""`novator pull novator` as a user types it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from novator.cities.testing import make_city
from novator.cli import pull
from novator.interchange import operations
from novator.interchange.fetching import CannotRead
from novator.interchange.models import Neighbour
from novator.interchange.testing import ELSEWHERE, OtherCatalogue, answer, card, entry
from novator.practices.models import Practice

pytestmark = pytest.mark.django_db

RUNNER = CliRunner()


@pytest.fixture(autouse=True)
def _own_database(monkeypatch: pytest.MonkeyPatch) -> None:
    @contextmanager
    def ready(data_dir: Path | None = None) -> Iterator[Path]:
        yield Path()

    monkeypatch.setattr(pull, "ready_database", ready)
    monkeypatch.setattr(operations, "load_gazetteer", lambda: 0)
    monkeypatch.setenv("NOVATOR_LANGUAGE", "en")
    make_city("Glazov")


def told(monkeypatch: pytest.MonkeyPatch, *parts: Any) -> OtherCatalogue:
    """Let the other side answer so."""
    other = OtherCatalogue(list(parts))
    real = operations.read_neighbour
    monkeypatch.setattr(
        operations, "read_neighbour", lambda **asked: real(**{**asked, "read": other})
    )
    return other


def ask(*options: str, url: str = "http://127.0.0.1:8001") -> Result:
    return RUNNER.invoke(pull.pull_app, ["novator", url, *options])


def test_takes_cards_and_says_what_was_done(monkeypatch: pytest.MonkeyPatch) -> None:
    wild = entry("bad-card", card=card(topic="magic"))
    told(monkeypatch, answer([entry(), wild]))

    done = ask()

    assert done.exit_code == 0
    assert done.stdout.startswith("New: 1, changed: 0,")
    assert "bad-card: topic:" in done.stderr
    assert Practice.objects.count() == 1
    assert Neighbour.objects.get().may_be_private


def test_speaks_to_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    told(monkeypatch, answer([entry()]))

    said = json.loads(ask("--json").stdout)

    assert (said["new"], said["faults"], said["is_dry_run"]) == (1, [], False)


def test_a_dry_run_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    told(monkeypatch, answer([entry()]))

    done = ask("--dry-run")

    assert "New: 1," in done.stdout
    assert "dry run" in done.stdout
    assert not Neighbour.objects.exists()
    assert not Practice.objects.exists()


def test_takes_what_is_passed_on_once_told_to(monkeypatch: pytest.MonkeyPatch) -> None:
    foreign = entry("izhevsk-trams", origin=ELSEWHERE)
    told(monkeypatch, answer([foreign]), answer([foreign], cursor="c2"))

    first, second = ask(), ask("--passed-on", ELSEWHERE)

    assert f"--passed-on {ELSEWHERE} https://votkinsk.example (cards: 1)" in first.stdout
    assert "New: 1," in second.stdout
    assert Neighbour.objects.get().passed_on.get().is_taken


def test_reads_all_again_when_told_to(monkeypatch: pytest.MonkeyPatch) -> None:
    other = told(monkeypatch, answer([entry()]), answer([entry()]))

    ask()
    done = ask("--all")

    assert [asked["since"] for asked in other.asked] == ["", ""]
    assert "as before: 1," in done.stdout


def test_a_site_that_does_not_answer_is_said_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    told(monkeypatch, CannotRead("unreachable", "It does not answer."))

    done = ask()

    assert done.exit_code == 1
    assert "It does not answer. What was taken so far stays" in done.stderr
    assert Neighbour.objects.get().failure == "unreachable"


def test_refuses_what_is_no_address() -> None:
    done = ask(url="ftp://a.example")

    assert done.exit_code == 1
    assert "is no address of a site" in done.stderr
