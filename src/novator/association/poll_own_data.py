"""The association: in which votes of members a person acted (rule P4)."""

from __future__ import annotations

from novator.accounts.models import User
from novator.accounts.own_data import Rows, tell_own_data
from novator.association.models import OpenBallot, VotingRight


def tell_of_votes() -> None:
    """
    Register open votes that a person cast and rights to secret ballots that the person took.

    They stay when the account is erased, as acts of somebody without a name.
    """
    tell_own_data("open_votes", _open_votes)
    tell_own_data("rights_to_vote", _rights)


def _open_votes(user: User) -> Rows:
    rows = OpenBallot.objects.filter(cast_by=user).order_by("pk")
    for one in rows.select_related("poll", "member__municipality", "option", "mandate"):
        yield {
            "poll": one.poll.public_id,
            "member": one.member.municipality.slug,
            "option": one.option.code,
            "mandate": one.mandate.public_id,
            "cast_at": one.cast_at,
        }


def _rights(user: User) -> Rows:
    rows = VotingRight.objects.filter(taken_by=user).order_by("pk")
    for one in rows.select_related("poll", "member__municipality", "mandate"):
        yield {
            "poll": one.poll.public_id,
            "member": one.member.municipality.slug,
            "mandate": one.mandate.public_id,
            "taken_at": one.taken_at,
        }
