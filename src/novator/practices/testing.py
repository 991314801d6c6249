"""Solutions found: builders of cards for tests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from novator.cities.models import Municipality
from novator.cities.testing import make_city
from novator.practices.models import (
    Baseline,
    Cost,
    Formulation,
    OpenQuestion,
    Practice,
    PracticeText,
    Source,
    StatedEffect,
    Step,
)

_NO_COST: dict[str, Any] = {}


def make_practice(
    slug: str = "glazov-warm-stops",
    *,
    city: Municipality | None = None,
    title: str = "Тёплые остановки",
    title_en: str = "Warm bus stops",
    problem: str = "Зимой пассажиры мёрзнут на остановках.",
    solution: str = "Город поставил закрытые остановки с обогревом.",
    tags: Sequence[str] = ("остановки",),
    cost: dict[str, Any] | None = None,
    effects: Sequence[dict[str, Any]] | None = None,
    asked_as: Sequence[str] = (),
    source_url: str = "",
    **facts: Any,
) -> Practice:
    """
    A card of Glazov with fixed facts; `cost={}` leaves the cost out, `effects=[]` the effects.

    Overrides go to `Practice`; those of the cost and of effects are merged into the fixed ones.
    """
    practice = Practice.objects.create(
        **{
            "slug": slug,
            "municipality": city or make_city("Glazov", population=87_000),
            "topic": "transport",
            "year_start": 2019,
            "year_end": 2020,
            "population": 87_000,
            "population_source": "Всероссийская перепись населения 2020–2021 гг.",
            "funding": ["municipal"],
            "confidence": 0.8,
        }
        | facts
    )
    PracticeText.objects.create(
        practice=practice,
        language="ru",
        title=title,
        problem=problem,
        solution=solution,
        tags=list(tags),
    )
    if title_en:
        PracticeText.objects.create(practice=practice, language="en", title=title_en)
    _make_cost(practice, cost)
    _make_effects(practice, effects)
    Source.objects.create(
        practice=practice,
        url=source_url or f"https://example.org/{slug}",
        title="Новость города",
    )
    Formulation.objects.bulk_create(
        [Formulation(practice=practice, language="ru", text=text) for text in asked_as]
    )
    return practice


def make_full_practice(slug: str = "glazov-warm-stops", **facts: Any) -> Practice:
    """A card with everything that a city which publishes its own must tell; no source."""
    told: dict[str, Any] = {
        "contact_org": "Администрация города Глазова",
        "legal_basis": "Постановление от 12.02.2019 № 14",
        "residents_reached": 40_000,
        "yearly_cost": Decimal(120_000),
        "yearly_cost_currency": "RUB",
        "off_budget_share": 0.25,
        "copying": "directly",
        "help_offered": ["visit", "documents"],
        "is_by_its_city": True,
        "confirmed_on": date(2026, 3, 1),
        "confirm_by": date(2099, 3, 1),
    }
    practice = make_practice(slug, **(told | facts))
    practice.sources.all().delete()
    practice.texts.filter(language="ru").update(
        core_idea="Тепло включается, только когда на остановке есть люди.",
        participants="Управление транспорта, две сети магазинов, школа № 3.",
        conditions="Рядом есть электрическая сеть 220 В.",
        how_measured="Счётчик пассажиров и журнал жалоб за две зимы.",
        what_failed="Первые двери сломались за месяц; жители опасались шума.",
        lessons="Двери лучше не ставить вовсе.",
    )
    Baseline.objects.create(
        practice=practice,
        position=1,
        indicator="Жалобы на холод",
        value=120,
        unit="шт. в год",
        measured_from=date(2018, 1, 1),
        measured_to=date(2018, 12, 31),
        source="Журнал обращений",
    )
    for position, what in enumerate(("Выбрать остановки", "Поставить павильоны"), start=1):
        Step.objects.create(
            practice=practice, position=position, what=what, duration="2 месяца", role="Транспорт"
        )
    return practice


def make_open_question(key: str = "lamps-into-bedrooms", **facts: Any) -> OpenQuestion:
    """A known problem that no card answers."""
    return OpenQuestion.objects.create(
        **{
            "key": key,
            "topic": "lighting",
            "title_ru": "Фонари светят в окна спален",
            "title_en": "Street lamps shine into bedrooms",
            "asked_as_ru": ["фонарь бьёт прямо в окно, спать невозможно"],
        }
        | facts
    )


def _make_cost(practice: Practice, cost: dict[str, Any] | None) -> None:
    if cost == _NO_COST:
        return
    stated = {"amount": Decimal(870_000), "currency": "RUB", "basis": "total"}
    Cost.objects.create(practice=practice, **(stated | (cost or {})))


def _make_effects(practice: Practice, effects: Sequence[dict[str, Any]] | None) -> None:
    stated = {
        "indicator": "Жалобы на холод",
        "unit": "шт. в год",
        "before": 120.0,
        "after": 30.0,
        "change": -90.0,
        "change_kind": "absolute",
        "evidence": "self-reported",
    }
    StatedEffect.objects.bulk_create(
        [
            StatedEffect(practice=practice, position=position, **(stated | effect))
            for position, effect in enumerate([{}] if effects is None else effects, start=1)
        ]
    )
