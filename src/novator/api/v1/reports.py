"""A citizen's report, told to a program: what everybody may know of those of a city (C4)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Prefetch, Q
from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext_noop
from ninja import Field, Path, Query, Router, Schema

from novator.api.v1.answers import Answer
from novator.api.v1.export import named
from novator.api.v1.paging import absolute
from novator.api.v1.parameters import Moment, Reader, Slug, Whole, Year
from novator.core.tables import CSV_TYPE, csv_pieces
from novator.reports.life import local_day
from novator.reports.models import Channel, Report, ReportPhoto, ReportUpdate
from novator.reports.models.report import ReportQuerySet
from novator.reports.numbers import key_of
from novator.reports.public_place import public_address

router = Router(tags=["reports"])

MOST_AT_ONCE = 200
_CHUNK = 2000
_TOLD = frozenset({"state", "reply", "routed", "paused", "resumed", "extended", "update"})


class ReportAnswer(Schema):
    """A report of a citizen: kind, place, state and dates; text only where it may be shown."""

    number: str = Field(description=gettext_noop("Public number; it never changes."))
    category: str | None = Field(description=gettext_noop("Code of its category, or null."))
    category_name: str | None
    status: str = Field(description=gettext_noop("Code of its state."))
    status_name: str = Field(description=gettext_noop("The state in the reader's language."))
    district: str | None
    address: str | None = Field(description=gettext_noop("Street and house, as far as told."))
    latitude: float | None = Field(description=gettext_noop("Degrees of WGS 84."))
    longitude: float | None = Field(description=gettext_noop("Degrees of WGS 84."))
    body: str | None = Field(description=gettext_noop("Who works on it, or null."))
    text: str | None = Field(
        description=gettext_noop("As the city checked it; null where it is not shown.")
    )
    sent_at: datetime
    changed_at: datetime
    answer_due_on: date | None
    answered_at: datetime | None
    closed_at: datetime | None
    is_overdue: bool
    supports: int = Field(description=gettext_noop("How many others said “me too”."))
    times_refuted: int
    times_reopened: int
    is_confirmed: bool = Field(description=gettext_noop("Whether the sender said it is solved."))
    repeats: str | None = Field(description=gettext_noop("Number of the report it repeats."))
    page: str = Field(description=gettext_noop("Its page on the site."))


class ReportStepAnswer(Schema):
    """One public step of a report; the words are the city's."""

    at: datetime
    kind: str
    status: str | None
    body: str | None
    text: str | None


class ReportDetail(ReportAnswer):
    """One report with its public steps, the earliest first, and addresses of its photos."""

    steps: list[ReportStepAnswer]
    photos: list[str]


class ReportsAnswer(Answer):
    """A part of a city's reports."""

    next: str | None = Field(description=gettext_noop("Address of the next part, or null."))
    results: list[ReportAnswer]


class CityAsked(Reader):
    """Whose reports."""

    city: Slug = Field(description=gettext_noop("Identifier of a municipality."))


class ReportsAsked(CityAsked):
    """Which reports of a city."""

    category: Slug | None = Field(None, description=gettext_noop("Code of a category."))
    status: Slug | None = Field(None, description=gettext_noop("Code of a state."))
    changed_since: Moment | None = Field(
        None,
        description=gettext_noop(
            "Only those changed after this moment, the earliest change first; else the newest"
            " report first."
        ),
    )
    after: str | None = Field(
        None,
        max_length=20,
        description=gettext_noop("Number of the last report of the part before."),
    )
    limit: Whole = Field(
        50, ge=1, le=MOST_AT_ONCE, description=gettext_noop("How many entries at once.")
    )


class YearAsked(CityAsked):
    """Whose reports, of which year."""

    year: Year | None = Field(None, description=gettext_noop("Only those sent in this year."))


@router.get(
    "/reports",
    response=ReportsAnswer,
    operation_id="list_reports",
    summary=gettext_noop("Reports of citizens"),
    description=gettext_noop(
        "What everybody may know of the reports of a city that it has looked at. Follow next; to"
        " keep a copy in step, ask with changed_since."
    ),
    openapi_extra={"x-example": {"city": "glazov", "limit": "10"}},
)
def reports(request: HttpRequest, asked: Query[ReportsAsked]) -> dict[str, Any]:
    """List reports in three queries, however many there are."""
    rows = _of_city(asked.city)
    if asked.category:
        rows = rows.filter(category__code=asked.category)
    if asked.status:
        rows = rows.filter(status=asked.status)
    after = key_of(asked.after) if asked.after else None
    if asked.after and after is None:
        raise Http404
    rows = (
        _changed(rows, asked.changed_since, after) if asked.changed_since else _older(rows, after)
    )
    found = list(rows[: asked.limit + 1])
    part = found[: asked.limit]
    has_more = len(found) > asked.limit
    return {
        "next": _next(request, part[-1], asked) if has_more else None,
        "results": [_told(request, row) for row in part],
    }


@router.get(
    "/reports/{number}",
    response=ReportDetail,
    operation_id="get_report",
    summary=gettext_noop("One report"),
    description=gettext_noop("What everybody may know of a report, with its public steps."),
    openapi_extra={"x-example": {"number": "12-3"}},
)
def report(request: HttpRequest, number: Path[str], asked: Query[Reader]) -> dict[str, Any]:
    """Show one report in three queries."""
    key = key_of(number)
    steps = ReportUpdate.objects.filter(is_public=True, kind__in=_TOLD)
    photos = ReportPhoto.objects.filter(is_shown=True, is_of_verdict=False)
    rows = _shown().prefetch_related(
        Prefetch("updates", steps.select_related("department").order_by("made_at", "id")),
        Prefetch("photos", photos.select_related("shown", "original")),
    )
    found = rows.filter(pk=key).first() if key else None
    if found is None:
        raise Http404
    pictures = (
        [] if found.erased_at else [photo.shown or photo.original for photo in found.photos.all()]
    )
    return _told(request, found) | {
        "steps": [_step(step) for step in found.updates.all()],
        "photos": [absolute(request, file.get_absolute_url()) for file in pictures],
    }


COLUMNS = tuple(name for name in ReportAnswer.model_fields if name != "page")


@router.get(
    "/export/reports.csv",
    operation_id="export_reports_csv",
    summary=gettext_noop("Reports of a city as CSV"),
    description=gettext_noop("The same as a table, the newest first; unknown is an empty cell."),
    openapi_extra={
        "x-example": {"city": "glazov"},
        "responses": {200: {"content": {"text/csv": {"schema": {"type": "string"}}}}},
    },
)
def reports_csv(request: HttpRequest, asked: Query[YearAsked]) -> StreamingHttpResponse:
    """Give the public facts of a city's reports as a table, in pieces."""
    rows = _of_city(asked.city)
    if asked.year:
        rows = rows.filter(requested_at__year=asked.year)
    pieces = csv_pieces(_table(request, rows.order_by("-pk")))
    response = StreamingHttpResponse(pieces, content_type=CSV_TYPE)
    return named(response, f"{asked.city}-reports.csv")


def _table(request: HttpRequest, rows: ReportQuerySet) -> Iterator[Sequence[Any]]:
    yield COLUMNS
    for row in rows.iterator(chunk_size=_CHUNK):
        told = _told(request, row)
        yield [_plain(told[name]) for name in COLUMNS]


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    return int(value) if isinstance(value, bool) else value


def _shown() -> ReportQuerySet:
    known = ("category", "area", "department", "municipality__channel")
    return Report.objects.shown().select_related(*known)


def _of_city(slug: str) -> ReportQuerySet:
    """
    Return the public reports of a city.

    :raises Http404: it has never taken reports here
    """
    channel = Channel.objects.filter(municipality__slug=slug).first()
    if channel is None:
        raise Http404
    return _shown().filter(municipality=channel.municipality_id)


def _older(rows: ReportQuerySet, after: int | None) -> ReportQuerySet:
    older = rows.filter(pk__lt=after) if after else rows
    return older.order_by("-pk")


def _changed(rows: ReportQuerySet, since: datetime, after: int | None) -> ReportQuerySet:
    later = Q(changed_at__gt=since)
    if after:
        later |= Q(changed_at=since, pk__gt=after)
    return rows.filter(later, changed_at__gte=since).order_by("changed_at", "pk")


def _next(request: HttpRequest, last: Report, asked: ReportsAsked) -> str:
    query = request.GET.copy()
    query["after"] = last.number
    if asked.changed_since:
        query["changed_since"] = f"{last.changed_at:%Y-%m-%dT%H:%M:%S.%fZ}"
    return absolute(request, f"{request.path}?{query.urlencode()}")


def _told(request: HttpRequest, row: Report) -> dict[str, Any]:
    is_open = row.is_open and row.due_on is not None and row.paused_on is None
    return {
        "number": row.number,
        "category": row.category.code if row.category else None,
        "category_name": row.category.name if row.category else None,
        "status": row.status,
        "status_name": str(row.get_status_display()),
        "district": row.area.name if row.area else None,
        "address": public_address(row.address) or None,
        "latitude": row.latitude,
        "longitude": row.longitude,
        "body": row.department.name if row.department else None,
        "text": row.public_text or None,
        "sent_at": row.requested_at,
        "changed_at": row.changed_at,
        "answer_due_on": row.due_on,
        "answered_at": row.answered_at,
        "closed_at": row.closed_at,
        "is_overdue": is_open and row.due_on < local_day(row.municipality.channel, timezone.now()),
        "supports": row.supports,
        "times_refuted": row.times_refuted,
        "times_reopened": row.times_reopened,
        "is_confirmed": row.is_confirmed,
        "repeats": Report(pk=row.duplicate_of_id).number if row.duplicate_of_id else None,
        "page": absolute(request, row.get_absolute_url()),
    }


def _step(step: ReportUpdate) -> dict[str, Any]:
    return {
        "at": step.made_at,
        "kind": step.kind,
        "status": step.after or None,
        "body": step.department.name if step.department else None,
        "text": step.text or None if not step.by_citizen else None,
    }
