"""`novator problems` as a user types it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from novator.cli import problems
from novator.problems.models import Problem
from novator.problems.testing import make_repeated
from novator.reports.testing import NOW, make_channel, make_report

pytestmark = pytest.mark.django_db
RUNNER = CliRunner()


@pytest.fixture(autouse=True)
def _own_database(monkeypatch: pytest.MonkeyPatch) -> None:
    @contextmanager
    def ready(data_dir: Path | None = None) -> Iterator[Path]:
        yield Path()

    monkeypatch.setattr(problems, "ready_catalogue", ready)
    monkeypatch.setattr(problems, "_solutions", lambda problem: [])
    monkeypatch.setenv("NOVATOR_LANGUAGE", "en")


def ask(*options: str) -> Result:
    command = typer.Typer()
    command.command()(problems.problems)
    return RUNNER.invoke(command, list(options))


def test_suggests_as_of_a_past_day():
    channel = make_channel()
    make_repeated(channel)
    for number in range(8):
        moment = NOW - timedelta(days=30 * number)
        make_report(channel, now=moment, latitude=57.1 - number * 0.03, category="trees")

    before = ask("--city", "zarechny", "--on", "2025-06-01", "--json")
    after = ask("--city", "zarechny", "--on", "2026-03-02", "--json")

    assert json.loads(before.stdout)["suggested"] == 0
    told = json.loads(after.stdout)
    assert (told["suggested"], told["problems"][0]["evidence"]["reports"]) == (1, 8)
    assert Problem.objects.count() == 1


def test_city_without_reports_is_refused_in_words():
    answer = ask("--city", "nowhere")

    assert answer.exit_code == 1
    assert "nowhere" in answer.output
