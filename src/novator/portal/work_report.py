"""Reports worked on: one report with everything an officer needs to decide, in one view."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from novator.portal.people import sign_in_needed
from novator.portal.work_filters import Lists
from novator.portal.work_guard import Desk, desk_of, report_at, sections_of, work_crumbs
from novator.portal.work_history import history_of
from novator.portal.work_rows import days_of, due_words, is_unsure, proposals_for
from novator.reports.dates import latest_extension
from novator.reports.holding import seen_as
from novator.reports.models import (
    Contact,
    DuplicateSuggestion,
    ReplyTemplate,
    Report,
    ReportConsent,
)
from novator.reports.replies import fitting
from novator.reports.states import REASON_NEEDED, STATES
from novator.reports.working import steps_of_staff

_OTHERS = {
    "moderated": 0,
    "accepted": 1,
    "in_progress": 2,
    "scheduled": 3,
    "answered": 4,
    "refused": 5,
    "reopened": 6,
}


@dataclass(frozen=True)
class Step:
    """A step that is open now: its button, and whether words to the sender are needed."""

    state: str
    name: str
    needs_words: bool


@require_safe
@sign_in_needed
def work_report(request: HttpRequest, slug: str, number: str) -> HttpResponse:
    """The page of one report for the staff; a fixed number of queries."""
    desk = desk_of(request, slug)
    return report_page(request, desk, report_at(desk, number))


@require_safe
@sign_in_needed
def work_proposals(request: HttpRequest, slug: str, number: str) -> HttpResponse:
    """The five likeliest categories of one report, for its row of the list."""
    desk = desk_of(request, slug)
    report = report_at(desk, number)
    context = {
        "city": desk.city,
        "report": report,
        "seen": seen_as(report),
        "proposals": proposals_for(report, Lists(desk).category_rows),
        "back": request.GET.get("back", "")[:800],
    }
    return render(request, "portal/work/proposals.html", context)


def report_page(
    request: HttpRequest,
    desk: Desk,
    report: Report,
    *,
    refusal: str = "",
    refused_act: str = "",
    is_conflict: bool = False,
    asks_sure: bool = False,
    typed: Mapping[str, Any] | None = None,
    contact: Any = None,
) -> HttpResponse:
    """Show the page, with what was refused and what was typed, or with the contact opened."""
    lists = Lists(desk)
    words, urgency = due_words(report, days_of(desk.city, on=desk.on), on=desk.on)
    templates = ReplyTemplate.objects.filter(municipality=desk.city)
    photos = list(report.photos.select_related("original", "shown"))
    context = {
        **sections_of(request, desk.city, "list"),
        "desk": desk,
        "report": report,
        "seen": seen_as(report),
        "due_words": words,
        "urgency": urgency,
        "steps": _steps(report),
        "templates": fitting(templates, report),
        "lists": lists,
        "is_unsure": is_unsure(report),
        "proposals": proposals_for(report, lists.category_rows) if _is_to_choose(report) else [],
        "probability": round(100 * (report.category_probability or 0)),
        "photos": [photo for photo in photos if not photo.is_of_verdict],
        "verdict_photos": [photo for photo in photos if photo.is_of_verdict],
        "verdicts": list(report.verdicts.all()),
        "history": history_of(report),
        "pairs": _pairs(report),
        "repeats": list(report.repeats.all()[:20]),
        "has_contact": Contact.objects.filter(report=report).exists(),
        "contact": contact,
        "consents": _consents(report),
        "last_extension": latest_extension(report, desk.channel),
        "forwardings": list(report.forwardings.select_related("connection")),
        "refusal": refusal,
        "refused_act": refused_act,
        "is_conflict": is_conflict,
        "asks_sure": asks_sure,
        "typed": typed or {},
        "back": _back(request),
        "crumbs": work_crumbs(desk.city, (report.number, "")),
    }
    status = 409 if is_conflict else 200
    return render(request, "portal/work/report.html", context, status=status)


def _steps(report: Report) -> list[Step]:
    """Steps as buttons; forwarding has its own form, as it needs the body."""
    states = [state for state in steps_of_staff(report) if state in _OTHERS]
    return [
        Step(state, str(STATES[state]), state in REASON_NEEDED or state == "reopened")
        for state in sorted(states, key=_OTHERS.__getitem__)
    ]


def _consents(report: Report) -> list[str]:
    """To what the sender agreed and still agrees, in words."""
    standing = ReportConsent.objects.filter(report=report, withdrawn_at=None)
    purposes = ReportConsent.PURPOSES
    return [str(purposes.get(name, name)) for name in standing.values_list("purpose", flat=True)]


def _is_to_choose(report: Report) -> bool:
    """Whether the machine's opinion is worth its milliseconds: nobody of the city has chosen."""
    return report.is_open and report.category_by != "staff" and report.erased_at is None


def _pairs(report: Report) -> Sequence[DuplicateSuggestion]:
    """Undecided pairs in which this report stands on either side, the likeliest first."""
    known = DuplicateSuggestion.objects.filter(is_confirmed=None).select_related(
        "other__category", "report__category"
    )
    pairs = known.filter(report=report) | known.filter(other=report)
    return list(pairs.prefetch_related("other__photos__original", "report__photos__original")[:5])


def _back(request: HttpRequest) -> str:
    """The query of the list from which the officer came, so that he comes back to it."""
    return (request.GET.get("back") or request.POST.get("back") or "")[:800]
