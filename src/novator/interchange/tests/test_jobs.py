"""Catalogues are read by the worker in their rhythm, a piece at a time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from novator.interchange import tasks
from novator.interchange.fetching import CannotRead
from novator.interchange.models import Neighbour
from novator.interchange.operations import READ_NEIGHBOUR, ask_to_read
from novator.interchange.taking import PullReport
from novator.interchange.testing import make_neighbour

pytestmark = pytest.mark.django_db


def waiting() -> int:
    return ProcrastinateJob.objects.filter(task_name=READ_NEIGHBOUR).count()


def ends(monkeypatch: pytest.MonkeyPatch, outcome: str) -> None:
    """Let a reading end so."""

    def read(*, neighbour: Neighbour, most_parts: int) -> PullReport:
        assert most_parts == tasks.PARTS_OF_A_JOB
        if outcome == "failed":
            raise CannotRead("slow", "no answer")
        Neighbour.objects.filter(pk=neighbour.pk).update(outcome=outcome)
        return PullReport(new=3)

    monkeypatch.setattr(tasks, "read_neighbour", read)


@pytest.mark.parametrize(
    ("rhythm", "hours", "is_due"),
    [
        ("never", 100, False),
        ("hourly", 0.5, False),
        ("hourly", 1, True),
        ("daily", 20, False),
        ("daily", 24, True),
        ("daily", None, True),
    ],
)
def test_each_catalogue_has_its_rhythm(rhythm: str, hours: float | None, is_due: bool):
    now = timezone.now()
    read_at = None if hours is None else now - timedelta(hours=hours)
    make_neighbour(rhythm=rhythm, read_at=read_at)

    assert bool(tasks.due_neighbours(now=now)) == is_due


def test_the_hourly_job_asks_for_those_whose_turn_it_is():
    make_neighbour(rhythm="hourly")
    make_neighbour("https://b.example", rhythm="never")

    assert tasks.read_neighbours(timestamp=0) == 1
    assert waiting() == 1


def test_asking_twice_queues_once():
    neighbour = make_neighbour()

    ask_to_read(neighbour=neighbour)
    ask_to_read(neighbour=neighbour)

    assert waiting() == 1


@pytest.mark.parametrize(
    ("outcome", "said", "jobs"),
    [("done", "new 3", 0), ("unfinished", "new 3", 1), ("failed", "failed: slow", 0)],
)
def test_a_long_reading_goes_on_in_a_job_of_its_own(
    monkeypatch: pytest.MonkeyPatch, outcome: str, said: str, jobs: int
):
    ends(monkeypatch, outcome)

    assert tasks.read_one_neighbour(neighbour_id=make_neighbour().pk) == said
    assert waiting() == jobs


def test_a_forgotten_catalogue_is_left_alone(monkeypatch: pytest.MonkeyPatch):
    def read(**_asked: Any) -> None:
        raise AssertionError

    monkeypatch.setattr(tasks, "read_neighbour", read)

    assert tasks.read_one_neighbour(neighbour_id=999) == "forgotten"
