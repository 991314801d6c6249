"""Solutions found: rows of the database put together into cards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from novator.cities.models import Municipality
from novator.cities.sizes import size_class
from novator.core.partial_dates import as_text
from novator.practices.card import (
    Card,
    CardBaseline,
    CardCity,
    CardCost,
    CardEffect,
    CardSource,
    CardStep,
    CardText,
)
from novator.practices.completeness import Completeness, completeness_of
from novator.practices.costs import CostBands, cost_per_inhabitant, in_roubles
from novator.practices.models import (
    Baseline,
    Cost,
    Practice,
    PracticeText,
    Source,
    StatedEffect,
    Step,
)


@dataclass(frozen=True)
class Parts:
    """What hangs on one practice, in the order it is shown."""

    texts: Sequence[PracticeText]
    effects: Sequence[StatedEffect]
    sources: Sequence[Source]
    baselines: Sequence[Baseline] = ()
    steps: Sequence[Step] = ()


def card_of(practice: Practice, parts: Parts, bands: CostBands, *, on: date) -> Card:
    """Put a card together as of a day from a practice with its city and cost; no query."""
    texts = sorted(parts.texts, key=lambda text: text.language != "ru")
    effects = tuple(_effect(effect) for effect in parts.effects)
    sources = tuple(_source(source) for source in parts.sources)
    cost: Cost | None = getattr(practice, "cost", None)
    published = sources[0].published_to if sources else None
    return Card(
        slug=practice.slug,
        topic=practice.topic,
        texts=tuple(_text(text) for text in texts),
        city=_city(practice.municipality),
        year_start=practice.year_start,
        year_end=practice.year_end,
        cost=_cost(practice, cost, published, bands) if cost else None,
        cost_note=practice.cost_note,
        effects=effects,
        sources=sources,
        funding=tuple(practice.funding),
        contact_org=practice.contact_org,
        legal_basis=practice.legal_basis,
        replicated_in=tuple(practice.replicated_in),
        population=practice.population,
        population_source=practice.population_source,
        size_class=size_class(practice.municipality.population or practice.population),
        completeness=_completeness(practice, parts, texts, effects),
        confidence=practice.confidence,
        grade=None if practice.is_overdue(on) else practice.grade,
        baselines=tuple(_baseline(figure) for figure in parts.baselines),
        steps=tuple(CardStep(step.what, step.duration, step.role) for step in parts.steps),
        residents_reached=practice.residents_reached,
        yearly_cost=practice.yearly_cost,
        yearly_cost_currency=practice.yearly_cost_currency,
        off_budget_share=practice.off_budget_share,
        copying=practice.copying,
        help_offered=tuple(practice.help_offered),
        is_by_its_city=practice.is_by_its_city,
        confirmed_on=practice.confirmed_on,
        confirm_by=practice.confirm_by,
        is_overdue=practice.is_overdue(on),
        origin=practice.origin,
        created_at=practice.created_at,
        changed_at=practice.changed_at,
    )


def price_year(practice: Practice, cost: Cost, published: date | None) -> tuple[int | None, str]:
    """Year of the prices and where it is from: stated, of the work, or of the source."""
    if cost.price_year:
        return cost.price_year, "stated"
    if practice.year:
        return practice.year, "work"
    return (published.year, "source") if published else (None, "")


def roubles_per_inhabitant(practice: Practice, published: date | None) -> Decimal | None:
    """Cost per inhabitant in roubles of its price year, or None where it is not known."""
    cost: Cost | None = getattr(practice, "cost", None)
    if cost is None:
        return None
    own = cost_per_inhabitant(cost.amount, cost.currency, cost.basis, practice.population)
    return in_roubles(own, cost.currency, price_year(practice, cost, published)[0])


def _cost(practice: Practice, cost: Cost, published: date | None, bands: CostBands) -> CardCost:
    year, origin = price_year(practice, cost, published)
    roubles = roubles_per_inhabitant(practice, published)
    return CardCost(
        amount=cost.amount,
        currency=cost.currency,
        basis=cost.basis,
        note=cost.note,
        price_year=year,
        price_year_from=origin,
        per_inhabitant=cost_per_inhabitant(
            cost.amount, cost.currency, cost.basis, practice.population
        ),
        roubles_per_inhabitant=roubles,
        band=bands.band_of(roubles),
    )


def _city(city: Municipality) -> CardCity:
    region = city.region
    return CardCity(
        slug=city.slug,
        name_ru=city.name_ru,
        short_name_ru=city.short_name_ru,
        short_name_en=city.short_name_en,
        kind=city.kind,
        country=city.country,
        region=region.code if region else "",
        region_ru=region.name_ru if region else "",
        region_en=region.name_en if region else "",
        region_text=city.region_text,
        oktmo=city.oktmo,
        population=city.population,
        population_year=city.population_year,
        population_source=city.population_source,
        latitude=city.latitude,
        longitude=city.longitude,
    )


def _text(text: PracticeText) -> CardText:
    return CardText(
        language=text.language,
        title=text.title,
        problem=text.problem,
        solution=text.solution,
        tags=tuple(text.tags),
        core_idea=text.core_idea,
        participants=text.participants,
        conditions=text.conditions,
        how_measured=text.how_measured,
        what_failed=text.what_failed,
        lessons=text.lessons,
    )


def _baseline(figure: Baseline) -> CardBaseline:
    return CardBaseline(
        indicator=figure.indicator,
        value=figure.value,
        unit=figure.unit,
        measured=as_text(figure.measured_from, figure.measured_to),
        source=figure.source,
    )


def _effect(effect: StatedEffect) -> CardEffect:
    return CardEffect(
        indicator=effect.indicator,
        unit=effect.unit,
        before=effect.before,
        after=effect.after,
        change=effect.change,
        change_kind=effect.change_kind,
        period=effect.period,
        evidence=effect.evidence,
    )


def _source(source: Source) -> CardSource:
    return CardSource(
        url=source.url,
        title=source.title,
        published=as_text(source.published_from, source.published_to),
        published_from=source.published_from,
        published_to=source.published_to,
        state=source.state,
        checked_at=source.checked_at,
    )


def _completeness(
    practice: Practice,
    parts: Parts,
    texts: Sequence[PracticeText],
    effects: Sequence[CardEffect],
) -> Completeness:
    text = next((text for text in texts if text.language == "ru"), None)
    cost: Cost | None = getattr(practice, "cost", None)
    basis = cost.basis if cost else ""
    return completeness_of(
        {
            "title": bool(text and text.title),
            "municipality": bool(practice.municipality.name_ru),
            "problem": bool(text and text.problem),
            "topic": bool(practice.topic),
            "before": bool(parts.baselines) or any(e.before is not None for e in effects),
            "idea": bool(text and (text.core_idea or text.solution)),
            "steps": bool(parts.steps),
            "participants": bool(text and text.participants),
            "reached": practice.residents_reached is not None,
            "one_off_cost": basis == "total",
            "yearly_cost": basis == "per_year" or practice.yearly_cost is not None,
            "off_budget_share": practice.off_budget_share is not None,
            "legal_acts": bool(practice.legal_basis),
            "conditions": bool(text and text.conditions),
            "result": any(e.after is not None or e.change is not None for e in effects),
            "how_measured": bool(text and text.how_measured)
            or any(effect.evidence != "self-reported" for effect in effects),
            "side_effects": bool(text and text.what_failed),
            "lessons": bool(text and text.lessons),
            "copying": bool(practice.copying),
            "help": bool(practice.help_offered),
            "confirmed_on": practice.confirmed_on is not None,
        }
    )
