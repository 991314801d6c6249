"""Matching: cards and open questions as the index takes them in, read from the database."""

from __future__ import annotations

from novator.matching.fields import CardText, Facets, SearchCard, SearchQuestion
from novator.practices.models import OpenQuestion, Practice


def cards_for_index() -> list[SearchCard]:
    """All cards with texts, formulations and facets, by slug; a fixed number of queries."""
    practices = (
        Practice.objects.order_by("slug")
        .select_related("municipality", "municipality__region", "cost")
        .prefetch_related("texts", "formulations", "effects")
    )
    return [_card(practice) for practice in practices]


def _card(practice: Practice) -> SearchCard:
    texts = sorted(practice.texts.all(), key=lambda text: text.language, reverse=True)
    formulations = sorted((item.language, item.text) for item in practice.formulations.all())
    return SearchCard(
        slug=practice.slug,
        texts=tuple(
            CardText(text.language, text.title, text.problem, text.solution, tuple(text.tags))
            for text in texts
        ),
        asked_as=tuple(text for _language, text in formulations),
        facets=_facets(practice),
    )


def _facets(practice: Practice) -> Facets:
    municipality = practice.municipality
    return Facets(
        topic=practice.topic,
        region=municipality.region.code if municipality.region else None,
        country=municipality.country or None,
        has_numbers=any(
            effect.change is not None or effect.after is not None
            for effect in practice.effects.all()
        ),
        year=practice.year,
        city=municipality.slug,
    )


def questions_for_index() -> list[SearchQuestion]:
    """Known problems that no card answers, by key."""
    return [
        SearchQuestion(row.key, row.topic, (*row.asked_as_ru, *row.asked_as_en))
        for row in OpenQuestion.objects.order_by("key")
    ]
