"""Solutions found: the catalogue by topic, and the cards of one topic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from time import time

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from django.views.decorators.http import require_safe

from novator.core.languages import reader_language
from novator.core.topics import TOPIC_BY_CODE, TOPICS, Topic
from novator.portal.atlas import KEPT_SECONDS
from novator.portal.paging import page_of
from novator.portal.shown import ShownCard, shown_cards
from novator.practices.models import OpenQuestion
from novator.practices.queries import (
    CardFacets,
    CatalogueFilters,
    Order,
    catalogue,
    catalogue_version,
    current_catalogue,
)

LEADING = 2
EACH = 20
ORDERS: dict[Order, object] = {
    "newest": gettext_lazy("newest first"),
    "cost": gettext_lazy("cheapest per inhabitant first"),
    "title": gettext_lazy("by title"),
}


@dataclass(frozen=True)
class Shelf:
    """A topic with how many cards it has and the few that are shown first."""

    topic: Topic
    count: int
    leading: Sequence[ShownCard]


def leading_of(cards: Sequence[CardFacets]) -> list[CardFacets]:
    """The cards of which most is known: effect in numbers, cost per inhabitant, then newest."""
    ordered = sorted(
        cards,
        key=lambda card: (
            not card.has_numbers,
            card.roubles_per_inhabitant is None,
            -(card.year or 0),
            card.slug,
        ),
    )
    return ordered[:LEADING]


def shelves() -> tuple[Shelf, ...]:
    """
    Every topic with its leading cards; one query if the catalogue has not changed.

    Kept in memory until it changes, at most for five minutes: a city can be renamed.
    """
    period = int(time() // KEPT_SECONDS)
    return _kept_shelves(catalogue_version(), period, reader_language())


@lru_cache(maxsize=4)
def _kept_shelves(version: str, _period: int, language: str) -> tuple[Shelf, ...]:
    with override(language):
        return _shelves()


def _shelves() -> tuple[Shelf, ...]:
    by_topic: dict[str, list[CardFacets]] = {topic.code: [] for topic in TOPICS}
    for card in current_catalogue().cards:
        by_topic[card.topic].append(card)
    chosen = {code: leading_of(cards) for code, cards in by_topic.items()}
    shown = {
        card.slug: card for card in shown_cards(c.slug for cards in chosen.values() for c in cards)
    }
    return tuple(
        Shelf(
            topic,
            len(by_topic[topic.code]),
            [shown[c.slug] for c in chosen[topic.code] if c.slug in shown],
        )
        for topic in TOPICS
    )


@require_safe
def by_topic(request: HttpRequest) -> HttpResponse:
    """Show every topic with its count and the cards it leads with."""
    found = shelves()
    context = {"shelves": found, "total": sum(shelf.count for shelf in found)}
    return render(request, "portal/catalogue.html", context)


@require_safe
def topic(request: HttpRequest, code: str) -> HttpResponse:
    """Show the cards of one topic, page by page."""
    if code not in TOPIC_BY_CODE:
        raise Http404(_("There is no such topic."))
    order: Order = next((known for known in ORDERS if known == request.GET.get("order")), "newest")
    slugs = catalogue(CatalogueFilters(topic=code), order=order)
    page = page_of(slugs, request.GET.get("page", ""), each=EACH)
    context = {
        "topic": TOPIC_BY_CODE[code],
        "cards": shown_cards(page.rows),
        "page": page.number,
        "pages": page.pages,
        "total": page.total,
        "order": order,
        "orders": ORDERS,
        "questions": OpenQuestion.objects.filter(topic=code).order_by("key")[:6],
        "crumbs": [(_("Catalogue"), reverse("catalogue")), (TOPIC_BY_CODE[code].name, "")],
    }
    return render(request, "portal/topic.html", context)
