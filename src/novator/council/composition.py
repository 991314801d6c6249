"""Who decides: who sits in a council on a day, in which faction, and who holds a post."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q

from novator.cities.models import Municipality
from novator.council.models import Membership, Organization, Person, Post

SEATED = ("deputy", "member", "chair", "deputy_chair", "head")
"""Roles in a convocation by which a person has a seat in it."""
_PARTIES = ("party", "party_branch")


@dataclass(frozen=True)
class Seat:
    """One seat that is taken. `party`: who nominated, else of which the person is a member."""

    person: Person
    membership: Membership
    faction: Organization | None
    party: Organization | None


def may_last_on(day: date, *, starts: str = "starts", ends: str = "ends", of: str = "") -> Q:
    """Rows that may have begun by that day and have not certainly ended before it."""
    return Q(
        Q(**{f"{of}{starts}_from__isnull": True}) | Q(**{f"{of}{starts}_from__lte": day}),
        Q(**{f"{of}{ends}_to__isnull": True}) | Q(**{f"{of}{ends}_to__gte": day}),
    )


def may_live_on(day: date, *, of: str = "") -> Q:
    """Bodies that may exist on that day."""
    return may_last_on(day, starts="founded", ends="dissolved", of=of)


def council_of(municipality: Municipality) -> Organization | None:
    """The council of a municipality that sits now; without one, the last that did. One query."""
    return (
        Organization.objects.filter(kind="council", municipality=municipality)
        .order_by(F("dissolved_to").desc(nulls_first=True), "-id")
        .first()
    )


def convocation_on(council: Organization, day: date) -> Organization | None:
    """The convocation that sits on a day: of two that may, the later. One query."""
    return (
        Organization.objects.filter(may_live_on(day), parent=council, kind="convocation")
        .order_by("-founded_to", "-id")
        .first()
    )


def seats_on(council: Organization, day: date) -> list[Seat]:
    """
    Whoever has a seat on a day, by faction as the council orders them, then by name.

    Four queries, however many seats there are.
    """
    convocation = convocation_on(council, day)
    return seats_of(convocation, day) if convocation else []


def seats_of(convocation: Organization, day: date, *, but: Collection[int] = ()) -> list[Seat]:
    """
    The seats of one convocation on a day, those of the people in `but` (keys) left out.

    Three queries, one where none is left: each body is read once.
    """
    held: dict[int, Membership] = {}
    rows = Membership.objects.filter(may_last_on(day), organization=convocation, role__in=SEATED)
    for row in rows.exclude(person__in=but).select_related("person").order_by("id"):
        if row.person_id not in held or row.role == "deputy":
            held[row.person_id] = row
    if not held:
        return []
    belonging = _belonging(held, convocation, day)
    needed = {row.on_behalf_of_id for row in held.values()} | {body for _key, body in belonging}
    known = Organization.objects.select_related("parent", "party").in_bulk(needed - {None})
    factions = {key: known[body] for key, body in belonging if known[body].kind == "faction"}
    parties = {key: _party(known[body]) for key, body in belonging if known[body].kind in _PARTIES}
    seats = []
    for key, row in held.items():
        if row.on_behalf_of_id is not None:
            row.on_behalf_of = known[row.on_behalf_of_id]
        party = _party(row.on_behalf_of) or parties.get(key)
        seats.append(Seat(row.person, row, factions.get(key), party))
    return sorted(seats, key=_place)


def factions_on(council: Organization, day: date) -> list[Organization]:
    """Factions that exist on a day, as the council orders them. Two queries."""
    convocation = convocation_on(council, day)
    within = Q(parent=council) | (Q(parent=convocation) if convocation else Q(pk=None))
    found = Organization.objects.filter(may_live_on(day), within, kind="faction")
    return list(found.select_related("party").order_by("position", "name", "id"))


def faction_of(person: Person, council: Organization, day: date) -> Organization | None:
    """The faction in which a deputy of the council is on a day. One query."""
    found = (
        Membership.objects.filter(
            may_last_on(day),
            may_live_on(day, of="organization__"),
            Q(organization__parent=council) | Q(organization__parent__parent=council),
            person=person,
            organization__kind="faction",
        )
        .select_related("organization")
        .order_by(F("starts_from").desc(nulls_last=True), "-id")
        .first()
    )
    return found.organization if found else None


def faction_called(name: str, council: Organization, day: date) -> Organization | None:
    """A faction of that day by its name or short name, however it is written. Two queries."""
    wanted = plain_name(name)
    for faction in factions_on(council, day):
        names = (faction.name, faction.short_name, faction.name_en, faction.short_name_en)
        if wanted in {plain_name(known) for known in names if known}:
            return faction
    return None


def holder_of(post: Post, day: date) -> Person | None:
    """Whoever holds a post on a day: of two on the day of change, the later. One query."""
    found = (
        Membership.objects.filter(may_last_on(day), post=post)
        .select_related("person")
        .order_by(F("starts_from").desc(nulls_last=True), "-id")
        .first()
    )
    return found.person if found else None


def elected_on(council: Organization, day: date) -> int:
    """How many deputies are elected and still sit on a day. Two queries."""
    convocation = convocation_on(council, day)
    if convocation is None:
        return 0
    rows = Membership.objects.filter(may_last_on(day), organization=convocation, role__in=SEATED)
    return rows.values("person").distinct().count()


def established_on(council: Organization, day: date) -> int | None:
    """The established number of deputies on a day; None: not recorded. One query."""
    return established_in(council, convocation_on(council, day))


def established_in(council: Organization, convocation: Organization | None) -> int | None:
    """The established number of deputies of a convocation; None: not recorded. No query."""
    if convocation is not None and convocation.seats is not None:
        return convocation.seats
    return council.seats


def _belonging(
    people: Iterable[int], convocation: Organization, day: date
) -> list[tuple[int, int]]:
    """
    Keys of people with those of factions in this convocation and of their parties. One query.

    The last that began comes last.
    """
    within = Q(organization__parent=convocation) | Q(organization__parent=convocation.parent_id)
    rows = Membership.objects.filter(
        may_last_on(day),
        Q(within, organization__kind="faction") | Q(organization__kind__in=_PARTIES),
        may_live_on(day, of="organization__"),
        person__in=list(people),
    )
    begun = rows.order_by(F("starts_from").asc(nulls_first=True), "id")
    return list(begun.values_list("person_id", "organization_id"))


def _party(organization: Organization | None) -> Organization | None:
    """The party itself where a branch is named."""
    if organization is None or organization.kind != "party_branch":
        return organization
    return organization.parent or organization


def _place(seat: Seat) -> tuple[bool, int, str, int, str, int]:
    faction = seat.faction
    person = seat.person
    order = (False, faction.position, faction.name, faction.pk) if faction else (True, 0, "", 0)
    return (*order, person.family_name or person.name, person.pk)


def plain_name(name: str) -> str:
    """A name without case, signs and needless spaces."""
    kept = name.casefold().replace("ё", "е")
    return " ".join("".join(sign if sign.isalnum() else " " for sign in kept).split())
