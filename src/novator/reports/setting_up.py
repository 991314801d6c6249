"""A citizen's report: what a city sets up for itself, and whether it has looked at it yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models import Model, ProtectedError, RestrictedError
from django.utils.translation import gettext as _

from novator.cities.models import Municipality
from novator.core.languages import reads_russian
from novator.reports.models import Area, Category, Department
from novator.reports.places import area_at


class CannotRemove(Exception):
    """The row is in use; the message is fit to show."""


@transaction.atomic
def remove_row(row: Model) -> None:
    """
    Delete a row of the set-up.

    :raises CannotRemove: reports point to it
    """
    try:
        with transaction.atomic():
            row.delete()
    except (ProtectedError, RestrictedError) as fault:
        raise CannotRemove(
            _("Reports point to it, so it stays. It can be put out of use instead.")
        ) from fault


@transaction.atomic
def set_for_categories(
    *, municipality: Municipality, keys: Sequence[int], changes: Mapping[str, Any]
) -> int:
    """Give several categories of a city the same columns; return how many there were."""
    own = Category.objects.filter(municipality=municipality, pk__in=keys)
    return own.update(**changes)


def has_set_categories(municipality: Municipality) -> bool:
    """Whether anybody of the city ever changed a starter category."""
    events = apps.get_model("reports", "CategoryEvent")
    changed = events._default_manager.filter(municipality=municipality, pgh_label="update")
    return bool(changed.exists())


def area_of_point(municipality: Municipality, latitude: float, longitude: float) -> Area | None:
    """Return the district in which a point lies; one query."""
    return area_at(Area.objects.filter(municipality=municipality), latitude, longitude)


def holidays_of(country: str, year: int) -> list[tuple[date, str]]:
    """Days off of a country's calendar that fall on weekdays, with their names; none known: []."""
    import holidays  # dozens of calendars, which only this page needs

    try:
        language = "ru" if reads_russian() else "en_US"
        known = holidays.country_holidays(country, years=year, language=language)
    except NotImplementedError:
        return []
    return [(day, name) for day, name in sorted(known.items()) if day.weekday() < 5]


def working_weekends_of(country: str, year: int) -> list[date]:
    """Saturdays and Sundays on which the country works in exchange for other days."""
    import holidays  # dozens of calendars, which only this page needs

    try:
        known = holidays.country_holidays(country, years=year)
    except NotImplementedError:
        return []
    first = date(year, 1, 1)
    days = (date.fromordinal(first.toordinal() + n) for n in range(366))
    return [
        day for day in days if day.year == year and day.weekday() >= 5 and known.is_working_day(day)
    ]


def bodies_without_address(municipality: Municipality) -> int:
    """How many active bodies no letter can reach."""
    own = Department.objects.filter(municipality=municipality, is_active=True)
    return own.filter(email="").count()
