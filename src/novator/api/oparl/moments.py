"""Who decides, told to other systems: when each row was made and last changed, by its trail."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django.db.models import F, Max, Min, Model, OuterRef, QuerySet, Subquery

from novator.council.models import ACCOUNT_STEP

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
"""Of a row whose trail is gone."""


def times_of(model: type[Model], pks: Iterable[int]) -> dict[int, tuple[datetime, datetime]]:
    """First and last moment of each row. One query."""
    trail = _trail(model).filter(pgh_obj__in=list(pks)).order_by()
    rows = trail.values_list("pgh_obj").annotate(Min("pgh_created_at"), Max("pgh_created_at"))
    return {pk: (first, last) for pk, first, last in rows}


def between(rows: QuerySet[Any], bounds: dict[str, datetime], *, by: str = "pk") -> QuerySet[Any]:
    """Rows by `created_since`, `created_until`, `modified_since`, `modified_until`."""
    if not bounds:
        return rows
    model = rows.model if by == "pk" else rows.model._meta.get_field(by).related_model
    trail = _trail(model).filter(pgh_obj=OuterRef(by))
    rows = rows.annotate(
        told_created=Subquery(trail.order_by("pgh_id").values("pgh_created_at")[:1]),
        told_modified=Subquery(trail.order_by("-pgh_id").values("pgh_created_at")[:1]),
    )
    return _within(rows, bounds)


def tombstone_of(model: type[Model], public_id: str) -> tuple[datetime, datetime] | None:
    """When a row was made and last changed that is there no more; None: there never was one."""
    trail = _trail(model).filter(public_id=public_id).order_by()
    found = trail.aggregate(first=Min("pgh_created_at"), last=Max("pgh_created_at"))
    return (found["first"], found["last"]) if found["first"] else None


def deleted(model: Any) -> QuerySet[Any]:
    """Last steps in the trails of rows that are there no more; their key is that of the step."""
    there = model._default_manager.values("public_id")
    return _trail(model).filter(pgh_label="delete").exclude(public_id__in=there)


def deletions_between(steps: QuerySet[Any], bounds: dict[str, datetime]) -> QuerySet[Any]:
    """
    Of those steps the ones within the bounds, each with `told_created`.

    None without `modified_since`: the standard tells only those of deletions who ask for changes.
    """
    if "modified_since" not in bounds:
        return steps.none()
    born = _trail(steps.model.pgh_tracked_model).filter(pgh_obj=OuterRef("pgh_obj"))
    found = steps.annotate(
        told_created=Subquery(born.order_by("pgh_id").values("pgh_created_at")[:1]),
        told_modified=F("pgh_created_at"),
    )
    return _within(found, bounds)


def _within(rows: QuerySet[Any], bounds: dict[str, datetime]) -> QuerySet[Any]:
    signs = {"since": "gte", "until": "lte"}
    for name, moment in bounds.items():
        what, side = name.rsplit("_", 1)
        rows = rows.filter(**{f"told_{what}__{signs[side]}": moment})
    return rows


def _trail(model: Any) -> QuerySet[Any]:
    """Steps of the trail that change what is told; a person's account is nobody's business."""
    events: QuerySet[Any] = model.pgh_event_model._default_manager.all()
    return events.exclude(pgh_label=ACCOUNT_STEP)
