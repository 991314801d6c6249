"""A citizen's report: what an officer narrows the work list to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import F, Max, Min, Q

from novator.reports.models import Report
from novator.reports.numbers import key_of
from novator.reports.worklist import Rows
from novator.text.words import stems

SEARCHED = 10_000
"""So many of the newest reports are read through for words: a page never waits for all of them."""
LONGEST_WORDS = 100
SHORT = timedelta(days=62)


@dataclass(frozen=True)
class WorkFilter:
    """
    Every condition that is set; keys are those of the city's rows, "none" stands for nobody.

    `since` and `until` are days of sending in the city's time zone, both included.
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
    if asked.since or asked.until:
        rows = _sent_between(rows, asked)
    return _with_words(rows, asked.words.strip()) if asked.words.strip() else rows


def _sent_between(rows: Rows, asked: WorkFilter) -> Rows:
    """Narrow to the days; of a short period the keys are found first, by the index of moments."""
    zone = ZoneInfo(asked.time_zone)
    first = _midnight(asked.since, zone) if asked.since else None
    end = _midnight(asked.until, zone) + timedelta(days=1) if asked.until else None
    if first is not None:
        rows = rows.filter(requested_at__gte=first)
    if end is not None:
        rows = rows.filter(requested_at__lt=end)
    if first is not None and end is not None and end - first <= SHORT:
        # "+ 0" keeps the planner from walking all keys in order, however far away these are
        keys = Report.objects.filter(requested_at__gte=first, requested_at__lt=end).aggregate(
            low=Min(F("pk") + 0), high=Max(F("pk") + 0)
        )
        rows = rows.filter(pk__range=(keys["low"] or 0, keys["high"] or 0))
    return rows


def _with_words(rows: Rows, words: str) -> Rows:
    """Keep those whose text or address has all words, among the newest `SEARCHED` of the rows."""
    key = key_of(words)
    if key is not None:
        return rows.filter(pk=key)
    beyond = rows.order_by("-pk").values_list("pk", flat=True)[SEARCHED : SEARCHED + 1]
    for oldest in beyond:
        rows = rows.filter(pk__gt=oldest)
    fits = Q()
    for word in words.split()[:8]:
        fits &= Q(
            *(Q(**{f"{column}__contains": one}) for column, one in _spelt(word)), _connector=Q.OR
        )
    return rows.filter(fits)


def _spelt(word: str) -> Iterator[tuple[str, str]]:
    """
    Yield columns and spellings to look for: the stem in small letters, with a capital, in capitals.

    Comparing without regard to case costs the database a hundred times as much.
    """
    small = word.lower()
    stem = next(iter(stems(small)), small)
    part = stem if len(stem) >= 3 and small.startswith(stem) else small
    for one in dict.fromkeys([part, part.capitalize(), part.upper()]):
        yield "text", one
        yield "address", one


_FIRST, _LAST = date(1900, 1, 1), date(9000, 1, 1)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    """The beginning of a day; of one that no report can have, the nearest that reckons."""
    likely = min(max(day, _FIRST), _LAST)
    return datetime.combine(likely, time.min, tzinfo=zone).astimezone(UTC)
