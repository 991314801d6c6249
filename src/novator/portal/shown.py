"""Solutions found: a card as the pages show it, in the language of the reader."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import get_language

from novator.core.topics import TOPIC_BY_CODE, Topic
from novator.portal.figures import years
from novator.portal.signs import Sign, cost_sign, effect_sign, evidence_sign
from novator.practices.card import Card
from novator.practices.queries import cards


@dataclass(frozen=True)
class ShownCard:
    """What lists and signs need of a card; languages are those of the text, "ru" or "en"."""

    facts: Card
    slug: str
    url: str
    topic: Topic
    title: str
    title_language: str
    problem: str
    solution: str
    text_language: str
    city_name: str
    city_url: str
    region_name: str
    population: int | None
    years: str
    signs: tuple[Sign, Sign, Sign]


def shown_cards(slugs: Iterable[str]) -> list[ShownCard]:
    """Cards in the order of their slugs, unknown ones left out; a fixed number of queries."""
    return [shown(card) for card in cards(list(slugs))]


def shown(card: Card) -> ShownCard:
    """One card in the language of the reader."""
    language = get_language() or "ru"
    title, body = card.text(language), card.full_text
    return ShownCard(
        facts=card,
        slug=card.slug,
        url=reverse("practice", args=[card.slug]),
        topic=TOPIC_BY_CODE[card.topic],
        title=title.title or body.title,
        title_language=title.language if title.title else body.language,
        problem=body.problem,
        solution=body.solution,
        text_language=body.language,
        city_name=card.city.name,
        city_url=reverse("city", args=[card.city.slug]),
        region_name=card.city.region_name,
        population=card.population or card.city.population,
        years=years(card.year_start, card.year_end),
        signs=signs_of(card, language),
    )


def signs_of(card: Card, language: str) -> tuple[Sign, Sign, Sign]:
    """Cost, evidence and effect of a card."""
    return (
        cost_sign(card.cost, language=language),
        evidence_sign(grade=card.grade, effects=card.effects),
        effect_sign(language=language, effects=card.effects),
    )
