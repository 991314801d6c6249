"""Reports worked on: who may open the pages of a city's staff, and what stands on all of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from novator.accounts.models import User
from novator.accounts.queries import roles_on
from novator.cities.models import Municipality
from novator.portal.people import reader, today
from novator.reports.life import local_day
from novator.reports.models import Channel, Report
from novator.reports.numbers import key_of
from novator.reports.permissions import OFFICERS, may_set_up, may_work

ACTS_AN_HOUR = 1200
"""An officer who clears a morning's list makes several hundred decisions an hour."""


@dataclass(frozen=True)
class Desk:
    """Where an officer sits: the city, its channel, who it is, which day it is there."""

    channel: Channel
    officer: User
    now: datetime

    @property
    def city(self) -> Municipality:
        """The city whose reports they are."""
        return self.channel.municipality

    @property
    def on(self) -> date:
        """The day in the city's time zone."""
        day: date = local_day(self.channel, self.now)
        return day


def desk_of(request: HttpRequest, slug: str) -> Desk:
    """
    Let officers and the head of a city in; two queries.

    :raises PermissionDenied: the reader has no such role there
    :raises Http404: no such city, or it takes no reports
    """
    city = get_object_or_404(Municipality, slug=slug)
    if not may_work(reader(request), city, on=today()):
        raise PermissionDenied(_("These pages are for those who work on reports of this city."))
    channel = Channel.objects.filter(municipality=city).first()
    if channel is None:
        raise Http404(_("This city takes no reports here yet. Its head can open a channel."))
    channel.municipality = city
    return Desk(channel, reader(request), timezone.now())


def report_at(desk: Desk, number: str) -> Report:
    """
    Return a report of the desk's city by its public number; one query.

    :raises Http404: no such report in this city
    """
    key = key_of(number)
    known = Report.objects.select_related(
        "category", "department", "assignee", "area", "municipality", "duplicate_of", "author"
    )
    found = known.filter(pk=key, municipality=desk.city).first() if key else None
    if found is None:
        raise Http404(_("There is no report with this number in this city."))
    return found


def officers_of(city: Municipality, *, on: date) -> list[User]:
    """Whoever works on reports of a city that day, by name; one query."""
    roles = roles_on(on).filter(municipality=city, kind__in=OFFICERS).values("user")
    return list(User.objects.filter(pk__in=roles, is_active=True).order_by("name", "pk"))


def work_crumbs(city: Municipality, *more: tuple[str, str]) -> list[tuple[str, str]]:
    """Where a page of the staff stands."""
    return [
        (city.name, reverse("city", args=[city.slug])),
        (_("Reports"), reverse("work_list", args=[city.slug])),
        *more,
    ]


def sections_of(request: HttpRequest, city: Municipality, here: str) -> dict[str, object]:
    """What the bar of sections shows on every page of the staff."""
    return {
        "city": city,
        "section": here,
        "may_work": may_work(request.user, city, on=today()),
        "may_set_up": may_set_up(request.user, city, on=today()),
    }
