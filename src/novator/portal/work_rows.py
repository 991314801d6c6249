"""Reports worked on: one row of the work list as it is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, prefetch_related_objects
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from novator.cities.models import Municipality
from novator.reports.deadlines import DaysFrom, working_days_of
from novator.reports.holding import seen_as
from novator.reports.models import Category, Report, ReportPhoto
from novator.reports.proposing import propose_categories
from novator.reports.states import OPEN
from novator.reports.worklist import SOON, UNSURE_BELOW


@dataclass(frozen=True)
class WorkRow:
    """A report with what an officer sees at a glance; `is_unsure`: its category is to be chosen."""

    report: Report
    seen: str
    due_words: str
    urgency: str
    photo: str
    photos: int
    is_unsure: bool


def shown_rows(reports: list[Report], *, city: Municipality, on: date) -> list[WorkRow]:
    """Dress rows of a page; one query for the photos, one for the city's own days off."""
    days = days_of(city, on=on)
    photos = ReportPhoto.objects.filter(is_of_verdict=False).select_related("original")
    prefetch_related_objects(reports, Prefetch("photos", queryset=photos))
    return [_row(report, days, on=on) for report in reports]


def days_of(city: Municipality, *, on: date) -> DaysFrom:
    """Return the working days of a city, counted from a day; one query."""
    return DaysFrom(on, is_working=working_days_of(city))


def is_unsure(report: Report) -> bool:
    """Whether a person has to choose the category."""
    if report.status not in OPEN:
        return False
    if report.category_id is None:
        return True
    return report.category_by == "machine" and (report.category_probability or 0) < UNSURE_BELOW


def proposals_for(report: Report, categories: Sequence[Category]) -> list[tuple[Category, int]]:
    """The five categories that the machine takes for likeliest, with percent."""
    told = propose_categories(report.text, report.municipality)
    by_code = {category.code: category for category in categories}
    found = [
        (by_code[one.code], round(100 * one.probability)) for one in told if one.code in by_code
    ]
    return found[:5]


def due_words(report: Report, days: DaysFrom, *, on: date) -> tuple[str, str]:
    """Say in words how long there is, and how urgent it is: late, soon, paused or nothing."""
    if report.status not in OPEN or report.due_on is None:
        return "", ""
    if report.paused_on is not None:
        return _("paused"), "paused"
    left = days.to(report.due_on)
    if report.due_on < on:
        if not left:
            return _("overdue"), "late"
        words = ngettext("%(days)s working day late", "%(days)s working days late", -left)
        return words % {"days": -left}, "late"
    if report.due_on == on:
        return _("due today"), "soon"
    words = ngettext("due in %(days)s working day", "due in %(days)s working days", left)
    return words % {"days": left}, "soon" if report.due_on - on <= SOON else ""


def _row(report: Report, days: DaysFrom, *, on: date) -> WorkRow:
    words, urgency = due_words(report, days, on=on)
    photos = list(report.photos.all())
    return WorkRow(
        report=report,
        seen=seen_as(report),
        due_words=words,
        urgency=urgency,
        photo=photos[0].original.small_url if photos else "",
        photos=len(photos),
        is_unsure=is_unsure(report),
    )
