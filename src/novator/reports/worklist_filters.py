"""A citizen's report: what an officer narrows the work list to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q

from novator.reports.models import Report
from novator.reports.numbers import key_of
from novator.reports.worklist import Rows

SEARCHED = 20_000
"""So many of the newest reports are read through for words: a page never waits for all of them."""
LONGEST_WORDS = 100


@dataclass(frozen=True)
class WorkFilter:
    """
    Every condition that is set; keys are those of the city's rows, "none" stands for nobody.

    `since` and `until` are days of arrival in the city's time zone, both included.
    """

    category: str = ""
    area: str = ""
    department: str = ""
    assignee: str = ""
    status: str = ""
    source: str = ""
    since: date | None = None
    until: date | None = None
    words: str = ""
    asset: str = ""
    is_danger: bool = False
    time_zone: str = "UTC"

    @property
    def is_empty(self) -> bool:
        """Whether nothing is narrowed."""
        return self == WorkFilter(time_zone=self.time_zone)


def narrowed(rows: Rows, asked: WorkFilter) -> Rows:
    """Return those of the rows that fit every condition; a number finds its report alone."""
    for name in ("category", "area", "department", "assignee"):
        value = getattr(asked, name)
        if value == "none":
            rows = rows.filter(**{f"{name}__isnull": True})
        elif value:
            rows = rows.filter(**{f"{name}_id": int(value)})
    for name in ("status", "source"):
        if value := getattr(asked, name):
            rows = rows.filter(**{name: value})
    if asked.asset:
        rows = rows.filter(asset_number=asked.asset)
    if asked.is_danger:
        rows = rows.filter(is_danger=True)
    zone = ZoneInfo(asked.time_zone)
    if asked.since:
        rows = rows.filter(arrived_at__gte=_midnight(asked.since, zone))
    if asked.until:
        rows = rows.filter(arrived_at__lt=_midnight(asked.until + timedelta(days=1), zone))
    return _with_words(rows, asked.words.strip()) if asked.words.strip() else rows


def _with_words(rows: Rows, words: str) -> Rows:
    key = key_of(words)
    if key is not None:
        return rows.filter(pk=key)
    newest = rows.order_by("-pk").values("pk")[:SEARCHED]
    fits = Q()
    for word in words.split()[:8]:
        fits &= Q(text__icontains=word) | Q(address__icontains=word)
    return Report.objects.filter(pk__in=newest).filter(fits)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.min, tzinfo=zone).astimezone(UTC)
