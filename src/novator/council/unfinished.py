"""Who decides: sessions that wait for their secretary."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Count, Exists, OuterRef, Q

from novator.cities.models import Municipality
from novator.council.models import AgendaItem, Session


def unfinished_of(cities: Collection[Municipality]) -> dict[int, tuple[int, int]]:
    """
    By city: planned sessions without an agenda, and held ones without a signed protocol.

    One query.
    """
    with_agenda = Exists(AgendaItem.objects.filter(session=OuterRef("pk")))
    rows = (
        Session.objects.filter(council__municipality__in=cities)
        .exclude(state__in=["signed", "cancelled"])
        .values_list("council__municipality")
        .annotate(
            bare=Count("pk", filter=Q(state__in=["planned", "invited"]) & ~Q(with_agenda)),
            unsigned=Count("pk", filter=Q(state="held")),
        )
        .order_by()
    )
    return {city: (bare, unsigned) for city, bare, unsigned in rows}
