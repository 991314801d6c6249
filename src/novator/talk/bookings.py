"""Solutions discussed: a city books the help that an author city offers; both say how it was."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date, datetime, time
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from novator.accounts.models import User
from novator.practices.models import HELP_OFFERS, Practice
from novator.talk.booking_letters import tell_of_booking
from novator.talk.keeping import kept_once
from novator.talk.models import TRANSITIONS, Booking, Rating
from novator.talk.voices import Voice, is_here


class CannotBook(Exception):
    """The help cannot be booked; the message is fit to show."""


class CannotMove(Exception):
    """The booking cannot go there; the message is fit to show."""


class CannotRate(Exception):
    """The help cannot be rated so; the message is fit to show."""


@transaction.atomic
def book_help(
    *,
    practice: Practice,
    voice: Voice,
    kind: str,
    wished_on: date | None,
    wished: str,
    message: str,
    token: UUID,
    at: datetime,
    on: date,
) -> Booking:
    """
    Ask the author city for help it offers on its card; those who answer for it get a letter.

    :raises CannotBook: it is not offered, nobody is there to agree, or the day is past
    """
    if practice.withdrawn_at is not None or kind not in practice.help_offered:
        raise CannotBook(_("The author city does not offer this."))
    if voice.city is None or voice.city.pk == practice.municipality_id:
        raise CannotBook(_("Another city books this help."))
    if not is_here(practice.municipality.slug, on=on):
        raise CannotBook(_("Nobody answers for this city in Novator yet. Ask a question instead."))
    if wished_on is not None and wished_on < on:
        raise CannotBook(_("The day you wish lies in the past."))
    wanted = Booking(
        practice=practice,
        kind=kind,
        wished_on=wished_on,
        wished=" ".join(wished.split()),
        message=message.strip(),
        moved_at=at,
        moved_by=voice.user,
        token=token,
        written_by=voice.user,
        written_for=voice.city,
        written_as=voice.role,
        written_at=at,
    )
    booking, is_new = kept_once(wanted)
    if is_new:
        tell_of_booking(booking, to="author", on=on)
    return booking


@transaction.atomic
def accept_booking(
    *,
    booking: Booking,
    by: User,
    seen: int,
    meeting_on: date,
    meeting_time: time | None,
    meeting_place: str,
    note: str,
    at: datetime,
    on: date,
) -> Booking:
    """
    The author city agrees, with the day (of documents: by when they are sent).

    `seen` is `times_moved` of what the person looked at.

    :raises CannotMove: it was moved meanwhile, or the day is past
    """
    _check_day(meeting_on, on)

    def change(row: Booking) -> None:
        row.meeting_on, row.meeting_time = meeting_on, meeting_time
        row.meeting_place, row.note = meeting_place.strip(), note.strip()

    moved = _moved(booking, "accepted", {"asked"}, by=by, seen=seen, at=at, change=change)
    tell_of_booking(moved, to="guest", on=on)
    return moved


@transaction.atomic
def propose_day(
    *,
    booking: Booking,
    by: User,
    seen: int,
    meeting_on: date,
    meeting_time: time | None,
    meeting_place: str,
    note: str,
    at: datetime,
    on: date,
) -> Booking:
    """
    The author city proposes another day; the other city agrees or wishes again.

    :raises CannotMove: it was moved meanwhile, or the day is past
    """
    _check_day(meeting_on, on)

    def change(row: Booking) -> None:
        row.meeting_on, row.meeting_time = meeting_on, meeting_time
        row.meeting_place, row.note = meeting_place.strip(), note.strip()

    moved = _moved(booking, "proposed", None, by=by, seen=seen, at=at, change=change)
    tell_of_booking(moved, to="guest", on=on)
    return moved


@transaction.atomic
def accept_proposal(*, booking: Booking, by: User, seen: int, at: datetime, on: date) -> Booking:
    """
    The city that booked agrees to the day that was proposed.

    :raises CannotMove: it was moved meanwhile
    """
    moved = _moved(booking, "accepted", {"proposed"}, by=by, seen=seen, at=at)
    tell_of_booking(moved, to="author", on=on)
    return moved


@transaction.atomic
def wish_again(
    *, booking: Booking, by: User, seen: int, wished: str, at: datetime, on: date
) -> Booking:
    """
    The city that booked names other days; the author city decides anew.

    :raises CannotMove: it was moved meanwhile, or no days are named
    """
    if not wished.strip():
        raise CannotMove(_("Say which days would suit you."))

    def change(row: Booking) -> None:
        row.wished_on, row.wished = None, " ".join(wished.split())[:200]
        row.meeting_on = row.meeting_time = None
        row.meeting_place = row.note = ""
        row.reminded_at = None

    moved = _moved(
        booking, "asked", {"proposed", "accepted"}, by=by, seen=seen, at=at, change=change
    )
    tell_of_booking(moved, to="author", on=on)
    return moved


@transaction.atomic
def decline_booking(
    *, booking: Booking, by: User, seen: int, because: str, at: datetime, on: date
) -> Booking:
    """
    The author city declines and says why.

    :raises CannotMove: it was moved meanwhile, or no reason is given
    """
    if not because.strip():
        raise CannotMove(_("Say why: the other city reads it."))
    moved = _moved(booking, "declined", None, by=by, seen=seen, at=at, change=_noted(because))
    tell_of_booking(moved, to="guest", on=on)
    return moved


@transaction.atomic
def cancel_booking(
    *, booking: Booking, by: User, seen: int, because: str, at: datetime, on: date
) -> Booking:
    """
    The city that booked no longer needs the help.

    :raises CannotMove: it was moved meanwhile
    """
    moved = _moved(booking, "cancelled", None, by=by, seen=seen, at=at, change=_noted(because))
    tell_of_booking(moved, to="author", on=on)
    return moved


@transaction.atomic
def finish_booking(*, booking: Booking, by: User, seen: int, at: datetime, on: date) -> Booking:
    """
    Either city says that the help took place; both are asked how it was.

    :raises CannotMove: it was moved meanwhile, or its day is still to come
    """
    if booking.meeting_on is not None and booking.meeting_on > on:
        raise CannotMove(_("Its day is still to come."))

    def change(row: Booking) -> None:
        row.done_at = at

    moved = _moved(booking, "done", {"accepted"}, by=by, seen=seen, at=at, change=change)
    tell_of_booking(moved, to="both", on=on)
    return moved


@transaction.atomic
def rate_help(
    *, booking: Booking, side: str, by: User, score: int, comment: str, at: datetime
) -> Rating:
    """
    Say how the help was; once for each side, and not changed afterwards.

    :raises CannotRate: it has not taken place, or this side has rated already
    """
    if booking.state != "done":
        raise CannotRate(_("Only help that took place can be rated."))
    rating = Rating(
        booking=booking, side=side, score=score, comment=comment.strip(), rated_by=by, rated_at=at
    )
    try:
        with transaction.atomic():
            rating.save(force_insert=True)
    except IntegrityError:
        raise CannotRate(_("Your city has rated this help already.")) from None
    return rating


def _check_day(meeting_on: date, on: date) -> None:
    if meeting_on < on:
        raise CannotMove(_("This day lies in the past."))


def _noted(words: str) -> Callable[[Booking], None]:
    def change(row: Booking) -> None:
        row.note = words.strip()[:600]

    return change


def _moved(
    booking: Booking,
    state: str,
    only_from: set[str] | None,
    *,
    by: User,
    seen: int,
    at: datetime,
    change: Callable[[Booking], None] | None = None,
) -> Booking:
    """Lock the booking, refuse if somebody was faster, and write the new state."""
    row = Booking.objects.select_for_update(of=("self",)).get(pk=booking.pk)
    is_allowed = state in TRANSITIONS[row.state] and (only_from is None or row.state in only_from)
    if row.times_moved != seen or not is_allowed:
        raise CannotMove(
            _("Meanwhile this booking was changed: %(state)s. Nothing was overwritten.")
            % {"state": row.get_state_display()}
        )
    row.state, row.moved_by, row.moved_at = state, by, at
    row.times_moved += 1
    if change is not None:
        change(row)
    row.save()
    return row


def offered_kinds(offered: Collection[str]) -> list[tuple[str, str]]:
    """Kinds of help with their names, in fixed order."""
    return [(code, str(name)) for code, name in HELP_OFFERS.items() if code in offered]
