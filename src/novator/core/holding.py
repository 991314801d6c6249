"""Rows held until a transaction ends, read as they stand once they are held."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db.models import Model, QuerySet

Row = TypeVar("Row", bound=Model)


def hold(rows: QuerySet[Row], pk: Any) -> Row:
    """
    Hold one row, then read it with whatever `rows` joins to it.

    Never both in one query: PostgreSQL, having waited for the row, reads that row anew but keeps
    what it had joined to it, and a row whose foreign key was changed meanwhile is not found.

    :raises DoesNotExist: no such row, or not among `rows` any more
    """
    rows.model._default_manager.select_for_update().only("pk").get(pk=pk)
    return rows.get(pk=pk)
