"""Solutions found: whether a stated effect was seen, or only planned or forecast."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from novator.practices.card import CardEffect

# Indicator and period are notes of a few words; a figure is called a plan only where the note
# says it of the figure itself: "план 2020 года", not "план выполнен" and not "ещё 50 в плане".
_PLAN = re.compile(
    r"^(план\b(?! (пере)?выполнен)|по плану\b|заплан|планир|предусмотрен|по проекту\b)"
)
_PLAN_INSIDE = re.compile(r"\(план\b|\bпо плану\b|\bзапланирован|\bпланируем")
_FORECAST = re.compile(r"^(прогноз|ожидание |ожидаем)")
_FORECAST_INSIDE = re.compile(r"\(([^)]* )?(прогноз|ожидание )")
_IN_BRACKETS = re.compile(r"\([^)]*\)")


def stage_of(effect: CardEffect) -> str:
    """Give "plan" or "forecast" in the reader's language, or nothing where the effect was seen."""
    indicator = effect.indicator.lower()
    notes = [indicator, *_notes_in(effect.period)]
    if _PLAN_INSIDE.search(indicator) or any(map(_PLAN.match, notes)):
        return _("plan")
    if _FORECAST_INSIDE.search(indicator) or any(map(_FORECAST.match, notes)):
        return _("forecast")
    return ""


def _notes_in(period: str) -> list[str]:
    """Parts of a period's first statement; what stands in brackets or after it is an aside."""
    first = _IN_BRACKETS.sub("", period.lower()).partition(";")[0]
    return [part.strip() for part in first.split(",")]
