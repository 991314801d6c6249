"""Who decides, told to a program: what is asked of councils, people and bodies, and answered."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Literal

from django.utils.translation import gettext_noop
from ninja import Field
from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from novator.api.v1.answers import Answer
from novator.api.v1.parameters import Reader, Slug, Whole
from novator.council.models import BODIES, ROLES

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_UUID = r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
if TYPE_CHECKING:
    Body = str
    Role = str
else:
    Body = Literal[tuple(BODIES)]
    Role = Literal[tuple(ROLES)]
Table = Literal["councils", "people", "organizations", "memberships"]


def _whole_day(value: Any) -> Any:
    if isinstance(value, str) and not _DAY.fullmatch(value):
        raise PydanticCustomError("not_a_day", "not a day")
    return value


Day = Annotated[date, BeforeValidator(_whole_day)]
PersonId = Annotated[str, Field(min_length=1, max_length=120, pattern=r"^[-a-zA-Z0-9_]+$")]
BodyId = Annotated[str, Field(pattern=_UUID)]
Key = Annotated[str, Field(pattern=r"^[0-9]{1,15}$")]
Words = Annotated[str, Field(min_length=1, max_length=100)]


class Stretch(Reader):
    """How much of a long list."""

    limit: Whole = Field(20, ge=1, le=100, description=gettext_noop("How many entries at once."))


class CouncilsAsked(Stretch):
    """Which councils."""

    after: Slug | None = Field(
        None, description=gettext_noop("Where the last part ended; its `next` has it.")
    )


class PeopleAsked(Stretch):
    """Which people."""

    q: Words | None = Field(None, description=gettext_noop("Words of a name."))
    after: PersonId | None = Field(
        None, description=gettext_noop("Where the last part ended; its `next` has it.")
    )


class BodiesAsked(Stretch):
    """Which bodies."""

    municipality: Slug | None = Field(
        None, description=gettext_noop("Identifier of a municipality.")
    )
    kind: Body | None = Field(None, description=gettext_noop("What the body is."))
    after: Key | None = Field(
        None, description=gettext_noop("Where the last part ended; its `next` has it.")
    )


class MembershipsAsked(Stretch):
    """Which memberships."""

    municipality: Slug | None = Field(
        None, description=gettext_noop("In bodies of this municipality.")
    )
    person: PersonId | None = Field(None, description=gettext_noop("Identifier of a person."))
    organization: BodyId | None = Field(None, description=gettext_noop("Identifier of a body."))
    on: Day | None = Field(
        None, description=gettext_noop("That may have lasted on this day: 2016-05-05.")
    )
    after: Key | None = Field(
        None, description=gettext_noop("Where the last part ended; its `next` has it.")
    )


class OnAsked(Reader):
    """On which day."""

    on: Day | None = Field(None, description=gettext_noop("A day: 2016-05-05; else today."))


class CouncilSourceAnswer(Answer):
    """Where a fact comes from."""

    title: str
    url: str | None
    publisher: str | None
    published: str | None


class BodyAnswer(Answer):
    """A body: council, convocation, faction, committee, party, administration, union."""

    id: str
    kind: Body
    name: str
    name_en: str | None
    short_name: str | None
    number: str | None = Field(description=gettext_noop("Of a convocation."))
    municipality: str | None
    parent: str | None = Field(description=gettext_noop("The body of which it is a part."))
    party: str | None = Field(description=gettext_noop("The party of a faction."))
    seats: int | None = Field(description=gettext_noop("Established number of deputies."))
    founded: str | None = Field(
        description=gettext_noop("A date of ISO 8601-2: 2026-03-04, 2026-03, ../2016-05-05.")
    )
    dissolved: str | None
    website: str | None
    source: CouncilSourceAnswer | None
    page: str


class MembershipAnswer(Answer):
    """That a person is or was in a body."""

    id: str
    person: str
    person_name: str
    organization: str
    organization_name: str
    post: str | None
    role: Role
    label: str = Field(description=gettext_noop("What it is called."))
    on_behalf_of: str | None = Field(description=gettext_noop("Who nominated."))
    election: str | None
    start: str | None
    end: str | None
    end_reason: str | None


class PersonAnswer(Answer):
    """Somebody in office, now or once."""

    id: str
    name: str
    name_en: str | None
    family_name: str | None
    given_name: str | None
    patronymic: str | None
    page: str


class LifeAnswer(Answer):
    """A line of life and career."""

    kind: str
    text: str
    start: str | None
    end: str | None


class StatementAnswer(Answer):
    """What somebody said in public."""

    made: str | None
    text: str
    source: CouncilSourceAnswer | None


class PersonDetail(PersonAnswer):
    """Somebody with all offices, lines of life and statements."""

    memberships: list[MembershipAnswer]
    life: list[LifeAnswer]
    statements: list[StatementAnswer]


class SeatAnswer(Answer):
    """A seat that is taken."""

    person: str
    name: str
    faction: str | None
    party: str | None


class CouncilAnswer(BodyAnswer):
    """A sitting council."""


class CouncilDetail(BodyAnswer):
    """A council as it was on a day."""

    on: str
    convocation: BodyAnswer | None
    established: int | None
    elected: int
    factions: list[BodyAnswer]
    composition: list[SeatAnswer]


class CouncilsAnswer(Answer):
    """Some councils."""

    next: str | None
    results: list[CouncilAnswer]


class PeopleAnswer(Answer):
    """Some people."""

    next: str | None
    results: list[PersonAnswer]


class BodiesAnswer(Answer):
    """Some bodies."""

    next: str | None
    results: list[BodyAnswer]


class MembershipsAnswer(Answer):
    """Some memberships."""

    next: str | None
    results: list[MembershipAnswer]
