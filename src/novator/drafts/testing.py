"""Solutions written: builders of drafts for tests."""

from __future__ import annotations

from typing import Any

from novator.accounts.models import User
from novator.accounts.testing import make_role
from novator.cities.models import Municipality
from novator.cities.testing import make_city
from novator.drafts.models import Draft

FULL: dict[str, Any] = {
    "title_ru": "Ящики с песком у спусков",
    "topic": "safety",
    "problem_ru": "Зимой на крутых спусках падают пешеходы.",
    "solution_ru": "Поставили 40 ящиков с песком; посыпают сами жители и дворники.",
    "core_idea_ru": "Песок под рукой у каждого, ящик не запирается.",
    "baseline": [
        {
            "indicator_ru": "Травмы при падении на улице",
            "value": 31,
            "unit": "за зиму",
            "date": "2024-12",
            "source": "Городская больница",
        }
    ],
    "steps": [{"what_ru": "Выбрать места", "duration": "2 недели", "role": "Управление ЖКХ"}],
    "participants_ru": "Управление ЖКХ, старшие по домам, школьники.",
    "residents_reached": 12_000,
    "year_start": 2025,
    "cost_amount": 320_000,
    "cost_currency": "RUB",
    "cost_basis": "total",
    "price_year": 2025,
    "yearly_cost_amount": 90_000,
    "yearly_cost_currency": "RUB",
    "off_budget_share": 0.1,
    "funding": ["municipal"],
    "effects": [
        {
            "indicator_ru": "Травмы при падении на улице",
            "unit": "за зиму",
            "before": 31,
            "after": 12,
            "evidence": "before-after",
        }
    ],
    "how_measured_ru": "Число обращений в травмпункт за декабрь–март.",
    "what_failed_ru": "Первые ящики запирали, и ими никто не пользовался.",
    "lessons_ru": "Ящик должен открываться без ключа.",
    "conditions_ru": "Кто-то должен раз в неделю досыпать песок.",
    "legal_basis": "Постановление администрации от 01.10.2025 № 101",
    "copying": "directly",
    "help_offered": ["call"],
}
"""What a draft holds that tells everything a city must tell."""


def make_draft(
    *,
    city: Municipality | None = None,
    by: User | None = None,
    content: dict[str, Any] | None = None,
    **facts: Any,
) -> Draft:
    """A draft of Glazov by its editor that tells everything; `content={}` for an empty one."""
    place = city or make_city("Glazov", population=87_000)
    editor = by or make_role("editor", city=place).user
    return Draft.objects.create(
        **{
            "municipality": place,
            "author": editor,
            "holder": editor,
            "changed_by": editor,
            "content": dict(FULL) if content is None else content,
        }
        | facts
    )
