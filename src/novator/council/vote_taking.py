"""Who decides: a vote checked by rule K3 and recorded, changed or taken out as one thing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db import transaction
from django.db.models import Max, ProtectedError
from django.utils.translation import gettext as _

from novator.council.majorities import Counts, Rule, result_of
from novator.council.models import (
    AgendaItem,
    FactionCount,
    Motion,
    Organization,
    Person,
    Vote,
    VoteEvent,
)
from novator.council.refusals import CannotRecord, must_say
from novator.council.room import Room, room_of
from novator.council.seen import mark_of, must_be_as_seen
from novator.council.session_hold import hold_session, touch
from novator.council.voting import (
    NAMED,
    FactionVoices,
    Fault,
    Recorded,
    Voice,
    counts_of,
    faults_of_vote,
    sum_of,
)


class VoteRefused(CannotRecord):
    """The vote breaks rules; `faults` names each."""

    def __init__(self, faults: list[Fault]) -> None:
        first = faults[0]
        super().__init__(first.rule, first.message, first.mend)
        self.faults = faults


@dataclass(frozen=True)
class Spoken:
    """One deputy's voice as it was entered. `is_remote` None: as the attendance says."""

    option: str
    reason: str = ""
    is_remote: bool | None = None


@dataclass(frozen=True)
class Entered:
    """
    A vote as it was entered. `voices` by the number of the person, `factions` by that of the
    faction (None: of none). `counts` None: counted from them, or not recorded. `majority` empty
    name: told by its fraction. `present` None: counted from the voices, else the session's.
    """

    method: str
    text: str
    text_en: str = ""
    kind: str = "adopt"
    is_absentee: bool = False
    taken_at: datetime | None = None
    majority: str = ""
    rule: Rule | None = None
    voices: Mapping[int, Spoken] = field(default_factory=dict)
    factions: Mapping[int | None, Counts] = field(default_factory=dict)
    counts: Counts | None = None
    present: int | None = None
    result: str | None = None
    moved_by: Person | None = None


@dataclass(frozen=True)
class Checked:
    """What a vote comes to. `result` None: it cannot be told; `is_stated`: not reckoned."""

    recorded: Recorded
    faults: list[Fault]
    result: str | None
    is_stated: bool


def check_vote(room: Room, entered: Entered) -> Checked:
    """Reckon what a vote comes to and name every rule that it breaks."""
    recorded = _recorded(room, entered)
    faults = faults_of_vote(recorded)
    reckoned = None
    if recorded.counts is not None and recorded.rule is not None:
        reckoned = result_of(
            recorded.counts,
            recorded.rule,
            present=recorded.present,
            elected=recorded.elected,
            established=recorded.established,
            quorum=recorded.quorum,
        )
    return Checked(recorded, faults, reckoned or recorded.result, is_stated=reckoned is None)


@transaction.atomic
def record_vote(
    *,
    item: AgendaItem,
    entered: Entered,
    event: VoteEvent | None = None,
    motion: Motion | None = None,
    room: Room | None = None,
    seen: str | None = None,
) -> VoteEvent:
    """
    Record a vote on a question, or change a recorded one (`event`).

    `motion`: one that is voted on again; without it a new one. `room`: as read before, for many
    votes of one session.

    :raises VoteRefused: it breaks rules of K3, each of them named
    :raises CannotRecord: the session is signed, or somebody else changed the vote meanwhile
    """
    session = hold_session(item.session)
    room = replace(room, session=session) if room else room_of(session)
    if event is not None:
        event = VoteEvent.objects.select_related("motion").get(pk=event.pk)
        must_be_as_seen(mark_of_vote(event), seen)
    else:
        must_be_as_seen(mark_of_votes(item), seen)
    checked = check_vote(room, entered)
    if checked.faults:
        raise VoteRefused(checked.faults)
    about = _motion(item, entered, event.motion if event else motion)
    row = event or VoteEvent(motion=about, position=_next_place(about))
    _must_stand(row, checked)
    _tell(row, entered, checked)
    row.save()
    _keep_voices(row, room, entered)
    _keep_factions(row, entered)
    touch(session)
    return row


@transaction.atomic
def remove_vote(*, event: VoteEvent, seen: str | None = None) -> None:
    """
    Take a vote out that was entered by mistake; its motion goes with it if nothing else is left.

    :raises CannotRecord: a decision rests on it, or the session is signed
    """
    session = hold_session(event.motion.item.session)
    must_be_as_seen(mark_of_vote(event), seen)
    motion = event.motion
    try:
        event.delete()
    except ProtectedError as refusal:
        raise CannotRecord(
            "vote_in_use",
            _("A decision rests on this vote."),
            _("Take the decision from it first."),
        ) from refusal
    if not motion.votes_taken.exists():
        motion.delete()
    touch(session)


def mark_of_vote(event: VoteEvent) -> str:
    """Tell how a vote stands; two queries."""
    facts = [
        event.method,
        event.is_absentee,
        [event.yes, event.no, event.abstain, event.not_voting, event.recused, event.present],
        [event.numerator, event.denominator, event.base, event.is_over],
        event.result,
        [event.motion.text, event.motion.text_en, event.motion.kind],
    ]
    voices = event.votes.order_by("voter").values_list("voter", "option", "reason", "is_remote")
    factions = event.by_faction.order_by("faction").values_list(
        "faction", "yes", "no", "abstain", "not_voting"
    )
    return mark_of(facts, list(voices), list(factions))


def mark_of_votes(item: AgendaItem) -> str:
    """Tell which votes a question has, so that none is entered twice; one query."""
    votes = VoteEvent.objects.filter(motion__item=item).order_by("pk")
    return mark_of(list(votes.values_list("pk", flat=True)))


def is_as_entered(event: VoteEvent, entered: Entered) -> bool:
    """Tell whether a recorded vote says just what was entered. Three queries."""
    facts = (event.method, event.motion.text, event.motion.kind, event.is_absentee)
    if facts != (entered.method, " ".join(entered.text.split()), entered.kind, entered.is_absentee):
        return False
    rule = entered.rule
    majority = (rule.numerator, rule.denominator, rule.base, rule.is_over) if rule else None
    if majority != (
        (event.numerator, event.denominator, event.base, event.is_over)
        if event.denominator
        else None
    ):
        return False
    if entered.result is not None and entered.result != event.result:
        return False
    if entered.present is not None and entered.present != event.present:
        return False
    voices = dict(event.votes.values_list("voter", "option"))
    if voices != {key: said.option for key, said in entered.voices.items()}:
        return False
    factions = {
        row.faction_id: Counts(row.yes, row.no, row.abstain, row.not_voting)
        for row in event.by_faction.all()
    }
    if factions != dict(entered.factions):
        return False
    if entered.voices or entered.factions:
        return True
    return _counts_of(event) == entered.counts


def _counts_of(event: VoteEvent) -> Counts | None:
    if event.yes is None or event.no is None or event.abstain is None:
        return None
    return Counts(event.yes, event.no, event.abstain, event.not_voting, event.recused or 0)


def _recorded(room: Room, entered: Entered) -> Recorded:
    voices = _voices(room, entered)
    factions = _factions(room, entered)
    counts = entered.counts
    if counts is None and voices:
        counts = counts_of(voices)
    elif counts is None and factions:
        counts = sum_of(factions)
    present = entered.present
    if present is None and voices and counts is not None:
        present = counts.in_the_room
    elif present is None:
        away = counts.recused if counts else 0
        present = None if room.session.present is None else room.session.present - away
    return Recorded(
        method=entered.method,
        counts=counts,
        rule=entered.rule,
        present=present,
        elected=room.session.elected,
        established=room.session.established,
        quorum=room.quorum,
        voices=voices,
        factions=factions,
        result=entered.result,
    )


def _voices(room: Room, entered: Entered) -> list[Voice]:
    strangers = set(entered.voices) - set(room.seat_of)
    names = dict(Person.objects.filter(pk__in=strangers).values_list("pk", "name"))
    voices = []
    for key, said in entered.voices.items():
        seat = room.seat_of.get(key)
        faction = seat.faction.pk if seat and seat.faction else None
        voices.append(
            Voice(
                voter=key,
                option=said.option,
                name=str(seat.person) if seat else names.get(key, str(key)),
                faction=faction,
                faction_of_day=faction,
                is_member=seat is not None,
                was_present=None if entered.is_absentee else room.was_present(key),
                reason=said.reason,
            )
        )
    return voices


def _factions(room: Room, entered: Entered) -> list[FactionVoices]:
    if not entered.factions:
        return []
    sizes = {
        (faction.pk if faction else None): (faction, len(seats)) for faction, seats in room.factions
    }
    strangers = {key for key in entered.factions if key is not None} - set(sizes)
    names = dict(Organization.objects.filter(pk__in=strangers).values_list("pk", "name"))
    rows = []
    for key, counts in entered.factions.items():
        faction, size = sizes.get(key, (None, 0))
        name = str(faction) if faction else names.get(key or 0, _("of no faction"))
        rows.append(FactionVoices(name, counts, seats=size, is_known=key in sizes))
    return rows


def _motion(item: AgendaItem, entered: Entered, motion: Motion | None) -> Motion:
    text = must_say(entered.text, most=8000, what=_("What was voted on"))
    if motion is None:
        last = item.motions.aggregate(last=Max("position"))["last"]
        motion = Motion(item=item, position=1 + (last or 0))
    motion.kind, motion.text, motion.text_en = entered.kind, text, entered.text_en.strip()
    motion.moved_by = entered.moved_by or motion.moved_by
    motion.save()
    return motion


def _next_place(motion: Motion) -> int:
    last = motion.votes_taken.aggregate(last=Max("position"))["last"]
    return 1 + (last or 0)


def _must_stand(event: VoteEvent, checked: Checked) -> None:
    """Refuse a change by which a decision would rest on a motion that was lost."""
    if event.pk is None or checked.result == "carried":
        return
    carried = event.decisions.exclude(state__in=["draft", "lost"])
    if carried.exists():
        raise CannotRecord(
            "vote_in_use",
            _("A decision rests on this vote; by the new counts it would not be carried."),
            _("Mend the counts, or take the decision from the vote first."),
        )


def _tell(event: VoteEvent, entered: Entered, checked: Checked) -> None:
    recorded, counts = checked.recorded, checked.recorded.counts
    event.method, event.is_absentee = entered.method, entered.is_absentee
    event.taken_at = entered.taken_at or event.taken_at
    for name in ("yes", "no", "abstain", "not_voting", "recused"):
        setattr(event, name, getattr(counts, name) if counts else None)
    event.present = recorded.present
    event.elected, event.established = recorded.elected, recorded.established
    rule = entered.rule
    event.majority = entered.majority[:160] if rule else ""
    event.numerator = rule.numerator if rule else None
    event.denominator = rule.denominator if rule else None
    event.base = rule.base if rule else ""
    event.is_over = rule.is_over if rule else True
    assert checked.result is not None
    event.result, event.is_result_stated = checked.result, checked.is_stated


def _keep_voices(event: VoteEvent, room: Room, entered: Entered) -> None:
    """Only what changed is written, so that the trail tells only that."""
    voices = entered.voices if entered.method in NAMED else {}
    known = {row.voter_id: row for row in event.votes.all()} if event.votes.exists() else {}
    gone = [row.pk for key, row in known.items() if key not in voices]
    if gone:
        event.votes.filter(pk__in=gone).delete()
    fresh, changed = [], []
    for key, said in voices.items():
        row = known.get(key)
        told = _told(room, key, said)
        if row is None:
            fresh.append(Vote(event=event, voter_id=key, **told))
        elif any(getattr(row, name) != value for name, value in told.items()):
            for name, value in told.items():
                setattr(row, name, value)
            changed.append(row)
    Vote.objects.bulk_create(fresh)
    if changed:
        Vote.objects.bulk_update(changed, ["option", "faction", "is_remote", "reason"])


def _told(room: Room, person: int, said: Spoken) -> dict[str, object]:
    seat = room.seat_of[person]
    remote = said.is_remote
    if remote is None:
        remote = room.attendance.get(person) == "remote" or room.session.form == "remote"
    return {
        "option": said.option,
        "faction_id": seat.faction.pk if seat.faction else None,
        "is_remote": remote and said.option != "absent",
        "reason": said.reason.strip()[:300] if said.option == "recused" else "",
    }


def _keep_factions(event: VoteEvent, entered: Entered) -> None:
    event.by_faction.all().delete()
    if entered.method != "by_faction":
        return
    FactionCount.objects.bulk_create(
        FactionCount(
            event=event,
            faction_id=key,
            yes=counts.yes,
            no=counts.no,
            abstain=counts.abstain,
            not_voting=counts.not_voting or 0,
        )
        for key, counts in entered.factions.items()
    )
