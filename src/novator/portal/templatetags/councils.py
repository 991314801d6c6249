"""Councils' pages: spans of time, names in the reader's language."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString

from novator.cities.models import Municipality
from novator.core.languages import in_language
from novator.council.composition import council_of
from novator.council.models import Membership, Organization, Source, Vote
from novator.portal import council_words
from novator.portal.templatetags.novator import words_lang

register = template.Library()


@register.filter
def span_words(row: council_words.Spanned) -> str:
    """From when until when."""
    return council_words.span_words(row)


@register.filter
def voice_words(vote: Vote) -> str:
    """What one person said in a vote."""
    return council_words.voice_words(vote)


@register.filter
def life_words(body: Organization) -> str:
    """From when until when a body exists."""
    return council_words.life_words(body)


@register.filter
def election_words(row: Membership) -> str:
    """How a seat was won, in the reader's language where that is known."""
    return council_words.election_in_words(row.election)


@register.filter
def published_words(source: Source) -> str:
    """When a source was published."""
    return council_words.day_words(source.published_from, source.published_to)


@register.filter
def end_reason(row: Membership) -> str:
    """Why it ended, in the reader's language where that is known."""
    return in_language(row.end_reason, row.end_reason_en)


@register.inclusion_tag("portal/council/parts/on_city.html")
def council_of_city(city: Municipality) -> dict[str, object]:
    """The way from the page of a city to its council; one query."""
    return {"city": city, "council": council_of(city)}


@register.simple_tag
def said_lang(words: object) -> SafeString:
    """Mark Russian words on a page of another language."""
    return words_lang(str(words))
