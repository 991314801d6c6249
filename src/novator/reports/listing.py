"""A citizen's report: those that everybody may know of, the newest first, page by page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Sum
from django.db.models.functions import Coalesce

from novator.cities.models import Municipality
from novator.reports.models import Area, Category, Report, ReportTally
from novator.reports.models.report import ReportQuerySet
from novator.reports.states import OPEN
from novator.reports.subscribing import street_key

STRIDE = 20_000
MOST_STRIDES = 3


@dataclass(frozen=True)
class Asked:
    """What of a city's reports is asked for; empty parts ask nothing. `group`: see `GROUPS`."""

    category: Category | None = None
    area: Area | None = None
    group: str = ""
    days: int | None = None
    street: str = ""
    box: tuple[float, float, float, float] | None = None

    @property
    def is_anything(self) -> bool:
        """Whether the list is narrowed at all."""
        return self != Asked()


@dataclass(frozen=True)
class Found:
    """Some reports; `before`: where the list goes on, `is_cut`: it was not searched to the end."""

    rows: list[Report]
    before: int | None
    is_cut: bool = False


GROUPS = ("open", "overdue", "answered", "solved", "reopened", "refused")
"""The states by which everybody may narrow; `reopened`: once refuted or opened again."""


def narrowed(rows: ReportQuerySet, asked: Asked, *, now: datetime, today: date) -> ReportQuerySet:
    """Keep the reports that are asked for."""
    facts: dict[str, Any] = {}
    if asked.category is not None:
        facts["category"] = asked.category
    if asked.area is not None:
        facts["area"] = asked.area
    if asked.days is not None:
        facts["requested_at__gte"] = now - timedelta(days=asked.days)
    if asked.box is not None:
        south, west, north, east = asked.box
        facts |= {"latitude__range": (south, north), "longitude__range": (west, east)}
    for word in street_key(asked.street).split():
        rows = rows.filter(address__icontains=word)
    rows = rows.filter(**facts)
    if asked.group == "overdue":
        return rows.overdue(on=today)
    if asked.group == "reopened":
        return rows.filter(times_reopened__gt=0)
    states = GROUPED_STATES.get(asked.group)
    return rows.filter(status__in=states) if states else rows


GROUPED_STATES: Mapping[str, frozenset[str]] = {
    "open": OPEN,
    "answered": frozenset({"answered"}),
    "solved": frozenset({"solved"}),
    "refused": frozenset({"refused"}),
}


def walk(
    municipality: Municipality,
    asked: Asked,
    *,
    before: int | None,
    each: int,
    now: datetime,
    today: date,
) -> Found:
    """
    Return the next reports below a key, the newest first.

    At most sixty thousand reports are looked at in one call: a rare wish in a large city is
    answered in parts (`is_cut`), each of them quickly.
    """
    mine = Report.objects.filter(municipality=municipality)
    rows: list[Report] = []
    for _stride in range(MOST_STRIDES):
        below = mine.filter(pk__lt=before) if before is not None else mine
        floor = below.order_by("-pk").values_list("pk", flat=True)[STRIDE : STRIDE + 1].first()
        part = below if floor is None else below.filter(pk__gt=floor)
        wanted = narrowed(part.shown().filter(erased_at=None), asked, now=now, today=today)
        known = wanted.select_related("category", "area").order_by("-pk")
        rows += known[: each + 1 - len(rows)]
        if len(rows) > each:
            return Found(rows[:each], rows[each - 1].pk)
        if floor is None:
            return Found(rows, None)
        before = floor + 1
    return Found(rows, before, is_cut=True)


@dataclass(frozen=True)
class Summary:
    """How many reports a city got, has open, and what senders said to the answers."""

    received: int
    open: int
    answered: int
    confirmed: int
    refuted: int


def summary_of(municipality: Municipality) -> Summary:
    """Sum up the weekly figures of a city; one query."""
    names = ("received", "answered", "duplicates", "withdrawn", "confirmed", "refuted")
    sums = ReportTally.objects.filter(municipality=municipality).aggregate(
        **{f"all_{name}": Coalesce(Sum(name), 0) for name in names}
    )
    found = {name: sums[f"all_{name}"] for name in names}
    return Summary(
        received=found["received"],
        open=found["received"] - found["answered"] - found["duplicates"] - found["withdrawn"],
        answered=found["answered"],
        confirmed=found["confirmed"],
        refuted=found["refuted"],
    )
