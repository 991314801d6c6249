"""A citizen's report: how far the reading of another system has come, kept with every page."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from novator.reports.models import Connection


@transaction.atomic
def keep(connection: Connection, facts: dict[str, Any]) -> None:
    """Change some facts of the cursor; others that somebody else wrote meanwhile stay."""
    held = Connection.objects.select_for_update().only("cursor").get(pk=connection.pk)
    connection.cursor = {**held.cursor, **facts}
    Connection.objects.filter(pk=connection.pk).update(cursor=connection.cursor)
