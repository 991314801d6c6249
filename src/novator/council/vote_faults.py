"""Who decides: the votes of a whole session against the rules, before its protocol is signed."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Prefetch

from novator.council.composition import Seat, factions_on, seats_on
from novator.council.models import FactionCount, Organization, Session, Vote, VoteEvent
from novator.council.session_hold import day_of
from novator.council.voting import (
    Counts,
    FactionVoices,
    Fault,
    Recorded,
    Rule,
    Voice,
    faults_of_vote,
)


@dataclass(frozen=True)
class _Day:
    """What the votes of a session are measured by; `seats` None: who sat is not known."""

    seats: dict[int, Seat] | None
    factions: frozenset[int]
    presence: dict[int, bool]


def faults_of_session_votes(session: Session) -> list[tuple[VoteEvent, Fault]]:
    """Every rule that a recorded vote breaks (K3); about ten queries for a whole session."""
    voices = Vote.objects.select_related("voter", "faction")
    counts = FactionCount.objects.select_related("faction")
    events = (
        VoteEvent.objects.filter(motion__item__session=session)
        .select_related("motion__item")
        .order_by("motion__item__position", "motion__position", "position", "id")
        .prefetch_related(Prefetch("votes", voices), Prefetch("by_faction", counts))
    )
    day = _day_of(session)
    return [
        (event, fault)
        for event in events
        for fault in faults_of_vote(_recorded(event, session, day))
    ]


def _day_of(session: Session) -> _Day:
    day = day_of(session)
    seats = seats_on(session.council, day) if day else []
    rows = session.attendance.values_list("person", "presence")
    known = {seat.faction.pk for seat in seats if seat.faction}
    if day and not known:
        known = {faction.pk for faction in factions_on(session.council, day)}
    return _Day(
        seats={seat.person.pk: seat for seat in seats} or None,
        factions=frozenset(known),
        presence={person: presence in {"present", "remote"} for person, presence in rows},
    )


def _recorded(event: VoteEvent, session: Session, day: _Day) -> Recorded:
    return Recorded(
        method=event.method,
        counts=_counts(event),
        rule=_rule(event.numerator, event.denominator, event.base, event.is_over),
        present=event.present,
        elected=event.elected,
        established=event.established,
        quorum=_rule(
            session.quorum_numerator,
            session.quorum_denominator,
            session.quorum_base,
            session.quorum_is_over,
        ),
        voices=[_voice(vote, day) for vote in event.votes.all()],
        factions=[_faction(count, day) for count in event.by_faction.all()],
        result=event.result,
    )


def _counts(event: VoteEvent) -> Counts | None:
    if event.yes is None or event.no is None or event.abstain is None:
        return None
    return Counts(event.yes, event.no, event.abstain, event.not_voting, event.recused or 0)


def _rule(numerator: int | None, denominator: int | None, base: str, is_over: bool) -> Rule | None:
    if numerator is None or not denominator:
        return None
    return Rule(numerator, denominator, base, is_over)


def _voice(vote: Vote, day: _Day) -> Voice:
    seat = day.seats.get(vote.voter_id) if day.seats is not None else None
    faction = seat.faction.pk if seat and seat.faction else None
    return Voice(
        voter=vote.voter_id,
        option=vote.option,
        name=str(vote.voter),
        faction=vote.faction_id,
        faction_of_day=faction if day.seats is not None else vote.faction_id,
        is_member=seat is not None or day.seats is None,
        was_present=day.presence.get(vote.voter_id),
        reason=vote.reason,
    )


def _faction(count: FactionCount, day: _Day) -> FactionVoices:
    faction: Organization | None = count.faction
    seats = [
        seat
        for seat in (day.seats or {}).values()
        if (seat.faction.pk if seat.faction else None) == count.faction_id
    ]
    return FactionVoices(
        name=str(faction) if faction else "–",
        counts=Counts(count.yes, count.no, count.abstain, count.not_voting),
        seats=len(seats) if day.seats is not None else None,
        is_known=count.faction_id is None or not day.factions or count.faction_id in day.factions,
    )
