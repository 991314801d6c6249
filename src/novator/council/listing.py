"""Who decides: sessions, decisions and mandates in long lists, page after page by their keys."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar

from django.db.models import Count, Exists, Model, OuterRef, Prefetch, Q, QuerySet

from novator.cities.models import Municipality
from novator.council.models import (
    Decision,
    DecisionEffect,
    DecisionStep,
    Mandate,
    Organization,
    Session,
)

Row = TypeVar("Row", bound=Model)
NO_DAY = "-"


@dataclass(frozen=True)
class Asked:
    """Which rows are wanted; None and "" ask for any."""

    year: int | None = None
    state: str = ""
    effect: str = ""


@dataclass(frozen=True)
class Part(Generic[Row]):
    """Some rows of a list and where the next begin; `after` is empty at the end."""

    rows: Sequence[Row]
    after: str


def sessions_of(council: Organization | None, asked: Asked) -> QuerySet[Session]:
    """Sessions of a council (of all: None), the latest first."""
    rows = Session.objects.select_related("council__municipality").order_by("-held_to", "-id")
    if council is not None:
        rows = rows.filter(council=council)
    rows = _in_year(rows, "held_to", asked.year)
    return rows.filter(state=asked.state) if asked.state else rows


def decisions_of(council: Organization | None, asked: Asked) -> QuerySet[Decision]:
    """Decisions of a council (of all: None) that are no drafts, the latest first."""
    rows: QuerySet[Decision] = (
        Decision.objects.shown()
        .select_related("council__municipality", "event", "item__session")
        .prefetch_related("effects")
        .defer("text")
        .order_by("-adopted_to", "-id")
    )
    if council is not None:
        rows = rows.filter(council=council)
    if asked.effect:
        of_kind = DecisionEffect.objects.filter(decision=OuterRef("pk"), kind=asked.effect)
        rows = rows.filter(Exists(of_kind))
    rows = _in_year(rows, "adopted_to", asked.year)
    return rows.filter(state=asked.state) if asked.state else rows


def mandates_of(council: Organization | None) -> QuerySet[Mandate]:
    """Mandates that a municipality gave (all: None), those recorded last first."""
    rows = Mandate.objects.select_related(
        "decision", "holder", "holder_post", "municipality", "withdrawn_by"
    ).prefetch_related(Prefetch("decision__steps", DecisionStep.objects.order_by("id")))
    rows = rows.exclude(decision__state="draft").order_by("-id")
    return rows.filter(municipality=council.municipality_id) if council is not None else rows


def decisions_in_work(cities: Collection[Municipality]) -> dict[int, tuple[int, int]]:
    """By city: drafts, and decisions adopted that nobody has signed or published; one query."""
    rows = (
        Decision.objects.filter(
            council__municipality__in=cities, state__in=["draft", "adopted", "returned"]
        )
        .values_list("council__municipality")
        .annotate(
            drafts=Count("pk", filter=Q(state="draft")),
            unsigned=Count("pk", filter=~Q(state="draft")),
        )
        .order_by()
    )
    return {city: (drafts, unsigned) for city, drafts, unsigned in rows if city is not None}


def part_by_day(rows: QuerySet[Row], field: str, *, after: str, each: int) -> Part[Row]:
    """
    Some rows of a list in the order of a day and the number, both falling; no counting.

    `after` is what the part before said; whatever cannot be read begins at the beginning.
    """
    place = _place(after)
    if place is not None:
        rows = rows.filter(_behind(field, *place))
    found = list(rows[: each + 1])
    if len(found) <= each:
        return Part(found, "")
    last: Any = found[each - 1]
    day = getattr(last, field)
    return Part(found[:each], f"{day.isoformat() if day else NO_DAY}_{last.pk}")


def part_by_number(rows: QuerySet[Row], *, after: str, each: int) -> Part[Row]:
    """Some rows of a list in the falling order of their numbers."""
    if after.isascii() and after.isdigit() and len(after) < 18:
        rows = rows.filter(pk__lt=int(after))
    found = list(rows[: each + 1])
    return Part(found[:each], str(found[each - 1].pk) if len(found) > each else "")


def years_of(rows: QuerySet[Any], field: str) -> list[int]:
    """Years from the first row's to the last one's, the latest first; two queries by the index."""
    known = rows.filter(**{f"{field}__isnull": False}).values_list(field, flat=True)
    first, last = known.order_by(field).first(), known.order_by(f"-{field}").first()
    return list(range(last.year, first.year - 1, -1)) if first and last else []


def _in_year(rows: QuerySet[Row], field: str, year: int | None) -> QuerySet[Row]:
    if year is None or not 1800 <= year <= 2200:
        return rows
    within = {f"{field}__gte": date(year, 1, 1), f"{field}__lte": date(year, 12, 31)}
    return rows.filter(**within)


def _place(after: str) -> tuple[date | None, int] | None:
    day, parted, number = after.partition("_")
    if not parted or not (number.isascii() and number.isdigit()) or len(number) > 17:
        return None
    try:
        return (None if day == NO_DAY else date.fromisoformat(day)), int(number)
    except ValueError:
        return None


def _behind(field: str, day: date | None, number: int) -> Q:
    """Rows behind a place; those without a day stand first, as the database puts them."""
    if day is None:
        return Q(**{f"{field}__isnull": True}, pk__lt=number) | Q(**{f"{field}__isnull": False})
    same = Q(**{field: day}, pk__lt=number) | Q(**{f"{field}__lt": day})
    return Q(**{f"{field}__lte": day}) & same
