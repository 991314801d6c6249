"""Reports worked on: one row of the work list as it is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, prefetch_related_objects
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

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


def shown_rows(reports: list[Report], *, on: date) -> list[WorkRow]:
    """Dress rows of a page; one query for the photos."""
    photos = ReportPhoto.objects.filter(is_of_verdict=False).select_related("original")
    prefetch_related_objects(reports, Prefetch("photos", queryset=photos))
    return [_row(report, on=on) for report in reports]


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


def due_words(report: Report, *, on: date) -> tuple[str, str]:
    """Say in words how long there is, and how urgent it is: late, soon, paused or nothing."""
    if report.status not in OPEN or report.due_on is None:
        return "", ""
    if report.paused_on is not None:
        return _("paused"), "paused"
    days = (report.due_on - on).days
    if days < 0:
        words = ngettext("%(days)s day late", "%(days)s days late", -days)
        return words % {"days": -days}, "late"
    if days == 0:
        return _("due today"), "soon"
    words = ngettext("due in %(days)s day", "due in %(days)s days", days)
    return words % {"days": days}, "soon" if days <= SOON.days else ""


def _row(report: Report, *, on: date) -> WorkRow:
    words, urgency = due_words(report, on=on)
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
