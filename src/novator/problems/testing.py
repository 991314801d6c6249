"""Problems of a city: builders for tests."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from novator.problems.evidence import as_stored, evidence_of
from novator.problems.models import Problem, ProblemReport
from novator.problems.trend import trend_of
from novator.reports.models import Channel, Report
from novator.reports.testing import NOW, category_of, make_channel, make_report


def make_problem(channel: Channel | None = None, **facts: Any) -> Problem:
    """A suggested problem of Zarechny: holes in Lenin street, without reports."""
    where = channel or make_channel()
    category = category_of(where)
    return Problem.objects.create(
        **{
            "municipality": where.municipality,
            "category": category,
            "topic": category.topic,
            "title": "Ямы: улица Ленина",
            "latitude": 57.001,
            "longitude": 53.002,
            "radius": 60,
            "suggested_at": NOW,
        }
        | facts
    )


def ground(problem: Problem, *reports: Report) -> None:
    """Let reports ground a problem."""
    for report in reports:
        ProblemReport.objects.create(problem=problem, report=report, added_at=NOW)


def make_repeated(channel: Channel, *, times: int = 8, every_days: int = 9, **facts: Any) -> None:
    """Reports of one kind at one place that repeat until the day before `NOW`."""
    for number in range(times):
        moment = NOW - timedelta(days=1 + number * every_days)
        make_report(
            channel,
            now=moment,
            latitude=57.001 + number % 3 * 1e-4,
            address=f"улица Ленина, {5 + number % 3}",
            **facts,
        )


def make_grounded(channel: Channel | None = None, **facts: Any) -> Problem:
    """A published problem with three reports, evidence, and a trend over a year."""
    where = channel or make_channel()
    known = {"state": "accepted", "is_public": True, "accepted_at": NOW}
    problem = make_problem(where, **(known | facts))
    for number in range(3):
        ground(problem, make_report(where, text=f"Снова яма у дома {number}, машину не провести."))
    problem.evidence = evidence_of(problem, on=NOW.date())
    problem.trend = as_stored(trend_of([2] * 9 + [8, 9, 7], [0] * 12), _a_year_of_counts())
    problem.save()
    return problem


def _a_year_of_counts() -> list[tuple[str, int]]:
    counts = [2] * 9 + [8, 9, 7]
    return [(f"2025-{month:02}", count) for month, count in enumerate(counts, start=1)]
