"""The association: the office prepares, opens, extends and cancels a vote of the members."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from novator.accounts.models import User
from novator.association.mandates import active_members
from novator.association.models import Entitlement, Member, Poll, PollOption, Position
from novator.association.permissions import is_association_office
from novator.association.poll_telling import ask_for_cleaning, ask_to_tell
from novator.association.secret_ballots import forget_secrets, make_tokens
from novator.association.voting_rules import (
    LEAST_OF_A_WEIGHT,
    Choice,
    FaultyRule,
    Rules,
    checked_weights,
    telling_weights,
    weight_of,
)
from novator.core.holding import hold
from novator.core.once import saying_exactly
from novator.council.seen import mark_of, mark_of_row, must_be_as_seen

LEAST_TIME = timedelta(hours=1)
LONGEST = timedelta(days=90)
MOST_OPTIONS = 30
FOR = "for"
"""Code of the option that adopts a position."""
_LOCK_CLASS = 0x706F6C6C


class CannotPoll(Exception):
    """The poll cannot be prepared or changed so; the message is fit to show."""


@dataclass(frozen=True)
class Option:
    """One option as the office writes it."""

    code: str
    text: str
    text_en: str = ""
    is_abstention: bool = False


@dataclass(frozen=True)
class Plan:
    """A poll as the office writes it; `majority` 0 asks for the most votes only."""

    title: str
    closes_at: datetime
    options: Sequence[Option]
    title_en: str = ""
    question: str = ""
    question_en: str = ""
    is_secret: bool = False
    weights: dict[str, Any] = field(default_factory=lambda: {"kind": "equal"})
    quorum: Fraction = Fraction(1, 2)
    majority: Fraction = Fraction(1, 2)
    is_over: bool = True
    extension_days: int = 7
    most_extensions: int = 1
    position: Position | None = None


def hold_poll(poll: Poll, *, is_quiet: bool = False) -> Poll:
    """
    Hold a poll so that nobody votes in it meanwhile; inside a transaction.

    `is_quiet`: the row itself is not locked, so that it does not tell the transaction.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK_CLASS, poll.pk])
    return Poll.objects.get(pk=poll.pk) if is_quiet else hold(Poll.objects.all(), poll.pk)


def join_poll(poll: Poll) -> Poll:
    """Hold a poll so that it stays open, together with others who vote; inside a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s, %s)", [_LOCK_CLASS, poll.pk])
    return Poll.objects.get(pk=poll.pk)


def rules_of(poll: Poll) -> Rules:
    """When this poll is decided."""
    return Rules(
        Fraction(poll.quorum_numerator, poll.quorum_denominator),
        Fraction(poll.majority_numerator, poll.majority_denominator),
        is_over=poll.is_over,
    )


def choices_of(poll: Poll) -> list[Choice]:
    """Its options as the arithmetic wants them, in their order."""
    return [Choice(one.code, one.is_abstention) for one in poll.options.all()]


@transaction.atomic
def prepare_poll(*, plan: Plan, by: User, now: datetime) -> Poll:
    """
    Write down a poll; only the office sees it until it is opened.

    :raises CannotPoll: not the office, or what is planned is no poll
    """
    _only_office(by, now)
    _check(plan, now)
    hold(User.objects.all(), by.pk)
    if known := _sent_twice(plan, by):
        return known
    poll = Poll(made_by=by)
    _take_over(poll, plan, now)
    return poll


def _sent_twice(plan: Plan, by: User) -> Poll | None:
    """The same form sent twice: a poll that is prepared with the same words and options."""
    names = ("title", "title_en", "question", "question_en", "closes_at", "position", "is_secret")
    facts = {name: getattr(plan, name) for name in names}
    asked = [(one.text.strip(), one.text_en.strip(), one.is_abstention) for one in plan.options]
    for poll in saying_exactly(Poll.objects.filter(state="draft", made_by=by), **facts):
        options = poll.options.values_list("text", "text_en", "is_abstention")
        is_same = rules_of(poll) == _rules_of_plan(plan) and list(options) == asked
        if is_same and poll.weights == checked_weights(plan.weights):
            return poll
    return None


@transaction.atomic
def change_poll(
    *, poll: Poll, plan: Plan, by: User, now: datetime, seen: str | None = None
) -> Poll:
    """
    Change a poll that is not open yet; `seen` is the mark of the poll that the page showed.

    :raises ChangedMeanwhile: somebody else changed it after that
    :raises CannotPoll: not the office, opened already, or what is planned is no poll
    """
    _only_office(by, now)
    _check(plan, now)
    held = hold_poll(poll)
    if held.state != "draft":
        raise CannotPoll(_("An opened poll cannot be changed."))
    must_be_as_seen(mark_of_poll(held), seen)
    held.options.all().delete()
    _take_over(held, plan, now)
    return held


def mark_of_poll(poll: Poll) -> str:
    """Tell how a poll stands with its options."""
    return mark_of(mark_of_row(poll), [mark_of_row(one) for one in poll.options.all()])


@transaction.atomic
def open_poll(*, poll: Poll, by: User, now: datetime) -> Poll:
    """
    Open a poll: who may vote, and with which weight, is fixed at this moment.

    In a secret poll as many tokens as members are made, in random order.

    :raises CannotPoll: not the office, opened already, nobody may vote, a weight would tell whose
        ballot it is, or the position is not at its vote
    """
    _only_office(by, now)
    held = hold_poll(poll)
    if held.state != "draft":
        raise CannotPoll(_("This poll was opened already."))
    if held.closes_at is None or held.closes_at - now < LEAST_TIME:
        raise CannotPoll(_("A poll is open for an hour at least: move its end."))
    if held.position is not None:
        _check_position(held, held.position)
    entitled = _entitled(held, now)
    held.state, held.opens_at = "open", now
    held.save(update_fields=["state", "opens_at"])
    Entitlement.objects.bulk_create(entitled)
    if held.is_secret:
        make_tokens(poll=held, weights=[one.weight for one in entitled])
    ask_to_tell(held, "opened")
    return held


@transaction.atomic
def extend_poll(*, poll: Poll, closes_at: datetime, by: User, now: datetime) -> Poll:
    """
    Move the end of an open poll, as often as its rules allow.

    :raises CannotPoll: not the office, not open, no extension left, or not later than before
    """
    _only_office(by, now)
    held = hold_poll(poll)
    if held.state != "open" or held.closes_at is None or held.closes_at <= now:
        raise CannotPoll(_("This poll is not open."))
    if held.extensions >= held.most_extensions:
        raise CannotPoll(_("The rules of this poll allow no further extension."))
    if closes_at <= held.closes_at or closes_at - now > LONGEST:
        raise CannotPoll(_("The new end must be later than the old one, within 90 days."))
    put_off(held, until=closes_at)
    return held


def put_off(held: Poll, *, until: datetime) -> None:
    """Write a later end of a poll that is held, and tell who may vote."""
    held.closes_at, held.extensions = until, held.extensions + 1
    held.save(update_fields=["closes_at", "extensions"])
    ask_to_tell(held, "extended")


@transaction.atomic
def cancel_poll(*, poll: Poll, reason: str, by: User, now: datetime) -> Poll:
    """
    Cancel a poll for ever, with a reason; secret ballots and rights to vote are destroyed.

    :raises CannotPoll: not the office, over already, or no reason
    """
    _only_office(by, now)
    stated = " ".join(reason.split())
    if not stated or len(stated) > 300:
        raise CannotPoll(_("Give the reason, in at most 300 characters."))
    held = hold_poll(poll)
    if held.state not in {"draft", "open"}:
        raise CannotPoll(_("This poll is over already."))
    was_open = held.state == "open"
    held.state, held.cancelled_because, held.closed_at = "cancelled", stated, now
    held.save(update_fields=["state", "cancelled_because", "closed_at"])
    if was_open:
        if held.is_secret:
            forget_secrets(held, with_ballots=True)
            ask_for_cleaning(held)
        ask_to_tell(held, "cancelled")
    return held


def polls_to_open() -> int:
    """How many polls are being prepared."""
    return Poll.objects.filter(state="draft").count()


def members_who_may(poll: Poll) -> list[Entitlement]:
    """Who may vote in an opened poll, by name. One query."""
    rows = poll.entitled.select_related("member__municipality__region")
    return sorted(rows, key=lambda row: (str(row.member), row.pk))


def _entitled(poll: Poll, now: datetime) -> list[Entitlement]:
    members = active_members(on=timezone.localdate(now))
    if not members:
        raise CannotPoll(_("There is no active member that could vote."))
    entitled = [
        Entitlement(poll=poll, member=member, weight=_weight(poll, member)) for member in members
    ]
    if poll.is_secret and len(entitled) < LEAST_OF_A_WEIGHT:
        raise CannotPoll(
            _(
                "A secret ballot needs at least %(least)s active members, or it would tell whose it"
                " is; there are %(count)s. Make the poll open."
            )
            % {"least": LEAST_OF_A_WEIGHT, "count": len(entitled)}
        )
    if poll.is_secret and (telling := telling_weights(one.weight for one in entitled)):
        raise CannotPoll(
            _(
                "A weight of %(weight)s would belong to fewer than %(least)s members: a secret"
                " ballot would tell whose it is. Choose equal weights, wider tiers or an open poll."
            )
            % {"weight": telling[0], "least": LEAST_OF_A_WEIGHT}
        )
    return entitled


def _weight(poll: Poll, member: Member) -> int:
    try:
        return weight_of(poll.weights, member.municipality.population)
    except FaultyRule as fault:
        raise CannotPoll(f"{member}: {fault}") from fault


def _check_position(poll: Poll, position: Position) -> None:
    held = hold(Position.objects.all(), position.pk)
    if held.state != "vote":
        raise CannotPoll(_("The position is not at the vote of the members."))
    if Poll.objects.filter(position=held, state="open").exclude(pk=poll.pk).exists():
        raise CannotPoll(_("Another poll on this position is open."))


def _check(plan: Plan, now: datetime) -> None:
    if not plan.title.strip():
        raise CannotPoll(_("A poll needs a title."))
    if not LEAST_TIME <= plan.closes_at - now <= LONGEST:
        raise CannotPoll(_("A poll ends in an hour at the earliest, in 90 days at the latest."))
    codes = [one.code for one in plan.options]
    voting = [one for one in plan.options if not one.is_abstention]
    if len(voting) < 2:
        raise CannotPoll(_("A poll needs two options at least, abstention not counted."))
    if len(codes) > MOST_OPTIONS or len(set(codes)) < len(codes):
        raise CannotPoll(
            _("Options are different ones, at most %(most)s.") % {"most": MOST_OPTIONS}
        )
    if not all(one.text.strip() for one in plan.options):
        raise CannotPoll(_("Every option needs its words."))
    if plan.position is not None and FOR not in codes:
        raise CannotPoll(_("A vote on a position needs the option “for”."))
    if not 1 <= plan.extension_days <= 60 or not 0 <= plan.most_extensions <= 3:
        raise CannotPoll(_("A poll is extended by 1 to 60 days, at most three times."))
    try:
        _rules_of_plan(plan)
        checked_weights(plan.weights)
    except FaultyRule as fault:
        raise CannotPoll(str(fault)) from fault


def _rules_of_plan(plan: Plan) -> Rules:
    return Rules(plan.quorum, plan.majority, is_over=plan.is_over)


def _take_over(poll: Poll, plan: Plan, now: datetime) -> None:
    poll.title, poll.title_en = plan.title.strip(), plan.title_en.strip()
    poll.question, poll.question_en = plan.question.strip(), plan.question_en.strip()
    poll.position, poll.is_secret = plan.position, plan.is_secret
    poll.weights = checked_weights(plan.weights)
    poll.quorum_numerator, poll.quorum_denominator = plan.quorum.as_integer_ratio()
    poll.majority_numerator, poll.majority_denominator = plan.majority.as_integer_ratio()
    poll.is_over, poll.closes_at = plan.is_over, plan.closes_at
    poll.extension_days, poll.most_extensions = plan.extension_days, plan.most_extensions
    poll.save()
    PollOption.objects.bulk_create(
        PollOption(
            poll=poll,
            position=place,
            code=one.code,
            text=one.text.strip(),
            text_en=one.text_en.strip(),
            is_abstention=one.is_abstention,
        )
        for place, one in enumerate(plan.options, start=1)
    )


def _only_office(by: User, now: datetime) -> None:
    if not is_association_office(by, on=timezone.localdate(now)):
        raise CannotPoll(_("Only the office of the association runs votes of members."))
