"""Reports to problems: the reports of a city as arrays, read once for a night's work."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import numpy as np
from django.db.models import Q
from numpy.typing import NDArray

from novator.cities.models import Municipality
from novator.problems.grouping import Reports
from novator.reports.models import Category, Channel, Contact, Report
from novator.reports.places import is_default_point

YEARS_READ = 3
GROUPED_DAYS = 365
_DEGREE = 111_195.0
"""Metres in one degree of latitude on a sphere of the mean radius."""
_UNSEEN = ("unconfirmed", "withdrawn")


@dataclass(frozen=True)
class CityReports:
    """
    Reports of a city with a place, oldest first; all arrays have one length.

    `day` is date.toordinal(), `x` and `y` metres east and north of the city's point, `category`
    the key of the category (0: none), `sender` a number for each known person, else -1.
    """

    ids: NDArray[np.int64]
    latitude: NDArray[np.float64]
    longitude: NDArray[np.float64]
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    day: NDArray[np.int64]
    category: NDArray[np.int64]
    sender: NDArray[np.int64]
    origin: tuple[float, float]
    today: date

    def grouped(self, grounding: set[int]) -> tuple[NDArray[np.int64], Reports]:
        """Positions of the reports of the last year, and these as the scan takes them."""
        recent = np.flatnonzero(self.day > self.today.toordinal() - GROUPED_DAYS)
        category = self.category[recent]
        return recent, Reports(
            x=self.x[recent],
            y=self.y[recent],
            day=self.day[recent],
            kind=category,
            sender=self.sender[recent],
            makes_problems=np.isin(category, list(grounding)),
        )

    def within(self, latitude: float, longitude: float, radius: float) -> NDArray[np.bool_]:
        """Which reports lie in a circle (degrees of WGS 84, metres)."""
        x, y = metres(self.origin, latitude, longitude)
        return np.asarray(np.hypot(self.x - x, self.y - y) <= radius)

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Latitude and longitude of a point given in metres."""
        latitude, longitude = self.origin
        across = _DEGREE * math.cos(math.radians(latitude))
        return latitude + y / _DEGREE, longitude + x / across


def metres(origin: tuple[float, float], latitude: Any, longitude: Any) -> tuple[Any, Any]:
    """Metres east and north of a point; exact enough over a city."""
    across = _DEGREE * math.cos(math.radians(origin[0]))
    return (longitude - origin[1]) * across, (latitude - origin[0]) * _DEGREE


def read_reports(municipality: Municipality, *, today: date) -> CityReports:
    """
    Read the reports of a city in the three years until today; those without a place are left out.

    Neither default points nor erased ones are read.

    Three queries. Senders: the account, else the digest of the address.
    """
    channel = Channel.objects.get(municipality=municipality)
    until = datetime.combine(today + timedelta(days=1), time.min, tzinfo=UTC)
    since = until - timedelta(days=366 * YEARS_READ)
    rows = (
        Report.objects.filter(municipality=municipality, requested_at__range=(since, until))
        .filter(latitude__isnull=False, erased_at=None)
        .exclude(status__in=_UNSEEN)
        .order_by("id")
    )
    columns = list(
        rows.values_list(
            "id", "latitude", "longitude", "requested_at", "category_id", "author_id"
        ).iterator(chunk_size=20_000)
    )
    columns = [
        row
        for row in columns
        if row[1] is not None
        and row[2] is not None
        and not is_default_point(channel, row[1], row[2])
    ]
    latitude = np.array([row[1] for row in columns], dtype=np.float64)
    longitude = np.array([row[2] for row in columns], dtype=np.float64)
    origin = (municipality.latitude or 0.0, municipality.longitude or 0.0)
    x, y = metres(origin, latitude, longitude)
    return CityReports(
        ids=np.array([row[0] for row in columns], dtype=np.int64),
        latitude=latitude,
        longitude=longitude,
        x=x,
        y=y,
        day=np.array([row[3].toordinal() for row in columns], dtype=np.int64),
        category=np.array([row[4] or 0 for row in columns], dtype=np.int64),
        sender=_senders(municipality, columns, since),
        origin=origin,
        today=today,
    )


def _senders(municipality: Municipality, columns: list[Any], since: datetime) -> NDArray[np.int64]:
    known = Contact.objects.filter(
        report__municipality=municipality, report__requested_at__gte=since
    ).exclude(digest="")
    digests = dict(known.values_list("report_id", "digest"))
    numbers: dict[object, int] = {}
    found = []
    for row in columns:
        person: object = row[5] if row[5] is not None else digests.get(row[0])
        found.append(-1 if person is None else numbers.setdefault(person, len(numbers)))
    return np.array(found, dtype=np.int64)


def grounding_categories(municipality: Municipality) -> set[int]:
    """Keys of the categories whose reports may ground a problem."""
    rows = Category.objects.filter(Q(municipality=municipality, grounds_problems=True))
    return set(rows.values_list("pk", flat=True))
