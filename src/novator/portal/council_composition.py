"""Who decides: what the pages of councils show of seats, factions, committees and officers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Q
from django.utils.translation import gettext as _

from novator.council.composition import SEATED, Seat, may_last_on, may_live_on
from novator.council.models import Membership, Organization, Person, Post
from novator.portal.hemicycle import NONE, Hemicycle, SeatMark, hemicycle, key_of

LEADING = ("chair", "deputy_chair", "secretary", "head", "deputy_head")
_PARTS = ("council", "convocation", "faction", "committee")


@dataclass(frozen=True)
class CouncilRow:
    """A council in a list: how many seats, how many of them taken, how many factions."""

    council: Organization
    convocation: Organization | None
    established: int | None
    elected: int
    factions: int


@dataclass(frozen=True)
class BodyRow:
    """A faction or committee: who leads it and how many are in it on the day."""

    body: Organization
    leaders: list[Membership]
    members: int


@dataclass(frozen=True)
class Officer:
    """Somebody in office on the day; a post that nobody holds has no person."""

    label: str
    body: Organization
    person: Person | None
    membership: Membership | None
    is_sure: bool = True


def council_rows(councils: Sequence[Organization], day: date) -> list[CouncilRow]:
    """What a list says of councils. Three queries for all of them."""
    keys = [council.pk for council in councils]
    sitting: dict[int, Organization] = {}
    found = Organization.objects.filter(may_live_on(day), parent__in=keys, kind="convocation")
    for row in found.order_by("founded_to", "id"):
        sitting[row.parent_id or 0] = row
    elected = _counted(
        Membership.objects.filter(
            may_last_on(day), organization__in=sitting.values(), role__in=SEATED
        ).values_list("organization", "person")
    )
    parts = Organization.objects.filter(
        may_live_on(day), Q(parent__in=sitting.values()) | Q(parent__in=keys), kind="faction"
    )
    factions = dict(parts.order_by().values_list("parent").annotate(number=Count("pk")))
    rows = []
    for council in councils:
        convocation = sitting.get(council.pk)
        key = convocation.pk if convocation else 0
        seats = convocation.seats if convocation else None
        rows.append(
            CouncilRow(
                council,
                convocation,
                council.seats if seats is None else seats,
                elected.get(key, 0),
                factions.get(key, 0) + factions.get(council.pk, 0),
            )
        )
    return rows


def drawing_of(seats: Sequence[Seat]) -> Hemicycle:
    """
    The seats by faction as an arc.

    Where nobody's faction is recorded, that is said: a deputy is not "of no faction" then (K3).
    """
    names = {key_of(seat.faction): seat.faction.shown_name for seat in seats if seat.faction}
    if not names:
        names[NONE] = _("faction not recorded")
    return hemicycle(
        [SeatMark(key_of(seat.faction), str(seat.person)) for seat in seats], names=names
    )


def parts_of(
    council: Organization, convocation: Organization | None, day: date
) -> tuple[list[BodyRow], list[BodyRow]]:
    """Factions and committees of the day with whoever leads them. Two queries."""
    parents = [body.pk for body in (council, convocation) if body is not None]
    found = Organization.objects.filter(
        may_live_on(day), parent__in=parents, kind__in=("faction", "committee")
    )
    bodies = found.select_related("party").order_by("position", "name", "id")
    rows = _body_rows(list(bodies), day)
    return (
        [row for row in rows if row.body.kind == "faction"],
        [row for row in rows if row.body.kind == "committee"],
    )


def officers_of(
    council: Organization, convocation: Organization | None, day: date
) -> list[Officer]:
    """
    Posts of the council and of its municipality with their holders, then leaders without a post.

    Three queries.
    """
    posts = Post.objects.filter(
        may_last_on(day),
        Q(organization=council)
        | Q(organization=convocation)
        | Q(organization__municipality=council.municipality, organization__kind="administration"),
    )
    known = list(posts.select_related("organization").order_by("organization__kind", "id"))
    held: dict[int, Membership] = {}
    rows = Membership.objects.filter(may_last_on(day), post__in=known).select_related("person")
    for row in rows.order_by(F("starts_from").asc(nulls_first=True), "id"):
        held[row.post_id or 0] = row
    officers = [
        Officer(
            str(post),
            post.organization,
            held[post.pk].person if post.pk in held else None,
            held.get(post.pk),
            post.pk not in held or surely_lasts(held[post.pk], day),
        )
        for post in known
    ]
    bodies = [body for body in (council, convocation) if body is not None]
    leading = Membership.objects.filter(
        may_last_on(day), organization__in=bodies, role__in=LEADING, post__isnull=True
    )
    for row in leading.select_related("person", "organization").order_by("role", "id"):
        is_sure = surely_lasts(row, day)
        officers.append(Officer(row.shown_label, row.organization, row.person, row, is_sure))
    return officers


def surely_lasts(row: Membership, day: date) -> bool:
    """Whether it certainly lasts on a day; one without a recorded end counts as lasting."""
    has_begun = row.starts_to is not None and row.starts_to <= day
    is_open = row.ends_from is None and row.ends_to is None
    return has_begun and (is_open or (row.ends_from or row.ends_to or day) >= day)


def bodies_of(council: Organization) -> list[Organization]:
    """Other bodies of the municipality: administration, branches of parties, unions."""
    rows = Organization.objects.filter(municipality=council.municipality)
    old = Q(kind="council") & ~Q(pk=council.pk)
    return list(rows.filter(old | ~Q(kind__in=_PARTS)).order_by("kind", "name", "id"))


def _body_rows(bodies: Sequence[Organization], day: date) -> list[BodyRow]:
    members: dict[int, set[int]] = defaultdict(set)
    leaders: dict[int, list[Membership]] = defaultdict(list)
    rows = Membership.objects.filter(may_last_on(day), organization__in=bodies)
    for row in rows.select_related("person").order_by("role", "person__family_name", "id"):
        members[row.organization_id].add(row.person_id)
        if row.role in LEADING:
            leaders[row.organization_id].append(row)
    return [BodyRow(body, leaders[body.pk], len(members[body.pk])) for body in bodies]


def _counted(pairs: Iterable[tuple[int, int]]) -> dict[int, int]:
    found: dict[int, set[int]] = defaultdict(set)
    for body, person in pairs:
        found[body].add(person)
    return {body: len(people) for body, people in found.items()}
