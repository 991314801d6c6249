"""Solutions found elsewhere: what the office sees, and where a card on a page is from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from novator.interchange.models import Conflict, ForeignCard, Neighbour


@dataclass(frozen=True)
class Provenance:
    """Where a card is from: the other catalogue, its page there, documents that stay there."""

    name: str
    address: str
    page: str
    attachments: Sequence[dict[str, Any]]


def provenance_of(slug: str) -> Provenance | None:
    """Where a card from elsewhere is from; None for our own. One query."""
    card = (
        ForeignCard.objects.filter(practice__slug=slug)
        .exclude(practice__origin="")
        .select_related("origin", "through")
        .first()
    )
    if card is None:
        return None
    neighbour = card.through
    is_from_neighbour = neighbour is not None and neighbour.installation_id == card.origin_id
    name = neighbour.name if neighbour is not None and is_from_neighbour else ""
    address = card.origin.address
    return Provenance(name or str(card.origin), address, card.page, card.attachments)


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
    return rows.prefetch_related("practice__texts").order_by("found_at", "pk")


def open_conflicts_count() -> int:
    """How many conflicts wait for the office."""
    return Conflict.objects.filter(settled_at=None).count()
