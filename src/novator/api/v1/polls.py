"""The association, told to a program: votes of the members, with results after the closing."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.http import Http404, HttpRequest
from django.utils.translation import gettext_noop
from ninja import Field, Path, Query, Router, Schema

from novator.api.v1.paging import Part, absolute, neighbours
from novator.api.v1.parameters import Page, Reader
from novator.association.models import Poll
from novator.association.poll_closing import ballots_of
from novator.association.poll_words import reasons_in_words, rules_in_words, verdict_words

router = Router(tags=["polls"])

State = Literal["open", "closed", "cancelled"]
Ballots = Literal["open", "secret"]


class PollAnswer(Schema):
    """A vote of the members in a list."""

    id: UUID
    title: str = Field(description=gettext_noop("Title in the reader's language."))
    kind: Ballots = Field(description=gettext_noop("Whether the ballot is open or secret."))
    state: State
    opens_at: datetime
    closes_at: datetime
    extensions: int = Field(description=gettext_noop("How often it was extended."))
    verdict: str | None = Field(
        description=gettext_noop(
            "carried, no_ballots, no_quorum, tie, no_majority or unsound; null until it is closed."
        )
    )
    winner: str | None = Field(description=gettext_noop("Code of the option that won, or null."))
    page: str = Field(description=gettext_noop("Its page on the site."))


class OptionAnswer(Schema):
    """One option, with what it has after the closing."""

    code: str
    text: str = Field(description=gettext_noop("The option in the reader's language."))
    is_abstention: bool = Field(description=gettext_noop("Counts for the quorum only."))
    ballots: int | None
    weight: int | None
    share: str | None = Field(
        description=gettext_noop("Exact share of the votes without abstentions, as a fraction.")
    )


class EntitledAnswer(Schema):
    """A member that may vote, with the weight of its vote."""

    municipality: str = Field(description=gettext_noop("Identifier of a municipality."))
    weight: int


class BallotAnswer(Schema):
    """One ballot, shown after the closing."""

    key: str = Field(
        description=gettext_noop(
            "Open ballot: identifier of the municipality; secret ballot: the receipt."
        )
    )
    option: str = Field(description=gettext_noop("Code of the option."))
    weight: int


class PollDetail(PollAnswer):
    """A vote of the members with its rules, those entitled, result and ballots."""

    question: str
    rules: list[str] = Field(description=gettext_noop("The rules in words."))
    quorum: str = Field(description=gettext_noop("Least share of the votes entitled."))
    majority: str = Field(description=gettext_noop("Share that the winner needs; 0/1: the most."))
    is_over: bool = Field(description=gettext_noop("More than the share; else at least."))
    position: UUID | None = Field(description=gettext_noop("The position voted on, or null."))
    options: list[OptionAnswer]
    entitled: list[EntitledAnswer]
    said: list[str] = Field(description=gettext_noop("The result and its reasons in words."))
    digest: str | None = Field(
        description=gettext_noop("SHA-256 of the sorted lines “key option weight”.")
    )
    ballots: list[BallotAnswer] = Field(
        description=gettext_noop("Every ballot after the closing; until then none.")
    )


class PollsAnswer(Part):
    """A part of the list of votes."""

    results: list[PollAnswer]


class PollsAsked(Page, Reader):
    """Which votes."""

    state: State | None = Field(None, description=gettext_noop("Only those in this state."))
    kind: Ballots | None = Field(None, description=gettext_noop("Only open or secret ballots."))


@router.get(
    "/polls",
    response=PollsAnswer,
    operation_id="list_polls",
    summary=gettext_noop("Votes of the members"),
    description=gettext_noop(
        "Votes of the association's members that were opened, the newest first."
    ),
    openapi_extra={"x-example": {"state": "closed"}},
)
def polls(request: HttpRequest, asked: Query[PollsAsked]) -> dict[str, Any]:
    """List polls in two queries."""
    rows = Poll.objects.exclude(opens_at=None).order_by("-made_at", "-id")
    if asked.state:
        rows = rows.filter(state=asked.state)
    if asked.kind:
        rows = rows.filter(is_secret=asked.kind == "secret")
    total = rows.count()
    ends = neighbours(request, total=total, limit=asked.limit, offset=asked.offset)
    part = rows[asked.offset : asked.offset + asked.limit]
    return {"total": total, **ends, "results": [_short(request, one) for one in part]}


@router.get(
    "/polls/{poll_id}",
    response=PollDetail,
    operation_id="get_poll",
    summary=gettext_noop("One vote of the members"),
    description=gettext_noop(
        "Rules, members entitled, and after the closing the result with every ballot: whoever"
        " wants can count again."
    ),
)
def poll(request: HttpRequest, poll_id: Path[UUID], asked: Query[Reader]) -> dict[str, Any]:
    """Show one poll in a fixed number of queries."""
    rows = Poll.objects.exclude(opens_at=None).select_related("position")
    found = rows.filter(public_id=poll_id).first()
    if found is None:
        raise Http404
    is_closed = found.state == "closed"
    entitled = found.entitled.order_by("member__municipality__slug")
    pairs = entitled.values_list("member__municipality__slug", "weight")
    is_english = str(found) == found.title_en != found.title
    return {
        **_short(request, found),
        "question": (is_english and found.question_en) or found.question,
        "rules": rules_in_words(found),
        "quorum": f"{found.quorum_numerator}/{found.quorum_denominator}",
        "majority": f"{found.majority_numerator}/{found.majority_denominator}",
        "is_over": found.is_over,
        "position": found.position.public_id if found.position else None,
        "options": _options(found),
        "entitled": [{"municipality": slug, "weight": weight} for slug, weight in pairs],
        "said": [verdict_words(found), *reasons_in_words(found)] if is_closed else [],
        "digest": found.result.get("digest"),
        "ballots": [
            {"key": one.key, "option": one.option, "weight": one.weight}
            for one in (ballots_of(found) if is_closed else ())
        ],
    }


def _short(request: HttpRequest, one: Poll) -> dict[str, Any]:
    return {
        "id": one.public_id,
        "title": str(one),
        "kind": "secret" if one.is_secret else "open",
        "state": one.state,
        "opens_at": one.opens_at,
        "closes_at": one.closes_at,
        "extensions": one.extensions,
        "verdict": one.result.get("verdict"),
        "winner": one.result.get("winner"),
        "page": absolute(request, one.get_absolute_url()),
    }


def _options(one: Poll) -> list[dict[str, Any]]:
    tallies = {tally["code"]: tally for tally in one.result.get("tallies", [])}
    return [
        {
            "code": option.code,
            "text": str(option),
            "is_abstention": option.is_abstention,
            **{
                name: tallies.get(option.code, {}).get(name)
                for name in ("ballots", "weight", "share")
            },
        }
        for option in one.options.all()
    ]
