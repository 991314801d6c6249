"""A citizen's report: the day by which the city must act, in working days (rules C1, C3, C5)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from django.db.models import Q

if TYPE_CHECKING:
    import holidays

    from novator.cities.models import Municipality

IsWorking = Callable[[date], bool]


@dataclass(frozen=True)
class WorkingDays:
    """
    The calendar of a place: the country's (with its moved days) and the city's own exceptions.

    `own`: day → whether it is worked on. A country unknown to `holidays` has its weekends only.
    """

    country: str
    own: Mapping[date, bool]

    def __call__(self, day: date) -> bool:
        if day in self.own:
            return self.own[day]
        return _country(self.country, day.year).is_working_day(day)


def working_days_of(municipality: Municipality) -> WorkingDays:
    """Return the calendar of a city. One query."""
    from novator.reports.models import DayOff

    rows = DayOff.objects.filter(Q(municipality=municipality) | Q(municipality=None))
    ordered = rows.order_by("-municipality_id")  # all cities (null) first, so that the own wins
    return WorkingDays(municipality.country, {row.day: row.is_working for row in ordered})


def after_working_days(start: date, days: int, *, is_working: IsWorking) -> date:
    """Return the last day of a period of working days; the day after `start` is the first."""
    day, left = start, days
    while left > 0:
        day += timedelta(days=1)
        left -= is_working(day)
    return day


def moved_by_working_days(day: date, days: int, *, is_working: IsWorking) -> date:
    """Return the working day that lies so many of them later (or, below zero, earlier)."""
    if days >= 0:
        return after_working_days(day, days, is_working=is_working)
    while days < 0:
        day -= timedelta(days=1)
        days += is_working(day)
    return day


def working_days_between(start: date, end: date, *, is_working: IsWorking) -> int:
    """Count the working days after `start` up to and including `end`; 0 where it is not later."""
    total = max(0, (end - start).days)
    return sum(is_working(start + timedelta(days=n)) for n in range(1, total + 1))


class DaysFrom:
    """
    Working days between one day and many others, each day of the calendar asked once.

    Above zero where the other day is later, below zero where it is earlier.
    """

    def __init__(self, day: date, *, is_working: IsWorking) -> None:
        self._day = day
        self._is_working = is_working
        self._ahead = [0]
        self._back = [0]

    def to(self, other: date) -> int:
        """Count from the day after, up to and including the later one of the two."""
        distance = (other - self._day).days
        while len(self._ahead) <= distance:
            day = self._day + timedelta(days=len(self._ahead))
            self._ahead.append(self._ahead[-1] + self._is_working(day))
        while len(self._back) <= -distance:
            day = self._day - timedelta(days=len(self._back) - 1)
            self._back.append(self._back[-1] + self._is_working(day))
        return self._ahead[distance] if distance >= 0 else -self._back[-distance]


def appeal_due(registered_on: date, *, is_extended: bool, is_working: IsWorking) -> date:
    """
    Return the day by which an appeal must be answered (59-FZ, article 12; rule C1).

    30 calendar days after registration, 30 more if extended with a stored notice; where the last
    day is a day off, the working day before it.
    """
    last = registered_on + timedelta(days=60 if is_extended else 30)
    return working_day_before(last, is_working=is_working)


def working_day_before(day: date, *, is_working: IsWorking) -> date:
    """Return the day itself, or the working day before it where it is a day off (C1)."""
    while not is_working(day):
        day -= timedelta(days=1)
    return day


@lru_cache(maxsize=64)
def _country(country: str, year: int) -> holidays.HolidayBase:
    import holidays  # calendars of the whole world, which a start need not wait for

    try:
        return holidays.country_holidays(country, years=year)
    except NotImplementedError:
        return holidays.HolidayBase(years=year)
