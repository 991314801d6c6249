"""A citizen's report: Atom feeds of a city, a street, a circle, a category, one report."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from novator.portal.feeds import MOST, Entry, answer
from novator.portal.public_reports import channel_of, report_called
from novator.portal.public_reports_list import channel_called, filters_in
from novator.portal.public_reports_shown import ShownReport
from novator.reports.life import local_day
from novator.reports.listing import walk
from novator.reports.models import Channel, Report, Subscription
from novator.reports.news import concerns
from novator.reports.public_place import public_address
from novator.reports.subscribing import RADII


@require_safe
def city(request: HttpRequest, slug: str) -> HttpResponse:
    """
    Reports of a city, the newest first, by the same parameters as its list.

    `near=57.1,53.2&radius=500` keeps those around a place. Nothing of a text stands in it but what
    everybody may read.
    """
    channel = channel_called(slug)
    filters = filters_in(request.GET, channel)
    now = timezone.now()
    found = walk(
        channel.municipality,
        filters.asked,
        before=None,
        each=MOST * 4 if "near" in request.GET else MOST,
        now=now,
        today=local_day(channel, now),
    )
    circle = _circle(request.GET)
    rows: Iterable[Report] = found.rows
    query = filters.query
    if circle is not None:
        rows = [row for row in rows if concerns(circle, row)]
        near = f"near={circle.latitude},{circle.longitude}&radius={circle.radius}"
        query = f"{query}&{near}" if query else near
    title = _("Reports of citizens: %(city)s") % {"city": channel.municipality.name}
    page = reverse("city_reports", args=[slug])
    return answer(request, title, page, [_entry(row, channel) for row in rows], query=query)


@require_safe
def one(request: HttpRequest, number: str) -> HttpResponse:
    """The public steps of one report."""
    found = report_called(number)
    channel = channel_of(found)
    shown = ShownReport(found, channel, today=local_day(channel, timezone.now()))
    path = reverse("report", args=[found.number])
    entries = [
        Entry(
            key=f"reports/{found.number}/{place}",
            title=f"№ {found.number}: {event.words}",
            words=event.text if shown.is_open_to_all and not shown.is_erased else "",
            author=event.body or found.municipality.name,
            path=path,
            updated=event.at,
            published=event.at,
        )
        for place, event in enumerate(reversed(shown.events))
    ]
    return answer(request, shown.heading, path, entries)


def _entry(report: Report, channel: Channel) -> Entry:
    report.municipality = channel.municipality
    shown = ShownReport(report, channel, today=timezone.now().date())
    place = public_address(report.address)
    return Entry(
        key=f"reports/{report.number}",
        title=", ".join(filter(None, [shown.category, place])),
        words=f"№ {report.number}: {shown.status}. {report.public_text}".strip(),
        author=channel.municipality.name,
        path=reverse("report", args=[report.number]),
        updated=report.changed_at,
        published=report.requested_at,
        category=report.category.code if report.category else "",
    )


def _circle(query: Any) -> Subscription | None:
    """The circle of an address, as a wish that is not kept; None where there is none."""
    try:
        latitude, longitude = (float(part) for part in query.get("near", "").split(","))
        radius = int(query.get("radius", "500"))
    except ValueError:
        return None
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180 and 0 < radius <= max(RADII)):
        return None
    return Subscription(kind="radius", latitude=latitude, longitude=longitude, radius=radius)
