"""The association, told to a program: positions and joint letters, events, news."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_noop
from ninja import Field, Query, Router, Schema

from novator.api.v1.paging import Part, absolute, neighbours
from novator.api.v1.parameters import Page, Reader
from novator.association.models import Gathering, Position
from novator.news.models import Article

router = Router(tags=["association"])

Kind = Literal["bill", "law", "programme", "letter", "other"]
State = Literal["consultation", "vote", "adopted", "lost", "sent", "answered", "closed"]
_HIDDEN = ("draft", "withdrawn")


class PositionAnswer(Schema):
    """A position or joint letter."""

    id: UUID
    kind: Kind
    state: State
    title: str = Field(description=gettext_noop("Title in the reader's language."))
    subject: str = Field(description=gettext_noop("The bill, law or programme it is on."))
    addressee: str
    consultation_until: datetime | None
    adopted_on: date | None
    sent_on: date | None
    answered_on: date | None
    answer: str
    result: str
    binds_members: Literal[False] = Field(
        False, description=gettext_noop("Always false: a position makes no duty for a member.")
    )
    page: str = Field(description=gettext_noop("Its page on the site."))


class PositionsAnswer(Part):
    """A part of the list of positions."""

    results: list[PositionAnswer]


class PositionsAsked(Page, Reader):
    """Which positions."""

    kind: Kind | None = Field(None, description=gettext_noop("Only those of this kind."))
    state: State | None = Field(None, description=gettext_noop("Only those in this state."))


class EventAnswer(Schema):
    """An event of the association."""

    id: UUID
    name: str = Field(description=gettext_noop("Name in the reader's language."))
    starts_at: datetime
    ends_at: datetime
    time_zone: str = Field(description=gettext_noop("Time zone of its place (IANA)."))
    place: str
    is_for_members: bool
    cancelled_because: str = Field(description=gettext_noop("Reason; empty if it takes place."))
    page: str = Field(description=gettext_noop("Its page on the site."))


class EventsAnswer(Part):
    """A part of the list of events."""

    results: list[EventAnswer]


class EventsAsked(Page, Reader):
    """Which events."""

    past: bool = Field(False, description=gettext_noop("Those that are over, latest first."))


class ArticleTextAnswer(Schema):
    """The words of an article in one language."""

    language: Literal["ru", "en"]
    title: str
    summary: str
    body: str = Field(description=gettext_noop("Markdown; pictures by their numbers."))


class ArticleAnswer(Schema):
    """A piece of news."""

    id: UUID
    slug: str
    is_archived: bool
    published_at: datetime
    texts: list[ArticleTextAnswer]
    page: str = Field(description=gettext_noop("Its page on the site."))


class NewsAnswer(Part):
    """A part of the list of news."""

    results: list[ArticleAnswer]


class NewsAsked(Page, Reader):
    """Which news."""


@router.get(
    "/positions",
    response=PositionsAnswer,
    operation_id="list_positions",
    summary=gettext_noop("Positions and joint letters"),
    description=gettext_noop("What members say together, the newest first; no drafts."),
    openapi_extra={"x-example": {"kind": "letter"}},
)
def positions(request: HttpRequest, asked: Query[PositionsAsked]) -> dict[str, Any]:
    """List positions in two queries."""
    rows = Position.objects.exclude(state__in=_HIDDEN).order_by("-made_at", "-id")
    if asked.kind:
        rows = rows.filter(kind=asked.kind)
    if asked.state:
        rows = rows.filter(state=asked.state)
    total = rows.count()
    part = rows[asked.offset : asked.offset + asked.limit]
    fields = ("subject", "addressee", "consultation_until", "adopted_on", "sent_on")
    results = [
        {
            "id": one.public_id,
            "kind": one.kind,
            "state": one.state,
            "title": str(one),
            "answered_on": one.answered_on,
            "answer": one.answer,
            "result": one.result,
            "page": absolute(request, one.get_absolute_url()),
            **{name: getattr(one, name) for name in fields},
        }
        for one in part
    ]
    return _part(request, asked, total, results)


@router.get(
    "/events",
    response=EventsAnswer,
    operation_id="list_events",
    summary=gettext_noop("Events of the association"),
    description=gettext_noop("Events to come, the next first, or those that are over."),
    openapi_extra={"x-example": {"past": "true"}},
)
def events(request: HttpRequest, asked: Query[EventsAsked]) -> dict[str, Any]:
    """List published events in two queries."""
    now = timezone.now()
    rows = Gathering.objects.filter(is_published=True)
    rows = (
        rows.filter(ends_at__lt=now).order_by("-starts_at", "-id")
        if asked.past
        else rows.filter(ends_at__gte=now).order_by("starts_at", "id")
    )
    total = rows.count()
    fields = ("starts_at", "ends_at", "time_zone", "place", "is_for_members", "cancelled_because")
    results = [
        {
            "id": one.public_id,
            "name": str(one),
            "page": absolute(request, one.get_absolute_url()),
            **{name: getattr(one, name) for name in fields},
        }
        for one in rows[asked.offset : asked.offset + asked.limit]
    ]
    return _part(request, asked, total, results)


@router.get(
    "/news",
    response=NewsAnswer,
    operation_id="list_news",
    summary=gettext_noop("News of the association"),
    description=gettext_noop("Published news with their texts in each language, newest first."),
    openapi_extra={"x-example": {"limit": "5"}},
)
def news(request: HttpRequest, asked: Query[NewsAsked]) -> dict[str, Any]:
    """List news in three queries."""
    rows = Article.objects.news().shown().order_by("-published_at", "-id")
    total = rows.count()
    part = rows.prefetch_related("texts")[asked.offset : asked.offset + asked.limit]
    names = ("language", "title", "summary", "body")
    results = [
        {
            "id": one.public_id,
            "slug": one.slug,
            "is_archived": one.state == "archived",
            "published_at": one.published_at,
            "texts": [{name: getattr(text, name) for name in names} for text in one.texts.all()],
            "page": absolute(request, one.get_absolute_url()),
        }
        for one in part
    ]
    return _part(request, asked, total, results)


def _part(
    request: HttpRequest, asked: Page, total: int, results: list[dict[str, Any]]
) -> dict[str, Any]:
    ends = neighbours(request, total=total, limit=asked.limit, offset=asked.offset)
    return {"total": total, **ends, "results": results}
