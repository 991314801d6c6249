"""Who decides, told to a program: what may be asked of councils, and what is answered."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from django.utils.translation import gettext_noop
from ninja import Field

from novator.api.v1.answers import Answer
from novator.api.v1.parameters import Reader, Slug, Whole, Year

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


class DecisionStepAnswer(Answer):
    """A step of a decision's life."""

    state: str
    on: str | None
    note: str | None


class DecisionEffectAnswer(Answer):
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
    effects: list[DecisionEffectAnswer]
    page: str


class DecisionDetail(DecisionAnswer):
    """A decision with its text and life."""

    text: str | None
    summary: str | None
    initiated_by: str | None
    rests_on: str | None
    vote: int | None = Field(description=gettext_noop("Number of its vote."))
    session: int | None = Field(description=gettext_noop("Number of its session."))
    steps: list[DecisionStepAnswer]
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
