"""Reports worked on: the work list as a file, and the figures of the city's staff."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import cast
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from novator.portal.people import sign_in_needed
from novator.portal.public_reports_statistics import WEEKS, figures_in, heat_map
from novator.portal.work_filters import Lists, WorkFilterForm, kept_query
from novator.portal.work_guard import Desk, desk_of, sections_of, work_crumbs
from novator.reports.by_body import figures_by_body
from novator.reports.listing_files import CONTENT_TYPES, TooMany, list_file
from novator.reports.models import Category
from novator.reports.statistics import Statistics
from novator.reports.worklist import TAB_BY_CODE, rows_of_tab
from novator.reports.worklist_filters import narrowed

MOST_KINDS = 20
HeatRow = tuple[Category | None, int, list[tuple[int, int]]]


@require_safe
@sign_in_needed
def work_export(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """The narrowed list as CSV or Excel, streamed, without contacts."""
    desk = desk_of(request, slug)
    if kind not in CONTENT_TYPES:
        raise Http404
    code = request.GET.get("tab", "all")
    asked = WorkFilterForm(request.GET, lists=Lists(desk)).asked(desk.channel.time_zone)
    rows = rows_of_tab(
        code if code in TAB_BY_CODE else "all", desk.city, user=desk.officer, on=desk.on
    )
    try:
        pieces = list_file(narrowed(rows, asked), kind, time_zone=desk.channel.time_zone)
    except TooMany as refusal:
        messages.error(request, str(refusal))
        address = f"{reverse('work_list', args=[slug])}?{kept_query(request.GET)}"
        return HttpResponseRedirect(address)
    name = f"{desk.city.slug}-reports-{desk.on:%Y-%m-%d}.{kind}"
    response = StreamingHttpResponse(pieces, content_type=CONTENT_TYPES[kind])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return cast(HttpResponse, response)  # both kinds of answer have the same headers


@require_safe
@sign_in_needed
def work_statistics(request: HttpRequest, slug: str) -> HttpResponse:
    """Figures that cannot flatter, for the staff: by category, district, week and body."""
    desk = desk_of(request, slug)
    asked, figures = figures_in(request.GET, desk.channel)
    since, until = _begin(asked.first, desk), _begin(asked.last + timedelta(days=1), desk)
    context = {
        **sections_of(request, desk.city, "statistics"),
        "asked": asked,
        "found": figures,
        "bodies": figures_by_body(desk.city, since=since, until=until, on=desk.on),
        "periods": WEEKS,
        "growth": _growth(figures),
        "weeks": [week for week, _one in figures.by_week],
        "heat": heat_map(desk.channel, asked),
        "crumbs": work_crumbs(desk.city, (_("Statistics"), "")),
    }
    return render(request, "portal/work/statistics.html", context)


def _growth(figures: Statistics) -> list[HeatRow]:
    """Rows of what grows: category, sum, then for each week the count and its shade, 0 to 5."""
    most = max((one.received for one in figures.by_both.values()), default=0)
    weeks = [week for week, _one in figures.by_week]
    rows: list[HeatRow] = []
    for category, total in figures.by_category[:MOST_KINDS]:
        key = category.pk if category else None
        found = [figures.by_both.get((key, week)) for week in weeks]
        counts = [one.received if one else 0 for one in found]
        cells = [(count, -(-5 * count // most) if most else 0) for count in counts]
        rows.append((category, total.received, cells))
    return rows


def _begin(day: date, desk: Desk) -> datetime:
    return datetime.combine(day, time.min, tzinfo=ZoneInfo(desk.channel.time_zone))
