"""Councils: who votes with whom, how united factions are, how broad decisions are supported."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import combinations_with_replacement

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from novator.council.composition import convocation_on, seats_on
from novator.council.models import Organization
from novator.council.support import (
    FEW,
    Tally,
    Together,
    agreement,
    golosov,
    laakso_taagepera,
    rice,
    voting_together,
)
from novator.council.tallies import MOST_VOTES, Voted, latest_votes
from novator.portal.council_reading import city_of, council_called, council_crumbs
from novator.portal.people import today
from novator.portal.tables import csv_answer

LEAST_COMMON = 5
"""Of fewer common votes than this nothing is said about two deputies."""


@dataclass(frozen=True)
class Deputy:
    """One deputy over the votes by name: how many voted in, how often with the own faction."""

    key: int
    name: str
    slug: str
    faction: str
    voted: int
    with_faction: float | None


@dataclass(frozen=True)
class Unity:
    """A faction over the votes by name: mean indices, of how many votes, seats now."""

    name: str
    seats: int
    votes: int
    rice: float | None
    agreement: float | None
    is_few: bool


@dataclass(frozen=True)
class Pair:
    """Two deputies or factions and how often they voted alike."""

    name: str
    slug: str
    together: Together


@require_safe
def support(request: HttpRequest, slug: str) -> HttpResponse:
    """Figures of one council's present or chosen convocation; ten queries."""
    council = council_called(slug)
    convocations = _convocations(council)
    chosen = _chosen(request, council, convocations)
    voted = latest_votes(chosen) if chosen else Voted({}, {}, {})
    names = _faction_names(voted)
    seats = seats_on(council, today()) if chosen and not chosen.dissolved_to else []
    by_faction = Counter(seat.faction.pk for seat in seats if seat.faction)
    names |= {seat.faction.pk: seat.faction.shown_name for seat in seats if seat.faction}
    sizes = [*by_faction.values(), *([1] * sum(seat.faction is None for seat in seats))]
    deputies = _deputies(voted, names)
    person = _person(request, deputies)
    context = {
        "city": city_of(council),
        "council": council,
        "convocations": convocations,
        "chosen": chosen,
        "events": len(voted.votes),
        "most": MOST_VOTES,
        "is_cut": len(voted.votes) == MOST_VOTES,
        "seats": len(seats),
        "laakso_taagepera": laakso_taagepera(sizes),
        "golosov": golosov(sizes),
        "unity": _unity(voted, names, by_faction),
        "matrix": _matrix(voted, names),
        "deputies": deputies,
        "person": person,
        "beside": _beside(voted, person) if person else [],
        "least": LEAST_COMMON,
        "few": FEW,
        "crumbs": council_crumbs(council, (_("Support"), "")),
    }
    return render(request, "portal/council/support.html", context)


@require_safe
def pairs_csv(request: HttpRequest, slug: str) -> HttpResponse:
    """Every pair of deputies: how many votes in common, how many alike."""
    council = council_called(slug)
    chosen = _chosen(request, council, _convocations(council))
    voted = latest_votes(chosen) if chosen else Voted({}, {}, {})
    rows: list[list[str | int]] = [["person", "other", "votes_in_common", "alike"]]
    for (one, other), found in sorted(voting_together(voted.votes.values()).items()):
        rows.append([voted.names[one][1], voted.names[other][1], found.both, found.alike])
    return csv_answer(rows, f"{slug}-support.csv")


def _convocations(council: Organization) -> list[Organization]:
    rows = Organization.objects.filter(parent=council, kind="convocation")
    return list(rows.order_by("-founded_to", "-id"))


def _chosen(
    request: HttpRequest, council: Organization, convocations: list[Organization]
) -> Organization | None:
    asked = request.GET.get("convocation", "")
    for one in convocations:
        if asked == str(one.public_id):
            return one
    return convocation_on(council, today()) or next(iter(convocations), None)


def _faction_names(voted: Voted) -> dict[int, str]:
    keys = {key for row in voted.factions.values() for key in row.values() if key}
    rows = Organization.objects.filter(pk__in=keys)
    return {row.pk: row.shown_name for row in rows}


def _unity(voted: Voted, names: dict[int, str], seats: Counter[int]) -> list[Unity]:
    """Mean indices of each faction over the votes in which anybody of it voted."""
    tallies: dict[int, list[Tally]] = defaultdict(list)
    for event, said in voted.votes.items():
        heads: dict[int, Counter[str]] = defaultdict(Counter)
        for voter, option in said.items():
            if faction := voted.factions[event].get(voter):
                heads[faction][option] += 1
        for faction, found in heads.items():
            tallies[faction].append(Tally(found["yes"], found["no"], found["abstain"]))
    rows = []
    for key in sorted({*tallies, *seats}, key=lambda one: (-seats[one], names.get(one, ""))):
        own = tallies.get(key, [])
        rows.append(
            Unity(
                name=names.get(key, ""),
                seats=seats[key],
                votes=len(own),
                rice=_mean([rice(one) for one in own]),
                agreement=_mean([agreement(one) for one in own]),
                is_few=bool(own) and sum(one.all for one in own) / len(own) < FEW,
            )
        )
    return rows


def _mean(numbers: list[float | None]) -> float | None:
    known = [number for number in numbers if number is not None]
    return sum(known) / len(known) if known else None


def _matrix(voted: Voted, names: dict[int, str]) -> list[tuple[str, list[float | None]]]:
    """Each faction beside each: the share of pairs of their deputies who voted alike."""
    alike: Counter[tuple[int, int]] = Counter()
    both: Counter[tuple[int, int]] = Counter()
    for event, said in voted.votes.items():
        heads: dict[int, Counter[str]] = defaultdict(Counter)
        for voter, option in said.items():
            if faction := voted.factions[event].get(voter):
                heads[faction][option] += 1
        for one, other in combinations_with_replacement(sorted(heads), 2):
            first, second = heads[one], heads[other]
            if one == other:
                pairs = first.total() * (first.total() - 1) // 2
                same = sum(count * (count - 1) // 2 for count in first.values())
            else:
                pairs = first.total() * second.total()
                same = sum(first[option] * second[option] for option in first)
            both[one, other] += pairs
            alike[one, other] += same
    keys = sorted({key for pair in both for key in pair}, key=lambda one: names.get(one, ""))
    return [
        (names.get(one, ""), [_share(alike, both, one, other) for other in keys]) for one in keys
    ]


def _share(
    alike: Counter[tuple[int, int]], both: Counter[tuple[int, int]], one: int, other: int
) -> float | None:
    pair = (min(one, other), max(one, other))
    return alike[pair] / both[pair] if both[pair] else None


def _deputies(voted: Voted, names: dict[int, str]) -> list[Deputy]:
    """Each deputy: how many votes, and how often with the majority of the own faction."""
    voted_in: Counter[int] = Counter()
    with_own: Counter[int] = Counter()
    of_own: Counter[int] = Counter()
    latest: dict[int, int | None] = {}
    for event in sorted(voted.votes):
        said, factions = voted.votes[event], voted.factions[event]
        latest |= factions
        heads: dict[int, Counter[str]] = defaultdict(Counter)
        for voter, option in said.items():
            voted_in[voter] += 1
            if faction := factions.get(voter):
                heads[faction][option] += 1
        for voter, option in said.items():
            faction = factions.get(voter)
            others = heads[faction] - Counter([option]) if faction else Counter[str]()
            if others:
                of_own[voter] += 1
                with_own[voter] += others[option] == max(others.values())
    return [
        Deputy(
            key=key,
            name=name,
            slug=slug,
            faction=names.get(latest.get(key) or 0, ""),
            voted=voted_in[key],
            with_faction=with_own[key] / of_own[key] if of_own[key] else None,
        )
        for key, (name, slug) in voted.names.items()
    ]


def _person(request: HttpRequest, deputies: list[Deputy]) -> Deputy | None:
    asked = request.GET.get("person", "")
    return next((one for one in deputies if one.slug == asked), None)


def _beside(voted: Voted, person: Deputy) -> list[Pair]:
    """All others by how often they voted with this deputy, most often first."""
    found = []
    own = {event: said[person.key] for event, said in voted.votes.items() if person.key in said}
    alike: Counter[int] = Counter()
    both: Counter[int] = Counter()
    for event, option in own.items():
        for voter, other in voted.votes[event].items():
            if voter != person.key:
                both[voter] += 1
                alike[voter] += other == option
    for voter, common in both.items():
        if common >= LEAST_COMMON:
            name, slug = voted.names[voter]
            found.append(Pair(name, slug, Together(alike[voter], common)))
    return sorted(found, key=lambda one: (-one.together.share, one.name))
