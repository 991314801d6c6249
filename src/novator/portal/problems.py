"""Problems of cities: the public lists, and the page of a problem with solutions beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from novator.cities.models import Municipality
from novator.core.languages import reader_language, reads_russian
from novator.core.topics import TOPIC_BY_CODE, TOPICS
from novator.matching.models import Match
from novator.portal.figures import grouped
from novator.portal.month_bars import MonthBars, month_bars
from novator.portal.paging import page_of
from novator.portal.people import today
from novator.portal.shown import ShownCard, shown_cards
from novator.problems.models import Problem
from novator.problems.permissions import is_shown, may_see, may_settle
from novator.reports.models import Report

EACH = 20
REPORTS_SHOWN = 30


@dataclass(frozen=True)
class Solution:
    """A practice found for a problem, with the reasons that may be told."""

    match: Match
    card: ShownCard
    reasons: tuple[str, ...]


@require_safe
def problems(request: HttpRequest) -> HttpResponse:
    """Published problems of all cities, newest first, of one topic if it is chosen."""
    topic = request.GET.get("topic", "")
    topic = topic if topic in TOPIC_BY_CODE else ""
    rows = Problem.objects.shown()
    rows = rows.filter(topic=topic) if topic else rows
    keys = list(rows.order_by("-accepted_at", "-id").values_list("pk", flat=True))
    page = page_of(keys, request.GET.get("page", ""), each=EACH)
    context = {
        "rows": _rows(page.rows),
        "page": page.number,
        "pages": page.pages,
        "total": page.total,
        "topics": TOPICS,
        "topic": topic,
        "crumbs": [(_("Problems of cities"), "")],
    }
    return render(request, "portal/problems/problems.html", context)


@require_safe
def city_problems(request: HttpRequest, slug: str) -> HttpResponse:
    """Published problems of one city, those that stand first."""
    city = get_object_or_404(Municipality.objects.select_related("region"), slug=slug)
    rows = Problem.objects.shown().filter(municipality=city).order_by("state", "-excess", "id")
    page = page_of(list(rows.values_list("pk", flat=True)), request.GET.get("page", ""), each=EACH)
    context = {
        "city": city,
        "rows": _rows(page.rows),
        "page": page.number,
        "pages": page.pages,
        "total": page.total,
        "may_settle": may_settle(request.user, city, on=today()),
        "crumbs": [(city.name, city.get_absolute_url()), (_("Problems"), "")],
    }
    return render(request, "portal/problems/city_problems.html", context)


def _rows(keys: Any) -> list[Problem]:
    rows = Problem.objects.select_related("municipality__region", "category", "asked")
    found = {row.pk: row for row in rows.filter(pk__in=keys)}
    return [found[key] for key in keys if key in found]


@require_safe
def problem(request: HttpRequest, pk: int) -> HttpResponse:
    """What hurts, what the reports say of it, and how other cities solved the like."""
    found = problem_or_404(request, pk)
    context = {
        **told_of(found),
        "may_settle": may_settle(request.user, found.municipality, on=today()),
        "crumbs": [
            (found.municipality.name, found.municipality.get_absolute_url()),
            (_("Problems"), reverse("city_problems", args=[found.municipality.slug])),
            (found.title, ""),
        ],
    }
    return render(request, "portal/problems/problem.html", context)


def problem_or_404(request: HttpRequest, pk: int) -> Problem:
    """
    Return a problem that the reader may see; two queries.

    :raises Http404: no such problem, or not published and of another city
    """
    rows = Problem.objects.select_related(
        "municipality__region", "category", "asked", "owner", "accepted_by"
    )
    found = rows.filter(pk=pk).first()
    if found is None or not may_see(request.user, found, on=today()):
        raise Http404(_("There is no such problem, or its city has not published it."))
    return found


def told_of(found: Problem) -> dict[str, Any]:
    """What everybody may know of a problem: evidence, trend, solutions, reports (rule C4)."""
    reports = Report.objects.filter(ground__problem=found, ground__is_removed=False)
    return {
        "problem": found,
        "is_shown": is_shown(found),
        "topic": TOPIC_BY_CODE[found.topic],
        "evidence": found.evidence,
        "since": _day(found.evidence.get("first_on")),
        "until": _day(found.evidence.get("last_on")),
        "trend": found.trend,
        "trend_words": trend_words(found.trend),
        "bars": bars_of(found),
        "solutions": solutions_of(found),
        "reports": reports.shown()
        .select_related("category")
        .defer("text", "shown_text")
        .order_by("-requested_at", "-id")[:REPORTS_SHOWN],
    }


def solutions_of(found: Problem) -> list[Solution]:
    """Practices found for a problem, those that the city looks at first."""
    matches = list(found.matches.select_related("practice").order_by("position", "id"))
    matches.sort(key=lambda match: (match.chosen_at is None, match.position or 99, match.pk))
    cards = {card.slug: card for card in shown_cards([match.practice.slug for match in matches])}
    language = "ru" if reads_russian() else "en"
    return [
        Solution(
            match,
            cards[match.practice.slug],
            tuple(str(reason[language]) for reason in match.reasons),
        )
        for match in matches
        if match.practice.slug in cards
    ]


def bars_of(found: Problem) -> MonthBars | None:
    """Reports of the problem by month as bars; None where nothing is known yet."""
    by_month = found.trend.get("by_month") or []
    if sum(count for _month, count in by_month) == 0:
        return None
    return month_bars([(str(month), int(count)) for month, count in by_month])


def trend_words(trend: dict[str, Any]) -> list[str]:
    """Say in sentences how the last months compare with those before, and what was removed."""
    if not trend:
        return [_("The trend is reckoned in the night to come.")]
    if trend["direction"] == "unknown":
        return [_("Too few months or reports to speak of a trend.")]
    words = {
        "rising": _("Reports have become more frequent."),
        "falling": _("Reports have become rarer."),
        "steady": _("No sure change."),
    }[trend["direction"]]
    return [words, _ratio_words(trend), *_basis_words(trend)]


def _ratio_words(trend: dict[str, Any]) -> str:
    language = reader_language()
    if trend["ratio"] is None:
        return _("There were none before.")
    low = grouped(trend["low"] or 0, language)
    if trend["high"] is None:
        return _("Now at least %(low)s times as many as before.") % {"low": low}
    return _("Now %(ratio)s times as many as before (95%% interval %(low)s to %(high)s).") % {
        "ratio": grouped(trend["ratio"], language),
        "low": low,
        "high": grouped(trend["high"], language),
    }


def _basis_words(trend: dict[str, Any]) -> list[str]:
    season = (
        _("Three months are compared with the same months of earlier years: the season is removed.")
        if trend["is_season_removed"]
        else _(
            "Three months are compared with all before: the season is not removed, which needs "
            "24 months of data (there are %(months)s)."
        )
        % {"months": trend["months"]}
    )
    share = _("Counted as a share of all reports of the city.") if trend["is_per_report"] else ""
    return [season, share] if share else [season]


def _day(text: object) -> date | None:
    return date.fromisoformat(text) if isinstance(text, str) else None
