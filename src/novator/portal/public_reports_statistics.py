"""A citizen's report: the public figures of a city, with what a city would rather not show."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from novator.portal.public_reports_list import channel_called
from novator.portal.tables import csv_answer
from novator.reports.heat import Square, square_at, squares_of
from novator.reports.life import local_day
from novator.reports.models import Area, Category, Channel, Report
from novator.reports.public_place import public_address
from novator.reports.statistics import Figures, Statistics, statistics_of

WEEKS = (4, 13, 26, 52, 104)
USUAL = 26
SQUARES_IN_TABLE = 12
_LEVELS = 5


@dataclass(frozen=True)
class Asked:
    """Which weeks, category and area the figures are asked for."""

    first: date
    last: date
    weeks: int
    category: Category | None
    area: Area | None
    categories: Sequence[Category]
    areas: Sequence[Area]

    @property
    def query(self) -> str:
        """The same wish as the parameters of an address."""
        parts = [f"weeks={self.weeks}"]
        if self.category:
            parts.append(f"category={self.category.code}")
        if self.area:
            parts.append(f"area={self.area.pk}")
        return "&".join(parts)


@require_safe
@cache_control(max_age=300)
def statistics(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the figures of a city by category, area and week, and where reports are dense."""
    channel = channel_called(slug)
    city = channel.municipality
    asked, found = figures_in(request.GET, channel)
    context = {
        "city": city,
        "asked": asked,
        "weeks": WEEKS,
        "found": found,
        "total": found.total,
        "closed": closed_parts(found.total),
        "bars": week_bars(found),
        "heat": heat_map(channel, asked),
        "crumbs": [
            (city.name, city.get_absolute_url()),
            (_("Reports"), reverse("city_reports", args=[slug])),
            (_("Figures"), ""),
        ],
    }
    with timezone.override(ZoneInfo(channel.time_zone)):
        return render(request, "portal/reports/statistics.html", context)


def figures_in(query: Mapping[str, str], channel: Channel) -> tuple[Asked, Statistics]:
    """Read which figures are asked for, and reckon them; what makes no sense asks nothing."""
    city = channel.municipality
    today = local_day(channel, timezone.now())
    categories = list(Category.objects.filter(municipality=city).order_by("position", "id"))
    areas = list(Area.objects.filter(municipality=city))
    stated = query.get("weeks", "")
    weeks = next((weeks for weeks in WEEKS if str(weeks) == stated), USUAL)
    monday = today - timedelta(days=today.weekday())
    asked = Asked(
        first=monday - timedelta(days=7 * (weeks - 1)),
        last=today,
        weeks=weeks,
        category=next((c for c in categories if c.code == query.get("category")), None),
        area=next((a for a in areas if str(a.pk) == query.get("area")), None),
        categories=categories,
        areas=areas,
    )
    found = statistics_of(
        city,
        first=asked.first,
        last=asked.last,
        today=today,
        category=asked.category,
        area=asked.area,
    )
    return asked, found


@require_safe
def statistics_csv(request: HttpRequest, slug: str) -> HttpResponse:
    """The same figures as a table of numbers, without percents: each share with its base."""
    channel = channel_called(slug)
    asked, found = figures_in(request.GET, channel)
    name = f"reports-{slug}-{asked.first:%Y-%m-%d}-{asked.last:%Y-%m-%d}.csv"
    return csv_answer([["kind", "code", "name", *_COLUMNS], *_rows(found)], name)


_COLUMNS = (
    "received",
    "needing_an_answer",
    "open",
    "overdue",
    "answered",
    "answered_ever",
    "answered_late",
    "refused",
    "confirmed_by_sender",
    "nobody_objected",
    "waiting_for_verdict",
    "refuted_by_sender",
    "opened_again",
    "repeats",
    "withdrawn",
    "median_working_days",
    "ninth_decile_working_days",
)


def _rows(found: Statistics) -> Iterator[list[Any]]:
    yield ["all", "", "", *_numbers(found.total)]
    for category, figures in found.by_category:
        code, name = (category.code, category.name) if category else ("", "")
        yield ["category", code, _plain(name), *_numbers(figures)]
    for area, figures in found.by_area:
        yield [
            "area",
            area.pk if area else "",
            _plain(area.name if area else ""),
            *_numbers(figures),
        ]
    for week, figures in found.by_week:
        yield ["week", week.isoformat(), "", *_numbers(figures)]


def _plain(text: str) -> str:
    """Keep spreadsheets from taking a name for a formula."""
    return f"'{text}" if text[:1] in "=+-@\t\r" else text


def _numbers(figures: Figures) -> list[Any]:
    waits = [
        "" if wait.days is None else f">{wait.days}" if wait.is_more else wait.days
        for wait in (figures.median, figures.ninth_decile)
    ]
    return [
        figures.received,
        figures.asked,
        figures.open,
        figures.overdue,
        figures.answered,
        figures.ever_answered,
        figures.late,
        figures.refused,
        figures.confirmed,
        figures.unopposed,
        figures.awaiting,
        figures.refuted,
        figures.reopened,
        figures.duplicates,
        figures.withdrawn,
        *waits,
    ]


@dataclass(frozen=True)
class Part:
    """One part of the bar that shows of what "closed" consists."""

    name: str
    number: int
    tone: str
    x: float
    width: float


def closed_parts(total: Figures) -> list[Part]:
    """Of what the answers consist, side by side: confirmed, unopposed, waiting, refused."""
    parts = [
        (_("confirmed by the sender"), total.confirmed, "good"),
        (_("nobody objected"), total.unopposed, "middle"),
        (_("waits for the sender’s verdict"), total.awaiting, "pale"),
        (_("refused with a reason"), total.refused, "grey"),
        (_("not answered"), total.open, "bad"),
    ]
    whole = sum(number for _name, number, _tone in parts)
    made, x = [], 0.0
    for name, number, tone in parts:
        width = round(100 * number / whole, 3) if whole else 0.0
        made.append(Part(name, number, tone, round(x, 3), width))
        x += width
    return made


def week_bars(found: Statistics) -> SafeString:
    """A bar for each week in SVG: answered below, open above; refuted marked at the foot."""
    weeks = found.by_week
    if not weeks:
        return SafeString("")
    highest = max(max(figures.asked for _week, figures in weeks), 1)
    step = 100 / max(len(weeks), 8)
    rows = []
    for place, (week, figures) in enumerate(weeks):
        x, width = place * step + step * 0.12, step * 0.76
        answered = 40 * figures.answered / highest
        waiting = 40 * figures.open / highest
        refuted = 40 * figures.refuted / highest
        title = _("%(week)s: %(asked)s, answered %(answered)s, open %(open)s, refuted %(refuted)s")
        words = title % {
            "week": date_format(week, "DATE_FORMAT"),
            "asked": figures.asked,
            "answered": figures.answered,
            "open": figures.open,
            "refuted": figures.refuted,
        }
        tops = (42 - answered, 42 - answered - waiting, 42 - refuted)
        rows.append(
            (
                *(words, _n(x), _n(tops[0]), _n(width), _n(answered)),
                *(_n(x), _n(tops[1]), _n(width), _n(waiting)),
                *(_n(x), _n(tops[2]), _n(width / 3), _n(refuted)),
            )
        )
    return format_html_join(
        "",
        '<g><title>{}</title><rect class="bar-answered" x="{}" y="{}" width="{}" height="{}"/>'
        '<rect class="bar-open" x="{}" y="{}" width="{}" height="{}"/>'
        '<rect class="bar-refuted" x="{}" y="{}" width="{}" height="{}"/></g>',
        rows,
    )


def _n(value: float) -> str:
    return f"{value:.2f}"


@dataclass(frozen=True)
class HeatRow:
    """A square in the table beside the heat map: near which address, and its numbers."""

    words: str
    square: Square


@dataclass(frozen=True)
class HeatMap:
    """The squares of a city as SVG, with the densest of them in a table."""

    width: int
    height: int
    squares: SafeString
    outlines: SafeString
    rows: Sequence[HeatRow]
    highest: int


def heat_map(channel: Channel, asked: Asked) -> HeatMap | None:
    """Draw where reports are dense; None where no report has a place."""
    zone = ZoneInfo(channel.time_zone)
    today = asked.last
    found = squares_of(
        channel,
        start=datetime.combine(asked.first, datetime.min.time(), zone),
        end=datetime.combine(today + timedelta(days=1), datetime.min.time(), zone),
        today=today,
        category=asked.category,
        area=asked.area,
    )
    if not found:
        return None
    top = min(square.row for square in found) - 1
    left = min(square.column for square in found) - 1
    highest = found[0].reports
    squares = format_html_join(
        "",
        '<rect class="heat-{}" x="{}" y="{}" width="1" height="1"><title>{}</title></rect>',
        (
            (_level(s.reports, highest), s.column - left, s.row - top, _square_words(s))
            for s in found
        ),
    )
    return HeatMap(
        width=max(square.column for square in found) - left + 2,
        height=max(square.row for square in found) - top + 2,
        squares=squares,
        outlines=_outlines(asked.areas, top, left),
        rows=_heat_rows(found[:SQUARES_IN_TABLE]),
        highest=highest,
    )


def _level(number: int, highest: int) -> int:
    """One of five shades; the root lets the eye tell small numbers apart."""
    return max(1, min(_LEVELS, round(_LEVELS * math.sqrt(number / highest))))


def _square_words(square: Square) -> str:
    said = _("%(reports)s reports, %(open)s open, %(overdue)s overdue, %(refuted)s refuted")
    return said % vars(square)


def _outlines(areas: Sequence[Area], top: int, left: int) -> SafeString:
    rings = [ring for area in areas for ring in area.outline]
    return format_html_join(
        "", '<polygon points="{}"/>', ((_points(ring, top, left),) for ring in rings)
    )


def _points(ring: Sequence[Sequence[float]], top: int, left: int) -> str:
    places = (square_at(point[0], point[1]) for point in ring)
    return " ".join(f"{column - left:.2f},{row - top:.2f}" for row, column in places)


def _heat_rows(squares: Sequence[Square]) -> list[HeatRow]:
    latest = Report.objects.filter(pk__in=[square.latest for square in squares if square.latest])
    addresses = dict(latest.values_list("pk", "address"))
    return [
        HeatRow(public_address(addresses.get(square.latest or 0, "")) or _("no address"), square)
        for square in squares
    ]
