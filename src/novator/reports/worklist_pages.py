"""A citizen's report: one page of the work list after another, by place, not by number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import DateField, Q, Value
from django.db.models.functions import Coalesce

from novator.reports.models import Report
from novator.reports.worklist import Rows, Tab

NO_DATE = date(9999, 12, 31)
"""Stands for a missing date, so that those without one come last."""
DUE = Coalesce("due_on", Value(NO_DATE, output_field=DateField()))


@dataclass(frozen=True)
class Place:
    """After which row a page begins; written into the address of the next page."""

    is_danger: bool
    due_on: date
    key: int

    def __str__(self) -> str:
        return f"{int(self.is_danger)}.{self.due_on:%Y%m%d}.{self.key}"


def place_from(text: str) -> Place | None:
    """Read a place from an address; None where it is none."""
    parts = text.split(".")
    if len(parts) != 3 or not all(part.isascii() and part.isdecimal() for part in parts):
        return None
    try:
        day = date.fromisoformat(parts[1])
    except ValueError:
        return None
    return Place(parts[0] == "1", day, min(int(parts[2]), 2**63 - 1))


def page_after(rows: Rows, tab: Tab, after: Place | None, *, each: int) -> list[Report]:
    """Return up to `each` rows and one more, which tells that there is a next page. One query."""
    found = _newest(rows, after) if tab.is_newest_first else _pressing(rows, after)
    known = found.select_related("category", "department", "assignee", "area")
    return list(known[: each + 1])


def ordered(rows: Rows, tab: Tab) -> Rows:
    """Return the rows in the order of a tab."""
    return _newest(rows, None) if tab.is_newest_first else _pressing(rows, None)


def place_of(report: Report) -> Place:
    """Where a row stands in the order of the list."""
    return Place(report.is_danger, report.due_on or NO_DATE, report.pk)


def _newest(rows: Rows, after: Place | None) -> Rows:
    if after is not None:
        rows = rows.filter(pk__lt=after.key)
    return rows.order_by("-pk")


def _pressing(rows: Rows, after: Place | None) -> Rows:
    rows = rows.annotate(due=DUE)
    if after is not None:
        later = Q(due__gte=after.due_on) & (Q(due__gt=after.due_on) | Q(pk__gt=after.key))
        if after.is_danger:
            rows = rows.filter(Q(is_danger=False) | (Q(is_danger=True) & later))
        else:
            rows = rows.filter(later, is_danger=False)
    return rows.order_by("-is_danger", "due", "pk")
