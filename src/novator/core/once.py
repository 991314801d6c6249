"""The same form sent twice: rows that say exactly this already."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db.models import Model, QuerySet

Row = TypeVar("Row", bound=Model)


def saying_exactly(rows: QuerySet[Row], **facts: Any) -> QuerySet[Row]:
    """Those of the rows that have all these values; None is a value too."""
    unsaid = {f"{name}__isnull": True for name, value in facts.items() if value is None}
    said = {name: value for name, value in facts.items() if value is not None}
    return rows.filter(**said, **unsaid)
