"""Who decides: sessions and decisions in words on pages."""

from __future__ import annotations

from typing import Any

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from novator.core.languages import in_language
from novator.core.partial_dates import write_partial
from novator.council import decision_words, session_words
from novator.council.models import MOTIONS, PAPERS, PRESENCE, RESULTS, STANCES
from novator.portal.templatetags.talk import words_lang

register = template.Library()
register.filter("words_lang", words_lang)

for _word in (
    session_words.said,
    session_words.named,
    session_words.day_in_words,
    session_words.moment_in_words,
    session_words.time_in_words,
    session_words.result_in_words,
    session_words.counts_in_words,
    session_words.method_in_words,
    session_words.rule_in_words,
    session_words.title_of_item,
    session_words.number_of_item,
    session_words.body_named,
    decision_words.number_of,
    decision_words.decided_on,
    decision_words.body_of_law,
    decision_words.initiator_of,
    decision_words.event_in_words,
    decision_words.step_in_words,
    decision_words.powers_in_words,
    decision_words.term_in_words,
):
    register.filter(_word.__name__, _word)

_NAMES = {
    "motion": MOTIONS,
    "paper": PAPERS,
    "presence": PRESENCE,
    "result": RESULTS,
    "stance": STANCES,
}


@register.filter
def code_in_words(code: str, table: str) -> str:
    """What a code of a table is called, with a capital letter."""
    words = str(_NAMES[table].get(code, code))
    return words[:1].upper() + words[1:]


@register.simple_tag
def day_of(row: Any, prefix: str) -> str:
    """A partial date of a row, by the beginning of its two columns."""
    first, last = getattr(row, f"{prefix}_from"), getattr(row, f"{prefix}_to")
    return session_words.day_in_words(write_partial(first, last))


@register.simple_tag
def person_link(person: dict[str, Any] | None) -> SafeString:
    """A person of a session's content, by name, with the way to the page."""
    if person is None:
        return SafeString("")
    try:
        address = reverse("person", args=[person["slug"]])
    except NoReverseMatch:
        return format_html("{}", session_words.named(person))
    return format_html('<a href="{}">{}</a>', address, session_words.named(person))


@register.simple_tag
def in_own_language(russian: str, english: str) -> str:
    """Words that are stored in two languages, in the reader's where they are."""
    return in_language(russian, english)
