"""After every step: what a follow is called, and where it leads."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from novator.cities.models import Municipality, Region
from novator.core.topics import TOPIC_BY_CODE, topic_name
from novator.notices.models import Follow
from novator.practices.models import Practice
from novator.practices.queries import cards

LONGEST = 90


def names_of(follows: Sequence[Follow]) -> dict[int, str]:
    """Name each follow in the language now spoken, by its number; three queries in all."""
    language = get_language() or "ru"
    by_kind: dict[str, list[str]] = {"city": [], "card": [], "region": []}
    for follow in follows:
        by_kind.setdefault(follow.kind, []).append(follow.key)
    known = {
        "topic": {code: topic_name(code, language[:2]) for code in TOPIC_BY_CODE},
        "city": {c.slug: c.name for c in Municipality.objects.filter(slug__in=by_kind["city"])},
        "region": {r.code: r.name for r in Region.objects.filter(code__in=by_kind["region"])},
        "card": titles_of(by_kind["card"], language),
    }
    return {
        follow.pk: search_name(follow.params)
        if follow.kind == "search"
        else known[follow.kind].get(follow.key, _("no longer in the catalogue"))
        for follow in follows
    }


def search_name(params: dict[str, object]) -> str:
    """Name a search by its words, else by its topic, else by having filters only."""
    text = " ".join(str(params.get("text", "")).split())
    if text:
        return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
    filters = params.get("filters")
    topic = filters.get("topic") if isinstance(filters, dict) else None
    if topic in TOPIC_BY_CODE:
        return TOPIC_BY_CODE[topic].name
    return _("practices that meet your filters")


def path_of(follow: Follow) -> str:
    """Return the page of what is followed, in the language now spoken."""
    if follow.kind == "search":
        return f"{reverse('search')}?{follow.key}"
    if follow.kind == "region":
        return f"{reverse('search')}?region={follow.key}"
    route = {"topic": "topic", "city": "city", "card": "practice"}[follow.kind]
    return reverse(route, args=[follow.key])


def titles_of(slugs: Sequence[str], language: str) -> dict[str, str]:
    """Titles of published cards in a language, by their slugs."""
    published = Practice.objects.published().filter(slug__in=slugs)
    known = list(published.values_list("slug", flat=True))
    return {card.slug: card.text(language).title or card.full_text.title for card in cards(known)}
