"""The association: its register, read page by page, with who represents each member."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from novator.association.mandates import Acting, actings_of, known_mandates
from novator.association.models import Application, Member
from novator.cities.models import Municipality
from novator.practices.models import Practice

LISTS: dict[str, tuple[str, ...]] = {
    "in": ("admitted", "suspended"),
    "suspended": ("suspended",),
    "former": ("left", "excluded"),
}


@dataclass(frozen=True)
class MemberPart:
    """Some members of the register; `after` names where the next begin, empty at the end."""

    rows: Sequence[Any]
    after: str


def with_practices(rows: QuerySet[Member]) -> QuerySet[Any]:
    """Add the place, the decision and the number of practices (`number`) to each member."""
    own = (
        Practice.objects.published()
        .filter(municipality=OuterRef("municipality"))
        .order_by()
        .values("municipality")
        .annotate(number=Count("pk"))
        .values("number")
    )
    count = Coalesce(Subquery(own, output_field=IntegerField()), 0)
    return (
        rows.select_related("municipality__region", "decision")
        .annotate(number=count)
        .order_by("municipality__short_name_ru", "municipality__slug")
    )


def members_of(kind: str) -> QuerySet[Member]:
    """Members of one list of the register: those in it, suspended, former."""
    return Member.objects.filter(standing__in=LISTS.get(kind, LISTS["in"]))


def part_of_register(kind: str, *, after: str, each: int) -> MemberPart:
    """A page of the register by name, beginning behind the member with this slug. Two queries."""
    rows = with_practices(members_of(kind))
    if after:
        place = Municipality.objects.filter(slug=after).first()
        if place is not None:
            rows = rows.filter(
                Q(municipality__short_name_ru__gt=place.short_name_ru)
                | Q(
                    municipality__short_name_ru=place.short_name_ru,
                    municipality__slug__gt=place.slug,
                )
            )
    found = list(rows[: each + 1])
    more = found[each - 1].municipality.slug if len(found) > each else ""
    return MemberPart(found[:each], more)


def representatives_of(members: Iterable[Member], *, on: date) -> dict[int, list[Acting]]:
    """Who may act for each of these members that day, by the member's number; a few queries."""
    found: dict[int, list[Acting]] = defaultdict(list)
    cities = [member.municipality_id for member in members]
    if cities:
        for mandate in known_mandates().filter(municipality__in=cities):
            for acting in actings_of(mandate, on=on):
                found[acting.member.pk].append(acting)
    return found


def numbers_by_standing() -> dict[str, int]:
    """How many members there are of each standing. One query."""
    rows = Member.objects.values_list("standing").annotate(number=Count("pk")).order_by()
    return dict(rows)


def applications_waiting() -> int:
    """How many applications wait for the office."""
    return Application.objects.filter(state="submitted").count()
