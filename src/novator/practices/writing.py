"""Solutions found: rows of files written as cards, in batches, inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db.models import Model, Prefetch, QuerySet

from novator.cities.models import Municipality
from novator.core.partial_dates import as_text, earliest_and_latest
from novator.practices.models import (
    Baseline,
    Cost,
    Formulation,
    Practice,
    PracticeText,
    Source,
    StatedEffect,
    Step,
)
from novator.practices.rows import (
    BaselineRow,
    EffectRow,
    PracticeRow,
    SourceRow,
    StatedCost,
    StepRow,
    YearlyCost,
)

TEXTS = ("core_idea", "participants", "conditions", "how_measured", "what_failed", "lessons")


def practices_with_all(slugs: Sequence[str]) -> dict[str, Practice]:
    """Cards with everything that files carry, in a fixed number of queries."""
    rows = with_children(Practice.objects.filter(slug__in=slugs))
    return {practice.slug: practice for practice in rows}


def with_children(rows: QuerySet[Practice]) -> QuerySet[Practice]:
    """Fetch city, cost, texts, effects, sources and formulations of these cards with them."""
    return rows.select_related("municipality__region", "cost").prefetch_related(
        "texts",
        Prefetch("effects", StatedEffect.objects.order_by("practice_id", "position")),
        Prefetch("sources", Source.objects.order_by("practice_id", "id")),
        "formulations",
        Prefetch("baselines", Baseline.objects.order_by("practice_id", "position")),
        Prefetch("steps", Step.objects.order_by("practice_id", "position")),
    )


def row_of(practice: Practice) -> PracticeRow:
    """The card as files carry it; the inverse of writing it."""
    texts = {text.language: text for text in practice.texts.all()}
    russian, english = texts.get("ru"), texts.get("en")
    municipality = practice.municipality
    cost: Cost | None = getattr(practice, "cost", None)
    return PracticeRow(
        id=practice.slug,
        title_ru=russian.title if russian else "",
        title_en=english.title if english else "",
        municipality=municipality.name_ru,
        region=municipality.region_text,
        country=municipality.country,
        oktmo=municipality.oktmo,
        population=practice.population,
        population_source=practice.population_source,
        topic=practice.topic,
        problem_ru=russian.problem if russian else "",
        solution_ru=russian.solution if russian else "",
        problem_en=english.problem if english else "",
        solution_en=english.solution if english else "",
        year_start=practice.year_start,
        year_end=practice.year_end,
        cost=StatedCost(cost.amount, cost.currency, cost.basis, cost.price_year) if cost else None,
        cost_note=cost.note if cost else practice.cost_note,
        funding=tuple(practice.funding),
        effects=tuple(_effect_row(effect) for effect in practice.effects.all()),
        contact_org=practice.contact_org,
        legal_basis=practice.legal_basis,
        replicated_in=tuple(practice.replicated_in),
        tags_ru=tuple(russian.tags) if russian else (),
        sources=tuple(_source_row(source) for source in practice.sources.all()),
        confidence=practice.confidence,
        **{f"{name}_ru": getattr(russian, name, "") for name in TEXTS},
        **{f"{name}_en": getattr(english, name, "") for name in TEXTS},
        baseline=tuple(_baseline_row(figure) for figure in practice.baselines.all()),
        steps=tuple(StepRow(s.what, s.duration, s.role) for s in practice.steps.all()),
        residents_reached=practice.residents_reached,
        yearly_cost=_yearly_cost(practice),
        off_budget_share=practice.off_budget_share,
        copying=practice.copying,
        help_offered=tuple(practice.help_offered),
        confirmed_on=practice.confirmed_on.isoformat() if practice.confirmed_on else "",
        confirm_by=practice.confirm_by.isoformat() if practice.confirm_by else "",
        asked_as_ru=_asked(practice, "ru"),
        asked_as_en=_asked(practice, "en"),
    )


def settled(row: PracticeRow, municipality: Municipality, known: PracticeRow | None) -> PracticeRow:
    """The row as it will read once it is stored, for comparison with what is stored."""
    return replace(
        row,
        municipality=municipality.name_ru,
        region=municipality.region_text,
        country=municipality.country,
        oktmo=municipality.oktmo,
        asked_as_ru=_or_known(row.asked_as_ru, known.asked_as_ru if known else ()),
        asked_as_en=_or_known(row.asked_as_en, known.asked_as_en if known else ()),
    )


def write_new(rows: Sequence[tuple[PracticeRow, Municipality]], *, is_starter: bool) -> None:
    """Write cards that do not exist yet, with everything they carry."""
    practices = [
        _filled(Practice(slug=row.id, is_starter=is_starter), row, city) for row, city in rows
    ]
    Practice.objects.bulk_create(practices)
    _write_children(list(zip(practices, (row for row, _ in rows), strict=True)))


def write_changed(
    rows: Sequence[tuple[Practice, PracticeRow, Municipality]], *, is_starter: bool
) -> None:
    """Write cards anew; of their sources, what is known about an address stays."""
    states = {
        (source.practice_id, source.url): (source.state, source.checked_at)
        for source in Source.objects.filter(practice__in=[practice for practice, _, _ in rows])
    }
    for practice, row, city in rows:
        _filled(practice, row, city).is_starter = is_starter
        practice.save()
    changed = [practice for practice, _, _ in rows]
    for model in _CHILDREN:
        model._default_manager.filter(practice__in=changed).delete()
    _write_children([(practice, row) for practice, row, _ in rows])
    _keep_states(states)


def _filled(practice: Practice, row: PracticeRow, city: Municipality) -> Practice:
    practice.municipality = city
    practice.topic = row.topic
    practice.year_start, practice.year_end = row.year_start, row.year_end
    practice.contact_org, practice.legal_basis = row.contact_org, row.legal_basis
    practice.cost_note = "" if row.cost else row.cost_note
    practice.funding, practice.replicated_in = list(row.funding), list(row.replicated_in)
    practice.population = row.population
    practice.population_source = row.population_source
    practice.confidence = row.confidence
    practice.residents_reached = row.residents_reached
    practice.yearly_cost = row.yearly_cost.amount if row.yearly_cost else None
    practice.yearly_cost_currency = row.yearly_cost.currency if row.yearly_cost else ""
    practice.off_budget_share = row.off_budget_share
    practice.copying, practice.help_offered = row.copying, list(row.help_offered)
    practice.confirmed_on = date.fromisoformat(row.confirmed_on) if row.confirmed_on else None
    practice.confirm_by = date.fromisoformat(row.confirm_by) if row.confirm_by else None
    return practice


def unsaved(
    practice: Practice, row: PracticeRow, city: Municipality
) -> tuple[Practice, dict[str, list[Any]]]:
    """A card filled from a row, and by name what would hang on it; nothing is stored."""
    _filled(practice, row, city)
    return practice, {
        model.__name__: list(made(practice, row)) for model, made in _CHILDREN.items()
    }


def _write_children(pairs: Sequence[tuple[Practice, PracticeRow]]) -> None:
    for model, made in _CHILDREN.items():
        model._default_manager.bulk_create([child for pair in pairs for child in made(*pair)])


def _costs(practice: Practice, row: PracticeRow) -> Iterable[Cost]:
    if row.cost:
        yield Cost(
            practice=practice,
            amount=row.cost.amount,
            currency=row.cost.currency,
            basis=row.cost.basis,
            note=row.cost_note,
            price_year=row.cost.price_year,
        )


def _effects(practice: Practice, row: PracticeRow) -> Iterable[StatedEffect]:
    for position, effect in enumerate(row.effects, start=1):
        yield StatedEffect(
            practice=practice,
            position=position,
            indicator=effect.indicator_ru,
            **{k: v for k, v in effect.__dict__.items() if k != "indicator_ru"},
        )


def _steps(practice: Practice, row: PracticeRow) -> Iterable[Step]:
    for position, step in enumerate(row.steps, start=1):
        yield Step(
            practice=practice,
            position=position,
            what=step.what_ru,
            duration=step.duration,
            role=step.role,
        )


def _texts(practice: Practice, row: PracticeRow) -> Iterable[PracticeText]:
    yield PracticeText(
        practice=practice,
        language="ru",
        title=row.title_ru,
        problem=row.problem_ru,
        solution=row.solution_ru,
        tags=list(row.tags_ru),
        **{name: getattr(row, f"{name}_ru") for name in TEXTS},
    )
    in_english = {name: getattr(row, f"{name}_en") for name in TEXTS}
    if row.title_en or row.problem_en or row.solution_en or any(in_english.values()):
        yield PracticeText(
            practice=practice,
            language="en",
            title=row.title_en,
            problem=row.problem_en,
            solution=row.solution_en,
            **in_english,
        )


def _baselines(practice: Practice, row: PracticeRow) -> Iterable[Baseline]:
    for position, figure in enumerate(row.baseline, start=1):
        earliest, latest = earliest_and_latest(figure.date) if figure.date else (None, None)
        yield Baseline(
            practice=practice,
            position=position,
            indicator=figure.indicator_ru,
            value=figure.value,
            unit=figure.unit,
            measured_from=earliest,
            measured_to=latest,
            source=figure.source,
        )


def _sources(practice: Practice, row: PracticeRow) -> Iterable[Source]:
    for source in row.sources:
        earliest, latest = earliest_and_latest(source.date) if source.date else (None, None)
        yield Source(
            practice=practice,
            url=source.url,
            title=source.title,
            published_from=earliest,
            published_to=latest,
        )


def _formulations(practice: Practice, row: PracticeRow) -> Iterable[Formulation]:
    seen: set[str] = set()
    for language, texts in (("ru", row.asked_as_ru), ("en", row.asked_as_en)):
        for text in texts or ():
            if text not in seen:
                seen.add(text)
                yield Formulation(practice=practice, language=language, text=text)


_CHILDREN: dict[type[Model], Callable[[Practice, PracticeRow], Iterable[Model]]] = {
    PracticeText: _texts,
    Cost: _costs,
    StatedEffect: _effects,
    Baseline: _baselines,
    Step: _steps,
    Source: _sources,
    Formulation: _formulations,
}


def _keep_states(states: dict[tuple[int, str], tuple[str, datetime | None]]) -> None:
    known = {key: state for key, state in states.items() if state[0] != "unchecked"}
    sources = Source.objects.filter(
        practice__in={practice for practice, _ in known}, url__in={url for _, url in known}
    )
    changed = []
    for source in sources:
        if (source.practice_id, source.url) in known:
            source.state, source.checked_at = known[source.practice_id, source.url]
            changed.append(source)
    Source.objects.bulk_update(changed, ["state", "checked_at"])


def _effect_row(effect: StatedEffect) -> EffectRow:
    return EffectRow(
        indicator_ru=effect.indicator,
        unit=effect.unit,
        before=effect.before,
        after=effect.after,
        change=effect.change,
        change_kind=effect.change_kind,
        period=effect.period,
        evidence=effect.evidence,
    )


def _baseline_row(figure: Baseline) -> BaselineRow:
    return BaselineRow(
        indicator_ru=figure.indicator,
        value=figure.value,
        unit=figure.unit,
        date=as_text(figure.measured_from, figure.measured_to),
        source=figure.source,
    )


def _yearly_cost(practice: Practice) -> YearlyCost | None:
    if practice.yearly_cost is None:
        return None
    return YearlyCost(practice.yearly_cost, practice.yearly_cost_currency)


def _source_row(source: Source) -> SourceRow:
    date = as_text(source.published_from, source.published_to)
    return SourceRow(url=source.url, title=source.title, date=date)


def _asked(practice: Practice, language: str) -> tuple[str, ...]:
    return tuple(sorted(f.text for f in practice.formulations.all() if f.language == language))


def _or_known(
    given: tuple[str, ...] | None, known: tuple[str, ...] | None
) -> tuple[str, ...] | None:
    return known if given is None else given
