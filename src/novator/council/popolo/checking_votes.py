"""Who decides: whether sessions and votes of a file can be true (rule K3)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

from django.utils import timezone
from django.utils.translation import gettext as _

from novator.council.composition import SEATED
from novator.council.popolo.facts import Facts, Values
from novator.council.popolo.faults import Fault
from novator.council.popolo.words import PREFIX
from novator.council.popolo.world import World, council_of_body
from novator.council.voting import Counts, FactionVoices, Recorded, Rule, Voice, faults_of_vote

_THERE = frozenset({"present", "remote"})
_FAR = timedelta(days=36_500)


@dataclass
class _Bodies:
    """Seats and factions of one council: of whom, in which body, from when until when."""

    seats: dict[str, list[Values]] = field(default_factory=lambda: defaultdict(list))
    factions: dict[str, list[Values]] = field(default_factory=lambda: defaultdict(list))
    known: dict[str, Facts] = field(default_factory=dict)

    @cached_property
    def has_seats(self) -> bool:
        """Whether it is recorded at all who sat."""
        return bool(self.seats)


def faults_of_sessions(world: World) -> Iterator[Fault]:
    """One presence for each deputy, one place for each question, one number for each session."""
    for facts in world.given["sessions"].values():
        council = world.get("organizations", facts.values["council"])
        if council is None or council.values["kind"] != "council":
            words = _("A session is of a council.")
            yield Fault(f"{facts.pointer}/organization_id", "K1.no_council", words, _("Mend it."))
        yield from _twice(
            facts, PREFIX + "attendance", "person", "K3.attendance",
            _("The attendance of somebody is recorded twice."),
        )  # fmt: skip
    numbered = (
        (row, (row.values["convocation"], row.values["number"])) for row in world.all("sessions")
    )
    yield from _repeated(
        ((row, key) for row, key in numbered if all(key)),
        "K1.same_number",
        _("Another session of the convocation has this number."),
    )
    yield from _repeated(
        ((row, (row.values["session"], row.values["position"])) for row in world.all("items")),
        "K1.same_place",
        _("Another question has this place in the agenda."),
    )


def faults_of_votes(world: World) -> Iterator[Fault]:
    """Every rule that a vote breaks, with the composition of its day."""
    if not world.given["vote_events"]:
        return
    councils = _councils(world)
    for facts in world.given["vote_events"].values():
        motion = world.get("motions", facts.values["motion"])
        item = world.get("items", motion.values["item"]) if motion else None
        session = world.get("sessions", item.values["session"]) if item else None
        if session is None:
            continue
        yield from _twice(
            facts, "votes", "voter", "K3.one_voice",
            _("Somebody is recorded more than once in this vote."),
        )  # fmt: skip
        yield from _twice(
            facts, PREFIX + "by_faction", "faction", "K3.faction",
            _("A faction is recorded more than once in this vote."),
        )  # fmt: skip
        bodies = councils.get(session.values["council"], _Bodies())
        yield from _unknown_factions(facts, bodies)
        recorded = _recorded(facts, session, bodies, world)
        for fault in faults_of_vote(recorded):
            if fault.rule != "K3.one_voice":
                yield Fault(facts.pointer, fault.rule, fault.message, fault.mend)


def _councils(world: World) -> dict[str | None, _Bodies]:
    found: dict[str | None, _Bodies] = defaultdict(_Bodies)
    of: dict[str, tuple[str, str | None]] = {}
    for body in world.all("organizations"):
        council = council_of_body(body, world)
        of[body.id] = (body.values["kind"], council)
        if body.values["kind"] == "faction":
            found[council].known[body.id] = body
    for facts in world.all("memberships"):
        kind, council = of.get(facts.values["organization"], ("", None))
        if council is None:
            continue
        if kind == "faction":
            found[council].factions[facts.values["person"]].append(facts.values)
        elif kind in {"convocation", "council"} and facts.values["role"] in SEATED:
            found[council].seats[facts.values["person"]].append(facts.values)
    return found


def _unknown_factions(facts: Facts, bodies: _Bodies) -> Iterator[Fault]:
    for part, name in (("votes", "group_id"), (PREFIX + "by_faction", "group_id")):
        for position, values in enumerate(facts.parts[part]):
            key = values["faction"]
            if key is not None and key not in bodies.known:
                yield Fault(
                    f"{facts.pointer}/{part}/{position}/{name}",
                    "K3.faction",
                    _("This is no faction of the council."),
                    _("Name a faction: the party of a deputy is another thing (K1)."),
                )


def _recorded(facts: Facts, session: Facts, bodies: _Bodies, world: World) -> Recorded:
    values, day = facts.values, _days(facts, session)
    counts = None
    if values["yes"] is not None and values["no"] is not None and values["abstain"] is not None:
        counts = Counts(
            values["yes"], values["no"], values["abstain"], values["not_voting"],
            values["recused"] or 0,
        )  # fmt: skip
    presence = {
        row["person"]: row["presence"] in _THERE for row in session.parts[PREFIX + "attendance"]
    }
    return Recorded(
        method=values["method"],
        counts=counts,
        rule=_rule(values, ""),
        present=values["present"],
        elected=values["elected"],
        established=values["established"],
        quorum=_rule(session.values, "quorum_"),
        voices=[_voice(row, day, bodies, presence, world) for row in facts.parts["votes"]],
        factions=[_faction(row, bodies) for row in facts.parts[PREFIX + "by_faction"]],
        result=values["result"] or None,
    )


def _rule(values: Values, prefix: str) -> Rule | None:
    numerator, denominator = values[f"{prefix}numerator"], values[f"{prefix}denominator"]
    base = values[f"{prefix}base"]
    if numerator is None or not denominator or not base:
        return None
    return Rule(numerator, denominator, base, values[f"{prefix}is_over"])


def _days(facts: Facts, session: Facts) -> tuple[date, date] | None:
    """The first and the last day on which the vote may have been; None: not known at all."""
    taken = facts.values["taken_at"] or session.values["starts_at"]
    if taken is not None:
        day = timezone.localtime(taken).date()
        return day, day
    first, last = session.values["held_from"], session.values["held_to"]
    if first is None and last is None:
        return None
    return first or last - _FAR, last or first + _FAR


def _lasts(values: Values, days: tuple[date, date]) -> bool:
    starts, ends = values["starts_from"], values["ends_to"]
    return (starts is None or starts <= days[1]) and (ends is None or ends >= days[0])


def _voice(
    row: Values,
    days: tuple[date, date] | None,
    bodies: _Bodies,
    presence: dict[str, bool],
    world: World,
) -> Voice:
    person = row["voter"]
    is_member = not bodies.has_seats or days is None
    if not is_member and days is not None:
        is_member = any(_lasts(seat, days) for seat in bodies.seats.get(person, ()))
    of_day = set()
    if days is not None and row["faction"] is not None:
        there = bodies.factions.get(person, ())
        of_day = {values["organization"] for values in there if _lasts(values, days)}
    known = world.get("persons", person)
    return Voice(
        voter=person,
        option=row["option"],
        name=known.values["name"] if known else person,
        faction=row["faction"],
        faction_of_day=min(of_day) if of_day and row["faction"] not in of_day else row["faction"],
        is_member=is_member,
        was_present=presence.get(person),
        reason=row["reason"],
    )


def _faction(row: Values, bodies: _Bodies) -> FactionVoices:
    known = bodies.known.get(row["faction"])
    counts = Counts(row["yes"], row["no"], row["abstain"], row["not_voting"])
    return FactionVoices(name=known.values["name"] if known else "–", counts=counts)


def _twice(facts: Facts, part: str, field: str, rule: str, words: str) -> Iterator[Fault]:
    seen: set[object] = set()
    for position, values in enumerate(facts.parts[part]):
        if values[field] in seen:
            where = f"{facts.pointer}/{part}/{position}"
            yield Fault(where, rule, words, _("Keep one."))
        seen.add(values[field])


def _repeated(rows: object, rule: str, words: str) -> Iterator[Fault]:
    seen: dict[object, Facts] = {}
    for facts, key in rows:  # type: ignore[attr-defined]
        first = seen.setdefault(key, facts)
        if first is not facts and (first.pointer or facts.pointer):
            where = facts.pointer or first.pointer
            yield Fault(where, rule, words, _("Keep one, or mend it."))
