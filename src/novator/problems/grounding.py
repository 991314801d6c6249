"""Reports to problems: every night new ones are suggested and known ones reckoned anew."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
from django.db import transaction
from django.utils import translation

from novator.cities.models import Municipality
from novator.problems.evidence import as_stored, evidence_of, streets_of, trend_in
from novator.problems.grouping import Group, groups_of, lasts, returning
from novator.problems.loading import CityReports, grounding_categories, read_reports
from novator.problems.models import Problem, ProblemReport
from novator.problems.saying import those_alike
from novator.problems.trend import has_subsided
from novator.reports.models import Category, Report

_SHARE_OF_KNOWN = 0.3
"""A group so many of whose reports ground a known problem is that problem."""
_REACH = 40.0
"""Metres beyond its circle from which new reports still belong to a problem."""
_RENEWED_BY = 2
"""A dismissed problem is suggested anew when so many times more events ground it."""
PEOPLE_ON_A_HECTARE = 50
"""How densely a town is lived in, roughly: what is inhabited although nobody reported from it."""
MOST_SUGGESTED = 60
"""Suggestions that wait for staff in one city at most; the strongest come first."""


@dataclass(frozen=True)
class Night:
    """What one night's work changed."""

    suggested: int
    renewed: int
    subsided: int
    returned: int


def ground_problems(*, municipality: Municipality, now: datetime, today: date) -> Night:
    """
    Suggest new problems of a city, give new reports to known ones, renew evidence and trends.

    Each problem is written in a transaction of its own; a night that is broken off is made good by
    the next one.
    """
    city = read_reports(municipality, today=today)
    categories = {row.pk: row for row in Category.objects.filter(municipality=municipality)}
    _give_new_reports(municipality, city, now)
    suggested = _suggest(municipality, city, categories, now)
    states = Counter(_renewed(problem, city, now) for problem in _known(municipality))
    return Night(suggested, states.total(), states["subsided"], states["returned"])


def _known(municipality: Municipality) -> list[Problem]:
    return list(Problem.objects.standing().filter(municipality=municipality).order_by("id"))


def _give_new_reports(municipality: Municipality, city: CityReports, now: datetime) -> None:
    """Reports of a known problem's category within its circle belong to it."""
    taken = _taken(municipality)
    for problem in _known(municipality):
        if problem.latitude is None or problem.longitude is None or not problem.category_id:
            continue
        reach = float(problem.radius or 0) + _REACH
        near = city.within(problem.latitude, problem.longitude, reach)
        own = near & (city.category == problem.category_id)
        since = problem.first_on.toordinal() if problem.first_on else 0
        new = [int(pk) for pk in city.ids[own & (city.day >= since)] if int(pk) not in taken]
        _attach(problem, new, now)
        taken |= dict.fromkeys(new, problem.pk)


def _taken(municipality: Municipality) -> dict[int, int]:
    rows = ProblemReport.objects.filter(problem__municipality=municipality)
    return dict(rows.values_list("report_id", "problem_id"))


def _attach(problem: Problem, reports: list[int], now: datetime) -> None:
    ProblemReport.objects.bulk_create(
        [ProblemReport(problem=problem, report_id=pk, added_at=now) for pk in reports],
        ignore_conflicts=True,
    )


def _suggest(
    municipality: Municipality, city: CityReports, categories: dict[int, Category], now: datetime
) -> int:
    positions, reports = city.grouped(grounding_categories(municipality))
    problems = {
        problem.pk: problem for problem in Problem.objects.filter(municipality=municipality)
    }
    taken = _taken(municipality)
    waiting = sum(problem.state == "suggested" for problem in problems.values())
    made = 0
    inhabited = (municipality.population or 0) // PEOPLE_ON_A_HECTARE
    for group in groups_of(reports, today=city.today.toordinal(), inhabited=inhabited):
        members = [int(city.ids[positions[one]]) for one in group.members]
        known = _problem_of(members, taken)
        if known is not None and not _is_worth_again(problems.get(known), group):
            continue
        if waiting + made >= MOST_SUGGESTED:
            break
        free = those_alike([pk for pk in members if pk not in taken], group)
        if len(free) < group.events / 2 or not _lasts(city, free, is_wide=group.is_wide):
            continue
        _new_problem(municipality, city, categories[group.kind], group, free, now)
        taken |= dict.fromkeys(free, 0)
        made += 1
    return made


def _lasts(city: CityReports, reports: list[int], *, is_wide: bool) -> bool:
    """Whether what the words left of a group is still one problem of a place."""
    own = np.isin(city.ids, reports)
    days, xy = city.day[own], np.column_stack([city.x[own], city.y[own]])
    returns = returning(xy, days, is_wide=is_wide)
    return lasts(days, returns, is_wide=is_wide, today=city.today.toordinal())


def _problem_of(members: list[int], taken: dict[int, int]) -> int | None:
    counts = Counter(taken[pk] for pk in members if pk in taken)
    if not counts:
        return None
    problem, count = counts.most_common(1)[0]
    return problem if count >= _SHARE_OF_KNOWN * len(members) else None


def _is_worth_again(problem: Problem | None, group: Group) -> bool:
    """A dismissed problem comes again as a new suggestion when it has grown by much."""
    if problem is None or problem.state != "dismissed":
        return False
    return group.events >= _RENEWED_BY * max(1, problem.dismissed_events)


@transaction.atomic
def _new_problem(
    municipality: Municipality,
    city: CityReports,
    category: Category,
    group: Group,
    members: list[int],
    now: datetime,
) -> Problem:
    latitude, longitude = city.place(group.x, group.y)
    rows = Report.objects.filter(pk__in=members)
    days = city.day[np.isin(city.ids, members)]
    streets = [name for name, _n in streets_of(rows.values_list("address", flat=True))]
    problem = Problem.objects.create(
        municipality=municipality,
        category=category,
        topic=category.topic,
        title=_title(category, streets),
        places=", ".join(streets[:3])[:300],
        is_suggested=True,
        latitude=latitude,
        longitude=longitude,
        radius=round(group.radius),
        first_on=date.fromordinal(int(days.min())),
        last_on=date.fromordinal(int(days.max())),
        excess=group.excess,
        suggested_at=now,
    )
    _attach(problem, members, now)
    return problem


def _title(category: Category, streets: list[str]) -> str:
    with translation.override("ru"):
        where = ", ".join(streets[:2])
        return f"{category.name}: {where}"[:200] if where else category.name


def _renewed(problem: Problem, city: CityReports, now: datetime) -> str:
    """Reckon evidence and trend anew; let the trend alone say whether the problem is over."""
    with transaction.atomic():
        held = Problem.objects.select_for_update().get(pk=problem.pk)
        evidence = evidence_of(held, on=city.today)
        trend, by_month = trend_in(held, city)
        changes: dict[str, Any] = {
            "evidence": evidence,
            "trend": as_stored(trend, by_month),
            "first_on": evidence["first_on"],
            "last_on": evidence["last_on"],
            "reckoned_at": now,
        }
        what = "renewed"
        if held.state == "accepted" and has_subsided(trend):
            changes |= {"state": "subsided", "subsided_on": city.today}
            what = "subsided"
        elif held.state == "subsided" and not has_subsided(trend) and trend.recent > 1:
            changes |= {"state": "accepted", "subsided_on": None}
            changes["times_returned"] = held.times_returned + 1
            what = "returned"
        Problem.objects.filter(pk=held.pk).update(**changes)
    return what
