"""Solutions for a city's problem: found in the people's own words, which are never told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from novator.accounts.testing import make_role
from novator.cities.testing import make_city
from novator.matching.models import Match
from novator.matching.problems import choose_match, match_problem
from novator.matching.testing import index_by_letters
from novator.practices.testing import make_practice
from novator.problems.models import Problem
from novator.problems.testing import ground, make_problem
from novator.reports.testing import NOW, make_channel, make_report

pytestmark = pytest.mark.django_db


@pytest.fixture
def problem(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Problem:
    rebuild = index_by_letters(settings, tmp_path, monkeypatch)
    lamps: dict[str, Any] = {
        "topic": "lighting",
        "title": "Свет во дворах",
        "problem": "Во дворах темно вечером.",
    }
    make_practice("glazov-lamps", city=make_city("Glazov"), **lamps)
    make_practice("zarechny-lamps", city=make_city("Zarechny"), **lamps)
    make_practice("glazov-bins", city=make_city("Glazov"), topic="waste", title="Урны")
    rebuild()
    found = make_problem(make_channel(), title="Темно", category=None, topic="lighting")
    for number in range(3):
        ground(found, make_report(text=f"Во дворах темно вечером, Семёнова упала {number} раз"))
    return found


def test_finds_what_other_cities_did_and_tells_no_words(problem):
    match_problem(problem=problem, now=NOW)

    kept = list(Match.objects.order_by("position"))
    assert kept[0].practice.slug == "glazov-lamps"
    assert "zarechny-lamps" not in {match.practice.slug for match in kept}
    told = str([match.reasons for match in kept])
    assert "words" not in {reason["kind"] for match in kept for reason in match.reasons}
    assert "Семёнова" not in told


def test_finding_again_keeps_what_the_city_chose(problem):
    match_problem(problem=problem, now=NOW)
    by = make_role("editor", city=problem.municipality).user
    last = Match.objects.order_by("-position")[0]
    choose_match(match=last, by=by, now=NOW)

    match_problem(problem=problem, now=NOW)

    assert Match.objects.filter(chosen_by=by).get().pk == last.pk
    assert Match.objects.count() == Match.objects.values("practice").distinct().count()
