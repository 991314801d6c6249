"""Solutions found: a practice in wire names, short for lists and whole for one."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Field

from novator.api.v1.answers import Answer
from novator.api.v1.codes import Basis, Copying, Evidence, Funding, Help
from novator.api.v1.paging import absolute
from novator.core.topics import TOPIC_BY_CODE
from novator.practices.card import Card, CardBaseline, CardCost, CardEffect, CardText
from novator.practices.completeness import FIELDS
from novator.practices.models import COPYING, COST_BASES, EFFECT_EVIDENCE, HELP_OFFERS


class CostPerInhabitant(Answer):
    """A total cost divided by the inhabitants, in the prices of its year."""

    amount: float
    currency: str
    roubles: float | None = Field(
        description=gettext_noop("In roubles by the rate of the price year; null: no rate known.")
    )
    band: int | None = Field(
        description=gettext_noop("Fifth of the catalogue, 1 the least; null: not comparable.")
    )
    price_year: int | None
    price_year_from: Literal["stated", "work", "source", ""] = Field(
        description=gettext_noop("Where the year is from: stated, of the work, of the source.")
    )


class EffectAnswer(Answer):
    """One change as the source states it."""

    indicator: str = Field(description=gettext_noop("What was measured, in Russian."))
    unit: str
    before: float | None
    after: float | None
    change: float | None
    change_kind: Literal["absolute", "percent", ""]
    period: str
    evidence: Evidence = Field(description=gettext_noop("How the source came to it."))
    evidence_name: str = Field(description=gettext_noop("The same in the reader's language."))


class PracticeAnswer(Answer):
    """A practice in short."""

    id: str = Field(description=gettext_noop("What other addresses take; it never changes."))
    title: str = Field(description=gettext_noop("Title in the reader's language, else Russian."))
    municipality: str = Field(description=gettext_noop("What people call the city."))
    municipality_id: str
    region: str | None = Field(description=gettext_noop("Name of the region, or null."))
    country: str = Field(description=gettext_noop("Two letters of ISO 3166-1."))
    topic: str = Field(description=gettext_noop("Code of the topic."))
    topic_name: str
    problem: str = Field(description=gettext_noop("The problem that was solved."))
    problem_language: str = Field(description=gettext_noop("Language in which it is written."))
    year: int | None = Field(description=gettext_noop("The latest year the source names."))
    cost_per_inhabitant: CostPerInhabitant | None = Field(
        description=gettext_noop("Null: the source states no total cost or no population.")
    )
    effect: EffectAnswer | None = Field(
        description=gettext_noop("The first stated effect with a figure, else the first, or null.")
    )
    grade: int | None = Field(
        description=gettext_noop("0 to 5, given by measured adoptions; null: not checked.")
    )
    evidence: str = Field(description=gettext_noop("The grade in words."))
    is_by_its_city: bool = Field(
        description=gettext_noop("Whether the city itself states it, not a source about the city.")
    )
    confirmed_on: date | None = Field(
        description=gettext_noop("Day when the city said that the facts hold, or null.")
    )
    is_overdue: bool = Field(
        description=gettext_noop("Not confirmed again in time: it counts as unchecked.")
    )
    page: str = Field(description=gettext_noop("Its page on the site."))
    changed_at: datetime


class TextAnswer(Answer):
    """What a card says in one language; a translation may have only a title."""

    language: str
    title: str
    problem: str
    solution: str
    tags: list[str]
    core_idea: str | None = Field(
        description=gettext_noop("What must not be changed when it is copied.")
    )
    participants: str | None = Field(description=gettext_noop("Who took part."))
    conditions: str | None = Field(
        description=gettext_noop("Conditions without which it does not work.")
    )
    how_measured: str | None = Field(description=gettext_noop("How the result was measured."))
    what_failed: str | None = Field(
        description=gettext_noop("Side effects, opposition and what failed.")
    )
    lessons: str | None


class BaselineAnswer(Answer):
    """The situation before, as a figure."""

    indicator: str = Field(description=gettext_noop("What was measured, in Russian."))
    value: float
    unit: str
    measured: str = Field(description=gettext_noop("A year, a month or a day, as known."))
    source: str


class StepAnswer(Answer):
    """One step of the work, in Russian."""

    what: str
    duration: str
    role: str


class YearlyCostAnswer(Answer):
    """What it costs to run for a year."""

    amount: float
    currency: str


class CostAnswer(Answer):
    """The cost as the source states it."""

    amount: float
    currency: str
    basis: Basis
    basis_name: str
    note: str | None
    price_year: int | None = Field(
        description=gettext_noop("Year of the prices, if stated or known.")
    )


class SourceAnswer(Answer):
    """Where the facts are from."""

    url: str
    title: str
    published: str = Field(description=gettext_noop("A year, a month or a day, as known."))
    state: Literal["unchecked", "alive", "dead"] = Field(
        description=gettext_noop("Whether the address still answers.")
    )
    checked_at: datetime | None


class CompletenessAnswer(Answer):
    """How much of what a city must tell about its practice the card tells."""

    share: float = Field(description=gettext_noop("0 to 1."))
    missing: list[str] = Field(description=gettext_noop("Codes of the missing fields."))
    missing_names: list[str] = Field(description=gettext_noop("The same in the reader's language."))


class SimilarAnswer(Answer):
    """Another practice near in meaning."""

    id: str
    title: str
    municipality: str
    page: str


class PracticeDetail(PracticeAnswer):
    """A practice with all that is known of it."""

    texts: list[TextAnswer]
    year_start: int | None
    year_end: int | None
    cost: CostAnswer | None = Field(description=gettext_noop("Null: not stated."))
    cost_note: str | None
    effects: list[EffectAnswer]
    sources: list[SourceAnswer]
    funding: list[Funding]
    contact_org: str | None = Field(description=gettext_noop("The organisation to ask."))
    legal_basis: str | None
    replicated_in: list[str] = Field(description=gettext_noop("Where it was repeated, as stated."))
    population: int | None = Field(
        description=gettext_noop("By which the cost per inhabitant is reckoned.")
    )
    population_source: str | None
    size_class: str | None
    baselines: list[BaselineAnswer]
    steps: list[StepAnswer]
    residents_reached: int | None
    yearly_cost: YearlyCostAnswer | None = Field(description=gettext_noop("Null: not stated."))
    off_budget_share: float | None = Field(
        description=gettext_noop("Share of money from outside the budget, 0 to 1.")
    )
    copying: Copying | None = Field(description=gettext_noop("How far it can be copied."))
    copying_name: str | None = Field(description=gettext_noop("The same in the reader's language."))
    help_offered: list[Help] = Field(description=gettext_noop("Help that the city offers."))
    help_names: list[str] = Field(description=gettext_noop("The same in the reader's language."))
    confirm_by: date | None = Field(
        description=gettext_noop("Day by which the facts must be confirmed again, or null.")
    )
    origin: str | None = Field(
        description=gettext_noop("Address of the installation where the card was written, or null.")
    )
    completeness: CompletenessAnswer
    municipality_at: str = Field(description=gettext_noop("Address of the municipality."))
    similar: list[SimilarAnswer] = Field(description=gettext_noop("Practices near in meaning."))


def short_answer(request: HttpRequest, card: Card) -> dict[str, Any]:
    """Put a card into wire names, short."""
    text = card.full_text
    leading = next((each for each in card.effects if each.has_number), None)
    effect = leading or next(iter(card.effects), None)
    return {
        "id": card.slug,
        "title": card.title,
        "municipality": card.city.name,
        "municipality_id": card.city.slug,
        "region": card.city.region_name or None,
        "country": card.city.country,
        "topic": card.topic,
        "topic_name": TOPIC_BY_CODE[card.topic].name,
        "problem": text.problem,
        "problem_language": text.language,
        "year": card.year,
        "cost_per_inhabitant": _per_inhabitant(card.cost),
        "effect": _effect(effect) if effect else None,
        "grade": card.grade,
        "evidence": _evidence(card),
        "is_by_its_city": card.is_by_its_city,
        "confirmed_on": card.confirmed_on,
        "is_overdue": card.is_overdue,
        "page": absolute(request, reverse("practice", args=[card.slug])),
        "changed_at": card.changed_at,
    }


def whole_answer(request: HttpRequest, card: Card, similar: list[Card]) -> dict[str, Any]:
    """Put a card into wire names, with everything; empty is null."""
    return {
        **short_answer(request, card),
        **_by_the_city(card),
        "texts": [_text(text) for text in card.texts],
        "year_start": card.year_start,
        "year_end": card.year_end,
        "cost": _cost(card.cost),
        "cost_note": card.cost_note or None,
        "effects": [_effect(effect) for effect in card.effects],
        "sources": [
            {
                "url": source.url,
                "title": source.title,
                "published": source.published,
                "state": source.state,
                "checked_at": source.checked_at,
            }
            for source in card.sources
        ],
        "funding": list(card.funding),
        "contact_org": card.contact_org or None,
        "legal_basis": card.legal_basis or None,
        "replicated_in": list(card.replicated_in),
        "population": card.population,
        "population_source": card.population_source or None,
        "size_class": card.size_class,
        "completeness": {
            "share": round(card.completeness.share, 3),
            "missing": list(card.completeness.missing),
            "missing_names": [str(FIELDS[code]) for code in card.completeness.missing],
        },
        "municipality_at": absolute(request, f"/api/v1/municipalities/{card.city.slug}"),
        "similar": [
            {
                "id": other.slug,
                "title": other.title,
                "municipality": other.city.name,
                "page": absolute(request, reverse("practice", args=[other.slug])),
            }
            for other in similar
        ],
    }


def _by_the_city(card: Card) -> dict[str, Any]:
    """What only a city that publishes its own practice tells."""
    yearly = card.yearly_cost
    return {
        "baselines": [_baseline(figure) for figure in card.baselines],
        "steps": [dict(vars(step)) for step in card.steps],
        "residents_reached": card.residents_reached,
        "yearly_cost": (
            {"amount": float(yearly), "currency": card.yearly_cost_currency}
            if yearly is not None
            else None
        ),
        "off_budget_share": card.off_budget_share,
        "copying": card.copying or None,
        "copying_name": str(COPYING[card.copying]) if card.copying else None,
        "help_offered": list(card.help_offered),
        "help_names": [str(HELP_OFFERS[code]) for code in card.help_offered],
        "confirm_by": card.confirm_by,
        "origin": card.origin or None,
    }


def _text(text: CardText) -> dict[str, Any]:
    return {
        "language": text.language,
        "title": text.title,
        "problem": text.problem,
        "solution": text.solution,
        "tags": list(text.tags),
        "core_idea": text.core_idea or None,
        "participants": text.participants or None,
        "conditions": text.conditions or None,
        "how_measured": text.how_measured or None,
        "what_failed": text.what_failed or None,
        "lessons": text.lessons or None,
    }


def _baseline(figure: CardBaseline) -> dict[str, Any]:
    return dict(vars(figure))


def _evidence(card: Card) -> str:
    if card.grade is not None:
        return _("%(grade)s of 5") % {"grade": card.grade}
    if card.is_overdue:
        return _("not confirmed in time: counts as unchecked")
    if card.is_by_its_city:
        return _("stated by the city itself, not checked")
    return _("stated by the source, not checked")


def _per_inhabitant(cost: CardCost | None) -> dict[str, Any] | None:
    if cost is None or cost.per_inhabitant is None:
        return None
    roubles = cost.roubles_per_inhabitant
    return {
        "amount": float(cost.per_inhabitant),
        "currency": cost.currency,
        "roubles": float(roubles) if roubles is not None else None,
        "band": cost.band,
        "price_year": cost.price_year,
        "price_year_from": cost.price_year_from,
    }


def _cost(cost: CardCost | None) -> dict[str, Any] | None:
    if cost is None:
        return None
    return {
        "amount": float(cost.amount),
        "currency": cost.currency,
        "basis": cost.basis,
        "basis_name": str(COST_BASES[cost.basis]),
        "note": cost.note or None,
        "price_year": cost.price_year,
    }


def _effect(effect: CardEffect) -> dict[str, Any]:
    return {
        "indicator": effect.indicator,
        "unit": effect.unit,
        "before": effect.before,
        "after": effect.after,
        "change": effect.change,
        "change_kind": effect.change_kind,
        "period": effect.period,
        "evidence": effect.evidence,
        "evidence_name": str(EFFECT_EVIDENCE[effect.evidence]),
    }
