"""A citizen's report, told to other systems: reports of a city, by everything that is asked."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from novator.api.open311 import wire
from novator.api.open311.errors import Refusal, bad, unknown
from novator.api.open311.formats import Rows
from novator.api.open311.manner import Asked
from novator.api.open311.parameters import LONGEST_SPAN, Parameters
from novator.api.open311.who import channel_of, reader_of
from novator.reports.keys import origin_of
from novator.reports.likeness.places import ZOOM, CellBox
from novator.reports.models import ApiKey, Category, Channel, Report, ReportPhoto, ReportUpdate
from novator.reports.numbers import key_of
from novator.reports.states import CLOSED

MOST_ROWS = 1_000
MOST_PAGES = 10_000
DEFAULT_RADIUS = 1_000.0
LARGEST_RADIUS = 50_000.0
MOST_CELLS = 2_000
_METRES_A_DEGREE = 111_195.0
_LARGEST_KEY = 2**63 - 1


def request_list(asked: Asked) -> Rows:
    """Reports that everybody may know of; numbers that are named override every other filter."""
    parameters = asked.parameters
    channel = channel_of(parameters)
    reader = reader_of(asked.request, parameters, channel, now=asked.now)
    page = parameters.whole("page", default=1, least=1, most=MOST_PAGES)
    size = parameters.whole("page_size", default=MOST_ROWS, least=1, most=MOST_ROWS)
    if numbers := parameters.listed("service_request_id"):
        found = _numbered(channel, numbers, reader)
    else:
        found = _filtered(asked, channel)
    reports = list(found[(page - 1) * size : page * size])
    if numbers and not reports and page == 1:
        raise unknown(
            _("There is no service_request_id “%(number)s” here.") % {"number": numbers[0][:80]}
        )
    return _told(asked, channel, reports)


def one_request(asked: Asked) -> Rows:
    """One report by its number, as an array of one."""
    parameters = asked.parameters
    channel = channel_of(parameters)
    reader = reader_of(asked.request, parameters, channel, now=asked.now)
    report = visible_report(channel, asked.ident, reader)
    return _told(asked, channel, [report], changed=True)


def visible_report(channel: Channel, number: str, reader: ApiKey | None) -> Report:
    """
    Return the report with a number, of which whoever knows the number may know the state.

    :raises Refusal: 404 where there is none
    """
    found = _numbered(channel, [number], reader).first()
    if found is None:
        raise _unknown_number(number)
    return found


def _unknown_number(number: str) -> Refusal:
    words = _("There is no service_request_id “%(number)s” here.")
    return unknown(words % {"number": number[:80]})


def listed_reports(channel: Channel) -> QuerySet[Report]:
    """Reports of which everybody may know; those by a key before they are checked, too."""
    rows = _reports(channel).filter(is_hidden=False).exclude(status="unconfirmed")
    return rows.exclude(~Q(source="open311"), status="received")


def _reports(channel: Channel) -> QuerySet[Report]:
    rows = Report.objects.filter(municipality=channel.municipality_id)
    return rows.select_related("category", "department", "duplicate_of")


def _numbered(channel: Channel, numbers: Sequence[str], reader: ApiKey | None) -> QuerySet[Report]:
    rows = _reports(channel).filter(pk__in=keys_of(numbers)).exclude(status="unconfirmed")
    allowed = Q(is_hidden=False)
    if reader is not None:
        allowed |= Q(origin=origin_of(reader))
    return rows.filter(allowed).order_by("-pk")


def keys_of(numbers: Sequence[str]) -> list[int]:
    """Keys of the numbers that can be numbers of reports."""
    keys = (key_of(number) for number in numbers[:MOST_ROWS])
    return [key for key in keys if key and key <= _LARGEST_KEY]


def _filtered(asked: Asked, channel: Channel) -> QuerySet[Report]:
    parameters = asked.parameters
    rows = _in_place(_in_time(listed_reports(channel), asked), parameters)
    if codes := parameters.listed("service_code"):
        known = _category_keys(channel, codes)
        rows = rows.filter(category__in=known)
    if statuses := {word.lower() for word in parameters.listed("status")}:
        if not statuses <= {"open", "closed"}:
            raise bad(_("status must be open, closed or both."))
        if len(statuses) == 1:
            is_closed = Q(status__in=sorted(CLOSED))
            rows = rows.filter(is_closed if statuses == {"closed"} else ~is_closed)
    return rows


def _in_time(rows: QuerySet[Report], asked: Asked) -> QuerySet[Report]:
    """By request: 90 days at most, the last 90 if nothing is said; by change: any span."""
    parameters = asked.parameters
    after, before = parameters.moment("updated_after"), parameters.moment("updated_before")
    if after and before and before < after:
        raise bad(_("updated_before lies before updated_after."))
    start, end = parameters.span("start_date", "end_date")
    is_stated = bool(start or end)
    if is_stated or not (after or before):
        start = start or ((end or asked.now) - LONGEST_SPAN)
        end = end or start + LONGEST_SPAN
        rows = rows.filter(requested_at__gte=start, requested_at__lt=whole_second_after(end))
    if not (after or before):
        return rows.order_by("-requested_at", "-pk") if is_stated else rows.order_by("-pk")
    if after:
        rows = rows.filter(changed_at__gte=after)
    if before:
        rows = rows.filter(changed_at__lt=whole_second_after(before))
    return rows.order_by("changed_at", "pk")


def whole_second_after(moment: Any) -> Any:
    """Moments are told in whole seconds, so an end includes its second."""
    return moment.replace(microsecond=0) + timedelta(seconds=1)


def _in_place(rows: QuerySet[Report], parameters: Parameters) -> QuerySet[Report]:
    if box := parameters.text("bbox"):
        west, south, east, north = _box(box)
        rows = _boxed(rows, (south, west, north, east))
    latitude = parameters.number("lat", least=-90, most=90)
    longitude = parameters.number("long", least=-180, most=180)
    radius = parameters.number("radius", least=0.0)
    if latitude is None and longitude is None:
        if radius is not None:
            raise bad(_("A radius needs lat and long."))
        return rows
    if latitude is None or longitude is None:
        raise bad(_("lat and long belong together."))
    return _around(rows, latitude, longitude, min(radius or DEFAULT_RADIUS, LARGEST_RADIUS))


def _around(
    rows: QuerySet[Report], latitude: float, longitude: float, radius: float
) -> QuerySet[Report]:
    """Within so many metres: first a box, then the plane distance, exact enough in a city."""
    high = radius / _METRES_A_DEGREE
    shrink = max(math.cos(math.radians(latitude)), 0.01)
    wide = high / shrink
    box = (latitude - high, longitude - wide, latitude + high, longitude + wide)
    north = (F("latitude") - latitude) * _METRES_A_DEGREE
    east = (F("longitude") - longitude) * (_METRES_A_DEGREE * shrink)
    return _boxed(rows, box).alias(far=north * north + east * east).filter(far__lte=radius * radius)


def _boxed(rows: QuerySet[Report], box: tuple[float, float, float, float]) -> QuerySet[Report]:
    """Within south, west, north, east; a small box is found by the index of cells."""
    south, west, north, east = box
    rows = rows.filter(latitude__range=(south, north), longitude__range=(west, east))
    cells = CellBox.of(box, ZOOM)
    if not 0 < cells.count <= MOST_CELLS:
        return rows
    return rows.filter(
        cell__in=[
            (row << ZOOM) | column
            for row in range(cells.north, cells.south + 1)
            for column in range(cells.west, cells.east + 1)
        ]
    )


def _box(text: str) -> tuple[float, float, float, float]:
    """Read west, south, east, north."""
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        west = south = east = north = math.nan
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise bad(_("bbox must be west,south,east,north in degrees."))
    return west, south, east, north


def _category_keys(channel: Channel, codes: Sequence[str]) -> list[int]:
    rows = Category.objects.filter(municipality=channel.municipality_id).values_list("code", "pk")
    known = dict(rows)
    found = [known[code] for code in codes if code in known]
    if not found:
        raise unknown(_("There is no service_code “%(code)s” here.") % {"code": codes[0][:80]})
    return found


def _told(
    asked: Asked, channel: Channel, reports: Sequence[Report], *, changed: bool = False
) -> Rows:
    keys = [report.pk for report in reports]
    beside = wire.Beside(
        channel,
        photos=_photos(asked, [report.pk for report in reports if not report.is_hidden]),
        notes=_notes(keys),
        is_extended=asked.parameters.flag("extensions"),
    )
    rows = [wire.request_of(report, beside) for report in reports]
    moment = max((report.changed_at for report in reports), default=None) if changed else None
    return Rows("service_requests", "request", rows, changed_at=moment)


def _photos(asked: Asked, keys: Sequence[int]) -> dict[int, list[str]]:
    """Addresses of the photos that everybody may see."""
    found: dict[int, list[str]] = {}
    rows = ReportPhoto.objects.filter(report__in=keys, is_shown=True)
    for photo in rows.select_related("shown", "original").order_by("report", "position", "id"):
        file = photo.shown or photo.original
        place = reverse("file", args=[file.public_id, file.name])
        found.setdefault(photo.report_id, []).append(asked.request.build_absolute_uri(place))
    return found


def _notes(keys: Sequence[int]) -> dict[int, str]:
    """What the city said last of each."""
    rows = ReportUpdate.objects.filter(report__in=keys, is_public=True, by_citizen=False)
    last = rows.exclude(text="").order_by("report", "-made_at", "-id").distinct("report")
    return dict(last.values_list("report", "text"))
