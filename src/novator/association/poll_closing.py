"""The association: a poll ends: counted, extended if too few took part, and counted again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from novator.association.models import OpenBallot, Poll, SecretBallot
from novator.association.poll_telling import ask_for_cleaning, ask_to_tell
from novator.association.polls import choices_of, hold_poll, put_off, rules_of
from novator.association.secret_ballots import counts_by_weight, forget_secrets, shuffle_ballots
from novator.association.settling import settle_position
from novator.association.voting_rules import FaultyRule, Outcome, is_quorate, outcome_of

FORMAT = 1


@dataclass(frozen=True)
class Ballot:
    """One ballot as everybody may see it after the closing: a key, the option's code, a weight."""

    key: str
    option: str
    weight: int


@dataclass(frozen=True)
class Recount:
    """What the stored ballots give now, and whether it is what was written at the closing."""

    result: dict[str, Any]
    agrees: bool


def close_due_polls(*, now: datetime) -> int:
    """
    Count every poll whose time is over, each in a transaction of its own; return how many.

    Whatever stops it in between leaves a poll either open or wholly closed. One that cannot be
    counted keeps none of the others; its fault is raised when they are done.
    """
    due = Poll.objects.filter(state="open", closes_at__lte=now).order_by("closes_at", "pk")
    closed, faults = 0, []
    for poll in list(due):
        try:
            closed += close_poll(poll=poll, now=now)
        except Exception as fault:
            faults.append(fault)
    if faults:
        raise faults[0]
    return closed


@transaction.atomic(durable=True)
def close_poll(*, poll: Poll, now: datetime) -> bool:
    """
    Count a poll whose time is over, or extend it if too few took part and its rules allow it.

    False where there was nothing to do: somebody closed it first.
    """
    held = hold_poll(poll)
    if held.state != "open" or held.closes_at is None or held.closes_at > now:
        return False
    if _is_to_be_extended(held):
        put_off(held, until=max(held.closes_at, now) + timedelta(days=held.extension_days))
        return True
    if held.is_secret:
        shuffle_ballots(held)
    held.result = result_of(held)
    held.state, held.closed_at = "closed", now
    held.save(update_fields=["result", "state", "closed_at"])
    if held.is_secret:
        forget_secrets(held)
        ask_for_cleaning(held)
    settle_position(held, on=timezone.localdate(now))
    ask_to_tell(held, "closed")
    return True


def result_of(poll: Poll) -> dict[str, Any]:
    """
    Reckon the result from the ballots; a value that fits JSON.

    A secret poll with more ballots than rights, or with ballots and tokens that are not as many as
    members, was tampered with: its verdict is "unsound" and decides nothing.
    """
    ballots = ballots_of(poll)
    entitled = poll.entitled.aggregate(all=Sum("weight"))["all"] or 0
    facts: dict[str, Any] = {
        "format": FORMAT,
        "members": poll.entitled.count(),
        "entitled": entitled,
        "rights": poll.rights.count() if poll.is_secret else None,
        "digest": digest_of(ballots),
    }
    try:
        outcome = outcome_of(
            [(one.option, one.weight) for one in ballots],
            choices=choices_of(poll),
            rules=rules_of(poll),
            entitled=entitled,
        )
    except FaultyRule as fault:
        return facts | {"verdict": "unsound", "winner": None, "leaders": [], "fault": str(fault)}
    reckoned = _values(outcome)
    if poll.is_secret and not _is_sound(poll):
        reckoned |= {"verdict": "unsound", "winner": None}
    return facts | reckoned


def ballots_of(poll: Poll) -> list[Ballot]:
    """All ballots by their key: of an open poll the member's number, else the receipt."""
    if poll.is_secret:
        secret = SecretBallot.objects.filter(poll=poll).select_related("option").order_by("id")
        return [Ballot(str(one.pk), one.option.code, one.weight) for one in secret]
    rows = OpenBallot.objects.filter(poll=poll).select_related("option", "member__municipality")
    found = [Ballot(one.member.municipality.slug, one.option.code, one.weight) for one in rows]
    return sorted(found, key=lambda one: one.key)


def digest_of(ballots: Iterable[Ballot]) -> str:
    """
    SHA-256 over the ballots, one a line ("key option weight"), in the order of their keys.

    Whoever has the file of ballots can reckon it, too.
    """
    lines = sorted(f"{one.key} {one.option} {one.weight}\n" for one in ballots)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def recount(poll: Poll) -> Recount:
    """Reckon a closed poll again from its ballots; changes nothing."""
    found = result_of(poll)
    return Recount(found, agrees=found == poll.result)


def _is_to_be_extended(poll: Poll) -> bool:
    if poll.extensions >= poll.most_extensions:
        return False
    ballots = poll.secret_ballots if poll.is_secret else poll.open_ballots
    cast = ballots.aggregate(all=Sum("weight"))["all"] or 0
    entitled = poll.entitled.aggregate(all=Sum("weight"))["all"] or 0
    return not is_quorate(rules_of(poll), cast=cast, entitled=entitled)


def _is_sound(poll: Poll) -> bool:
    """Whether rights, tokens and ballots add up; tokens are there until the poll is closed."""
    for count in counts_by_weight(poll).values():
        if count["ballots"] > count["rights"] or count["rights"] > count["members"]:
            return False
        if poll.state == "open" and count["tokens"] + count["ballots"] != count["members"]:
            return False
        if poll.state == "open" and count["sealed"] + count["rights"] != count["members"]:
            return False
    return True


def _values(outcome: Outcome) -> dict[str, Any]:
    return {
        "verdict": outcome.verdict,
        "winner": outcome.winner,
        "leaders": list(outcome.leaders),
        "cast": outcome.cast,
        "counted": outcome.counted,
        "ballots": outcome.ballots,
        "tallies": [
            {
                "code": tally.code,
                "ballots": tally.ballots,
                "weight": tally.weight,
                "share": _written(tally.share),
            }
            for tally in outcome.tallies
        ],
    }


def _written(share: Fraction | None) -> str | None:
    return None if share is None else f"{share.numerator}/{share.denominator}"
