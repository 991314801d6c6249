"""Solutions found: the catalogue, filtered and ordered, and one card."""

from __future__ import annotations

from typing import Any, Literal

from django.http import Http404, HttpRequest
from django.utils.translation import gettext_noop
from ninja import Field, Path, Query, Router

from novator.api.v1.cards import PracticeAnswer, PracticeDetail, short_answer, whole_answer
from novator.api.v1.paging import Part, neighbours
from novator.api.v1.parameters import Filters, Moment, Page, Reader, Slug
from novator.matching.queries import similar_practices
from novator.practices.card import Card
from novator.practices.facets import CatalogueFilters
from novator.practices.models import Practice
from novator.practices.queries import card, cards, catalogue, current_catalogue
from novator.text.index import IndexDamaged, IndexMissing

router = Router(tags=["practices"])

SIMILAR = 4


class PracticesAsked(Filters, Page, Reader):
    """Which practices, and in which order."""

    municipality: Slug | None = Field(
        None, description=gettext_noop("Identifier of a municipality.")
    )
    changed_since: Moment | None = Field(
        None,
        description=gettext_noop(
            "Only those made or changed after this moment, for example 2026-01-31T00:00:00Z."
        ),
    )
    order: Literal["newest", "cost", "title", "changed"] = Field(
        "newest",
        description=gettext_noop(
            "newest: by year; cost: by cost per inhabitant, only those that have one;"
            " title: by Russian title; changed: the earliest change first."
        ),
    )


class PracticesAnswer(Part):
    """A part of the catalogue."""

    results: list[PracticeAnswer]


@router.get(
    "/practices",
    response=PracticesAnswer,
    operation_id="list_practices",
    summary=gettext_noop("Practices"),
    description=gettext_noop(
        "The catalogue, filtered. To keep a copy in step, ask with changed_since and order=changed."
    ),
    openapi_extra={"x-example": {"topic": "roads", "has_numbers": "true"}},
)
def practices(request: HttpRequest, asked: Query[PracticesAsked]) -> dict[str, Any]:
    """List practices in a fixed number of queries."""
    slugs = fitting(asked)
    part = cards(slugs[asked.offset : asked.offset + asked.limit])
    ends = neighbours(request, total=len(slugs), limit=asked.limit, offset=asked.offset)
    return {"total": len(slugs), **ends, "results": [short_answer(request, c) for c in part]}


@router.get(
    "/practices/{practice_id}",
    response=PracticeDetail,
    operation_id="get_practice",
    summary=gettext_noop("One practice"),
    description=gettext_noop("All that is known of a practice, as its sources state it."),
    openapi_extra={"x-example": {"practice_id": "kirov-led-rostelecom"}},
)
def practice(request: HttpRequest, practice_id: Path[Slug], asked: Query[Reader]) -> dict[str, Any]:
    """Show one card with those near to it in meaning."""
    found = card(practice_id)
    if found is None:
        raise Http404
    return whole_answer(request, found, _similar(found))


def fitting(asked: PracticesAsked) -> list[str]:
    """Slugs of the practices that were asked for, in the order that was asked for."""
    names = CatalogueFilters.__dataclass_fields__
    filters = CatalogueFilters(**{name: getattr(asked, name) for name in names})
    order = "title" if asked.order == "changed" else asked.order
    slugs = catalogue(filters, order=order)
    is_plain = asked.order != "changed" and not (asked.municipality or asked.changed_since)
    known = {} if is_plain else current_catalogue().by_slug
    if asked.municipality:
        slugs = [slug for slug in slugs if known[slug].city == asked.municipality]
    if asked.changed_since:
        slugs = [slug for slug in slugs if known[slug].changed_at > asked.changed_since]
    if asked.order == "changed":
        slugs.sort(key=lambda slug: (known[slug].changed_at, slug))
    return slugs


def _similar(found: Card) -> list[Card]:
    """Cards near in meaning; none as long as there is no index."""
    try:
        return cards(similar_practices(Practice(slug=found.slug), SIMILAR))
    except (IndexMissing, IndexDamaged):
        return []
