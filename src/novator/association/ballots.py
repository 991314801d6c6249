"""The association: members vote, openly or by a right that becomes a secret ballot."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from novator.accounts.models import User
from novator.association.mandates import Acting, CannotAct, acting_as, allows
from novator.association.models import (
    Entitlement,
    Member,
    OpenBallot,
    Poll,
    PollOption,
    VotingRight,
)
from novator.association.polls import hold_poll, join_poll
from novator.association.secret_ballots import draw_token, use_token


class CannotVote(Exception):
    """This vote cannot be taken; the message is fit to show."""


@dataclass(frozen=True)
class Standing:
    """
    How a person stands towards a poll for one member.

    `acting` is given where the person may act for it; `reason` says why the member cannot vote
    through this person, or that it has taken part already.
    """

    member: Member
    acting: Acting | None
    weight: int | None
    has_voted: bool
    reason: str

    @property
    def may_vote(self) -> bool:
        """Whether the person may vote for this member now."""
        return not self.reason


@transaction.atomic
def cast_open(
    *, poll: Poll, member: Member, option: PollOption, by: User, now: datetime
) -> OpenBallot:
    """
    Store a member's vote, with who cast it and on which mandate; it cannot be changed.

    :raises CannotVote: secret or not open, no mandate, not entitled, or voted already
    """
    held = join_poll(poll)
    if held.is_secret:
        raise CannotVote(_("This poll is secret."))
    _check_open(held, now)
    if option.poll_id != held.pk:
        raise CannotVote(_("Choose one of the options."))
    acting, weight = _entitled(held, member, by, now)
    ballot = OpenBallot(
        poll=held,
        member=member,
        option=option,
        weight=weight,
        mandate=acting.mandate,
        cast_by=by,
        cast_at=now,
    )
    try:
        with transaction.atomic():
            ballot.save(force_insert=True)
    except IntegrityError as fault:
        raise CannotVote(_("%(member)s has voted already.") % {"member": member}) from fault
    return ballot


@transaction.atomic(durable=True)
def take_right(*, poll: Poll, member: Member, by: User, now: datetime) -> str:
    """
    Give a member its right to one secret ballot: a code that is known only now.

    What is stored names the member, the person and the mandate, never the code. If the answer is
    lost on its way the right is spent: nobody can tell which code it was.

    :raises CannotVote: not secret or not open, no mandate, not entitled, or taken already
    :raises TokenUnreadable: this site lacks the key of the codes
    """
    held = join_poll(poll)
    if not held.is_secret:
        raise CannotVote(_("This poll is open: vote on its page."))
    _check_open(held, now)
    acting, weight = _entitled(held, member, by, now)
    right = VotingRight(poll=held, member=member, mandate=acting.mandate, taken_by=by, taken_at=now)
    try:
        with transaction.atomic():
            right.save(force_insert=True)
    except IntegrityError as fault:
        words = _("%(member)s has taken its right to vote already.")
        raise CannotVote(words % {"member": member}) from fault
    return draw_token(poll=held, weight=weight)


@transaction.atomic(durable=True)
def cast_secret(*, poll: Poll, code: str, option: PollOption, now: datetime) -> UUID:
    """
    Turn a code into a secret ballot, in a transaction that knows nothing of a person.

    :returns: the receipt, which is the ballot's own number
    :raises CannotVote: not secret or not open, or no such code (used up or never made)
    """
    held = hold_poll(poll, is_quiet=True)
    if not held.is_secret or option.poll_id != held.pk:
        raise CannotVote(_("Choose one of the options."))
    _check_open(held, now)
    receipt = use_token(poll=held, code=code, option_id=option.pk)
    if receipt is None:
        raise CannotVote(_("There is no such code, or a ballot has been cast with it."))
    return receipt


def standings(poll: Poll, user: User, *, on: date) -> list[Standing]:
    """How the person stands towards the poll, for each member that is any concern of his."""
    weights = dict(poll.entitled.values_list("member_id", "weight"))
    voted = taking_part(poll)
    return [
        _standing(poll, member, user, weights.get(member.pk), member.pk in voted, on)
        for member in _members_of(user)
    ]


def votes_waiting(actings: Collection[Acting]) -> int:
    """How often one of these members has not taken part yet in an open poll; one query."""
    members = {one.member.pk for one in actings if allows(one.mandate, "vote")}
    if not members:
        return 0
    same = {"poll": OuterRef("poll"), "member": OuterRef("member")}
    waiting = Entitlement.objects.filter(poll__state="open", member__in=members)
    return waiting.exclude(
        Exists(OpenBallot.objects.filter(**same)) | Exists(VotingRight.objects.filter(**same))
    ).count()


def how_many_took_part(poll: Poll) -> int:
    """Open: how many members have voted; secret: how many have taken their right to."""
    return poll.rights.count() if poll.is_secret else poll.open_ballots.count()


def taking_part(poll: Poll) -> set[int]:
    """Keys of the members that have voted or, in a secret poll, taken their right to."""
    parts = VotingRight.objects if poll.is_secret else OpenBallot.objects
    return set(parts.filter(poll=poll).values_list("member_id", flat=True))


def _standing(
    poll: Poll, member: Member, user: User, weight: int | None, has_voted: bool, on: date
) -> Standing:
    acting, reason = None, ""
    try:
        acting = acting_as(user, member, on=on, act="vote")
    except CannotAct as refusal:
        reason = str(refusal)
    if has_voted:
        reason = _taken(poll)
    elif acting is not None and weight is None:
        reason = _not_entitled()
    return Standing(member, acting, weight, has_voted, reason)


def _members_of(user: User) -> list[Member]:
    mandate = "municipality__mandates__"
    concerning = (
        Q(representatives__user=user)
        | Q(representatives__person__user=user)
        | Q(**{f"{mandate}holder__user": user})
        | Q(**{f"{mandate}holder_post__memberships__person__user": user})
    )
    rows = Member.objects.filter(concerning).select_related("municipality").distinct()
    return sorted(rows, key=lambda member: (str(member), member.pk))


def _entitled(poll: Poll, member: Member, by: User, now: datetime) -> tuple[Acting, int]:
    try:
        acting = acting_as(by, member, on=timezone.localdate(now), act="vote")
    except CannotAct as refusal:
        raise CannotVote(str(refusal)) from refusal
    row = Entitlement.objects.filter(poll=poll, member=member).first()
    if row is None:
        raise CannotVote(_not_entitled())
    return acting, row.weight


def _check_open(poll: Poll, now: datetime) -> None:
    if poll.state == "draft":
        raise CannotVote(_("This poll is not open yet."))
    if poll.state == "cancelled":
        raise CannotVote(_("This poll was cancelled."))
    if poll.state != "open" or poll.closes_at is None or now >= poll.closes_at:
        raise CannotVote(_("This poll is over."))


def _not_entitled() -> str:
    return _("This city was no active member when the poll was opened, so it has no vote in it.")


def _taken(poll: Poll) -> str:
    if poll.is_secret:
        return _("The right to vote has been taken: the code was shown once.")
    return _("This city has voted.")
