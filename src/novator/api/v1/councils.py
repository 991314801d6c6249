"""Who decides, told to a program: sessions, decisions and mandates of councils."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from hashlib import blake2b
from typing import Annotated, Any, Literal

from django.apps import apps
from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_noop
from ninja import Field, Path, Query, Router

from novator.api.v1.answers import Answer
from novator.api.v1.export import as_text, named
from novator.api.v1.paging import absolute
from novator.api.v1.parameters import Reader, Slug, Whole, Year
from novator.core.partial_dates import write_partial
from novator.council.decision_words import body_of_law, initiator_of
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
from novator.council.protocols import content_of, public_part

router = Router(tags=["councils"])

Number = Annotated[str, Field(pattern=r"^[1-9][0-9]{0,14}$")]
Cursor = Annotated[str, Field(pattern=r"^[-0-9_]{1,40}$")]
SessionState = Literal["planned", "invited", "held", "signed", "cancelled"]
DecisionState = Literal[
    "adopted", "signed", "returned", "published", "in_force", "amended", "repealed", "lost"
]
EffectKind = Literal[
    "join_association",
    "leave_association",
    "adopt_practice",
    "give_mandate",
    "withdraw_mandate",
    "change_application",
    "elect",
    "other",
]
Table = Literal["sessions", "decisions", "mandates"]


class RowsAsked(Reader):
    """Of which municipality, and from where on."""

    municipality: Slug | None = Field(
        None, description=gettext_noop("Identifier of a municipality.")
    )
    after: Cursor | None = Field(
        None, description=gettext_noop("Where the last part ended; its `next` has it.")
    )
    limit: Whole = Field(20, ge=1, le=100, description=gettext_noop("How many entries at once."))


class SessionsAsked(RowsAsked):
    """Which sessions."""

    year: Year | None = Field(None, description=gettext_noop("Held in this year."))
    state: SessionState | None = Field(None, description=gettext_noop("Where it is on its way."))


class DecisionsAsked(RowsAsked):
    """Which decisions."""

    year: Year | None = Field(None, description=gettext_noop("Adopted in this year."))
    state: DecisionState | None = Field(
        None, description=gettext_noop("The last step of its life.")
    )
    effect: EffectKind | None = Field(None, description=gettext_noop("What it effects."))


class SessionAnswer(Answer):
    """A session; of a closed one no place is told."""

    id: int
    public_id: str
    municipality: str
    council: str
    number: str | None
    name: str
    held: str | None = Field(
        description=gettext_noop("A date of ISO 8601-2: 2026-03-04, 2026-03, ../2016-05-05.")
    )
    starts_at: str | None
    ends_at: str | None
    place: str | None
    form: str
    state: str
    is_closed: bool
    page: str


class SessionDetail(SessionAnswer):
    """A session with its agenda, speeches, votes and decisions."""

    content: dict[str, Any] = Field(
        description=gettext_noop(
            "What the protocol says, without what is closed and without who voted how."
        )
    )


class StepAnswer(Answer):
    """A step of a decision's life."""

    state: str
    on: str | None
    note: str | None


class EffectAnswer(Answer):
    """What a decision effects; `key` names a practice by its slug."""

    kind: str
    key: str | None
    text: str | None


class DecisionAnswer(Answer):
    """A decision."""

    id: int
    public_id: str
    municipality: str
    council: str
    number: str | None
    title: str
    adopted: str | None
    state: str
    is_carried: bool
    result: str | None = Field(description=gettext_noop("Result of its vote; null: none here."))
    effects: list[EffectAnswer]
    page: str


class DecisionDetail(DecisionAnswer):
    """A decision with its text and life."""

    text: str | None
    summary: str | None
    initiated_by: str | None
    rests_on: str | None
    vote: int | None = Field(description=gettext_noop("Number of its vote."))
    session: int | None = Field(description=gettext_noop("Number of its session."))
    steps: list[StepAnswer]
    files: list[str]


class MandateAnswer(Answer):
    """The right to act for a municipality; `holders` are those of today."""

    id: str
    municipality: str
    decision: int | None
    document: str | None
    person: str | None
    post: str | None
    holders: list[str]
    subject: str
    towards: str | None
    is_towards_association: bool
    may_vote: bool
    may_sign: bool
    may_substitute: bool
    starts_on: date | None
    ends_on: date | None
    withdrawn_on: date | None
    is_in_force: bool


class SessionsAnswer(Answer):
    """Some sessions."""

    next: str | None
    results: list[SessionAnswer]


class DecisionsAnswer(Answer):
    """Some decisions."""

    next: str | None
    results: list[DecisionAnswer]


class MandatesAnswer(Answer):
    """Some mandates."""

    next: str | None
    results: list[MandateAnswer]


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
    found = (
        Session.objects.select_related("council__municipality").filter(pk=int(session_id)).first()
    )
    if found is None:
        raise Http404
    content = public_part(content_of(found, with_voices=False))
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
    is_closed = item is not None and (item.is_closed or item.session.is_closed)
    return _decision(request, found) | {
        "text": found.text or None,
        "summary": found.summary or None,
        "initiated_by": None if is_closed else initiator_of(found) or None,
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
            for one in found.files.all()
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
    response = StreamingHttpResponse(lines_of(rows), content_type="text/csv; charset=utf-8")
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


class _Line:
    """Gives back the line that a writer of CSV has made."""

    def write(self, line: str) -> str:
        """Take a line."""
        return line


def lines_of(rows: Iterator[dict[str, Any]]) -> Iterator[str]:
    """Write rows as CSV, line by line, with their names above."""
    writer = csv.writer(_Line())
    first = next(rows, None)
    if first is None:
        return
    yield "\ufeff" + writer.writerow(list(first))
    yield writer.writerow([as_text(value) for value in first.values()])
    for row in rows:
        yield writer.writerow([as_text(value) for value in row.values()])


def _council(slug: str | None) -> tuple[Organization | None, bool]:
    """The council that is asked for (None: of all), and whether there is such a one."""
    if slug is None:
        return None, True
    rows = Organization.objects.filter(kind="council", municipality__slug=slug)
    found = rows.order_by("dissolved_to", "-id").first()
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
