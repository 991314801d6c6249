"""Who decides: which field of the file is which column, once for writing and for reading."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as filled
from functools import cached_property
from typing import Any, Literal

from django.db.models import Model

from novator.council.models import (
    AgendaItem,
    Attendance,
    Decision,
    DecisionEffect,
    DecisionFile,
    DecisionStep,
    FactionCount,
    LifeEvent,
    Mandate,
    Membership,
    Motion,
    Organization,
    Paper,
    Person,
    Post,
    Protocol,
    Quorum,
    Session,
    Source,
    Speech,
    Statement,
    Vote,
    VoteEvent,
)
from novator.council.popolo.words import ITEM, OPTION_WORDS, PREFIX, RESULT_WORDS, SESSION

Kind = Literal[
    "text", "number", "yes_no", "date", "day", "moment", "choice", "ref", "source", "english",
    "website", "file", "json",
]  # fmt: skip


@dataclass(frozen=True)
class Column:
    """
    One field of the file.

    `field` is the model's, of a partial date the part before `_from` and `_to`. `own`: the same
    date under our prefix where the standard cannot write it. `to`: the table a reference is to.
    """

    name: str
    field: str
    kind: Kind = "text"
    to: str = ""
    words: Mapping[str, str] = filled(default_factory=dict)
    is_required: bool = False

    @property
    def own(self) -> str:
        """Name of the same field under our prefix."""
        return self.name if self.name.startswith(PREFIX) else PREFIX + self.name

    @cached_property
    def fields(self) -> tuple[str, ...]:
        """Which columns of the table it fills."""
        if self.kind == "date":
            return (f"{self.field}_from", f"{self.field}_to")
        return (self.field,)


@dataclass(frozen=True)
class Part:
    """A list inside an object: rows of another table that belong to it alone."""

    name: str
    model: type[Model]
    parent: str
    columns: tuple[Column, ...]
    order: tuple[str, ...] = ("id",)


@dataclass(frozen=True)
class Table:
    """Objects of one kind; `place` is the list of the file, `word` tells them apart in it."""

    name: str
    place: str
    model: type[Model]
    columns: tuple[Column, ...]
    parts: tuple[Part, ...] = ()
    word: str = ""
    order: tuple[str, ...] = ("id",)


def _own(name: str, field: str = "", kind: Kind = "text", **facts: Any) -> Column:
    return Column(PREFIX + name, field or name, kind, **facts)


def _ref(name: str, field: str, to: str, *, is_required: bool = False) -> Column:
    return Column(name, field, "ref", to=to, is_required=is_required)


def _source() -> Column:
    return _own("source", "source", "source", to="sources")


def _name(english: bool = True) -> tuple[Column, ...]:
    name = Column("name", "name", is_required=True)
    return (name, Column("other_names", "name_en", "english")) if english else (name,)


SOURCES = Table(
    "sources",
    PREFIX + "sources",
    Source,
    (
        Column("url", "url"),
        Column("title", "title", is_required=True),
        Column("publisher", "publisher"),
        Column("published", "published", "date"),
    ),
)
ORGANIZATIONS = Table(
    "organizations",
    "organizations",
    Organization,
    (
        *_name(),
        Column("classification", "kind", "choice", is_required=True),
        _ref("parent_id", "parent", "organizations"),
        _ref("area_id", "municipality", "areas"),
        Column("founding_date", "founded", "date"),
        Column("dissolution_date", "dissolved", "date"),
        Column("links", "website", "website"),
        _ref(PREFIX + "party_id", "party", "organizations"),
        _own("number"),
        _own("short_name"),
        _own("short_name_en"),
        _own("position", kind="number"),
        _own("seats", kind="number"),
        _source(),
    ),
    parts=(
        Part(
            PREFIX + "rules",
            Quorum,
            "council",
            (
                Column("code", "code", is_required=True),
                Column("name", "name", is_required=True),
                Column("name_en", "name_en"),
                Column("numerator", "numerator", "number", is_required=True),
                Column("denominator", "denominator", "number", is_required=True),
                Column("base", "base", "choice", is_required=True),
                Column("is_over", "is_over", "yes_no"),
                Column("legal_basis", "legal_basis"),
            ),
        ),
    ),
)
PERSONS = Table(
    "persons",
    "persons",
    Person,
    (
        *_name(),
        Column("family_name", "family_name"),
        Column("given_name", "given_name"),
        Column("patronymic_name", "patronymic"),
        _own("slug"),
        _source(),
    ),
    parts=(
        Part(
            PREFIX + "life",
            LifeEvent,
            "person",
            (
                Column("kind", "kind", "choice", words={key: key for key in LifeEvent.KINDS}),
                Column("text", "text", is_required=True),
                Column("text_en", "text_en"),
                Column("start_date", "starts", "date"),
                Column("end_date", "ends", "date"),
                Column("position", "position", "number"),
                Column("source", "source", "source", to="sources"),
            ),
            order=("position", "starts_from", "id"),
        ),
        Part(
            PREFIX + "statements",
            Statement,
            "person",
            (
                Column("date", "made", "date"),
                Column("text", "text", is_required=True),
                Column("text_en", "text_en"),
                _ref("membership_id", "membership", "memberships"),
                Column("source", "source", "source", to="sources"),
            ),
            order=("made_from", "id"),
        ),
    ),
)
POSTS = Table(
    "posts",
    "posts",
    Post,
    (
        Column("label", "label", is_required=True),
        Column("role", "role", "choice"),
        _ref("organization_id", "organization", "organizations", is_required=True),
        Column("start_date", "starts", "date"),
        Column("end_date", "ends", "date"),
        _own("label_en"),
    ),
)
SESSIONS = Table(
    "sessions",
    "events",
    Session,
    (
        Column("name", "name", is_required=True),
        _ref("organization_id", "council", "organizations", is_required=True),
        Column("start_date", "starts_at", "moment"),
        Column("end_date", "ends_at", "moment"),
        Column("location", "place"),
        Column("status", "state", "choice"),
        _ref(PREFIX + "convocation_id", "convocation", "organizations"),
        _own("name_en"),
        _own("number"),
        _own("held", "held", "date"),
        _own("is_extraordinary", kind="yes_no"),
        _own("form", kind="choice"),
        _own("is_closed", kind="yes_no"),
        _own("closed_because"),
        _own("established", kind="number"),
        _own("elected", kind="number"),
        _own("present", kind="number"),
        _own("quorum_numerator", kind="number"),
        _own("quorum_denominator", kind="number"),
        _own("quorum_base", kind="choice"),
        _own("quorum_is_over", kind="yes_no"),
        _ref(PREFIX + "chair_id", "chair", "persons"),
        _ref(PREFIX + "secretary_id", "secretary", "persons"),
        _source(),
    ),
    parts=(
        Part(
            PREFIX + "attendance",
            Attendance,
            "session",
            (
                _ref("person_id", "person", "persons", is_required=True),
                Column("presence", "presence", "choice", is_required=True),
                Column("note", "note"),
            ),
        ),
    ),
    word=SESSION,
)
ITEMS = Table(
    "items",
    "events",
    AgendaItem,
    (
        Column("name", "title", is_required=True),
        _ref("parent_id", "session", "sessions", is_required=True),
        _own("name_en", "title_en"),
        _own("position", kind="number"),
        _own("number"),
        _own("is_closed", kind="yes_no"),
        _ref(PREFIX + "initiator_id", "initiated_by", "persons"),
        _own("initiated_as"),
        _own("initiated_as_en"),
        _own("outcome"),
        _own("outcome_en"),
    ),
    word=ITEM,
    order=("session__id", "position", "id"),
)
PAPERS = Table(
    "papers",
    PREFIX + "papers",
    Paper,
    (
        Column("title", "title", is_required=True),
        Column("kind", "kind", "choice"),
        _ref("organization_id", "council", "organizations", is_required=True),
        Column("number", "number"),
        Column("date", "dated", "date"),
        Column("text", "text"),
        Column("url", "url"),
        Column("file", "file", "file"),
        Column("is_public", "is_public", "yes_no"),
    ),
    parts=(
        Part(
            "items",
            Paper.items.through,
            "paper",
            (_ref("item_id", "agendaitem", "items", is_required=True),),
        ),
    ),
)
MOTIONS = Table(
    "motions",
    "motions",
    Motion,
    (
        Column("text", "text", is_required=True),
        Column("classification", "kind", "choice"),
        _ref("creator_id", "moved_by", "persons"),
        _ref(PREFIX + "item_id", "item", "items", is_required=True),
        _own("position", kind="number"),
        _own("text_en"),
    ),
)
_COUNTED = ("yes", "no", "abstain", "not_voting")
VOTE_EVENTS = Table(
    "vote_events",
    "vote_events",
    VoteEvent,
    (
        _ref("motion_id", "motion", "motions", is_required=True),
        Column("classification", "method", "choice", is_required=True),
        Column("start_date", "taken_at", "moment"),
        Column("result", "result", "choice", words=RESULT_WORDS, is_required=True),
        _own("position", kind="number"),
        _own("is_absentee", kind="yes_no"),
        *(_own(name, kind="number") for name in (*_COUNTED, "recused")),
        _own("present", kind="number"),
        _own("elected", kind="number"),
        _own("established", kind="number"),
        _own("majority"),
        _own("numerator", kind="number"),
        _own("denominator", kind="number"),
        _own("base", kind="choice"),
        _own("is_over", kind="yes_no"),
        _own("is_result_stated", kind="yes_no"),
    ),
    parts=(
        Part(
            "votes",
            Vote,
            "event",
            (
                _ref("voter_id", "voter", "persons", is_required=True),
                Column("option", "option", "choice", words=OPTION_WORDS, is_required=True),
                _ref("group_id", "faction", "organizations"),
                _own("is_remote", kind="yes_no"),
                _own("reason"),
            ),
        ),
        Part(
            PREFIX + "by_faction",
            FactionCount,
            "event",
            (
                _ref("group_id", "faction", "organizations"),
                *(Column(name, name, "number") for name in _COUNTED),
            ),
        ),
    ),
)
SPEECHES = Table(
    "speeches",
    "speeches",
    Speech,
    (
        _ref("creator_id", "person", "persons"),
        Column("attribution_text", "speaker"),
        Column("role", "capacity"),
        Column("text", "text"),
        Column("position", "position", "number"),
        _ref("event_id", "item", "items", is_required=True),
        _own("role_en", "capacity_en"),
        _own("text_en"),
        _own("stance", kind="choice"),
        _own("is_in_session", kind="yes_no"),
        _source(),
    ),
    order=("item__id", "position", "id"),
)
DECISIONS = Table(
    "decisions",
    PREFIX + "decisions",
    Decision,
    (
        Column("title", "title", is_required=True),
        Column("title_en", "title_en"),
        _ref("organization_id", "council", "organizations", is_required=True),
        _ref("item_id", "item", "items"),
        _ref("vote_event_id", "event", "vote_events"),
        Column("number", "number"),
        Column("is_number_unstated", "is_number_unstated", "yes_no"),
        Column("date", "adopted", "date"),
        Column("status", "state", "choice"),
        Column("text", "text"),
        Column("summary", "summary"),
        Column("summary_en", "summary_en"),
        _ref("initiator_id", "initiated_by", "persons"),
        Column("initiated_as", "initiated_as"),
        Column("initiated_as_en", "initiated_as_en"),
        Column("legal_basis", "legal_basis"),
        Column("source", "source", "source", to="sources"),
    ),
    parts=(
        Part(
            "steps",
            DecisionStep,
            "decision",
            (
                Column("status", "state", "choice", is_required=True),
                Column("date", "on", "date"),
                Column("note", "note"),
                _ref("person_id", "person", "persons"),
                _ref("by_decision_id", "by_decision", "decisions"),
            ),
        ),
        Part(
            "effects",
            DecisionEffect,
            "decision",
            (
                Column("kind", "kind", "choice", is_required=True),
                Column("key", "key"),
                Column("text", "text"),
                Column("text_en", "text_en"),
            ),
        ),
        Part(
            "files",
            DecisionFile,
            "decision",
            (
                Column("title", "title", is_required=True),
                Column("position", "position", "number"),
                Column("file", "file", "file", is_required=True),
            ),
            order=("position", "id"),
        ),
    ),
)
MEMBERSHIPS = Table(
    "memberships",
    "memberships",
    Membership,
    (
        _ref("person_id", "person", "persons", is_required=True),
        _ref("organization_id", "organization", "organizations", is_required=True),
        _ref("post_id", "post", "posts"),
        _ref("on_behalf_of_id", "on_behalf_of", "organizations"),
        Column("role", "role", "choice"),
        Column("label", "label"),
        Column("start_date", "starts", "date"),
        Column("end_date", "ends", "date"),
        _own("label_en"),
        _own("election"),
        _own("end_reason"),
        _own("end_reason_en"),
        _ref(PREFIX + "decision_id", "decision", "decisions"),
        _ref(PREFIX + "end_decision_id", "end_decision", "decisions"),
        _source(),
    ),
)
MANDATES = Table(
    "mandates",
    PREFIX + "mandates",
    Mandate,
    (
        Column("subject", "subject", is_required=True),
        Column("subject_en", "subject_en"),
        _ref("area_id", "municipality", "areas", is_required=True),
        _ref("decision_id", "decision", "decisions"),
        Column("document", "document"),
        _ref("person_id", "holder", "persons"),
        _ref("post_id", "holder_post", "posts"),
        Column("towards", "towards"),
        Column("towards_en", "towards_en"),
        Column("is_towards_association", "is_towards_association", "yes_no"),
        Column("may_vote", "may_vote", "yes_no"),
        Column("may_sign", "may_sign", "yes_no"),
        Column("may_substitute", "may_substitute", "yes_no"),
        Column("start_date", "starts_on", "day"),
        Column("end_date", "ends_on", "day"),
        Column("withdrawn_on", "withdrawn_on", "day"),
        _ref("withdrawn_by_id", "withdrawn_by", "decisions"),
        Column("withdrawn_because", "withdrawn_because"),
        Column("source", "source", "source", to="sources"),
    ),
)
PROTOCOLS = Table(
    "protocols",
    PREFIX + "protocols",
    Protocol,
    (
        _ref("event_id", "session", "sessions", is_required=True),
        Column("number", "number", "number", is_required=True),
        Column("content", "content", "json", is_required=True),
        Column("reason", "reason"),
        Column("signed_on", "signed_on", "day", is_required=True),
        _ref("signed_by_id", "signed_by", "persons", is_required=True),
    ),
    order=("session__id", "number"),
)
TABLES = (
    SOURCES,
    ORGANIZATIONS,
    PERSONS,
    POSTS,
    SESSIONS,
    ITEMS,
    PAPERS,
    MOTIONS,
    VOTE_EVENTS,
    DECISIONS,
    MEMBERSHIPS,
    SPEECHES,
    MANDATES,
    PROTOCOLS,
)
"""In the order in which they can be written: what is referred to comes first."""
BY_NAME = {table.name: table for table in TABLES}
