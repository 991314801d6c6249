"""Solutions judged: what is stored of a person who reviews, moderates and judges (rule P4)."""

from __future__ import annotations

from novator.accounts.models import User
from novator.accounts.own_data import Rows, tell_own_data
from novator.reviews.models import Conflict, Score


def tell_of_reviews() -> None:
    """
    Register reviews, conflicts, seats in juries, decisions and proposals of a person.

    When the account is erased, what was said stays as that of somebody without a name; reasons of
    conflicts, which may tell of private life, and a juror's own comments are forgotten.
    """
    tell_own_data("reviews", _reviews)
    tell_own_data("conflicts_of_interest", _conflicts, forgetting=_forget_private_words)
    tell_own_data("juries", _juries)
    tell_own_data("moderations", _moderations)


def _reviews(user: User) -> Rows:
    for one in user.reviews.select_related("practice", "version"):
        yield {
            "practice": one.practice.slug,
            "version": one.version.number,
            "scores": one.scores,
            "comments": one.comments,
            "summary": one.summary,
            "made_at": one.made_at,
            "ended_at": one.ended_at,
            "ended_because": one.ended_because,
        }


def _conflicts(user: User) -> Rows:
    for one in user.conflicts.select_related("municipality"):
        yield {
            "municipality": one.municipality.slug,
            "reason": one.reason,
            "declared_at": one.declared_at,
            "ended_at": one.ended_at,
        }


def _forget_private_words(user: User) -> None:
    Conflict.objects.filter(expert=user).update(reason="")
    Score.objects.filter(juror__user=user).update(comment="")


def _juries(user: User) -> Rows:
    for seat in user.juries.select_related("contest"):
        yield {
            "contest": seat.contest.slug,
            "code": seat.code,
            "named_at": seat.named_at,
            "ended_at": seat.ended_at,
            "scores": list(seat.given.values("entry__public_id", "points", "comment", "given_at")),
            "recusals": list(seat.recusals.values("entry__public_id", "reason", "made_at")),
        }


def _moderations(user: User) -> Rows:
    for one in user.moderations.select_related("draft"):
        yield {
            "draft": one.draft.public_id,
            "round": one.round,
            "taken_at": one.taken_at,
            "checks": one.checks,
            "note": one.note,
            "outcome": one.outcome,
            "decided_at": one.decided_at,
        }
