"""The trail of changes, for the office: per record who changed what and when."""

from __future__ import annotations

import functools
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import pghistory.models
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db.models import CharField, F, Field, Model, QuerySet, Value
from django.db.models.functions import Cast
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from novator.accounts.models import User
from novator.accounts.permissions import may_read_trail
from novator.cities.models import Municipality
from novator.council.models import ACCOUNT_STEP, Organization, Person, Post, Source
from novator.portal.audit_limits import fields_to_leave_out
from novator.portal.people import reader, sign_in_needed, today
from novator.portal.told_fields import column_name, lines_of
from novator.portal.trail_names import field_name
from novator.practices.models import Practice

EACH = 50
LONGEST = 1000
LONGEST_VALUE = 600
_CONTEXT = "pgh_context__metadata"
_CALLED = {User, Municipality, Practice, Organization, Person, Post, Source}
_DRAFT = "drafts.draft"
_NAMED = {
    *("accounts.user", "accounts.role", "drafts.draft", "practices.practice", "reviews.contest"),
    "cities.municipality",
    *("interchange.neighbour", "interchange.foreigncard", "talk.request"),
}
"""Kinds of which the office may read what a record is called; others hold words of a few."""
_EMPTY: tuple[Any, ...] = (None, "", [], {})
Row = Mapping[str, Any]

# What a record is called; a kind that is missing here goes by its English name.
KINDS: dict[str, str | Promise] = {
    "accounts.user": gettext_lazy("person"),
    "accounts.role": gettext_lazy("role"),
    "accounts.consent": gettext_lazy("consent"),
    "accounts.incident": gettext_lazy("leak of personal data"),
    "accounts.invitation": gettext_lazy("invitation"),
    "cities.municipality": gettext_lazy("municipality"),
    "association.application": gettext_lazy("application to join the association"),
    "association.feerule": gettext_lazy("rule of a fee"),
    "association.invoice": gettext_lazy("invoice of a fee"),
    "association.member": gettext_lazy("member of the association"),
    "association.memberstep": gettext_lazy("step of a membership"),
    "association.representative": gettext_lazy("representative of a member"),
    "association.gathering": gettext_lazy("event of the association"),
    "association.groupmember": gettext_lazy("place in a working group"),
    "association.poll": gettext_lazy("vote of the members"),
    "association.polloption": gettext_lazy("option of a vote of the members"),
    "association.position": gettext_lazy("position of the association"),
    "association.positionversion": gettext_lazy("version of a position"),
    "association.registration": gettext_lazy("registration for an event"),
    "association.remark": gettext_lazy("remark on a position"),
    "association.signature": gettext_lazy("signature of a letter"),
    "association.workinggroup": gettext_lazy("working group"),
    "council.lifeevent": gettext_lazy("line of a life"),
    "council.membership": gettext_lazy("office or membership"),
    "council.organization": gettext_lazy("body"),
    "council.person": gettext_lazy("person in office"),
    "council.post": gettext_lazy("post"),
    "council.quorum": gettext_lazy("rule of quorum or majority"),
    "council.source": gettext_lazy("source"),
    "council.statement": gettext_lazy("statement"),
    "council.agendaitem": gettext_lazy("question of an agenda"),
    "council.attendance": gettext_lazy("attendance of a deputy"),
    "council.factioncount": gettext_lazy("voices of a faction"),
    "council.motion": gettext_lazy("motion"),
    "council.paper": gettext_lazy("paper of a council"),
    "council.session": gettext_lazy("session of a council"),
    "council.speech": gettext_lazy("speech in a session"),
    "council.vote": gettext_lazy("voice of a deputy"),
    "council.voteevent": gettext_lazy("vote"),
    "council.decision": gettext_lazy("decision of a council"),
    "council.decisioneffect": gettext_lazy("effect of a decision"),
    "council.decisionfile": gettext_lazy("file of a decision"),
    "council.decisionstep": gettext_lazy("step of a decision"),
    "council.mandate": gettext_lazy("mandate"),
    "council.protocol": gettext_lazy("version of a protocol"),
    "briefings.briefing": gettext_lazy("paper for a meeting"),
    "briefings.collection": gettext_lazy("collection"),
    "briefings.item": gettext_lazy("card in a collection"),
    "briefings.option": gettext_lazy("option in a paper"),
    "briefings.secretlink": gettext_lazy("secret address of a collection"),
    "briefings.share": gettext_lazy("sharing of a collection"),
    "drafts.draft": gettext_lazy("draft"),
    "drafts.draftattachment": gettext_lazy("file of a draft"),
    "drafts.remark": gettext_lazy("remark on a draft"),
    "interchange.conflict": gettext_lazy("conflict with another catalogue"),
    "interchange.foreigncard": gettext_lazy("card of another catalogue"),
    "interchange.installation": gettext_lazy("this installation"),
    "interchange.neighbour": gettext_lazy("another catalogue"),
    "interchange.passedon": gettext_lazy("cards that another catalogue passes on"),
    "mail.letter": gettext_lazy("letter"),
    "news.article": gettext_lazy("article"),
    "news.articlefile": gettext_lazy("file of an article"),
    "news.articletext": gettext_lazy("text of an article"),
    "notices.follow": gettext_lazy("what somebody follows"),
    "practices.attachment": gettext_lazy("file of a practice"),
    "practices.practice": gettext_lazy("practice"),
    "practices.practicetext": gettext_lazy("text of a practice"),
    "problems.problem": gettext_lazy("problem of a city"),
    "reports.apikey": gettext_lazy("key of another system"),
    "reports.area": gettext_lazy("district of a city"),
    "reports.category": gettext_lazy("category of reports"),
    "reports.channel": gettext_lazy("channel of reports"),
    "reports.connection": gettext_lazy("connection to another system"),
    "reports.dayoff": gettext_lazy("day off of a city"),
    "reports.department": gettext_lazy("body that works on reports"),
    "reports.duplicatesuggestion": gettext_lazy("pair of reports"),
    "reports.report": gettext_lazy("report"),
    "reports.replytemplate": gettext_lazy("ready words"),
    "reports.route": gettext_lazy("rule of who gets reports"),
    "reviews.moderation": gettext_lazy("moderation"),
    "reviews.review": gettext_lazy("review of an expert"),
    "reviews.conflict": gettext_lazy("conflict of interest"),
    "reviews.mergeproposal": gettext_lazy("proposal to merge cards"),
    "reviews.contest": gettext_lazy("contest"),
    "reviews.nomination": gettext_lazy("nomination of a contest"),
    "reviews.juror": gettext_lazy("member of a jury"),
    "reviews.entry": gettext_lazy("entry of a contest"),
    "reviews.score": gettext_lazy("points of a juror"),
    "reviews.recusal": gettext_lazy("recusal of a juror"),
    "talk.booking": gettext_lazy("booking of help"),
    "talk.question": gettext_lazy("question to a city"),
    "talk.rating": gettext_lazy("rating of help"),
    "talk.reply": gettext_lazy("reply"),
    "talk.request": gettext_lazy("request to all cities"),
    "talk.requestanswer": gettext_lazy("answer to a request"),
}
LABELS = {
    "before": gettext_lazy("as it stood"),
    "insert": gettext_lazy("made"),
    "update": gettext_lazy("changed"),
    "delete": gettext_lazy("deleted"),
    ACCOUNT_STEP: gettext_lazy("account linked or unlinked"),
}


@dataclass(frozen=True)
class Entry:
    """One line of the trail: when, who, what was done to which record."""

    at: datetime
    person: str
    label: str
    kind: str
    kind_name: str
    record: str
    changes: tuple[tuple[str, str, str], ...] = ()
    reason: str = ""


@functools.cache
def tracked() -> dict[str, type[Model]]:
    """Tables of events by the name of the table they watch; secret ballots have none."""
    watching: dict[str, type[Model]] = {}
    for model in apps.get_models():
        watched: type[Model] | None = getattr(model, "pgh_tracked_model", None)
        if watched is not None and issubclass(model, pghistory.models.Event):
            watching[watched._meta.label_lower] = model
    return dict(sorted(watching.items()))


def kind_name(kind: str) -> str:
    """What a kind of record is called."""
    return str(KINDS.get(kind) or apps.get_model(kind)._meta.verbose_name)


@require_safe
@sign_in_needed
def history(request: HttpRequest) -> HttpResponse:
    """The newest changes, of all records or of one kind, of all people or of one; two queries."""
    _only_office(request)
    kind = request.GET.get("kind", "")
    kinds = [kind] if kind in tracked() else list(tracked())
    person = _person_named(request.GET.get("person", ""))
    before = _moment(request.GET.get("before", ""))
    rows = list(_newest(kinds, person=person, before=before)[: EACH + 1])
    context = {
        "entries": _entries(rows[:EACH]),
        "next": rows[EACH - 1]["pgh_created_at"].isoformat() if len(rows) > EACH else "",
        "kinds": sorted((kind_name(code), code) for code in tracked()),
        "kind": kind if kind in tracked() else "",
        "person": person,
    }
    return render(request, "portal/audit/history.html", context)


@require_safe
@sign_in_needed
def record_history(request: HttpRequest, kind: str, pk: str) -> HttpResponse:
    """Everything that happened to one record, the newest first."""
    _only_office(request)
    if kind not in tracked():
        raise Http404
    model = tracked()[kind]
    hidden = fields_to_leave_out(request.user, kind=kind, pk=pk, on=today()) | {"id"}
    own = (f for f in model._meta.fields if not f.name.startswith("pgh_"))
    fields = [field for field in own if field.name not in hidden]
    try:
        events = list(_events(model, pk, fields))
    except (TypeError, ValueError) as fault:
        raise Http404 from fault
    if not events:
        raise Http404(_("Nothing is known of such a record."))
    names, known = _names(events), _known(events, fields)
    entries = [
        Entry(
            at=event["pgh_created_at"],
            person=_person(event, names),
            label=str(LABELS.get(event["pgh_label"], event["pgh_label"])),
            kind=kind,
            kind_name=kind_name(kind),
            record=pk,
            changes=_changes(before, event, fields, known, kind),
            reason=str((event[_CONTEXT] or {}).get("reason", "")),
        )
        for before, event in zip([None, *events], events, strict=False)
    ]
    context = {
        "entries": entries[::-1],
        "kind_name": kind_name(kind),
        "kind": kind,
        "record": pk,
        **(_named(kind, pk) if kind in _NAMED and hidden == {"id"} else {}),
    }
    return render(request, "portal/audit/record.html", context)


def _named(kind: str, pk: str) -> dict[str, str]:
    """What the record itself is called and where it is shown, if it is still there."""
    found = apps.get_model(kind)._base_manager.filter(pk=pk).first()
    if found is None:
        return {}
    address = getattr(found, "get_absolute_url", None) if kind != _DRAFT else None
    return {"name": str(found), "address": address() if address is not None else ""}


def _events(model: type[Model], pk: str, fields: Sequence[Field[Any, Any]]) -> Iterable[Row]:
    columns = [field.attname for field in fields]
    events = model._default_manager.filter(pgh_obj_id=pk).order_by("pgh_id")
    return events.values("pgh_created_at", "pgh_label", _CONTEXT, *columns)[:LONGEST]


def _known(events: Sequence[Row], fields: Sequence[Field[Any, Any]]) -> dict[tuple[str, Any], str]:
    """Names of the people, cities and cards that the events speak of, by field and number."""
    known: dict[tuple[str, Any], str] = {}
    for field in fields:
        if field.related_model in _CALLED:
            found = field.related_model._default_manager.in_bulk(
                {event[field.attname] for event in events} - {None}
            )
            known |= {(field.attname, pk): str(one) for pk, one in found.items()}
    return known


def _only_office(request: HttpRequest) -> None:
    if not may_read_trail(reader(request), on=today()):
        raise PermissionDenied(_("The trail of changes is for the office of the association."))


def _newest(
    kinds: Iterable[str], *, person: User | None, before: datetime | None
) -> QuerySet[Any, Any]:
    """One query over the tables of events."""
    parts = [_newest_of(kind, person=person, before=before) for kind in kinds]
    order = ("-pgh_created_at", "trail_kind", "trail_record")
    if len(parts) == 1:
        return parts[0]
    together: QuerySet[Any, Any] = parts[0].union(*parts[1:], all=True)
    return together.order_by(*order)


def _newest_of(kind: str, *, person: User | None, before: datetime | None) -> QuerySet[Any, Any]:
    rows = tracked()[kind]._default_manager.order_by("-pgh_created_at", "-pgh_id")
    if person is not None:
        rows = rows.filter(pgh_context__metadata__user=person.pk)
    if before is not None:
        rows = rows.filter(pgh_created_at__lt=before)
    told: QuerySet[Any, Any] = rows.annotate(
        trail_kind=Value(kind, output_field=CharField()),
        trail_record=Cast(F("pgh_obj_id"), CharField()),
    )
    columns = ("pgh_created_at", "pgh_label", "trail_kind", "trail_record", _CONTEXT)
    return told.values(*columns)[: EACH + 1]


def _entries(rows: Sequence[Row]) -> list[Entry]:
    names = _names(rows)
    return [
        Entry(
            at=row["pgh_created_at"],
            person=_person(row, names),
            label=str(LABELS.get(row["pgh_label"], row["pgh_label"])),
            kind=row["trail_kind"],
            kind_name=kind_name(row["trail_kind"]),
            record=row["trail_record"],
        )
        for row in rows
    ]


def _author(row: Row) -> int | None:
    author = (row[_CONTEXT] or {}).get("user")
    return author if isinstance(author, int) else None


def _names(rows: Iterable[Row]) -> dict[int, str]:
    people = User.objects.in_bulk({pk for row in rows if (pk := _author(row)) is not None})
    return {pk: str(person) for pk, person in people.items()}


def _person(row: Row, names: Mapping[int, str]) -> str:
    author = _author(row)
    return _("by the product itself") if author is None else names.get(author, "—")


def _changes(
    before: Row | None,
    after: Row,
    fields: Sequence[Field[Any, Any]],
    known: Mapping[tuple[str, Any], str],
    kind: str,
) -> tuple[tuple[str, str, str], ...]:
    """Field, what stood there, what stands there now; of the first event what is not empty."""
    by_name = {field.attname: field for field in fields}

    def shown(row: Row, name: str) -> str:
        value = row[name]
        is_key = isinstance(value, Hashable)  # lists and objects of JSON name no other record
        return (known.get((name, value)) if is_key else None) or _shown_in(by_name[name], value)

    told: list[tuple[str, str, str]] = []
    for field in fields:
        old, new = (before[field.attname] if before else None), after[field.attname]
        if old == new if before else new in _EMPTY:
            continue
        if kind == _DRAFT and field.name == "content":
            told += _changed_columns(old or {}, new or {}, is_first=before is None)
            continue
        name = field_name(kind, field.name)
        told.append(
            (name, shown(before, field.attname) if before else "", shown(after, field.attname))
        )
    return tuple(told)


def _changed_columns(
    old: Mapping[str, Any], new: Mapping[str, Any], *, is_first: bool
) -> Iterable[tuple[str, str, str]]:
    """What a draft tells, question by question, as its writers see it."""
    for column in [*new, *(gone for gone in old if gone not in new)]:
        before, after = old.get(column), new.get(column)
        if before != after:
            words = [_shown("\n".join(lines_of(column, value))) for value in (before, after)]
            yield column_name(column), "" if is_first else words[0], words[1]


def _shown_in(field: Field[Any, Any], value: Any) -> str:
    """A value in the words of its field: a choice by its label, another record by its kind."""
    if isinstance(value, str) and field.choices:
        return str(dict(field.flatchoices).get(value, _shown(value)))
    if field.related_model is not None and value is not None:
        return f"{kind_name(field.related_model._meta.label_lower)} {value}"
    return _shown(value)


def _shown(value: Any) -> str:
    if value in _EMPTY:
        return "—"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "DATETIME_FORMAT")
    text = date_format(value, "DATE_FORMAT") if isinstance(value, date) else str(value)
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]} …"


def _moment(text: str) -> datetime | None:
    try:
        moment = parse_datetime(text.replace(" ", "+"))
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo else None


def _person_named(text: str) -> User | None:
    try:
        return User.objects.filter(public_id=UUID(text)).first()
    except ValueError:
        return None
