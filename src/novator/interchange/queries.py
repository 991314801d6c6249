"""Solutions found elsewhere: what the office sees of other catalogues and of conflicts."""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet

from novator.interchange.models import Conflict, Neighbour


def neighbours() -> QuerySet[Neighbour]:
    """Catalogues that we read, each with `cards_here`, how many of its cards are shown here."""
    is_shown = Q(cards__practice__withdrawn_at=None) & ~Q(cards__practice__origin="")
    return (
        Neighbour.objects.select_related("installation")
        .annotate(cards_here=Count("cards", filter=is_shown))
        .order_by("name", "url", "pk")
    )


def open_conflicts() -> QuerySet[Conflict]:
    """Conflicts that wait for the office, the oldest first."""
    rows = Conflict.objects.filter(settled_at=None).select_related("practice", "origin")
    return rows.prefetch_related("practice__texts", "origin__neighbours").order_by("found_at", "pk")


def open_conflicts_count() -> int:
    """How many conflicts wait for the office."""
    return Conflict.objects.filter(settled_at=None).count()
