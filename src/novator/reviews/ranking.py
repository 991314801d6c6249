"""Solutions judged: places in a contest from the scores of its jury; no database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby

BY_CRITERIA = "criteria_by_weight"
BY_FIRST_PLACES = "first_places"
SHARED = "shared"


@dataclass(frozen=True)
class Ballot:
    """Points that one juror gave one entry, by criterion."""

    juror: str
    entry: str
    points: Mapping[str, int]


@dataclass(frozen=True)
class TieStep:
    """
    One comparison that parted entries with equal totals, or failed to.

    `kind` is "criterion" (then `code` names it), "first_places" or "shared"; `value` is the
    entry's own mean or count; `with_entries` are those it was equal with until then.
    """

    kind: str
    code: str
    value: Fraction
    with_entries: tuple[str, ...]


@dataclass(frozen=True)
class Placed:
    """One entry with its place; `tie` tells, step by step, how equal totals were parted."""

    entry: str
    place: int
    total: Fraction
    ballots: int
    means: Mapping[str, Fraction]
    first_places: int
    tie: tuple[TieStep, ...]


@dataclass(frozen=True)
class Ranking:
    """Entries by place, and those with fewer scores than the contest demands."""

    placed: tuple[Placed, ...]
    too_few: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class _Standing:
    """What is known of an entry before places are given."""

    entry: str
    total: Fraction
    ballots: int
    means: Mapping[str, Fraction]
    first_places: int


def ballot_total(points: Mapping[str, int], weights: Mapping[str, int]) -> Fraction:
    """Mean of one juror's points by the weights of the criteria, exact."""
    whole = sum(weights.values())
    return Fraction(sum(weight * points[code] for code, weight in weights.items()), whole)


def ranking(
    *,
    entries: Sequence[str],
    ballots: Sequence[Ballot],
    weights: Mapping[str, int],
    tie_rule: Sequence[str],
    least_scores: int,
) -> Ranking:
    """
    Give places: mean of the jurors' weighted totals, equal ones parted by the tie rule.

    Only scores that were given count: a juror who recused himself or gave none neither raises nor
    lowers an entry. One with fewer scores than `least_scores` gets no place. Sums are exact
    fractions, so that neither rounding nor the order of entries, ballots or equal names matters.
    Places are those of sport: 1, 2, 2, 4.
    """
    first_places = _first_places(entries, ballots, weights)
    standings, too_few = [], []
    for entry in sorted(set(entries)):
        own = [ballot for ballot in ballots if ballot.entry == entry]
        if len(own) < max(least_scores, 1):
            too_few.append((entry, len(own)))
            continue
        standings.append(
            _Standing(
                entry=entry,
                total=_mean([ballot_total(ballot.points, weights) for ballot in own]),
                ballots=len(own),
                means={
                    code: _mean([Fraction(ballot.points[code]) for ballot in own])
                    for code in weights
                },
                first_places=first_places[entry],
            )
        )
    return Ranking(_placed(standings, weights, tie_rule), tuple(too_few))


def criteria_by_weight(weights: Mapping[str, int]) -> list[str]:
    """The heaviest criterion first; equal weights stay in the order of the contest."""
    return sorted(weights, key=lambda code: -weights[code])


def _mean(values: Sequence[Fraction]) -> Fraction:
    return sum(values, Fraction(0)) / len(values)


def _first_places(
    entries: Sequence[str], ballots: Sequence[Ballot], weights: Mapping[str, int]
) -> dict[str, int]:
    """How many jurors gave each entry their highest total; of equal highest each counts."""
    counts = dict.fromkeys(entries, 0)
    for juror in {ballot.juror for ballot in ballots}:
        totals = {
            ballot.entry: ballot_total(ballot.points, weights)
            for ballot in ballots
            if ballot.juror == juror and ballot.entry in counts
        }
        best = max(totals.values(), default=None)
        for entry, total in totals.items():
            counts[entry] += total == best
    return counts


def _comparisons(weights: Mapping[str, int], tie_rule: Sequence[str]) -> list[tuple[str, str]]:
    steps: list[tuple[str, str]] = []
    for rule in tie_rule:
        if rule == BY_CRITERIA:
            steps += [("criterion", code) for code in criteria_by_weight(weights)]
        elif rule == BY_FIRST_PLACES:
            steps.append((BY_FIRST_PLACES, ""))
    return steps


def _placed(
    standings: Sequence[_Standing], weights: Mapping[str, int], tie_rule: Sequence[str]
) -> tuple[Placed, ...]:
    steps = _comparisons(weights, tie_rule)
    ordered = sorted(standings, key=lambda one: (_key(one, steps), one.entry))
    placed: list[Placed] = []
    for _total, equal in groupby(ordered, key=lambda one: one.total):
        group = list(equal)
        start = len(placed) + 1
        keys = [_key(one, steps) for one in group]
        for one, key in zip(group, keys, strict=True):
            place = start + keys.index(key)
            placed.append(Placed(**one.__dict__, place=place, tie=_tie(one, group, steps)))
    return tuple(placed)


def _key(one: _Standing, steps: Sequence[tuple[str, str]]) -> tuple[Fraction, ...]:
    return (-one.total, *(-_value(one, step) for step in steps))


def _value(one: _Standing, step: tuple[str, str]) -> Fraction:
    kind, code = step
    return one.means[code] if kind == "criterion" else Fraction(one.first_places)


def _tie(
    one: _Standing, group: Sequence[_Standing], steps: Sequence[tuple[str, str]]
) -> tuple[TieStep, ...]:
    """Follow one entry through the comparisons until nobody is equal with it any more."""
    rivals = [other for other in group if other.entry != one.entry]
    told = []
    for step in steps:
        if not rivals:
            break
        value = _value(one, step)
        names = tuple(sorted(other.entry for other in rivals))
        told.append(TieStep(step[0], step[1], value, names))
        rivals = [other for other in rivals if _value(other, step) == value]
    if rivals:
        names = tuple(sorted(other.entry for other in rivals))
        told.append(TieStep(SHARED, "", Fraction(0), names))
    return tuple(told)
