"""Solutions discussed: a form that is sent twice is kept once, and hiding with a reason."""

from __future__ import annotations

from datetime import datetime
from typing import TypeVar

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from novator.accounts.models import User
from novator.talk.models import Booking, Question, Rating, Reply, Request, RequestAnswer

Row = TypeVar("Row", Question, Reply, Request, RequestAnswer, Booking)
Hideable = Question | Reply | Request | RequestAnswer | Rating
HIDEABLE: dict[str, type[Hideable]] = {
    "question": Question,
    "reply": Reply,
    "request": Request,
    "answer": RequestAnswer,
    "rating": Rating,
}


class CannotHide(Exception):
    """It cannot be hidden so; the message is fit to show."""


def kept_once(row: Row) -> tuple[Row, bool]:
    """Store a row unless its form was sent before; return the stored one, and whether it is new."""
    sent = type(row)._default_manager.filter(written_by=row.written_by_id, token=row.token)
    if (known := sent.first()) is not None:
        return known, False
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        if (known := sent.first()) is None:
            raise
        return known, False
    return row, True


@transaction.atomic
def hide(*, thing: Hideable, by: User, because: str, at: datetime) -> None:
    """
    Show readers the reason instead of the words; the original stays.

    :raises CannotHide: without a reason
    """
    if not because.strip():
        raise CannotHide(_("Say why it is hidden: its author and all readers see the reason."))
    thing.hidden_at, thing.hidden_by, thing.hidden_because = at, by, because.strip()[:300]
    thing.save(update_fields=["hidden_at", "hidden_by", "hidden_because"])


@transaction.atomic
def show_again(*, thing: Hideable) -> None:
    """Take the hiding back; the trail of changes keeps that it was hidden."""
    thing.hidden_at, thing.hidden_by, thing.hidden_because = None, None, ""
    thing.save(update_fields=["hidden_at", "hidden_by", "hidden_because"])
