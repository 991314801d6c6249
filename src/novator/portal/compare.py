"""Solutions found: up to three cards side by side, field by field."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from novator.matching.queries import similar_practices
from novator.portal.shown import ShownCard, shown_cards
from novator.practices.models import Practice
from novator.text.index import IndexDamaged, IndexMissing

MOST = 3
SUGGESTED = 4


@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """Show up to three cards as the columns of one table; what cannot be shown is said."""
    asked = [slug for slug in dict.fromkeys(request.GET.getlist("id")) if _may_be_slug(slug)]
    cards = shown_cards(asked[:MOST])
    context = {
        "cards": cards,
        "columns": [(card, _address([c.slug for c in cards if c is not card])) for card in cards],
        "has_too_many": len(asked) > MOST,
        "unknown": len(asked[:MOST]) - len(cards),
        "suggested": [
            (other, _address([*(card.slug for card in cards), other.slug]))
            for other in _suggested(cards)
        ],
    }
    return render(request, "portal/compare.html", context)


def _may_be_slug(text: str) -> bool:
    return 0 < len(text) <= 80 and all(c.isalnum() or c in "-_" for c in text)


def _address(slugs: list[str]) -> str:
    query = urlencode([("id", slug) for slug in slugs])
    return reverse("compare") + (f"?{query}" if query else "")


def _suggested(cards: list[ShownCard]) -> list[ShownCard]:
    """Cards to put beside the ones chosen, while there is room."""
    if not cards or len(cards) >= MOST:
        return []
    try:
        found = similar_practices(Practice(slug=cards[0].slug), SUGGESTED + MOST)
    except (IndexMissing, IndexDamaged):
        return []
    chosen = {card.slug for card in cards}
    return shown_cards([slug for slug in found if slug not in chosen][:SUGGESTED])
