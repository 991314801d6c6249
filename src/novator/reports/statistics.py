"""A citizen's report: figures that cannot flatter, reckoned from the weekly tallies."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from novator.cities.models import Municipality
from novator.reports.models import Area, Category, Channel, ReportTally
from novator.reports.tallying import calendar

FEW = 20
"""Below so many reports a share is told as "3 of 4", not in percent."""

_COUNTED = (
    "received",
    "answered",
    "ever_answered",
    "refused",
    "late",
    "confirmed",
    "unopposed",
    "awaiting",
    "refuted",
    "reopened",
    "duplicates",
    "withdrawn",
)


@dataclass
class Figures:
    """
    What became of some reports. Every share has its base; docs/report-statistics.md defines all.

    `waits`: working days until the answer that stands → reports; `waiting`: the same until today
    of those without one.
    """

    received: int = 0
    answered: int = 0
    ever_answered: int = 0
    refused: int = 0
    late: int = 0
    confirmed: int = 0
    unopposed: int = 0
    awaiting: int = 0
    refuted: int = 0
    reopened: int = 0
    duplicates: int = 0
    withdrawn: int = 0
    overdue: int = 0
    waits: Counter[int] = field(default_factory=Counter)
    waiting: Counter[int] = field(default_factory=Counter)

    @property
    def asked(self) -> int:
        """Reports to which the city owes an answer: all but repeated and withdrawn ones."""
        return self.received - self.duplicates - self.withdrawn

    @property
    def open(self) -> int:
        """Those without an answer that stands."""
        return sum(self.waiting.values())

    @property
    def closed_share(self) -> Share:
        """What a city would like to show alone."""
        return Share(self.answered, self.asked)

    @property
    def confirmed_share(self) -> Share:
        """Senders who said that it is solved."""
        return Share(self.confirmed, self.ever_answered)

    @property
    def refuted_share(self) -> Share:
        """Reports whose sender said at least once that it is not solved."""
        return Share(self.refuted, self.ever_answered)

    @property
    def reopened_share(self) -> Share:
        """Reports that were opened again at least once, by sender or city."""
        return Share(self.reopened, self.ever_answered)

    @property
    def late_share(self) -> Share:
        """Answered after the day due, or due and not answered."""
        return Share(self.late + self.overdue, self.asked)

    @property
    def median(self) -> Wait:
        """Working days after which half of the reports had their answer."""
        return waited(self.waits, self.waiting, 0.5)

    @property
    def ninth_decile(self) -> Wait:
        """Working days after which nine of ten had it."""
        return waited(self.waits, self.waiting, 0.9)


@dataclass(frozen=True)
class Share:
    """A number of reports and of how many."""

    part: int
    whole: int

    @property
    def percent(self) -> int | None:
        """Rounded percent; None where there are too few to speak of percent."""
        return round(100 * self.part / self.whole) if self.whole >= FEW else None


@dataclass(frozen=True)
class Wait:
    """
    Working days; `is_more`: the share is not reached yet, it will be more than these.

    None: no report at all.
    """

    days: int | None
    is_more: bool = False


def waited(waits: Mapping[int, int], waiting: Mapping[int, int], share: float) -> Wait:
    """
    Return when a share of reports had its answer (Kaplan and Meier, 1958).

    Open reports count with the days they have waited: leaving the hard ones open makes no figure
    better.
    """
    days = sorted({*waits, *waiting})
    at_risk = sum(waits.values()) + sum(waiting.values())
    if not at_risk:
        return Wait(None)
    left = 1.0
    for day in days:
        left *= 1 - waits.get(day, 0) / at_risk
        if left <= 1 - share + 1e-9:
            return Wait(day)
        at_risk -= waits.get(day, 0) + waiting.get(day, 0)
        if not at_risk:
            break
    return Wait(days[-1], is_more=True)


@dataclass(frozen=True)
class Statistics:
    """Figures of a city in a period: all together, and by category, area and week."""

    first: date
    last: date
    total: Figures
    by_category: Sequence[tuple[Category | None, Figures]]
    by_area: Sequence[tuple[Area | None, Figures]]
    by_week: Sequence[tuple[date, Figures]]
    by_both: Mapping[tuple[int | None, date], Figures]
    counted_at: datetime | None


def statistics_of(
    municipality: Municipality,
    *,
    first: date,
    last: date,
    today: date,
    category: Category | None = None,
    area: Area | None = None,
) -> Statistics:
    """
    Reckon the figures of reports sent in the weeks from `first` to `last` (both days inside).

    Four queries, however many reports there are: the tallies are read, not the reports.
    """
    channel = Channel.objects.select_related("municipality").get(municipality=municipality)
    rows = ReportTally.objects.filter(
        municipality=municipality, week__gte=first - timedelta(days=first.weekday()), week__lte=last
    )
    if category is not None:
        rows = rows.filter(category=category)
    if area is not None:
        rows = rows.filter(area=area)
    columns = ("category_id", "area_id", "week", "waits", "open", "counted_at", *_COUNTED)
    known = list(rows.order_by("week").values_list(*columns))
    ages = _Ages(channel, first, today)
    return _summed(municipality, known, ages, first=first, last=last)


class _Ages:
    """How long an open report has waited, in working days."""

    def __init__(self, channel: Channel, first: date, today: date) -> None:
        self.today = today
        self._days, self._places = calendar(channel, first - timedelta(days=8), today)

    def of(self, sent_on: date) -> int:
        place = min(bisect_left(self._days, sent_on), len(self._places) - 1)
        return max(0, self._places[-1] - self._places[place])


def _summed(
    municipality: Municipality,
    rows: Iterable[tuple[Any, ...]],
    ages: _Ages,
    *,
    first: date,
    last: date,
) -> Statistics:
    total = Figures()
    groups: tuple[dict[Any, Figures], ...] = ({}, {}, {}, {})
    latest: datetime | None = None
    for category, area, week, waits, opens, counted_at, *numbers in rows:
        keys = (category, area, week, (category, week))
        held = [total, *(_at(group, key) for group, key in zip(groups, keys, strict=True))]
        one = _figures(numbers, waits, opens, ages)
        for each in held:
            _add(each, one)
        latest = max(latest or counted_at, counted_at)
    categories = Category.objects.in_bulk([key for key in groups[0] if key])
    areas = Area.objects.in_bulk([key for key in groups[1] if key])
    return Statistics(
        first=first,
        last=last,
        total=total,
        by_category=_ordered(groups[0], categories),
        by_area=_ordered(groups[1], areas),
        by_week=sorted(groups[2].items()),
        by_both=groups[3],
        counted_at=latest,
    )


def _figures(
    numbers: Sequence[int], waits: Mapping[str, int], opens: Sequence[Any], ages: _Ages
) -> Figures:
    one = Figures()
    for name, number in zip(_COUNTED, numbers, strict=True):
        setattr(one, name, number)
    for days, number in waits.items():
        one.waits[int(days)] += number
    for sent_on, due, number in opens:
        one.waiting[ages.of(date.fromisoformat(sent_on))] += number
        if due is not None and date.fromisoformat(due) < ages.today:
            one.overdue += number
    return one


def _at(group: dict[Any, Figures], key: Any) -> Figures:
    if key not in group:
        group[key] = Figures()
    return group[key]


def _add(total: Figures, one: Figures) -> None:
    for name in (*_COUNTED, "overdue"):
        setattr(total, name, getattr(total, name) + getattr(one, name))
    total.waits.update(one.waits)
    total.waiting.update(one.waiting)


def _ordered(group: Mapping[Any, Figures], known: Mapping[int, Any]) -> list[tuple[Any, Figures]]:
    found = [(known.get(key) if key else None, figures) for key, figures in group.items()]
    return sorted(found, key=lambda row: (-row[1].received, str(row[0] or "")))
