"""Reports to problems: what the reports of a problem say – how many, of whom, where, since when."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

import numpy as np

from novator.problems.loading import CityReports
from novator.problems.models import Problem
from novator.problems.trend import Trend, trend_of
from novator.reports.models import Report
from novator.reports.public_place import public_address
from novator.reports.states import CLOSED

_MONTHS_SHOWN = 36
_HOUSE = re.compile(r"(?:,\s*|\s+)(?:д\.?\s*|дом\s*)?\d+[\w/–-]*.*$|^\d+[\w/–-]*\s+")


def evidence_of(problem: Problem, *, on: date) -> dict[str, Any]:
    """
    Count what the grounding reports say. One query.

    `people`: different known senders, and one for each report whose sender is not known;
    `supports`: "me too" besides. `after_closing`: reports that came after the city had closed an
    earlier one of the same problem – the sign that closing one by one does not cure it.
    """
    rows = list(
        Report.objects.filter(ground__problem=problem, ground__is_removed=False)
        .order_by("requested_at", "id")
        .values(
            "id", "requested_at", "closed_at", "status", "supports", "times_refuted",
            "times_reopened", "author_id", "contact__digest", "address", "due_on",
        )
    )  # fmt: skip
    known = {row["author_id"] or row["contact__digest"] for row in rows} - {None, ""}
    unknown = sum(not (row["author_id"] or row["contact__digest"]) for row in rows)
    days = [row["requested_at"].date() for row in rows]
    return {
        "reports": len(rows),
        "people": len(known) + unknown,
        "supports": sum(row["supports"] for row in rows),
        "refuted": sum(row["times_refuted"] for row in rows),
        "reopened": sum(row["times_reopened"] for row in rows),
        "closed": sum(row["status"] in CLOSED for row in rows),
        "open": sum(row["status"] not in CLOSED for row in rows),
        "overdue": sum(
            row["status"] not in CLOSED and row["due_on"] is not None and row["due_on"] < on
            for row in rows
        ),
        "after_closing": _after_closing(rows),
        "weeks": len({day.isocalendar()[:2] for day in days}),
        "streets": [
            name for name, _count in streets_of(public_address(row["address"]) for row in rows)[:3]
        ],
        "first_on": days[0].isoformat() if days else None,
        "last_on": days[-1].isoformat() if days else None,
    }


def _after_closing(rows: Sequence[Any]) -> int:
    closings: list[datetime] = [row["closed_at"] for row in rows if row["closed_at"]]
    if not closings:
        return 0
    earliest = min(closings)
    return sum(row["requested_at"] > earliest for row in rows)


def streets_of(addresses: Any) -> list[tuple[str, int]]:
    """Return street names without house numbers, the most frequent first."""
    names = (_HOUSE.sub("", address.strip()).strip(" ,") for address in addresses)
    counts = Counter(name for name in names if name)
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def trend_in(problem: Problem, city: CityReports) -> tuple[Trend, list[tuple[str, int]]]:
    """
    Return the trend of a problem and its reports by month ("2026-03", count), oldest first.

    Counted are the reports of its category within its circle, and those that staff added, in whole
    months since the city's first report. The current, unfinished month is left out.
    """
    grounds = set(problem.grounds.filter(is_removed=False).values_list("report_id", flat=True))
    removed = set(problem.grounds.filter(is_removed=True).values_list("report_id", flat=True))
    own = np.isin(city.ids, list(grounds))
    if problem.latitude is not None and problem.longitude is not None and problem.category_id:
        circle = city.within(problem.latitude, problem.longitude, float(problem.radius or 0))
        own |= circle & (city.category == problem.category_id)
    own &= ~np.isin(city.ids, list(removed))
    months = _months(city)
    counts = _by_month(city.day[own], months)
    others = _by_month(city.day[~own], months)
    trend = trend_of(counts, others)
    return trend, [(f"{m // 12}-{m % 12 + 1:02}", n) for m, n in zip(months, counts, strict=True)]


def as_stored(trend: Trend, by_month: list[tuple[str, int]]) -> dict[str, Any]:
    """The trend as the row of the problem keeps it."""
    return asdict(trend) | {"by_month": [list(pair) for pair in by_month]}


def _months(city: CityReports) -> list[int]:
    """Whole months (year × 12 + month − 1) before the present one, since the first report."""
    if not len(city.day):
        return []
    now = city.today.year * 12 + city.today.month - 1
    first = date.fromordinal(int(city.day.min()))
    begin = first.year * 12 + first.month - 1 + (first.day > 7)
    return list(range(max(begin, now - _MONTHS_SHOWN), now))


def _by_month(days: Any, months: list[int]) -> list[int]:
    found = Counter(
        day.year * 12 + day.month - 1 for day in (date.fromordinal(int(one)) for one in days)
    )
    return [found[month] for month in months]
