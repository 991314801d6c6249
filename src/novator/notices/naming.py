"""After every step: what a follow is called, and where it leads."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from novator.cities.models import Municipality, Region
from novator.core.languages import reader_language
from novator.core.topics import TOPIC_BY_CODE, topic_name
from novator.council.models import AgendaItem, Decision, Organization
from novator.council.told import item_title
from novator.notices.models import Follow
from novator.practices.models import Practice
from novator.practices.queries import cards

LONGEST = 90


def names_of(follows: Sequence[Follow]) -> dict[int, str]:
    """Name each follow in the language now spoken, by its number; a few queries in all."""
    language = reader_language()
    by_kind: dict[str, list[str]] = {"city": [], "card": [], "region": []}
    for follow in follows:
        by_kind.setdefault(follow.kind, []).append(follow.key)
    known = {
        "topic": {code: topic_name(code, language[:2]) for code in TOPIC_BY_CODE},
        "city": {c.slug: c.name for c in Municipality.objects.filter(slug__in=by_kind["city"])},
        "region": {r.code: r.name for r in Region.objects.filter(code__in=by_kind["region"])},
        "card": titles_of(by_kind["card"], language),
    }
    known |= _names_of_councils(by_kind)
    return {
        follow.pk: search_name(follow.params)
        if follow.kind == "search"
        else known[follow.kind].get(follow.key, _("no longer in the catalogue"))
        for follow in follows
    }


def _names_of_councils(by_kind: dict[str, list[str]]) -> dict[str, dict[str, str]]:
    """Names of councils, decisions and items by their keys; a query for each kind there is."""
    found: dict[str, dict[str, str]] = {"council": {}, "decision": {}, "item": {}}
    if slugs := by_kind.get("council"):
        councils = Organization.objects.filter(kind="council", municipality__slug__in=slugs)
        for row in councils.select_related("municipality"):
            if row.municipality is not None:
                found["council"][row.municipality.slug] = str(row)
    if numbers := _numbers(by_kind.get("decision")):
        decisions = Decision.objects.shown().filter(pk__in=numbers).defer("text")
        found["decision"] = {str(row.pk): str(row) for row in decisions}
    if numbers := _numbers(by_kind.get("item")):
        items = AgendaItem.objects.filter(pk__in=numbers).select_related("session")
        found["item"] = {str(row.pk): item_title(row) or _("Closed item") for row in items}
    return found


def _numbers(keys: Sequence[str] | None) -> list[int]:
    return [int(key) for key in keys or () if key.isascii() and key.isdigit() and len(key) < 18]


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
    if follow.kind == "decision":
        return reverse("council_decision", args=[int(follow.key)])
    if follow.kind == "item":
        return reverse("agenda_item", args=[int(follow.key)])
    if follow.kind == "council":
        return reverse("council_sessions", args=[follow.key])
    route = {"topic": "topic", "city": "city", "card": "practice"}[follow.kind]
    return reverse(route, args=[follow.key])


def titles_of(slugs: Sequence[str], language: str) -> dict[str, str]:
    """Titles of published cards in a language, by their slugs."""
    published = Practice.objects.published().filter(slug__in=slugs)
    known = list(published.values_list("slug", flat=True))
    return {card.slug: card.text(language).title or card.full_text.title for card in cards(known)}
