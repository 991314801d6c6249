"""Who decides: who could vote at a session, by which rules, before a vote is recorded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from novator.council.composition import Seat, seats_on
from novator.council.majorities import Rule, is_quorate
from novator.council.models import Organization, Quorum, Session
from novator.council.session_hold import known_day

IN_THE_ROOM = frozenset({"present", "remote"})
STANDARD = (
    ("established_half", 1, 2, "established", True),
    ("elected_half", 1, 2, "elected", True),
    ("present_half", 1, 2, "present", True),
    ("voted_half", 1, 2, "voted", True),
    ("established_two_thirds", 2, 3, "established", False),
    ("elected_two_thirds", 2, 3, "elected", False),
)
"""Fractions offered where a council has stated no rules of its own: a choice, never a default."""


@dataclass(frozen=True)
class Majority:
    """A required majority that can be chosen; `name` empty: told by its fraction."""

    code: str
    name: str
    rule: Rule


@dataclass(frozen=True)
class Room:
    """A session as its votes see it. `attendance` empty: not recorded."""

    session: Session
    seats: list[Seat]
    attendance: Mapping[int, str]
    majorities: list[Majority]

    @cached_property
    def seat_of(self) -> dict[int, Seat]:
        """Return the seats by the number of the person."""
        return {seat.person.pk: seat for seat in self.seats}

    @cached_property
    def factions(self) -> list[tuple[Organization | None, list[Seat]]]:
        """Return the seats by faction, in the order of the council; None: of none."""
        groups: dict[int | None, tuple[Organization | None, list[Seat]]] = {}
        for seat in self.seats:
            key = seat.faction.pk if seat.faction else None
            groups.setdefault(key, (seat.faction, []))[1].append(seat)
        return list(groups.values())

    @property
    def quorum(self) -> Rule | None:
        """The quorum as it was copied when the session was planned."""
        return quorum_of(self.session)

    @property
    def is_quorate(self) -> bool | None:
        """Whether enough are there; None where that is not recorded."""
        quorum = self.quorum
        if quorum is None:
            return None
        told = self.session
        return is_quorate(
            quorum, present=told.present, elected=told.elected, established=told.established
        )

    def was_present(self, person: int) -> bool | None:
        """Whether a deputy took part; None where the attendance is not recorded."""
        if not self.attendance:
            return None
        return self.attendance.get(person, "absent") in IN_THE_ROOM

    def majority(self, code: str) -> Majority | None:
        """A majority by its code."""
        return next((one for one in self.majorities if one.code == code), None)


def room_of(session: Session) -> Room:
    """
    Who could vote. Five queries, however many deputies.

    :raises CannotRecord: the day of the session is not recorded
    """
    told = session.attendance.values_list("person", "presence")
    return Room(
        session=session,
        seats=seats_on(session.council, known_day(session)),
        attendance=dict(told),
        majorities=majorities_of(session.council),
    )


def majorities_of(council: Organization) -> list[Majority]:
    """Return the majorities that the council's rules name, else the usual ones. One query."""
    rows = [row for row in council.rules.all() if row.code != "quorum"]
    if rows:
        return [Majority(row.code, str(row), _rule(row)) for row in rows]
    return [
        Majority(code, "", Rule(numerator, denominator, base, is_over))
        for code, numerator, denominator, base, is_over in STANDARD
    ]


def quorum_of(session: Session) -> Rule | None:
    """The quorum of a session; None: not recorded."""
    if not session.quorum_denominator or not session.quorum_base:
        return None
    return Rule(
        session.quorum_numerator or 0,
        session.quorum_denominator,
        session.quorum_base,
        session.quorum_is_over,
    )


def _rule(row: Quorum) -> Rule:
    return Rule(row.numerator, row.denominator, row.base, row.is_over)
