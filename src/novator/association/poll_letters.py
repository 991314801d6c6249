"""The association: letters about votes of members, to those who may vote."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import date, datetime, timedelta
from functools import partial

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from novator.association.ballots import taking_part
from novator.association.mandates import accounts_acting
from novator.association.models import Member, Poll
from novator.association.poll_words import moment_words, title_of
from novator.reviews.letters import tell

KIND = "poll"
SOON = timedelta(hours=48)
_SAID: dict[str, tuple[Promise, Promise]] = {
    "opened": (
        _("Members vote: %(title)s"),
        _(
            "A vote of the members has been opened: %(title)s\n\nIt ends on %(end)s. You may vote"
            " for: %(members)s."
        ),
    ),
    "extended": (
        _("The vote goes on: %(title)s"),
        _(
            "The vote has been extended: %(title)s\n\nIt ends on %(end)s now. Votes that were cast"
            " stand. You may vote for: %(members)s."
        ),
    ),
    "soon": (
        _("The vote ends soon: %(title)s"),
        _("The vote ends on %(end)s: %(title)s\n\nThese have not taken part yet: %(members)s."),
    ),
    "closed": (
        _("The vote is over: %(title)s"),
        _("The vote is over: %(title)s\n\nThe result with everything that it rests on:"),
    ),
    "cancelled": (
        _("The vote is cancelled: %(title)s"),
        _("The vote has been cancelled: %(title)s\n\nThe reason: %(reason)s"),
    ),
}


def tell_about(poll: Poll, what: str, *, on: date) -> int:
    """Write to everybody who may vote in it, once; return to how many."""
    members = {row.member for row in poll.entitled.select_related("member__municipality")}
    return _tell(poll, what, members, on=on)


def tell_of_ends(*, now: datetime) -> int:
    """Write to representatives of members that have not taken part in a poll that ends soon."""
    polls = Poll.objects.filter(state="open", closes_at__gt=now, closes_at__lte=now + SOON)
    on, told = timezone.localdate(now), 0
    for poll in polls.order_by("closes_at", "pk"):
        rows = poll.entitled.exclude(member__in=taking_part(poll))
        members = {row.member for row in rows.select_related("member__municipality")}
        told += _tell(poll, "soon", members, on=on)
    return told


def _tell(poll: Poll, what: str, members: Collection[Member], *, on: date) -> int:
    subject, body = _SAID[what]
    people = accounts_acting(members, "vote", on=on)
    for person, own in people.items():
        tell(
            [person],
            kind=KIND,
            subject=subject,
            body=body,
            facts={
                "title": _Said(partial(title_of, poll)),
                "end": _Said(partial(moment_words, poll.closes_at)),
                "reason": poll.cancelled_because,
                "members": _Said(partial(_names, own)),
            },
            address=poll.get_absolute_url,
            key=f"poll-{poll.pk}-{what}-{poll.extensions}",
        )
    return len(people)


def _names(members: Iterable[Member]) -> str:
    return ", ".join(sorted(str(member) for member in members))


class _Said:
    """Words that are put together in the language of each reader."""

    def __init__(self, words: Callable[[], str]) -> None:
        self._words = words

    def __str__(self) -> str:
        return self._words()
