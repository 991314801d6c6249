"""Solutions discussed: what a person wrote, for the own export and for erasure (rule P4)."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models import Q

from novator.accounts.models import User
from novator.talk.models import Booking, Question, Rating, Reply, Request, RequestAnswer


def words_of(user: User) -> list[dict[str, Any]]:
    """Everything that a person wrote here, oldest first, as plain values for a file."""
    found: list[dict[str, Any]] = []
    for kind, rows, words in (
        ("question", Question.objects.filter(written_by=user), "text"),
        ("reply", Reply.objects.filter(written_by=user), "text"),
        ("request", Request.objects.filter(written_by=user), "text"),
        ("answer", RequestAnswer.objects.filter(written_by=user), "text"),
        ("booking", Booking.objects.filter(written_by=user), "message"),
    ):
        found += [
            {
                "kind": kind,
                "id": str(row.public_id),
                "at": row.written_at,
                "text": getattr(row, words),
            }
            for row in rows
        ]
    ratings = Rating.objects.filter(rated_by=user)
    found += [
        {"kind": "rating", "id": str(row.public_id), "at": row.rated_at, "text": row.comment}
        for row in ratings
    ]
    return sorted(found, key=lambda one: one["at"])


@transaction.atomic
def forget_private_words(user: User) -> None:
    """
    Take out the private words of a person whose account is erased.

    What was said publicly in the name of a city stays, with city and role, without a name; rows
    of private threads stay with their dates, so that the other city's record is not torn.
    """
    Question.objects.filter(written_by=user, public_since=None).update(text="")
    is_private = Q(may_be_shown=False) | Q(question__public_since=None)
    Reply.objects.filter(is_private, written_by=user).update(text="")
    Booking.objects.filter(written_by=user).update(message="", wished="")
    Booking.objects.filter(moved_by=user).exclude(state="declined").update(note="")
    Rating.objects.filter(rated_by=user, side="gave").update(comment="")
    events = apps.get_model("talk", "RatingEvent")._default_manager
    events.filter(rated_by=user.pk, side="gave").update(comment="")
