"""Matching: cards and open questions as the index takes them in, read from the database."""

from __future__ import annotations

from novator.matching.fields import CardText, Facets, SearchCard, SearchQuestion
from novator.practices.facets import CardFacets
from novator.practices.models import OpenQuestion, Practice
from novator.practices.queries import current_catalogue
from novator.practices.rows import PracticeRow


def cards_for_index() -> list[SearchCard]:
    """All cards with texts, formulations and facets, by slug; a fixed number of queries."""
    practices = (
        Practice.objects.published().order_by("slug").prefetch_related("texts", "formulations")
    )
    facets = current_catalogue().by_slug
    return [_card(row, facets[row.slug]) for row in practices if row.slug in facets]


def card_of_row(row: PracticeRow) -> SearchCard:
    """The card that publishing a row puts into the index, without its facets."""
    return SearchCard(
        slug=row.id,
        texts=(
            CardText("ru", row.title_ru, row.problem_ru, row.solution_ru, row.tags_ru),
            CardText("en", row.title_en, row.problem_en, row.solution_en),
        ),
        asked_as=(*(row.asked_as_en or ()), *(row.asked_as_ru or ())),
    )


def _card(practice: Practice, facets: CardFacets) -> SearchCard:
    texts = sorted(practice.texts.all(), key=lambda text: text.language, reverse=True)
    formulations = sorted((item.language, item.text) for item in practice.formulations.all())
    return SearchCard(
        slug=practice.slug,
        texts=tuple(
            CardText(text.language, text.title, text.problem, text.solution, tuple(text.tags))
            for text in texts
        ),
        asked_as=tuple(text for _language, text in formulations),
        facets=_facets(facets),
    )


def _facets(card: CardFacets) -> Facets:
    cost = card.roubles_per_inhabitant
    return Facets(
        topic=card.topic,
        region=card.region,
        country=card.country or None,
        size_class=card.size_class,
        cost_band=card.cost_band,
        has_numbers=card.has_numbers,
        year=card.year,
        cost_per_inhabitant=None if cost is None else float(cost),
        city=card.city,
    )


def questions_for_index() -> list[SearchQuestion]:
    """Known problems that no card answers, by key."""
    return [
        SearchQuestion(row.key, row.topic, (*row.asked_as_ru, *row.asked_as_en))
        for row in OpenQuestion.objects.order_by("key")
    ]
