"""Solutions discussed: small parts of the talk on the pages of a card and of a city."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

from novator.cities.models import Municipality
from novator.core.languages import reader_language
from novator.portal import figures
from novator.portal.people import today
from novator.portal.shown import ShownCard
from novator.practices.models import Practice
from novator.talk.bookings import offered_kinds
from novator.talk.letters import title_of
from novator.talk.models import SIDES, Reply
from novator.talk.queries import help_figures, open_requests, public_threads
from novator.talk.voices import is_here

register = template.Library()

THREADS_SHOWN = 4
REQUESTS_SHOWN = 3


@register.inclusion_tag("portal/talk/on_card.html")
def talk_on_card(card: ShownCard) -> dict[str, Any]:
    """Questions and answers on a card, and the way to ask; two or three queries."""
    threads = public_threads(card.slug, limit=THREADS_SHOWN + 1)
    return {
        "slug": card.slug,
        "city_name": card.city_name,
        "threads": threads[:THREADS_SHOWN],
        "has_more": len(threads) > THREADS_SHOWN,
        "city_is_here": is_here(card.facts.city.slug, on=today()),
    }


@register.inclusion_tag("portal/talk/help_on_card.html")
def help_on_card(card: ShownCard) -> dict[str, Any]:
    """The help that the author city offers, with its ratings; nothing where none is offered."""
    kinds = [name for _code, name in offered_kinds(card.facts.help_offered)]
    told = help_figures(card.slug, on=today(), limit=0) if kinds else None
    return {"slug": card.slug, "city_name": card.city_name, "kinds": kinds, "figures": told}


@register.inclusion_tag("portal/talk/on_city.html")
def talk_of_city(city: Municipality) -> dict[str, Any]:
    """Open requests of a city; one query."""
    rows = open_requests(on=today()).filter(written_for=city)
    return {"city": city, "requests": rows[:REQUESTS_SHOWN]}


@register.filter
def card_title(practice: Practice) -> str:
    """Title of a card in the language of the reader."""
    return title_of(practice)


@register.filter
def side_name(reply: Reply) -> str:
    """Which side speaks."""
    return str(SIDES[reply.side])


@register.filter
def in_set(key: object, keys: object) -> bool:
    """Whether something is among some."""
    return isinstance(keys, (set, frozenset, dict, list)) and key in keys


@register.filter
def words_lang(text: str) -> SafeString:
    """Mark words that are plainly in the other language than the page."""
    is_russian = any("а" <= letter <= "я" or letter == "ё" for letter in text.lower())
    spoken = "ru" if is_russian else "en"
    is_same = (reader_language()).startswith(spoken)
    return SafeString("") if is_same or not text else mark_safe(f' lang="{spoken}"')  # noqa: S308


@register.filter
def mean_score(mean: float) -> str:
    """A mean of ratings with one decimal, as the reader writes it."""
    return figures.grouped(round(mean, 1), reader_language())
