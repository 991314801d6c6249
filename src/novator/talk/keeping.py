"""Solutions discussed: a form that is sent twice is kept once, and hiding with a reason."""

from __future__ import annotations

from datetime import date, datetime
from typing import TypeVar

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from novator.accounts.models import User
from novator.talk.hiding_letters import tell_of_objection, tell_writer
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
LONGEST_OBJECTION = 1000
_HIDING = ("hidden_at", "hidden_by", "hidden_because")


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
    Show readers the reason instead of the words; the original stays. Its writer gets a letter.

    :raises CannotHide: without a reason
    """
    if not because.strip():
        raise CannotHide(_("Say why it is hidden: its author and all readers see the reason."))
    thing.hidden_at, thing.hidden_by, thing.hidden_because = at, by, because.strip()[:300]
    thing.objection = ""
    thing.save(update_fields=[*_HIDING, "objection"])
    if writer_of(thing) != by:
        tell_writer(thing, writer_of(thing), path=objection_path(thing), at=at)


@transaction.atomic
def show_again(*, thing: Hideable, at: datetime) -> None:
    """Take the hiding back; the trail of changes keeps that it was hidden. Its writer is told."""
    if thing.hidden_at is None:
        return
    tell_writer(thing, writer_of(thing), path=objection_path(thing), at=at, is_shown=True)
    thing.hidden_at, thing.hidden_by, thing.hidden_because = None, None, ""
    thing.save(update_fields=[*_HIDING])


@transaction.atomic
def object_to_hiding(*, thing: Hideable, by: User, words: str, on: date) -> None:
    """
    Say why the own words should be shown again; the office and the moderators read it.

    :raises CannotHide: it is not hidden any more, an objection was made, or nothing is said
    """
    found = type(thing)._default_manager.select_for_update(of=("self",)).get(pk=thing.pk)
    if found.hidden_at is None:
        raise CannotHide(_("It is shown again already."))
    if found.objection:
        raise CannotHide(_("You have objected already; the moderators read it."))
    if not words.strip():
        raise CannotHide(_("Say why it should be shown again."))
    found.objection = words.strip()[:LONGEST_OBJECTION]
    found.save(update_fields=["objection"])
    tell_of_objection(found, by, path=reverse("office_talk"), on=on)


def writer_of(thing: Hideable) -> User:
    """Whose words these are."""
    return thing.rated_by if isinstance(thing, Rating) else thing.written_by


def objection_path(thing: Hideable) -> str:
    """Where the writer reads why the words were hidden, and objects."""
    kind = next(kind for kind, model in HIDEABLE.items() if isinstance(thing, model))
    return reverse("objection", args=[kind, thing.public_id])
