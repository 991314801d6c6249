"""Solutions found: a card as readers would see it, put together from a row that is not stored."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from novator.cities.models import Municipality
from novator.practices.building import Parts, card_of
from novator.practices.card import Card
from novator.practices.costs import CostBands
from novator.practices.models import Practice
from novator.practices.rows import PracticeRow
from novator.practices.writing import unsaved


def card_from(row: PracticeRow, *, municipality: Municipality, on: date, bands: CostBands) -> Card:
    """The card that publishing this row would make; nothing is stored, no query."""
    now = timezone.now()
    blank = Practice(slug=row.id, is_by_its_city=True, created_at=now, changed_at=now)
    practice, children = unsaved(blank, row, municipality)
    parts = Parts(
        texts=children["PracticeText"],
        effects=children["StatedEffect"],
        sources=children["Source"],
        baselines=children["Baseline"],
        steps=children["Step"],
    )
    return card_of(practice, parts, bands, on=on)
