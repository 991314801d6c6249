"""The association, told to a program: its members, on whose decision, who represents them."""

from __future__ import annotations

from datetime import date
from itertools import chain
from typing import TYPE_CHECKING, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_noop
from ninja import Field, Query, Router, Schema

from novator.api.v1.export import named
from novator.api.v1.paging import Part, absolute, neighbours
from novator.api.v1.parameters import Page, Reader
from novator.association.mandates import Acting
from novator.association.models import STANDINGS, Member
from novator.association.queries import LISTS, members_of, representatives_of, with_practices
from novator.core.partial_dates import write_partial
from novator.core.tables import CSV_TYPE, csv_pieces
from novator.council.models import Decision

router = Router(tags=["association"])

COLUMNS = (
    *("id", "name", "oktmo", "region", "standing", "is_active", "admitted_on", "ended_on"),
    *("decision_number", "decision_date", "representatives", "practices", "source_note"),
)
if TYPE_CHECKING:
    Standing = str
    MemberList = str
else:
    Standing = Literal[tuple(STANDINGS)]
    MemberList = Literal[tuple(LISTS)]


class JoiningAnswer(Schema):
    """The decision of a council by which its city joined."""

    number: str | None = Field(description=gettext_noop("Null where the source does not state it."))
    date: str | None = Field(
        description=gettext_noop("EDTF: “../2016-05-05” is not later than that day.")
    )
    title: str
    page: str


class RepresentativeAnswer(Schema):
    """Who may act for a member today; accounts are never told."""

    name: str | None = Field(description=gettext_noop("Null: a substitute without an office."))
    post: str | None = Field(description=gettext_noop("The post to which the mandate is given."))
    is_substitute: bool


class MemberAnswer(Schema):
    """A member of the association."""

    id: str = Field(description=gettext_noop("The municipality, as /municipalities names it."))
    name: str
    oktmo: str | None
    region: str | None
    standing: Standing
    is_active: bool = Field(
        description=gettext_noop("Somebody may represent it today by a mandate in force.")
    )
    admitted_on: date | None = Field(description=gettext_noop("Null where it is not stated."))
    ended_on: date | None
    decision: JoiningAnswer | None
    representatives: list[RepresentativeAnswer]
    practices: int
    source_note: str | None
    page: str


class MembersAnswer(Part):
    """A part of the register."""

    results: list[MemberAnswer]


class MembersAsked(Page, Reader):
    """Which members."""

    list: MemberList = Field(
        "in", description=gettext_noop("in: members; suspended; former: left or excluded.")
    )


@router.get(
    "/members",
    response=MembersAnswer,
    operation_id="list_members",
    summary=gettext_noop("Members of the association"),
    description=gettext_noop("The register of members with the decision each joined by."),
)
def members(request: HttpRequest, asked: Query[MembersAsked]) -> dict[str, Any]:
    """List members in a fixed number of queries."""
    rows = members_of(asked.list)
    total = rows.count()
    part = list(with_practices(rows)[asked.offset : asked.offset + asked.limit])
    acting = representatives_of(part, on=timezone.localdate())
    ends = neighbours(request, total=total, limit=asked.limit, offset=asked.offset)
    results = [_answer(request, row, acting.get(row.pk, [])) for row in part]
    return {"total": total, **ends, "results": results}


@router.get(
    "/export/members.csv",
    operation_id="export_members_csv",
    summary=gettext_noop("Members as CSV"),
    description=gettext_noop("The register as a table; unknown is an empty cell."),
    openapi_extra={"responses": {200: {"content": {"text/csv": {"schema": {"type": "string"}}}}}},
)
def members_csv(request: HttpRequest, asked: Query[Reader]) -> HttpResponse:
    """Give all who are or were members as a table, in a fixed number of queries."""
    rows = list(with_practices(Member.objects.all()))
    acting = representatives_of(rows, on=timezone.localdate())
    cells = (_cells(row, acting.get(row.pk, [])) for row in rows)
    response = HttpResponse(b"".join(csv_pieces(chain([COLUMNS], cells))), content_type=CSV_TYPE)
    return named(response, "novator-members.csv")


def _answer(request: HttpRequest, row: Any, acting: list[Acting]) -> dict[str, Any]:
    city = row.municipality
    return {
        "id": city.slug,
        "name": city.name,
        "oktmo": city.oktmo or None,
        "region": city.region.name if city.region else None,
        "standing": row.standing,
        "is_active": bool(acting),
        "admitted_on": row.admitted_on,
        "ended_on": row.ended_on,
        "decision": _decision(request, row.decision) if row.decision else None,
        "representatives": _representatives(acting),
        "practices": row.number,
        "source_note": row.source_note or None,
        "page": absolute(request, row.get_absolute_url()),
    }


def _decision(request: HttpRequest, decision: Decision) -> dict[str, Any]:
    return {
        "number": decision.number or None,
        "date": write_partial(decision.adopted_from, decision.adopted_to) or None,
        "title": str(decision),
        "page": absolute(request, decision.get_absolute_url()),
    }


def _representatives(acting: list[Acting]) -> list[dict[str, Any]]:
    found = [
        {
            "name": str(one.person) if one.person else None,
            "post": str(one.mandate.holder_post) if one.mandate.holder_post else None,
            "is_substitute": one.is_substitute,
        }
        for one in acting
    ]
    return [one for place, one in enumerate(found) if one not in found[:place]]


def _cells(row: Any, acting: list[Acting]) -> list[Any]:
    city, decision = row.municipality, row.decision
    return [
        city.slug,
        city.name,
        city.oktmo,
        city.region.code if city.region else "",
        row.standing,
        "true" if acting else "false",
        row.admitted_on or "",
        row.ended_on or "",
        decision.number if decision else "",
        write_partial(decision.adopted_from, decision.adopted_to) if decision else "",
        "; ".join(one["name"] for one in _representatives(acting) if one["name"]),
        row.number,
        row.source_note,
    ]
