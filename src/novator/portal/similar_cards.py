"""Solutions written: cards that are already there and tell of the same, while one is written."""

from __future__ import annotations

from dataclasses import dataclass

from novator.drafts.models import Draft
from novator.matching.queries import current_index
from novator.matching.search import find
from novator.portal.shown import ShownCard, shown_cards
from novator.text.index import IndexDamaged, IndexMissing

MOST = 3
_LONGEST = 2000


@dataclass(frozen=True)
class Similar:
    """A card that may be the same work; `is_own`: of the same municipality, so perhaps a twin."""

    card: ShownCard
    is_own: bool


def similar_to(draft: Draft) -> list[Similar] | None:
    """The cards nearest to title and problem; None while there is nothing to compare with."""
    told = [str(draft.content.get(name) or "") for name in ("title_ru", "problem_ru")]
    text = ". ".join(part for part in told if part)[:_LONGEST]
    if len(text) < 12:
        return None
    try:
        found = find(text, index=current_index(), limit=MOST + 1)
    except (IndexMissing, IndexDamaged):
        return None
    own = draft.practice.slug if draft.practice else ""
    slugs = [one.practice_slug for one in found.worth_showing if one.practice_slug != own]
    city = draft.municipality.slug
    return [
        Similar(card, is_own=card.facts.city.slug == city) for card in shown_cards(slugs[:MOST])
    ]
