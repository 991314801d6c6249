"""Solutions offered: what changed in our catalogue, for other catalogues to take over."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_noop
from ninja import Field, Query, Router, Schema

from novator.api.v1.interface import LICENCE
from novator.api.v1.paging import absolute
from novator.api.v1.parameters import Reader, Whole
from novator.interchange.entries import FORMAT, FORMAT_VERSION
from novator.interchange.offering import Offered, OfferedPart, offered_part
from novator.practices.models import Attachment

router = Router(tags=["feed"])

MOST_AT_ONCE = 200
_BASE = 36
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
Moment = Annotated[str, Field(json_schema_extra={"format": "date-time"})]
Cursor = Annotated[str, Field(pattern=r"^[0-9a-z]{1,12}$")]


class FeedAsked(Reader):
    """From where on, and how much."""

    since: Cursor | None = Field(
        None,
        description=gettext_noop("The cursor of the last answer; left out: from the beginning."),
    )
    limit: Whole = Field(
        100, ge=1, le=MOST_AT_ONCE, description=gettext_noop("How many entries at once.")
    )


class FeedOrigin(Schema):
    """An installation of Novator."""

    id: str = Field(description=gettext_noop("A UUID that stays when the address changes."))
    address: str | None = Field(
        description=gettext_noop("Its public address; null where the operator has stated none.")
    )


class FeedAttachment(Schema):
    """A document or photo; it is linked, not copied."""

    url: str
    caption: str
    alt: str
    media_type: str


class FeedEntry(Schema):
    """A card as it reads now, or the tombstone of one that was withdrawn."""

    id: str = Field(description=gettext_noop("Its id everywhere: the origin's id, a slash, slug."))
    slug: str = Field(description=gettext_noop("Its id at its origin."))
    origin: FeedOrigin
    changed_at: Moment = Field(
        description=gettext_noop("When it changed at its origin, to the microsecond.")
    )
    version: int = Field(description=gettext_noop("Number of the version at its origin."))
    licence: str
    page: str | None = Field(description=gettext_noop("Its page at its origin."))
    is_by_its_city: bool = Field(
        description=gettext_noop("Whether the city itself says so, at the origin.")
    )
    formerly: str | None = Field(
        description=gettext_noop(
            "The id under which another installation knew it, before its city wrote about it here."
        )
    )
    deleted: bool
    card: dict[str, Any] | None = Field(
        description=gettext_noop(
            "An object of the catalogue's schema (docs/feed.schema.json); null for a tombstone."
        )
    )
    attachments: list[FeedAttachment]
    at: Moment | None = Field(description=gettext_noop("When it was withdrawn."))
    reason: str | None = Field(description=gettext_noop("Why it was withdrawn."))
    merged_into: str | None = Field(
        description=gettext_noop("The id of the card into which it was merged.")
    )


class FeedAnswer(Schema):
    """A part of all changes, the earliest first."""

    format: str
    format_version: int
    licence: str
    installation: FeedOrigin
    entries: list[FeedEntry]
    cursor: str = Field(description=gettext_noop("Keep it, and ask with it as since next time."))
    remaining: int = Field(description=gettext_noop("How many entries are left behind these."))
    next: str | None = Field(description=gettext_noop("Address of the next part, or null."))


@router.get(
    "/feed/practices",
    response=FeedAnswer,
    operation_id="feed_practices",
    summary=gettext_noop("Changes of the catalogue, for other catalogues"),
    description=gettext_noop(
        "What changed behind a cursor: each card once, as it reads now, and tombstones of those"
        " that were withdrawn. A card can be told twice; none is passed over."
    ),
)
def practices(
    request: HttpRequest, response: HttpResponse, asked: Query[FeedAsked]
) -> dict[str, Any]:
    """Tell what changed, in a fixed number of queries."""
    response.headers["Cache-Control"] = "no-cache"
    part = offered_part(since=int(asked.since or "0", _BASE), limit=asked.limit)
    cursor = _in_base(part.cursor)
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "licence": LICENCE,
        "installation": _origin(part, None),
        "entries": [_entry(request, part, offered) for offered in part.entries],
        "cursor": cursor,
        "remaining": part.remaining,
        "next": _next(request, cursor) if part.remaining else None,
    }


def _entry(request: HttpRequest, part: OfferedPart, offered: Offered) -> dict[str, Any]:
    practice = offered.practice
    is_ours = offered.origin.is_own
    own_page = absolute(request, reverse("practice", args=[practice.slug]))
    return {
        "id": offered.global_id,
        "slug": offered.slug,
        "origin": _origin(part, offered),
        "changed_at": offered.changed_at.isoformat(),
        "version": offered.version,
        "licence": LICENCE,
        "page": own_page if is_ours else offered.page or None,
        "is_by_its_city": practice.is_by_its_city,
        "formerly": offered.formerly or None,
        "deleted": offered.card is None,
        "card": offered.card,
        "attachments": _attachments(request, offered) if offered.card is not None else [],
        "at": practice.withdrawn_at.isoformat() if practice.withdrawn_at else None,
        "reason": practice.withdrawn_because or None if offered.card is None else None,
        "merged_into": offered.merged_into or None if offered.card is None else None,
    }


def _origin(part: OfferedPart, offered: Offered | None) -> dict[str, Any]:
    installation = offered.origin if offered else part.installation
    return {"id": str(installation.public_id), "address": installation.address or None}


def _attachments(request: HttpRequest, offered: Offered) -> list[dict[str, Any]]:
    if not offered.origin.is_own:
        return list(offered.foreign_attachments)
    return [_attachment(request, attachment) for attachment in offered.attachments]


def _attachment(request: HttpRequest, attachment: Attachment) -> dict[str, Any]:
    return {
        "url": absolute(request, attachment.file.get_absolute_url()),
        "caption": attachment.caption or attachment.file.name,
        "alt": attachment.alt,
        "media_type": attachment.file.content_type,
    }


def _next(request: HttpRequest, cursor: str) -> str:
    parameters = request.GET.copy()
    parameters["since"] = cursor
    return absolute(request, f"{request.path}?{parameters.urlencode()}")


def _in_base(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, _BASE)
        digits = _DIGITS[digit] + digits
    return digits or "0"
