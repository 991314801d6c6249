"""
Every figure of the pages: a catalogue of any size in a scratch database.

Each synthetic card repeats a starter card in another town, word for word, so that its vectors are
already known: the time of pages is measured on it, never the quality of the search. As cards that
cities send in, it has no formulations.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import islice
from typing import Any

BATCH = 500
_RELATED = ("texts", "effects", "sources")


def add_synthetic_practices(count: int) -> None:
    """
    Add cards until the catalogue has `count`, and rebuild the index.

    Then the database is cleaned up, as it does by itself: what was just written is slower to read.
    """
    from django.db import connection

    from novator.cities.models import Municipality
    from novator.matching.operations import rebuild_index
    from novator.practices.models import Practice

    starters = list(Practice.objects.prefetch_related(*_RELATED).select_related("cost"))
    towns = list(Municipality.objects.order_by("slug").values_list("pk", flat=True))
    numbers = iter(range(len(starters), count))
    while batch := list(islice(numbers, BATCH)):
        _add([(starters[n % len(starters)], n, towns[n % len(towns)]) for n in batch])
    rebuild_index(progress=lambda done, total: None)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.in_atomic_block else "VACUUM ANALYZE")


def _add(wanted: list[tuple[Any, int, int]]) -> None:
    """Write one batch: the cards first, then what hangs on them."""
    from novator.practices.models import Practice

    cards = [
        _copy(starter, slug=f"synthetic-{number}", municipality_id=town)
        for starter, number, town in wanted
    ]
    Practice.objects.bulk_create(cards)
    rows: dict[type[Any], list[Any]] = {}
    for (starter, _number, _town), card in zip(wanted, cards, strict=True):
        for part in _parts(starter):
            rows.setdefault(type(part), []).append(_copy(part, practice_id=card.pk))
    for model, copies in rows.items():
        model._default_manager.bulk_create(copies)


def _parts(starter: Any) -> Iterator[Any]:
    for name in _RELATED:
        yield from getattr(starter, name).all()
    if hasattr(starter, "cost"):
        yield starter.cost


def _copy(row: Any, **changes: Any) -> Any:
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    values.pop(row._meta.pk.attname)
    return type(row)(**(values | changes))


if __name__ == "__main__":
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "novator.site.settings")
    django.setup()
    add_synthetic_practices(int(sys.argv[1]))
