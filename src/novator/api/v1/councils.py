"""Who decides, told to a program: sessions, decisions and mandates of councils."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from hashlib import blake2b
from itertools import chain
from typing import Any

from django.apps import apps
from django.db.models import F
from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_noop
from ninja import Field, Path, Query, Router

from novator.api.v1.council_answers import (
    DecisionDetail,
    DecisionsAnswer,
    DecisionsAsked,
    MandatesAnswer,
    Number,
    RowsAsked,
    SessionDetail,
    SessionsAnswer,
    SessionsAsked,
    Table,
)
from novator.api.v1.export import named
from novator.api.v1.paging import absolute
from novator.api.v1.parameters import Reader, Slug
from novator.core.partial_dates import write_partial
from novator.core.tables import CSV_TYPE, csv_pieces
from novator.council.decision_words import body_of_law, initiator_of
from novator.council.disclosure import is_closed, tells_text
from novator.council.listing import (
    Asked,
    Part,
    decisions_of,
    mandates_of,
    part_by_day,
    part_by_number,
    sessions_of,
)
from novator.council.mandates import holders, is_in_force
from novator.council.models import Decision, Mandate, Organization, Person, Session
from novator.council.protocols import public_part
from novator.council.session_content import sessions_whole, written

router = Router(tags=["councils"])


@router.get(
    "/sessions",
    response=SessionsAnswer,
    operation_id="list_sessions",
    summary=gettext_noop("Sessions of councils"),
    description=gettext_noop(
        "Of one municipality the latest first; of all those recorded last first."
    ),
)
def sessions(request: HttpRequest, asked: Query[SessionsAsked]) -> dict[str, Any]:
    """List sessions in a fixed number of queries."""
    council, is_known = _council(asked.municipality)
    if not is_known:
        return {"next": None, "results": []}
    rows = sessions_of(council, Asked(asked.year, asked.state or ""))
    part = _part(rows, "held_to", asked, is_of_one=council is not None)
    return {
        "next": _next(request, part),
        "results": [_session(request, row) for row in part.rows],
    }


@router.get(
    "/sessions/{session_id}",
    response=SessionDetail,
    operation_id="get_session",
    summary=gettext_noop("One session"),
    description=gettext_noop("Agenda, speeches, votes and decisions of a session."),
)
def session(request: HttpRequest, session_id: Path[Number], asked: Query[Reader]) -> dict[str, Any]:
    """Show one session; of what is closed only its decisions and results."""
    found = get_object_or_404(sessions_whole(), pk=int(session_id))
    content = public_part(written(found, with_voices=False))
    return _session(request, found) | {"content": content}


@router.get(
    "/decisions",
    response=DecisionsAnswer,
    operation_id="list_decisions",
    summary=gettext_noop("Decisions of councils"),
    description=gettext_noop(
        "Of one municipality the latest first; of all those recorded last first."
    ),
)
def decisions(request: HttpRequest, asked: Query[DecisionsAsked]) -> dict[str, Any]:
    """List decisions in a fixed number of queries."""
    council, is_known = _council(asked.municipality)
    if not is_known:
        return {"next": None, "results": []}
    rows = decisions_of(council, Asked(asked.year, asked.state or "", asked.effect or ""))
    part = _part(rows, "adopted_to", asked, is_of_one=council is not None)
    return {
        "next": _next(request, part),
        "results": [_decision(request, row) for row in part.rows],
    }


@router.get(
    "/decisions/{decision_id}",
    response=DecisionDetail,
    operation_id="get_decision",
    summary=gettext_noop("One decision"),
    description=gettext_noop("Text, life, effects and files of a decision."),
)
def decision(
    request: HttpRequest, decision_id: Path[Number], asked: Query[Reader]
) -> dict[str, Any]:
    """Show one decision; who brought a closed item is not told."""
    rows = Decision.objects.shown().select_related(
        "council__municipality", "event", "item__session", "initiated_by"
    )
    found = (
        rows.prefetch_related("effects", "steps", "files__file").filter(pk=int(decision_id)).first()
    )
    if found is None:
        raise Http404
    item = found.item
    is_told = tells_text(found)
    return _decision(request, found) | {
        "text": (found.text or None) if is_told else None,
        "summary": (found.summary or None) if is_told else None,
        "initiated_by": None if is_closed(found) else initiator_of(found) or None,
        "rests_on": body_of_law(found) or None,
        "vote": found.event_id,
        "session": item.session_id if item else None,
        "steps": [
            {
                "state": step.state,
                "on": write_partial(step.on_from, step.on_to) or None,
                "note": step.note or None,
            }
            for step in sorted(found.steps.all(), key=lambda step: step.pk)
        ],
        "files": [
            absolute(request, reverse("file", args=[one.file.public_id, one.file.name]))
            for one in (found.files.all() if is_told else ())
        ],
    }


@router.get(
    "/mandates",
    response=MandatesAnswer,
    operation_id="list_mandates",
    summary=gettext_noop("Mandates"),
    description=gettext_noop("Who may act for which municipality, by which decision."),
)
def mandates(request: HttpRequest, asked: Query[RowsAsked]) -> dict[str, Any]:
    """List mandates with their holders of today."""
    council, is_known = _council(asked.municipality)
    if not is_known:
        return {"next": None, "results": []}
    part = part_by_number(mandates_of(council), after=asked.after or "", each=asked.limit)
    return {"next": _next(request, part), "results": _mandates(list(part.rows))}


class TableAsked(Reader):
    """Of which municipality."""

    municipality: Slug | None = Field(
        None, description=gettext_noop("Identifier of a municipality.")
    )


@router.get(
    "/export/councils/{table}.csv",
    operation_id="export_councils_csv",
    summary=gettext_noop("Sessions, decisions or mandates as CSV"),
    description=gettext_noop("The whole table, or that of one municipality."),
    openapi_extra={"responses": {200: {"content": {"text/csv": {"schema": {"type": "string"}}}}}},
)
def table_csv(
    request: HttpRequest, table: Path[Table], asked: Query[TableAsked]
) -> StreamingHttpResponse:
    """Give a table row by row, so that no length of it is too much."""
    council, is_known = _council(asked.municipality)
    rows = _table(request, table, council) if is_known else iter(())
    response = StreamingHttpResponse(csv_pieces(headed(rows)), content_type=CSV_TYPE)
    response.headers["ETag"] = _version(table)
    return named(response, f"novator-{table}.csv")


def _table(
    request: HttpRequest, table: str, council: Organization | None
) -> Iterator[dict[str, Any]]:
    if table == "sessions":
        rows = sessions_of(council, Asked()).order_by("-id")
        yield from (_session(request, row) for row in rows.iterator(chunk_size=500))
    elif table == "decisions":
        found = decisions_of(council, Asked()).order_by("-id")
        for row in found.iterator(chunk_size=500):
            told = _decision(request, row)
            yield told | {"effects": " ".join(effect["kind"] for effect in told["effects"])}
    else:
        part = part_by_number(mandates_of(council), after="", each=500)
        while part.rows:
            for told in _mandates(list(part.rows)):
                yield told | {"holders": " ".join(told["holders"])}
            if not part.after:
                return
            part = part_by_number(mandates_of(council), after=part.after, each=500)


def _version(table: str) -> str:
    """Changes whenever anything of the tables does, by the numbers of their last changes."""
    kinds = ("session", "decision", "decisioneffect", "decisionstep", "mandate", "membership")
    models = [apps.get_model("council", f"{kind}event") for kind in kinds]
    last = [model.objects.order_by("-pk").values_list("pk", flat=True).first() for model in models]
    written = f"{table} {last} {timezone.localdate()} {get_language()}"
    return f'W/"{blake2b(written.encode(), digest_size=12).hexdigest()}"'


def headed(rows: Iterator[dict[str, Any]]) -> Iterator[Iterable[Any]]:
    """The cells of rows, with their names above where there is a row at all."""
    first = next(rows, None)
    if first is not None:
        yield first
        yield from (row.values() for row in chain([first], rows))


def _council(slug: str | None) -> tuple[Organization | None, bool]:
    """The council that is asked for (None: of all), and whether there is such a one."""
    if slug is None:
        return None, True
    rows = Organization.objects.filter(kind="council", municipality__slug=slug)
    found = rows.order_by(F("dissolved_to").desc(nulls_first=True), "-id").first()
    return found, found is not None


def _part(rows: Any, field: str, asked: RowsAsked, *, is_of_one: bool) -> Part[Any]:
    """By the day within one council, by number over all: each has its index."""
    if is_of_one:
        return part_by_day(rows, field, after=asked.after or "", each=asked.limit)
    return part_by_number(rows.order_by("-id"), after=asked.after or "", each=asked.limit)


def _next(request: HttpRequest, part: Part[Any]) -> str | None:
    if not part.after:
        return None
    query = request.GET.copy()
    query["after"] = part.after
    return absolute(request, f"{request.path}?{query.urlencode()}")


def _session(request: HttpRequest, row: Session) -> dict[str, Any]:
    return {
        "id": row.pk,
        "public_id": str(row.public_id),
        "municipality": _slug(row.council),
        "council": str(row.council),
        "number": row.number or None,
        "name": str(row),
        "held": write_partial(row.held_from, row.held_to) or None,
        "starts_at": row.starts_at.isoformat() if row.starts_at else None,
        "ends_at": row.ends_at.isoformat() if row.ends_at else None,
        "place": None if row.is_closed else row.place or None,
        "form": row.form,
        "state": row.state,
        "is_closed": row.is_closed,
        "page": absolute(request, row.get_absolute_url()),
    }


def _decision(request: HttpRequest, row: Decision) -> dict[str, Any]:
    return {
        "id": row.pk,
        "public_id": str(row.public_id),
        "municipality": _slug(row.council),
        "council": str(row.council),
        "number": row.number or None,
        "title": str(row),
        "adopted": write_partial(row.adopted_from, row.adopted_to) or None,
        "state": row.state,
        "is_carried": row.is_carried,
        "result": row.event.result if row.event else None,
        "effects": [
            {"kind": one.kind, "key": one.key or None, "text": one.text or None}
            for one in row.effects.all()
        ],
        "page": absolute(request, row.get_absolute_url()),
    }


def _mandates(rows: list[Mandate]) -> list[dict[str, Any]]:
    on = timezone.localdate()
    held = holders(rows, day=on)
    return [_mandate(row, held[row.pk], on) for row in rows]


def _mandate(row: Mandate, today: list[Person], on: date) -> dict[str, Any]:
    return {
        "id": str(row.public_id),
        "municipality": row.municipality.slug,
        "decision": row.decision_id,
        "document": row.document or None,
        "person": row.holder.slug if row.holder else None,
        "post": str(row.holder_post) if row.holder_post else None,
        "holders": [person.slug for person in today],
        "subject": str(row),
        "towards": row.towards or None,
        "is_towards_association": row.is_towards_association,
        "may_vote": row.may_vote,
        "may_sign": row.may_sign,
        "may_substitute": row.may_substitute,
        "starts_on": row.starts_on,
        "ends_on": row.ends_on,
        "withdrawn_on": row.withdrawn_on,
        "is_in_force": is_in_force(row, day=on),
    }


def _slug(council: Organization) -> str:
    return council.municipality.slug if council.municipality else ""
