"""A citizen's report: words that everybody is to read, looked through for facts of a person."""

from __future__ import annotations

import re
from collections.abc import Iterable

from novator.reports.contacts import ContactUnreadable, opened
from novator.reports.models import Contact, ReplyTemplate, Report
from novator.text.words import stems, words

_PATTERNS = (
    re.compile(r"\b(?:кв(?:\.|артир\w*)?|flat|apt\.?)\s*№?\s*\d+", re.IGNORECASE),
    re.compile(r"(?<!\d)(?:\+?7|8)?[\s(-]*\d{3}[\s)-]*\d{3}[\s-]*\d{2}[\s-]*\d{2}(?!\d)"),
    re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+"),
    re.compile(r"\b[Уу]важаем(?:ый|ая)\s+[А-ЯЁ][а-яё]+(?:\s+[А-ЯЁ][а-яё]+)?"),
)
_SHORTEST_NAME = 3


def personal_facts_in(text: str, report: Report) -> list[str]:
    """
    Return what in words to everybody may tell of a person: flat, telephone, e-mail, a name.

    What stands in the city's own set-up (its telephones, its bodies, its ready words) is left out.
    The sender's name is compared, not shown. Four queries.
    """
    own = " ".join(_own_words(report))
    found = [each.group().strip() for pattern in _PATTERNS for each in pattern.finditer(text)]
    facts = [fact for fact in found if _bare(fact) not in _bare(own)]
    name = set(stems(_name_of(report)))
    spoken = {
        word for word in words(text) if len(word) >= _SHORTEST_NAME and name & set(stems(word))
    }
    told = words(" ".join(facts))
    return facts + sorted(word for word in spoken if word not in told)


def _own_words(report: Report) -> Iterable[str]:
    city = report.municipality
    channel = city.channel
    yield from (channel.contact_phone, channel.emergency_phone)
    for body in city.departments.values_list("email", "phone"):
        yield from body
    templates = ReplyTemplate.objects.filter(municipality=city)
    for pair in templates.values_list("text_ru", "text_en"):
        yield from pair


def _name_of(report: Report) -> str:
    contact = Contact.objects.filter(report=report).first()
    name = report.author.name if report.author else ""
    if contact is None:
        return name
    try:
        return f"{name} {opened(contact.sealed).name}"
    except ContactUnreadable:
        return name


def _bare(text: str) -> str:
    return re.sub(r"[^\w@]+", "", text.lower())
