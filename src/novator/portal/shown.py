"""Solutions found: a card as the pages show it, in the language of the reader."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from novator.core.languages import reader_language
from novator.core.topics import TOPIC_BY_CODE, Topic
from novator.portal import figures
from novator.portal.signs import Sign, cost_sign, effect_sign, evidence_sign
from novator.practices.card import Card, CardBaseline
from novator.practices.known_cards import MOST_KEPT
from novator.practices.models import COPYING, HELP_OFFERS
from novator.practices.queries import cards

TOLD = ("core_idea", "participants", "conditions", "how_measured", "what_failed", "lessons")


@dataclass(frozen=True)
class Said:
    """Words of a card with the language they are written in."""

    text: str
    language: str


@dataclass(frozen=True)
class BaselineLine:
    """The situation before as a figure, as the reader's language writes it."""

    indicator: str
    value: str
    measured: str
    source: str


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
    core_idea: Said | None
    participants: Said | None
    conditions: Said | None
    how_measured: Said | None
    what_failed: Said | None
    lessons: Said | None
    baselines: tuple[BaselineLine, ...]
    copying: str
    help_offered: str
    off_budget: str


def shown_cards(slugs: Iterable[str]) -> list[ShownCard]:
    """Cards in the order of their slugs, unknown ones left out; a fixed number of queries."""
    return [shown(card) for card in cards(list(slugs))]


def shown(card: Card) -> ShownCard:
    """One card in the language of the reader; told once as long as the card is the same object."""
    return _shown_in(get_language(), _Same(card))


class _Same:
    """A card that equals itself alone: comparing all that cards say would take longer."""

    __slots__ = ("card",)

    def __init__(self, card: Card) -> None:
        self.card = card

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.card is self.card

    def __hash__(self) -> int:
        return id(self.card)


@lru_cache(maxsize=MOST_KEPT)
def _shown_in(_language: str | None, same: _Same) -> ShownCard:
    card, language = same.card, reader_language()
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
        years=figures.years(card.year_start, card.year_end),
        signs=signs_of(card, language),
        **{field: said(card, field, language) for field in TOLD},
        baselines=tuple(_baseline(figure, language) for figure in card.baselines),
        copying=str(COPYING.get(card.copying, "")),
        help_offered=", ".join(str(HELP_OFFERS[code]) for code in card.help_offered),
        off_budget=_share(card.off_budget_share, language),
    )


def said(card: Card, field: str, language: str) -> Said | None:
    """One field of a card in the language of the reader, else in any, else None."""
    wanted = sorted(card.texts, key=lambda text: text.language != language[:2])
    found = next((text for text in wanted if getattr(text, field)), None)
    return Said(getattr(found, field), found.language) if found else None


def _baseline(figure: CardBaseline, language: str) -> BaselineLine:
    value = figures.with_unit(figures.grouped(figure.value, language), figure.unit, language)
    return BaselineLine(figure.indicator, value, figure.measured, figure.source)


def _share(share: float | None, language: str) -> str:
    """A share in percent; one below half a percent is not written as nothing."""
    if share is None:
        return ""
    if 0 < share < 0.005:
        return _("less than %(percent)s") % {"percent": figures.percent(0.01, language)}
    return figures.percent(share, language)


def signs_of(card: Card, language: str) -> tuple[Sign, Sign, Sign]:
    """Cost, evidence and effect of a card."""
    return (
        cost_sign(card.cost, language=language),
        evidence_sign(
            grade=card.grade,
            effects=card.effects,
            is_by_its_city=card.is_by_its_city,
            is_overdue=card.is_overdue,
        ),
        effect_sign(language=language, effects=card.effects),
    )
