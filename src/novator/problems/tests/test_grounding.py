"""Every night repeated reports become a suggestion; the trend, not closing, ends a problem."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from novator.accounts.testing import make_role
from novator.problems import grounding
from novator.problems.grounding import ground_problems
from novator.problems.models import Problem
from novator.problems.operations import (
    ProblemRefused,
    accept_problem,
    add_reports,
    dismiss_problem,
    edit_problem,
    remove_report,
)
from novator.problems.testing import ground, make_problem, make_repeated
from novator.reports.life import change_state
from novator.reports.models import Report
from novator.reports.testing import NOW, make_channel, make_report

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 2)


def tonight(channel, *, now=NOW, today=TODAY):
    return ground_problems(municipality=channel.municipality, now=now, today=today)


def scattered(channel, count=12):
    """Other reports, so that the repeated ones stand out."""
    for number in range(count):
        make_report(
            channel,
            now=NOW - timedelta(days=20 * number + 1),
            category="trees",
            latitude=57.1 - number * 0.012,
            longitude=53.2 - number * 0.02,
        )


def test_repeated_reports_are_suggested_once():
    channel = make_channel()
    scattered(channel)
    make_repeated(channel)

    first, second = tonight(channel), tonight(channel)

    problem = Problem.objects.get()
    assert (first.suggested, second.suggested) == (1, 0)
    assert (problem.state, problem.is_suggested, problem.is_public) == ("suggested", True, False)
    assert problem.title == "Ямы и разрушенный асфальт: улица Ленина"
    assert problem.evidence["reports"] == problem.grounds.count() == 8
    assert problem.trend["is_season_removed"] is False


def test_words_that_an_app_always_sends_set_nobody_apart():
    channel = make_channel()
    same = "Яма на проезжей части"
    for number in range(12):
        make_report(
            channel,
            now=NOW - timedelta(days=20 * number + 1),
            text=same,
            latitude=57.1 - number * 0.012,
            longitude=53.2 - number * 0.02,
        )
    make_repeated(channel, text=same)
    make_report(channel, now=NOW - timedelta(days=3), text="Бродячие собаки возле детского сада")

    tonight(channel)

    problem = Problem.objects.get()
    assert Report.objects.filter(ground__problem=problem, text=same).count() == 8


def test_what_is_left_of_a_group_has_to_last_by_itself(monkeypatch):
    channel = make_channel()
    scattered(channel)
    make_repeated(channel)
    monkeypatch.setattr(grounding, "those_alike", lambda members, _group: members[4:])

    assert tonight(channel).suggested == 0


def test_new_reports_join_a_known_problem():
    channel = make_channel()
    scattered(channel)
    make_repeated(channel)
    tonight(channel)
    make_report(channel, now=NOW, latitude=57.0011)
    make_report(channel, now=NOW, latitude=57.1)

    tonight(channel)

    assert Problem.objects.get().evidence["reports"] == 9


def test_closing_every_report_does_not_close_the_problem():
    channel = make_channel()
    scattered(channel)
    make_repeated(channel)
    tonight(channel)
    problem = Problem.objects.get()
    accept_problem(
        problem=problem, by=make_role("reports_officer", city=channel.municipality).user, now=NOW
    )
    for report in Report.objects.filter(ground__problem=problem):
        change_state(report=report, to="answered", now=NOW, text="Засыпано.")

    tonight(channel)

    problem.refresh_from_db()
    assert (problem.state, problem.evidence["closed"]) == ("accepted", 8)


def test_trend_alone_ends_a_problem_and_takes_it_back():
    channel = make_channel()
    problem = make_problem(channel, state="accepted", first_on=date(2024, 1, 1))
    begin = NOW - timedelta(days=1)
    for number in range(40):
        make_report(channel, now=begin - timedelta(days=95 + number * 7))

    over = tonight(channel)
    problem.refresh_from_db()
    state_when_quiet = problem.state
    for number in range(30):
        make_report(channel, now=begin + timedelta(days=number * 3))
    later = NOW + timedelta(days=93)
    back = tonight(channel, now=later, today=TODAY + timedelta(days=93))
    problem.refresh_from_db()

    assert (over.subsided, state_when_quiet) == (1, "subsided")
    assert (back.returned, problem.state, problem.times_returned) == (1, "accepted", 1)


def test_dismissed_one_stays_dismissed_until_it_doubles():
    channel = make_channel()
    scattered(channel)
    make_repeated(channel)
    tonight(channel)
    dismiss_problem(problem=Problem.objects.get(), because="Ремонт идёт по плану.")

    tonight(channel)
    same = Problem.objects.count()
    make_repeated(channel, times=30, every_days=4, text="Опять яма на Ленина, колесо пробито.")
    tonight(channel)

    assert same == 1
    assert list(Problem.objects.order_by("id").values_list("state", flat=True)) == [
        "dismissed",
        "suggested",
    ]


def test_what_staff_took_out_stays_out():
    channel = make_channel()
    problem = make_problem(channel, first_on=date(2026, 1, 1))
    report = make_report(channel)
    ground(problem, report)
    remove_report(problem=problem, report=report)

    tonight(channel)

    assert not problem.grounds.filter(is_removed=False).exists()


def test_two_people_do_not_overwrite_each_other():
    problem = make_problem()
    facts: dict[str, Any] = {"statement": "", "topic": "roads", "owner": None, "is_public": False}

    edit_problem(problem=problem, revision=1, title="Ямы на Ленина", **facts)
    with pytest.raises(ProblemRefused):
        edit_problem(problem=problem, revision=1, title="Другое", **facts)

    problem.refresh_from_db()
    assert problem.title == "Ямы на Ленина"


def test_unaccepted_problem_is_not_published():
    problem = make_problem()

    with pytest.raises(ProblemRefused):
        edit_problem(
            problem=problem,
            revision=1,
            title="Ямы",
            statement="",
            topic="roads",
            owner=None,
            is_public=True,
        )


def test_reports_of_another_city_ground_nothing_here():
    problem = make_problem()
    from novator.cities.testing import make_city

    stranger = make_report(make_channel(make_city("Stary Bor")))
    officer = make_role("reports_officer", city=problem.municipality).user

    with pytest.raises(ProblemRefused):
        add_reports(problem=problem, reports=[stranger], by=officer, now=NOW)

    assert not problem.grounds.exists()
