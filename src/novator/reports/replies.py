"""A citizen's report: the city's ready words, filled with the facts of one report."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from django.utils.formats import date_format
from django.utils.translation import override

from novator.reports.models import ReplyTemplate, Report
from novator.reports.public_place import public_address

PLACES = ("number", "address", "due_on")
_PLACE = re.compile(r"\{(\w+)\}")


def unknown_places(text: str) -> list[str]:
    """Names in braces that stand for nothing, in their order; a template with one is refused."""
    found = (match.group(1) for match in _PLACE.finditer(text))
    return [name for name in dict.fromkeys(found) if name not in PLACES]


def filled(template: ReplyTemplate, report: Report) -> str:
    """Return the words in the sender's language, with number, address and date put in."""
    is_russian = report.language.startswith("ru") or not template.text_en
    text = template.text_ru if is_russian else template.text_en
    with override("ru" if is_russian else "en"):
        facts = _facts(report)
    return _PLACE.sub(lambda match: facts.get(match.group(1), match.group(0)), text)


def fitting(templates: Iterable[ReplyTemplate], report: Report) -> list[tuple[ReplyTemplate, str]]:
    """Templates for every category or this one's, those of its category first, each filled."""
    own = [one for one in templates if one.category_id in (None, report.category_id)]
    own.sort(key=lambda one: (one.category_id is None, one.name))
    return [(one, filled(one, report)) for one in own]


def _facts(report: Report) -> Mapping[str, str]:
    return {
        "number": report.number,
        "address": public_address(report.address) or "—",
        "due_on": date_format(report.due_on, "j E Y") if report.due_on else "—",
    }
