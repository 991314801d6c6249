"""Solutions found: a card as search engines and messengers read it (schema.org, OpenGraph)."""

from __future__ import annotations

import json
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from novator.portal.shown import ShownCard

LICENCE = "https://creativecommons.org/licenses/by/4.0/"
_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


def linked_data(card: ShownCard, *, address: str) -> SafeString:
    """Describe a card by schema.org as JSON that cannot end the element it stands in."""
    facts = card.facts
    described: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Article",
        "@id": address,
        "url": address,
        "headline": card.title,
        "description": card.problem,
        "articleBody": card.solution,
        "inLanguage": card.text_language,
        "about": card.topic.name,
        "keywords": list(facts.full_text.tags),
        "spatialCoverage": {
            "@type": "AdministrativeArea",
            "name": card.city_name,
            "containedInPlace": {"@type": "AdministrativeArea", "name": card.region_name},
            "address": {"@type": "PostalAddress", "addressCountry": facts.city.country},
        },
        "temporalCoverage": card.years.replace("–", "/"),
        "isBasedOn": [source.url for source in facts.sources] + [facts.origin] * bool(facts.origin),
        "abstract": card.core_idea.text if card.core_idea else "",
        "author": _author(card) if facts.is_by_its_city else None,
        "expires": facts.confirm_by.isoformat() if facts.confirm_by else None,
        "license": LICENCE,
        "dateModified": facts.changed_at.isoformat(),
        "isAccessibleForFree": True,
    }
    filled = {name: value for name, value in described.items() if value not in ("", [], None)}
    text = json.dumps(filled, ensure_ascii=False).translate(_ESCAPES)
    return mark_safe(text)  # noqa: S308 - every < > & is escaped


def _author(card: ShownCard) -> dict[str, str]:
    """The city that states its own work, or the organisation it names."""
    name = card.facts.contact_org or card.facts.city.name_ru
    return {"@type": "GovernmentOrganization", "name": name}
