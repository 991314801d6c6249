"""A citizen's report: figures that cannot flatter, reckoned from the weekly tallies."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from operator import add
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


_Aged = tuple[int, int]
"""Working days, and how many reports."""


class _Ages:
    """How long an open report has waited, in working days."""

    def __init__(self, channel: Channel, first: date, today: date) -> None:
        self.today = today
        self._days, self._places = calendar(channel, first - timedelta(days=8), today)

        self._known: dict[str, int] = {}

    def of_open(self, opens: Iterable[tuple[str, str | None, int]]) -> tuple[int, list[_Aged]]:
        """Return how many are overdue, and how many have waited how many working days."""
        today = self.today.isoformat()
        overdue = sum(number for _sent_on, due, number in opens if due is not None and due < today)
        return overdue, [(self._age(sent_on), number) for sent_on, _due, number in opens]

    def _age(self, sent_on: str) -> int:
        if sent_on not in self._known:
            at = bisect_left(self._days, date.fromisoformat(sent_on))
            place = min(at, len(self._places) - 1)
            self._known[sent_on] = max(0, self._places[-1] - self._places[place])
        return self._known[sent_on]


def _summed(
    municipality: Municipality,
    rows: Iterable[tuple[Any, ...]],
    ages: _Ages,
    *,
    first: date,
    last: date,
) -> Statistics:
    total = _Sum()
    groups: tuple[defaultdict[Any, _Sum], ...] = tuple(defaultdict(_Sum) for _each in range(4))
    latest: datetime | None = None
    for category, area, week, waits, opens, counted_at, *numbers in rows:
        overdue, waiting = ages.of_open(opens)
        told = ([*numbers, overdue], [(int(days), n) for days, n in waits.items()], waiting)
        keys = (category, area, week, (category, week))
        for each in (total, *(group[key] for group, key in zip(groups, keys, strict=True))):
            each.add(*told)
        latest = max(latest or counted_at, counted_at)
    categories = Category.objects.in_bulk([key for key in groups[0] if key])
    areas = Area.objects.in_bulk([key for key in groups[1] if key])
    return Statistics(
        first=first,
        last=last,
        total=total.figures(),
        by_category=_ordered(groups[0], categories),
        by_area=_ordered(groups[1], areas),
        by_week=sorted((week, one.figures()) for week, one in groups[2].items()),
        by_both={key: one.figures() for key, one in groups[3].items()},
        counted_at=latest,
    )


class _Sum:
    """Numbers that are added up, in the order of `_COUNTED`, overdue ones last."""

    def __init__(self) -> None:
        self.numbers = [0] * (len(_COUNTED) + 1)
        self.waits: Counter[int] = Counter()
        self.waiting: Counter[int] = Counter()

    def add(
        self, numbers: Sequence[int], waits: Iterable[tuple[int, int]], waiting: Iterable[_Aged]
    ) -> None:
        self.numbers = list(map(add, self.numbers, numbers))
        for days, number in waits:
            self.waits[days] += number
        for days, number in waiting:
            self.waiting[days] += number

    def figures(self) -> Figures:
        made = Figures(waits=self.waits, waiting=self.waiting)
        for name, number in zip((*_COUNTED, "overdue"), self.numbers, strict=True):
            setattr(made, name, number)
        return made


def _ordered(group: Mapping[Any, _Sum], known: Mapping[int, Any]) -> list[tuple[Any, Figures]]:
    found = [(known.get(key) if key else None, one.figures()) for key, one in group.items()]
    return sorted(found, key=lambda row: (-row[1].received, str(row[0] or "")))
