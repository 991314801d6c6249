"""Every page: numbers in the language of the reader, the parts of an address."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from urllib.parse import urlsplit

from django import template
from django.template.loader import render_to_string
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from novator.cities.models import Municipality
from novator.cities.peers import LikenessReason
from novator.core.languages import reader_language, reads_russian
from novator.core.topics import TOPIC_BY_CODE
from novator.matching.reasons import LEAST_KNOWN, Reason
from novator.portal import figures
from novator.portal.shown import ShownCard
from novator.portal.signs import Sign
from novator.practices.completeness import Completeness
from novator.practices.models import COST_BASES, FUNDING_SOURCES, SOURCE_STATES, OpenQuestion

register = template.Library()
_CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)


@register.filter
def number(value: float | Decimal | None) -> str:
    """A number with its thousands parted; "not stated" when it is unknown."""
    return gettext("not stated") if value is None else figures.grouped(value, reader_language())


@register.filter
def share(value: float | None) -> str:
    """A share from 0 to 1 as a whole percentage; "not stated" when it is unknown."""
    return number(None) if value is None else f"{round(100 * value)} %"


@register.filter
def money(amount: float | Decimal | None, currency: str = "RUB") -> str:
    """An amount of money; "not stated" when it is unknown."""
    if amount is None:
        return gettext("not stated")
    return figures.money(amount, currency, reader_language())


@register.filter
def topic_name(code: str) -> str:
    """Name of a topic by its code; the code itself where it is unknown."""
    topic = TOPIC_BY_CODE.get(code)
    return topic.name if topic else code


@register.simple_tag
def content_lang(language: str = "ru") -> SafeString:
    """Mark a content's language where it is not the language of the page."""
    if reader_language().startswith(language):
        return SafeString("")
    return format_html(' lang="{}"', language)


@register.simple_tag
def words_lang(words: str) -> SafeString:
    """Mark what people wrote in Russian on a page of another language."""
    return SafeString("") if reads_russian() or not _is_russian(words) else content_lang("ru")


@register.simple_tag(takes_context=True)
def same_page(context: template.Context, **changes: object) -> str:
    """Address of this page with some of its parameters set anew; an empty one is dropped."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        if value in (None, ""):
            query.pop(name, None)
        else:
            query[name] = str(value)
    written = query.urlencode()
    return f"?{written}" if written else "?"


@register.filter
def city_words(city: Municipality) -> str:
    """A city with its region in brackets, as the search understands it."""
    region = city.region.name if city.region else city.region_text
    return f"{city.name} ({region})" if region else city.name


@register.filter
def question_title(question: OpenQuestion) -> str:
    """Title of a known question without an answer."""
    return question.title_ru if reader_language().startswith("ru") else question.title_en


@register.simple_tag
def reason_name(reason: Reason) -> str:
    """What kind of reason it is that a card was found for."""
    names = {
        "formulation": gettext("The problem in other words"),
        "meaning": gettext("Close in meaning"),
        "words": gettext("Words in common"),
        "topic": gettext("Same topic"),
    }
    return names.get(reason.kind, reason.kind)


@register.simple_tag
def reason_words(reason: Reason) -> SafeString:
    """The reason itself; quoted Russian is marked as Russian on an English page."""
    if reason.kind == "topic":
        return SafeString(conditional_escape(topic_name(reason.detail["code"])))
    words = reason.detail.get("quote") or ", ".join(reason.detail.get("words", ()))
    quoted = f"«{words}»" if "quote" in reason.detail and _is_russian(words) else words
    is_foreign = _is_russian(words) and not reader_language().startswith("ru")
    return format_html('<span lang="ru">{}</span>' if is_foreign else "{}", quoted)


def _is_russian(words: str) -> bool:
    return _CYRILLIC.search(words) is not None


@register.simple_tag
def likeness_words(reason: Reason) -> str:
    """How alike two cities are, in percent, with the reasons that are known."""
    if reason.is_own:
        return gettext("it is your own city")
    known = [one for one in reason.detail["reasons"] if one.likeness is not None]
    words = ", ".join(one.text(reader_language()) for one in known)
    if len(known) < LEAST_KNOWN:
        return gettext("too little is known to tell") + (f" ({words})" if words else "")
    return f"{figures.percent(reason.detail['score'], reader_language())} — {words}"


@register.filter
def currency(code: str) -> str:
    """Sign of a currency, or its code."""
    return figures.symbol(code)


@register.filter
def cost_basis(code: str) -> str:
    """What a stated cost covers, in words."""
    return str(COST_BASES.get(code, code))


@register.filter
def source_state(code: str) -> str:
    """Whether a source still answers, in words."""
    return str(SOURCE_STATES.get(code, code))


@register.filter
def host_of(address: str) -> str:
    """Host of a web address, as it is read aloud."""
    return (urlsplit(address).hostname or address).removeprefix("www.")


@register.filter
def partial_date(text: str) -> str:
    """A date known to the day, the month or the year, as the reader writes it."""
    return figures.partial_day(text)


@register.filter
def all_fields(completeness: Completeness) -> int:
    """How many things a full card tells."""
    return len(completeness.present) + len(completeness.missing)


@register.simple_tag
def likeness_reason(reason: LikenessReason) -> str:
    """One reason why two cities are alike."""
    return reason.text(reader_language())


@register.simple_tag(takes_context=True)
def signs(context: template.Context, card: ShownCard, *, is_large: bool = False) -> SafeString:
    """The three signs of a card: they stand on every row of every list, and seldom change."""
    has_images = context["appearance"].has_images
    return _signs_in(get_language(), card.signs, is_large=is_large, has_images=has_images)


@lru_cache(maxsize=1000)
def _signs_in(
    _language: str | None, told: tuple[Sign, ...], *, is_large: bool, has_images: bool
) -> SafeString:
    """Told in the language of the current reader, which is named to tell the answers apart."""
    appearance = {"has_images": has_images}
    context = {"signs": told, "is_large": is_large, "appearance": appearance}
    return SafeString(render_to_string("portal/parts/signs.html", context))


@register.simple_tag
def funding_words(card: ShownCard) -> str:
    """Who paid, in words; nothing where it is not stated."""
    return ", ".join(str(FUNDING_SOURCES.get(code, code)) for code in card.facts.funding)
