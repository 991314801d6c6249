"""Every long list: the rows behind a given one, without counting the whole list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Stretch(Generic[Row]):
    """Some rows of a list; `after` names the last of them where more follow."""

    rows: list[Row]
    after: str
    is_first: bool


def stretch_of(
    rows: QuerySet[Row], asked: str, *, key: str, order: Sequence[str], each: int
) -> Stretch[Row]:
    """
    Rows in this order, those behind the row whose `key` is asked for; from the start without it.

    `order` are fields, "-" before one that falls, the last of them unique and none of them null.
    A row that is gone is no fault: the list begins anew. One query, two behind a row.
    """
    names = [name.removeprefix("-") for name in order]
    place = _place(rows, asked, key, names) if asked else ()
    found = rows.filter(_behind(order, names, place)) if place else rows
    shown = list(found.order_by(*order)[: each + 1])
    more = len(shown) > each
    shown = shown[:each]
    after = str(_value(shown[-1], key)) if more else ""
    return Stretch(shown, after, is_first=not place)


def _place(rows: QuerySet[Any], asked: str, key: str, names: Sequence[str]) -> tuple[Any, ...]:
    """What stands in the fields of the order in that row; nothing where it is unknown."""
    if "\0" in asked or len(asked) > 200:
        return ()
    try:
        return rows.order_by().filter(**{key: asked}).values_list(*names).first() or ()
    except (ValueError, OverflowError, ValidationError):
        return ()


def _behind(order: Sequence[str], names: Sequence[str], place: tuple[Any, ...]) -> Q:
    """Rows that come later: (a > x) or (a = x and b > y) or …"""
    found = Q(pk__in=[])
    same = Q()
    for field, name, value in zip(order, names, place, strict=True):
        step = "lt" if field.startswith("-") else "gt"
        found |= same & Q(**{f"{name}__{step}": value})
        same &= Q(**{name: value})
    return found


def _value(row: Any, path: str) -> Any:
    for name in path.split("__"):
        row = getattr(row, name)
    return row
