"""Who decides: a vote read from the tables as groups and voices, and many votes as a matrix."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from novator.council.composition import Seat, convocation_on, seats_of, seats_on
from novator.council.models import Organization, Person, Vote, VoteEvent
from novator.council.models.sessions import Session
from novator.council.support import Breadth, Group, Tally, breadth

SIDED = ("yes", "no", "abstain")
MOST_VOTES = 400
"""How many of the latest votes by name are compared."""


@dataclass(frozen=True)
class FactionVote:
    """How one faction voted; `faction` None: deputies of none, together."""

    faction: Organization | None
    seats: int
    tally: Tally
    not_voting: int
    recused: int
    absent: int


@dataclass(frozen=True)
class EventTally:
    """
    One vote in groups. `factions` is empty and `breadth` None where it is not recorded.

    `groups` are those the breadth was reckoned from: each deputy of no faction is one of its own.
    `away` are the seats of that day whose deputies are not among the voices.
    """

    factions: tuple[FactionVote, ...]
    breadth: Breadth | None
    groups: tuple[Group, ...]
    votes: tuple[Vote, ...]
    away: tuple[Seat, ...] = ()


def day_of(session: Session) -> date | None:
    """The day by which seats and factions are reckoned: the last one it can have been held on."""
    day: date | None = session.held_to or session.held_from
    return day


def tally_of(event: VoteEvent) -> EventTally:
    """Read one vote; five queries at most. `event.motion.item.session` should be joined."""
    if event.method == "by_faction":
        return _by_faction(event)
    if event.method != "by_name":
        return EventTally((), None, (), ())
    return _by_name(event)


def _by_name(event: VoteEvent) -> EventTally:
    rows = Vote.objects.filter(event=event).select_related("voter")
    votes = tuple(rows.order_by("voter__family_name", "voter__name", "id"))
    if not votes:
        return EventTally((), None, (), ())
    options: dict[int | None, Counter[str]] = defaultdict(Counter)
    known = Organization.objects.in_bulk({vote.faction_id for vote in votes} - {None})
    for vote in votes:
        options[vote.faction_id][vote.option] += 1
        vote.faction = known[vote.faction_id] if vote.faction_id else None
    away = _seats_away(event, {vote.voter_id for vote in votes})
    for seat in away:
        options[seat.faction.pk if seat.faction else None]["absent"] += 1
        if seat.faction is not None:
            known[seat.faction.pk] = seat.faction
    factions = tuple(_faction_vote(known.get(key or 0), found) for key, found in options.items())
    groups = [_group(each) for each in factions if each.faction is not None]
    groups += _alone(votes, options.get(None, Counter()))
    return EventTally(_in_order(factions), breadth(groups), tuple(groups), votes, away)


def _seats_away(event: VoteEvent, voted: set[int]) -> tuple[Seat, ...]:
    """Seats of that day whose deputies are not among the voices."""
    session = event.motion.item.session
    day = day_of(session)
    convocation = convocation_on(session.council, day) if day else None
    if day is None or convocation is None:
        return ()
    return tuple(seats_of(convocation, day, but=voted))


def _by_faction(event: VoteEvent) -> EventTally:
    session = event.motion.item.session
    day = day_of(session)
    seats = Counter(
        seat.faction.pk if seat.faction else None
        for seat in (seats_on(session.council, day) if day else [])
    )
    factions = []
    for row in event.by_faction.select_related("faction"):
        tally = Tally(row.yes, row.no, row.abstain)
        stated = tally.all + row.not_voting
        all_seats = max(seats.get(row.faction_id, 0), stated)
        away = all_seats - stated
        factions.append(FactionVote(row.faction, all_seats, tally, row.not_voting, 0, away))
    groups: list[Group] = []
    for each in factions:
        if each.faction is not None:
            groups.append(_group(each))
            continue
        for option in SIDED:
            count = getattr(each.tally, option)
            groups += [Group("", 1, Tally(**{option: 1}), is_faction=False)] * count
        groups += [Group("", 1, Tally(), is_faction=False)] * (each.seats - each.tally.all)
    return EventTally(_in_order(factions), breadth(groups), tuple(groups), ())


def _faction_vote(faction: Organization | None, found: Mapping[str, int]) -> FactionVote:
    return FactionVote(
        faction=faction,
        seats=sum(found.values()),
        tally=Tally(*(found.get(option, 0) for option in SIDED)),
        not_voting=found.get("not_voting", 0),
        recused=found.get("recused", 0),
        absent=found.get("absent", 0),
    )


def _group(each: FactionVote) -> Group:
    assert each.faction is not None
    return Group(str(each.faction.pk), each.seats, each.tally)


def _alone(votes: Sequence[Vote], found: Mapping[str, int]) -> list[Group]:
    """Each deputy of no faction as a group of one."""
    alone = [
        Group(f"v{vote.voter_id}", 1, Tally(**{vote.option: 1}), is_faction=False)
        for vote in votes
        if vote.faction_id is None and vote.option in SIDED
    ]
    silent = sum(found.values()) - len(alone)
    return alone + [Group("", 1, Tally(), is_faction=False)] * silent


def _in_order(factions: Sequence[FactionVote]) -> tuple[FactionVote, ...]:
    """Order as the council says, deputies of none last."""

    def place(each: FactionVote) -> tuple[bool, int, str]:
        faction = each.faction
        return (
            faction is None,
            faction.position if faction else 0,
            faction.name if faction else "",
        )

    return tuple(sorted(factions, key=place))


@dataclass(frozen=True)
class Voted:
    """
    Votes by name of one council: event → voter → option, and event → voter → faction.

    `names`: whoever voted, by family name, with the address of the page.
    """

    votes: Mapping[int, Mapping[int, str]]
    factions: Mapping[int, Mapping[int, int | None]]
    names: Mapping[int, tuple[str, str]]


def latest_votes(convocation: Organization) -> Voted:
    """
    Votes by name on open questions within a convocation, the latest 400; three queries.

    Only what was said: for, against, abstained; absence and silence are no opinion.
    """
    events = list(
        VoteEvent.objects.filter(
            method="by_name",
            motion__item__is_closed=False,
            motion__item__session__is_closed=False,
            motion__item__session__convocation=convocation,
        )
        .order_by("-id")
        .values_list("pk", flat=True)[:MOST_VOTES]
    )
    votes: dict[int, dict[int, str]] = {key: {} for key in events}
    factions: dict[int, dict[int, int | None]] = {key: {} for key in events}
    rows = Vote.objects.filter(event__in=events).order_by()
    for event, voter, option, faction in rows.values_list("event", "voter", "option", "faction"):
        factions[event][voter] = faction
        if option in SIDED:
            votes[event][voter] = option
    voters = {voter for found in factions.values() for voter in found}
    named = Person.objects.filter(pk__in=voters).order_by("family_name", "name", "id")
    names = {key: (name, slug) for key, name, slug in named.values_list("pk", "name", "slug")}
    return Voted(votes, factions, names)
