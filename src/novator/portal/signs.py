"""Solutions found: the three signs a card leads with, as marks and in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from novator.portal import figures
from novator.portal.stages import stage_of
from novator.practices.card import CardCost, CardEffect
from novator.practices.models import COST_BASES, EFFECT_EVIDENCE

BANDS = range(1, 6)
LOCKS = range(1, 6)

_BAND_WORDS = {
    1: lambda: _("among the cheapest in the catalogue"),
    2: lambda: _("cheaper than most in the catalogue"),
    3: lambda: _("about the middle of the catalogue"),
    4: lambda: _("more expensive than most in the catalogue"),
    5: lambda: _("among the most expensive in the catalogue"),
}
_EVIDENCE_ORDER = ("evaluation", "comparison", "before-after", "self-reported")


@dataclass(frozen=True)
class Sign:
    """
    One sign: `lit` of `marks` marks, a headline, and words that say what it means.

    `stage` is "plan" or "forecast", in words, where the headline is no fact yet.
    """

    name: str
    mark: str
    lit: int
    headline: str
    words: str
    is_known: bool
    is_content: bool = False
    stage: str = ""

    @property
    def marks(self) -> list[bool]:
        """Five marks, lit or not; none where nothing is known to be marked."""
        return [place <= self.lit for place in BANDS] if self.mark else []


def cost_sign(cost: CardCost | None, *, language: str) -> Sign:
    """Cost per inhabitant where it can be reckoned, else what is stated, else that nothing is."""
    name = _("Cost per inhabitant")
    if cost is None:
        return Sign(name, "", 0, _("not stated"), _("The source names no cost."), is_known=False)
    if cost.roubles_per_inhabitant is not None:
        money = figures.money(cost.roubles_per_inhabitant, "RUB", language)
        headline = _("%(money)s per inhabitant") % {"money": money}
        words = _BAND_WORDS[cost.band]() if cost.band else ""
        return Sign(name, "₽" if cost.band else "", cost.band or 0, headline, words, is_known=True)
    stated = f"{figures.money(cost.amount, cost.currency, language)}, {COST_BASES[cost.basis]}"
    words = _why_not_per_inhabitant(cost.basis)
    return Sign(_("Stated cost"), "", 0, stated, words, is_known=True)


def _why_not_per_inhabitant(basis: str) -> str:
    if basis != "total":
        return _("Only a total can be divided by the number of inhabitants.")
    return _("Per inhabitant: not known, the population or the exchange rate is not stated.")


def evidence_sign(
    *,
    grade: int | None,
    effects: Sequence[CardEffect],
    is_by_its_city: bool = False,
    is_overdue: bool = False,
) -> Sign:
    """Locks that measured adoptions have earned; until then, how the source came to its words."""
    name = _("Evidence")
    if grade is not None:
        headline = _("%(locks)s of 5 locks") % {"locks": grade}
        return Sign(name, "lock", grade, headline, _("measured in cities that adopted it"), True)
    headline = _("stated by the source, not checked")
    if is_overdue:
        headline = _("not confirmed in time: counts as unchecked")
    elif is_by_its_city:
        headline = _("stated by the city itself, not checked")
    kinds = {effect.evidence for effect in effects}
    best = next((kind for kind in _EVIDENCE_ORDER if kind in kinds), None)
    words = str(EFFECT_EVIDENCE[best]) if best else _("no effect is stated")
    return Sign(name, "lock", 0, headline, words, is_known=False)


def effect_sign(*, language: str, effects: Sequence[CardEffect]) -> Sign:
    """The seen effect with the strongest evidence and a number; ties by the source's order."""
    name = _("Effect")
    if not effects:
        return Sign(name, "", 0, _("not stated"), _("The source names no effect."), is_known=False)
    best = min(effects, key=_weight)
    value = change_in_figures(best, language)
    words = best.indicator if value else ""
    headline, stage = value or best.indicator, stage_of(best)
    return Sign(name, "", 0, headline, words, is_known=True, is_content=True, stage=stage)


def _weight(effect: CardEffect) -> tuple[bool, bool, int, bool]:
    has_number = effect.change is not None or effect.after is not None
    rank = _EVIDENCE_ORDER.index(effect.evidence) if effect.evidence in _EVIDENCE_ORDER else 9
    is_count = effect.before is None and effect.change_kind != "percent"
    return not has_number, bool(stage_of(effect)), rank, is_count


def change_in_figures(effect: CardEffect, language: str) -> str:
    """Write a stated change: "95 → 12 шт.", "−12 %", "15 500 шт."; nothing without a number."""
    if effect.before is not None and effect.after is not None:
        both = " → ".join(figures.grouped(v, language) for v in (effect.before, effect.after))
        return figures.with_unit(both, effect.unit, language)
    if effect.change is not None and effect.change_kind == "percent":
        return figures.with_unit(figures.signed(effect.change, language), "%", language)
    value = effect.change if effect.after is None else effect.after
    if value is None:
        return ""
    return figures.with_unit(figures.grouped(value, language), effect.unit, language)
