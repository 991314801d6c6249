"""Who decides: a session planned, changed, invited to, held, cancelled, and who was there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from novator.core.partial_dates import UNKNOWN, Partial
from novator.council.agenda import AgendaLine, read_agenda, set_agenda
from novator.council.composition import (
    convocation_on,
    elected_on,
    established_on,
    seats_on,
)
from novator.council.invitations import write_to_deputies
from novator.council.models import Attendance, Organization, Person, Session, Vote
from novator.council.models.sessions import PRESENCE
from novator.council.refusals import CannotRecord, must_say
from novator.council.seen import ChangedMeanwhile, mark_of, must_be_as_seen
from novator.council.session_hold import (
    SessionClosedForEntry,
    day_of,
    hold_session,
    known_day,
    touch,
)
from novator.council.vote_taking import Entered, Spoken, record_vote, remove_vote

__all__ = [
    "AgendaLine",
    "ChangedMeanwhile",
    "Entered",
    "Presence",
    "SessionClosedForEntry",
    "SessionFacts",
    "Spoken",
    "cancel_session",
    "change_session",
    "invite_to_session",
    "mark_of_attendance",
    "mark_of_session",
    "plan_again",
    "plan_session",
    "read_agenda",
    "record_attendance",
    "record_held",
    "record_vote",
    "remove_vote",
    "set_agenda",
]
IN_THE_ROOM = ("present", "remote")


@dataclass(frozen=True)
class SessionFacts:
    """What is said of a session itself. `held` counts where `starts_at` is not known."""

    name: str
    name_en: str = ""
    number: str = ""
    is_extraordinary: bool = False
    held: Partial = UNKNOWN
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    place: str = ""
    form: str = "in_person"
    is_closed: bool = False
    closed_because: str = ""
    chair: Person | None = None
    secretary: Person | None = None


@dataclass(frozen=True)
class Presence:
    """Whether a deputy took part, with a word about it."""

    presence: str
    note: str = ""


_TOLD = (
    "name",
    "name_en",
    "number",
    "is_extraordinary",
    "starts_at",
    "ends_at",
    "place",
    "form",
    "is_closed",
    "closed_because",
    "chair",
    "secretary",
)
_COPIED = (
    "convocation",
    "established",
    "elected",
    "quorum_numerator",
    "quorum_denominator",
    "quorum_base",
    "quorum_is_over",
)


@transaction.atomic
def plan_session(*, council: Organization, facts: SessionFacts) -> Session:
    """
    Plan a session, with the numbers and the quorum of the council as they are on its day.

    :raises CannotRecord: no name, a number that is taken, an end before the beginning
    """
    session = Session(council=council)
    _tell(session, facts)
    _copy_of_the_day(session)
    _must_be_sound(session)
    session.save()
    return session


@transaction.atomic
def change_session(*, session: Session, facts: SessionFacts, seen: str | None = None) -> Session:
    """
    Say anew what a session is. Its numbers are taken anew while nothing was voted on.

    :raises CannotRecord: as `plan_session`, or another day although votes are recorded
    """
    held = hold_session(session)
    must_be_as_seen(mark_of_session(held), seen)
    before = day_of(held)
    _tell(held, facts)
    has_moved, has_votes = before != day_of(held), _has_votes(held)
    if has_moved and has_votes:
        raise CannotRecord(
            "session_day",
            _("Votes of this session are recorded, so its day stands."),
            _("Take the votes out first: another day may mean other deputies."),
        )
    if not has_votes:
        _copy_of_the_day(held)
    _must_be_sound(held)
    touch(held, *_TOLD, "held_from", "held_to", *_COPIED)
    return held


@transaction.atomic
def invite_to_session(*, session: Session, on: date) -> Session:
    """
    Record that the deputies are invited, and write to those who have an account here.

    Taken twice, the step writes once.

    :raises CannotRecord: it is not planned, or its agenda is empty
    """
    before = hold_session(session).state
    held = _move(session, "invited", of={"planned"})
    if before != held.state:
        write_to_deputies(held, "invited", on=on)
    return held


def record_held(*, session: Session, on: date) -> Session:
    """
    Record that the session took place.

    :raises CannotRecord: its day is still to come, or it is not planned
    """
    day = known_day(session)
    if day > on:
        raise CannotRecord(
            "session_day",
            _("The day of the session is still to come."),
            _("Mend the day, or wait for it."),
        )
    return _move(session, "held", of={"planned", "invited"})


@transaction.atomic
def cancel_session(*, session: Session, on: date) -> Session:
    """
    Record that the session does not take place; who was invited by a letter gets another.

    :raises CannotRecord: votes are recorded, or it is held already
    """
    if _has_votes(session):
        raise CannotRecord(
            "session_has_votes",
            _("Votes of this session are recorded, so it took place."),
            _("Take the votes out first."),
        )
    before = hold_session(session).state
    held = _move(session, "cancelled", of={"planned", "invited"})
    if before == "invited":
        write_to_deputies(held, "cancelled", on=on)
    return held


@transaction.atomic
def plan_again(*, session: Session) -> Session:
    """
    Take a cancelled session up again.

    :raises CannotRecord: it is not cancelled
    """
    held = Session.objects.select_for_update().get(pk=session.pk)
    if held.state != "cancelled":
        raise CannotRecord("session_state", _("This session is not cancelled."))
    held.state = "planned"
    touch(held, "state")
    return held


@transaction.atomic
def record_attendance(
    *, session: Session, people: Mapping[int, Presence], seen: str | None = None
) -> Session:
    """
    Record who was there, by the number of the person, and count those present.

    Nobody named: the attendance is not recorded.

    :raises CannotRecord: somebody was no deputy that day, or is absent and has a voice
    """
    held = hold_session(session)
    must_be_as_seen(mark_of_attendance(held), seen)
    _must_be_deputies(held, people)
    _must_not_have_voted(held, people)
    known = {row.person_id: row for row in held.attendance.all()}
    held.attendance.exclude(person__in=people).delete()
    fresh: list[Attendance] = []
    changed: list[Attendance] = []
    for key, told in people.items():
        row = known.get(key) or Attendance(session=held, person_id=key)
        if row.pk and (row.presence, row.note) == (told.presence, told.note):
            continue
        row.presence, row.note = told.presence, told.note
        (changed if row.pk else fresh).append(row)
    Attendance.objects.bulk_create(fresh)
    Attendance.objects.bulk_update(changed, ["presence", "note"])
    there = [told for told in people.values() if told.presence in IN_THE_ROOM]
    held.present = len(there) if people else None
    if None in (held.elected, held.established) or not held.quorum_base:
        _copy_of_the_day(held)  # planned before the council was entered
    touch(held, "present", *_COPIED)
    return held


def mark_of_session(session: Session) -> str:
    """Tell how the session itself stands; no query."""
    told = [getattr(session, f"{name}_id", None) or getattr(session, name) for name in _TOLD[:-2]]
    people = [session.chair_id, session.secretary_id]
    return mark_of(told, people, session.held_from, session.held_to)


def mark_of_attendance(session: Session) -> str:
    """Tell how its attendance stands; one query."""
    rows = session.attendance.order_by("person").values_list("person", "presence", "note")
    return mark_of(list(rows))


def _tell(session: Session, facts: SessionFacts) -> None:
    for name in _TOLD:
        setattr(session, name, getattr(facts, name))
    session.name = must_say(facts.name, most=300, what=_("The name of the session"))
    session.number = " ".join(facts.number.split())
    if facts.starts_at is not None:
        session.held_from = session.held_to = timezone.localtime(facts.starts_at).date()
    else:
        session.held_from, session.held_to = facts.held


def _copy_of_the_day(session: Session) -> None:
    day = day_of(session)
    if day is None:
        return
    council = session.council
    session.convocation = convocation_on(council, day)
    session.established = established_on(council, day)
    session.elected = elected_on(council, day) or None
    rule = council.rules.filter(code="quorum").first()
    if rule is not None:
        session.quorum_numerator = rule.numerator
        session.quorum_denominator = rule.denominator
        session.quorum_base = rule.base
        session.quorum_is_over = rule.is_over


def _must_be_sound(session: Session) -> None:
    if session.ends_at and session.starts_at and session.ends_at < session.starts_at:
        raise CannotRecord(
            "session_times",
            _("The session ends before it begins."),
            _("Mend one of the two times."),
        )
    if session.is_closed and not session.closed_because.strip():
        raise CannotRecord(
            "session_closed",
            _("It is not said why the session is closed."),
            _("Name the reason, for example the law that asks for it."),
        )
    if session.pk is None and session.held_to is not None:
        same = Session.objects.filter(council=session.council, name=session.name)
        if same.filter(held_to=session.held_to).exists():
            raise CannotRecord(
                "session_twice",
                _("A session of this name and day is planned already."),
                _("Open that session, or give this one another name."),
            )
    if not session.number:
        return
    same = Session.objects.filter(convocation=session.convocation, council=session.council)
    if same.filter(number=session.number).exclude(pk=session.pk).exists():
        raise CannotRecord(
            "session_number",
            _("There is a session number %(number)s in this convocation already.")
            % {"number": session.number},
            _("Enter another number, or open that session."),
        )


@transaction.atomic
def _move(session: Session, state: str, *, of: set[str]) -> Session:
    held = hold_session(session)
    if held.state == state:
        return held
    if held.state not in of:
        raise CannotRecord(
            "session_state",
            _("The session is “%(state)s”: this step is not open to it.")
            % {"state": held.get_state_display()},
        )
    if state == "invited" and not held.items.exists():
        raise CannotRecord(
            "session_agenda",
            _("The agenda is empty."),
            _("Enter the agenda before the deputies are invited."),
        )
    held.state = state
    touch(held, "state")
    return held


def _has_votes(session: Session) -> bool:
    return session.items.filter(motions__votes_taken__isnull=False).exists()


def _must_be_deputies(session: Session, people: Mapping[int, Presence]) -> None:
    if not people:
        return
    for told in people.values():
        if told.presence not in PRESENCE:
            raise CannotRecord("K3.attendance", _("There is no such kind of attendance."))
    seated = {seat.person.pk for seat in seats_on(session.council, known_day(session))}
    strangers = Person.objects.filter(pk__in=set(people) - seated)
    if strangers:
        raise CannotRecord(
            "K3.member",
            _("No deputy on that day: %(names)s.") % {"names": ", ".join(map(str, strangers))},
            _("Take them out, or mend the dates of their membership."),
        )


def _must_not_have_voted(session: Session, people: Mapping[int, Presence]) -> None:
    gone = [key for key, told in people.items() if told.presence not in IN_THE_ROOM]
    voices = Vote.objects.filter(
        event__motion__item__session=session, voter__in=gone, event__is_absentee=False
    )
    found = voices.exclude(option="absent").select_related("voter")
    names = sorted({str(voice.voter) for voice in found})
    if names:
        raise CannotRecord(
            "K3.attendance",
            _("Marked as absent, but with a voice in a vote: %(names)s.")
            % {"names": ", ".join(names)},
            _("Mend the votes first, or the attendance."),
        )
