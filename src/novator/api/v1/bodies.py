"""Who decides, told to a program: councils on a day, people in office, bodies, memberships."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import F, Q, QuerySet
from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext_noop
from ninja import Field, Path, Query, Router

from novator.api.v1.bodies_shapes import (
    BodiesAnswer,
    BodiesAsked,
    BodyAnswer,
    BodyId,
    CouncilDetail,
    CouncilsAnswer,
    CouncilsAsked,
    MembershipsAnswer,
    MembershipsAsked,
    OnAsked,
    PeopleAnswer,
    PeopleAsked,
    PersonDetail,
    PersonId,
    Table,
)
from novator.api.v1.councils import headed
from novator.api.v1.export import named
from novator.api.v1.paging import absolute
from novator.api.v1.parameters import Reader, Slug
from novator.core.partial_dates import write_partial
from novator.core.tables import CSV_TYPE, csv_pieces
from novator.council.composition import (
    Seat,
    convocation_on,
    elected_on,
    established_on,
    factions_on,
    may_last_on,
    seats_on,
)
from novator.council.models import Membership, Organization, Person, Source
from novator.text.words import fold

router = Router(tags=["councils"])


@router.get(
    "/councils",
    response=CouncilsAnswer,
    operation_id="list_councils",
    summary=gettext_noop("Councils"),
    description=gettext_noop("Sitting councils, by the identifier of their municipality."),
)
def councils(request: HttpRequest, asked: Query[CouncilsAsked]) -> dict[str, Any]:
    """List sitting councils. One query."""
    rows = _councils().order_by("municipality__slug")
    if asked.after:
        rows = rows.filter(municipality__slug__gt=asked.after)
    return _part(request, rows, asked.limit, "municipality.slug", _body)


@router.get(
    "/councils/{council_id}",
    response=CouncilDetail,
    operation_id="get_council",
    summary=gettext_noop("One council on a day"),
    description=gettext_noop("Who sat, in which factions; by the identifier of its municipality."),
)
def council(request: HttpRequest, council_id: Path[Slug], asked: Query[OnAsked]) -> dict[str, Any]:
    """Show a council on a day in a fixed number of queries."""
    row = (
        _bodies()
        .filter(kind="council", municipality__slug=council_id)
        .order_by(F("dissolved_to").desc(nulls_first=True), "-id")
        .first()
    )
    if row is None:
        raise Http404
    day = asked.on or timezone.localdate()
    sitting = convocation_on(row, day)
    factions = [faction.pk for faction in factions_on(row, day)]
    known = _bodies().in_bulk([*factions, *([sitting.pk] if sitting else [])])
    return _body(request, row) | {
        "on": day.isoformat(),
        "convocation": _body(request, known[sitting.pk]) if sitting else None,
        "established": established_on(row, day),
        "elected": elected_on(row, day),
        "factions": [_body(request, known[key]) for key in factions],
        "composition": [_seat(seat) for seat in seats_on(row, day)],
    }


@router.get(
    "/people",
    response=PeopleAnswer,
    operation_id="list_people",
    summary=gettext_noop("People in office"),
    description=gettext_noop("Whoever holds or held a public office; only what concerns it."),
)
def people(request: HttpRequest, asked: Query[PeopleAsked]) -> dict[str, Any]:
    """List people by their identifier. One query."""
    rows = Person.objects.order_by("slug")
    for word in fold(asked.q or "").split()[:6]:
        rows = rows.filter(keys__contains=word)
    if asked.after:
        rows = rows.filter(slug__gt=asked.after)
    return _part(request, rows, asked.limit, "slug", _person)


@router.get(
    "/people/{person_id}",
    response=PersonDetail,
    operation_id="get_person",
    summary=gettext_noop("One person in office"),
    description=gettext_noop("Every office with dates and why it ended, life, statements."),
)
def person(request: HttpRequest, person_id: Path[PersonId], asked: Query[Reader]) -> dict[str, Any]:
    """Show a person in a fixed number of queries."""
    row = Person.objects.filter(slug=person_id).first()
    if row is None:
        raise Http404
    memberships = _memberships().filter(person=row).order_by("starts_from", "id")
    return _person(request, row) | {
        "memberships": [_membership(request, one) for one in memberships],
        "life": [
            {
                "kind": one.kind,
                "text": str(one),
                "start": write_partial(one.starts_from, one.starts_to) or None,
                "end": write_partial(one.ends_from, one.ends_to) or None,
            }
            for one in row.life.all()
        ],
        "statements": [
            {
                "made": write_partial(one.made_from, one.made_to) or None,
                "text": str(one),
                "source": _source(one.source),
            }
            for one in row.statements.select_related("source")
        ],
    }


@router.get(
    "/organizations",
    response=BodiesAnswer,
    operation_id="list_organizations",
    summary=gettext_noop("Bodies"),
    description=gettext_noop("Councils, convocations, factions, committees, parties and others."),
)
def organizations(request: HttpRequest, asked: Query[BodiesAsked]) -> dict[str, Any]:
    """List bodies in the order in which they were recorded. One query."""
    rows = _bodies().order_by("id")
    if asked.municipality:
        rows = rows.filter(municipality__slug=asked.municipality)
    if asked.kind:
        rows = rows.filter(kind=asked.kind)
    if asked.after:
        rows = rows.filter(pk__gt=int(asked.after))
    return _part(request, rows, asked.limit, "pk", _body)


@router.get(
    "/organizations/{organization_id}",
    response=BodyAnswer,
    operation_id="get_organization",
    summary=gettext_noop("One body"),
    description=gettext_noop("Names, life, of what it is a part, source."),
)
def organization(
    request: HttpRequest, organization_id: Path[BodyId], asked: Query[Reader]
) -> dict[str, Any]:
    """Show one body. One query."""
    row = _bodies().filter(public_id=organization_id).first()
    if row is None:
        raise Http404
    return _body(request, row)


@router.get(
    "/memberships",
    response=MembershipsAnswer,
    operation_id="list_memberships",
    summary=gettext_noop("Memberships"),
    description=gettext_noop("Who was in which body, as what, from when until when, and why not."),
)
def memberships(request: HttpRequest, asked: Query[MembershipsAsked]) -> dict[str, Any]:
    """List memberships in the order in which they were recorded. One query."""
    rows = _memberships().order_by("id")
    if asked.municipality:
        rows = rows.filter(organization__municipality__slug=asked.municipality)
    if asked.person:
        rows = rows.filter(person__slug=asked.person)
    if asked.organization:
        rows = rows.filter(organization__public_id=asked.organization)
    if asked.on:
        rows = rows.filter(may_last_on(asked.on))
    if asked.after:
        rows = rows.filter(pk__gt=int(asked.after))
    return _part(request, rows, asked.limit, "pk", _membership)


class BodiesTableAsked(Reader):
    """Of which municipality."""

    municipality: Slug | None = Field(
        None, description=gettext_noop("Identifier of a municipality.")
    )


@router.get(
    "/export/bodies/{table}.csv",
    operation_id="export_bodies_csv",
    summary=gettext_noop("Councils, people, bodies or memberships as CSV"),
    description=gettext_noop("The whole table, or that of one municipality."),
    openapi_extra={"responses": {200: {"content": {"text/csv": {"schema": {"type": "string"}}}}}},
)
def bodies_csv(
    request: HttpRequest, table: Path[Table], asked: Query[BodiesTableAsked]
) -> StreamingHttpResponse:
    """Give a table row by row, so that no length of it is too much."""
    rows = _table(request, table, asked.municipality)
    response = StreamingHttpResponse(csv_pieces(headed(rows)), content_type=CSV_TYPE)
    return named(response, f"novator-{table}.csv")


def _table(request: HttpRequest, table: str, city: str | None) -> Iterator[dict[str, Any]]:
    own = Q(municipality__slug=city) if city else Q()
    if table == "people":
        rows: QuerySet[Any] = Person.objects.order_by("slug")
        if city:
            within = Membership.objects.filter(organization__municipality__slug=city)
            rows = rows.filter(pk__in=within.values("person"))
        yield from (_person(request, row) for row in rows.iterator(chunk_size=500))
    elif table == "memberships":
        rows = _memberships().order_by("id")
        if city:
            rows = rows.filter(organization__municipality__slug=city)
        yield from (_membership(request, row) for row in rows.iterator(chunk_size=500))
    else:
        rows = _councils() if table == "councils" else _bodies()
        for row in rows.filter(own).order_by("id").iterator(chunk_size=500):
            told = _body(request, row)
            yield told | {"source": told["source"]["title"] if told["source"] else None}


def _bodies() -> QuerySet[Organization]:
    return Organization.objects.select_related("municipality", "parent", "party", "source")


def _councils() -> QuerySet[Organization]:
    return _bodies().filter(kind="council", dissolved_to__isnull=True)


def _memberships() -> QuerySet[Membership]:
    return Membership.objects.select_related("person", "organization", "post", "on_behalf_of")


def _part(
    request: HttpRequest, rows: QuerySet[Any], limit: int, key: str, told: Any
) -> dict[str, Any]:
    """The first rows, with the address of the next part where there is more."""
    found = list(rows[: limit + 1])
    further = None
    if len(found) > limit:
        last: Any = found[limit - 1]
        for name in key.split("."):
            last = getattr(last, name)
        query = request.GET.copy()
        query["after"] = str(last)
        further = absolute(request, f"{request.path}?{query.urlencode()}")
    return {"next": further, "results": [told(request, row) for row in found[:limit]]}


def _body(request: HttpRequest, row: Organization) -> dict[str, Any]:
    return {
        "id": str(row.public_id),
        "kind": row.kind,
        "name": row.name,
        "name_en": row.name_en or None,
        "short_name": row.short_name or None,
        "number": row.number or None,
        "municipality": row.municipality.slug if row.municipality else None,
        "parent": str(row.parent.public_id) if row.parent else None,
        "party": str(row.party.public_id) if row.party else None,
        "seats": row.seats,
        "founded": write_partial(row.founded_from, row.founded_to) or None,
        "dissolved": write_partial(row.dissolved_from, row.dissolved_to) or None,
        "website": row.website or None,
        "source": _source(row.source),
        "page": absolute(request, row.get_absolute_url()),
    }


def _source(row: Source | None) -> dict[str, Any] | None:
    if row is None:
        return None
    return {
        "title": row.title,
        "url": row.url or None,
        "publisher": row.publisher or None,
        "published": write_partial(row.published_from, row.published_to) or None,
    }


def _person(request: HttpRequest, row: Person) -> dict[str, Any]:
    return {
        "id": row.slug,
        "name": row.name,
        "name_en": row.name_en or None,
        "family_name": row.family_name or None,
        "given_name": row.given_name or None,
        "patronymic": row.patronymic or None,
        "page": absolute(request, row.get_absolute_url()),
    }


def _membership(request: HttpRequest, row: Membership) -> dict[str, Any]:
    return {
        "id": str(row.public_id),
        "person": row.person.slug,
        "person_name": row.person.name,
        "organization": str(row.organization.public_id),
        "organization_name": row.organization.name,
        "post": str(row.post) if row.post else None,
        "role": row.role,
        "label": row.shown_label,
        "on_behalf_of": str(row.on_behalf_of.public_id) if row.on_behalf_of else None,
        "election": row.election or None,
        "start": write_partial(row.starts_from, row.starts_to) or None,
        "end": write_partial(row.ends_from, row.ends_to) or None,
        "end_reason": row.end_reason or None,
    }


def _seat(seat: Seat) -> dict[str, Any]:
    return {
        "person": seat.person.slug,
        "name": seat.person.name,
        "faction": str(seat.faction.public_id) if seat.faction else None,
        "party": str(seat.party.public_id) if seat.party else None,
    }
