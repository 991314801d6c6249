"""Who decides: a date that may be known to the month only, as two columns."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q


def day_field() -> Any:
    """One end of a partial date; null where that end is unbounded or nothing is known."""
    return models.DateField(null=True, blank=True)


def in_order(name: str, *dates: str) -> list[models.BaseConstraint]:
    """Constraints: the earliest day of each partial date is not after its latest."""
    return [
        models.CheckConstraint(
            condition=Q(**{f"{prefix}_from__isnull": True})
            | Q(**{f"{prefix}_to__isnull": True})
            | Q(**{f"{prefix}_from__lte": F(f"{prefix}_to")}),
            name=f"{name}_{prefix}_is_in_order",
        )
        for prefix in dates
    ]
