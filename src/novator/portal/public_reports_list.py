"""A citizen's report: all of a city in a list and on a map, as far as everybody may know (C4)."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import astuple, dataclass
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from novator.portal.public_reports_map import (
    KEPT_SECONDS,
    TABLE_ZOOM,
    Box,
    box_in,
    densest,
    spots_of,
)
from novator.portal.public_reports_shown import ShownReport
from novator.reports.deadlines import working_days_of
from novator.reports.life import local_day
from novator.reports.listing import GROUPS, Asked, summary_of, walk
from novator.reports.models import Area, Category, Channel, Report
from novator.reports.numbers import key_of

EACH = 20
PERIODS = (7, 30, 90, 365)


@dataclass(frozen=True)
class Filters:
    """The form of the list: what was asked, and what can be."""

    asked: Asked
    words: str
    values: Mapping[str, str]
    categories: list[Category]
    areas: list[Area]

    @property
    def query(self) -> str:
        """The same wish as an address, page left out."""
        kept = QueryDict(mutable=True)
        for name, value in self.values.items():
            if value:
                kept[name] = value
        return kept.urlencode()


@require_safe
def city_reports(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the list beside the map, narrowed by a form whose address can be passed on."""
    channel = channel_called(slug)
    city = channel.municipality
    filters = filters_in(request.GET, channel)
    if known := _by_number(filters.words, channel):
        return redirect(known)
    now = timezone.now()
    today = local_day(channel, now)
    before = request.GET.get("before", "")
    found = walk(
        city,
        filters.asked,
        before=int(before) if before.isascii() and before.isdigit() and len(before) < 18 else None,
        each=EACH,
        now=now,
        today=today,
    )
    for row in found.rows:
        row.municipality = city
    is_working = working_days_of(city)
    context = {
        "city": city,
        "channel": channel,
        "filters": filters,
        "groups": group_names(),
        "periods": PERIODS,
        "rows": [
            ShownReport(row, channel, today=today, is_working=is_working) for row in found.rows
        ],
        "zone": ZoneInfo(channel.time_zone),
        "found": found,
        "is_first": not before,
        "summary": summary_of(city),
        "near": densest(channel, filters.asked, now=now),
        "map_address": f"{reverse('city_reports_map', args=[slug])}?{filters.query}",
        "crumbs": [(city.name, city.get_absolute_url()), (_("Reports"), "")],
    }
    with timezone.override(ZoneInfo(channel.time_zone)):
        return render(request, "portal/reports/city.html", context)


def channel_called(slug: str) -> Channel:
    """
    Return how a city takes reports; also one that takes none at present.

    :raises Http404: the city never did
    """
    known = Channel.objects.select_related("municipality__region")
    return get_object_or_404(known, municipality__slug=slug)


def group_names() -> list[tuple[str, str]]:
    """States by which the list can be narrowed, with their names."""
    names = {
        "open": _("without an answer"),
        "overdue": _("overdue"),
        "answered": _("answered, the sender may judge"),
        "solved": _("solved"),
        "reopened": _("once refuted or opened again"),
        "refused": _("refused with a reason"),
    }
    return [(code, names[code]) for code in GROUPS]


def filters_in(query: Mapping[str, str], channel: Channel) -> Filters:
    """Read the form; what makes no sense asks nothing. Two queries."""
    categories = list(
        Category.objects.filter(municipality=channel.municipality_id).order_by("position", "id")
    )
    areas = list(Area.objects.filter(municipality=channel.municipality_id))
    category = next((c for c in categories if c.code == query.get("category", "")), None)
    area = next((a for a in areas if str(a.pk) == query.get("area", "")), None)
    group = query.get("status", "") if query.get("status", "") in GROUPS else ""
    period = query.get("period", "")
    days = next((days for days in PERIODS if str(days) == period), None)
    words = query.get("q", "").replace("\0", "").strip()[:100]
    asked = Asked(category=category, area=area, group=group, days=days, street=words)
    values = {
        "category": category.code if category else "",
        "status": group,
        "period": str(days or ""),
        "area": str(area.pk) if area else "",
        "q": words,
    }
    return Filters(asked, words, values, categories, areas)


def _by_number(words: str, channel: Channel) -> Report | None:
    key = key_of(words) if any(sign.isdigit() for sign in words) else None
    if key is None:
        return None
    return Report.objects.filter(pk=key, municipality=channel.municipality_id).first()


@require_safe
@cache_control(public=True, max_age=KEPT_SECONDS)
def on_map(request: HttpRequest, slug: str) -> HttpResponse:
    """Give the script of the map the spots of a box at a zoom: place, reports, open, number."""
    channel = channel_called(slug)
    filters = filters_in(request.GET, channel)
    asked = request.GET.get("zoom", "")[:4]
    zoom = min(max(int(asked) if asked.isascii() and asked.isdigit() else TABLE_ZOOM, 1), 18)
    box = _snapped(box_in(request.GET), zoom)
    found = spots_of(channel, filters.asked, zoom=zoom, box=box, now=timezone.now())
    body = json.dumps({"spots": [astuple(spot) for spot in found]}, separators=(",", ":"))
    return HttpResponse(body, content_type="application/json; charset=utf-8")


def _snapped(box: Box | None, zoom: int) -> Box | None:
    """Widen a box to a coarse net, so that neighbours' maps are answered from what is kept."""
    if box is None:
        return None
    step = 180 / 2**zoom
    low = [math.floor(degrees / step) * step for degrees in box[:2]]
    high = [math.ceil(degrees / step) * step for degrees in box[2:]]
    return (max(low[0], -85.0), max(low[1], -180.0), min(high[0], 85.0), min(high[1], 180.0))
