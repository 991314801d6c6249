"""Solutions found: up to five cards side by side, field by field."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from novator.core.languages import reader_language
from novator.matching.queries import similar_practices
from novator.portal import figures
from novator.portal.practice import effect_line
from novator.portal.shown import Said, ShownCard, shown_cards
from novator.practices.models import COST_BASES, FUNDING_SOURCES, Practice
from novator.text.index import IndexDamaged, IndexMissing

MOST = 5
SUGGESTED = 4


@dataclass(frozen=True)
class Cell:
    """What one card says of one fact: paragraphs; nothing is "not stated"."""

    parts: tuple[str, ...] = ()
    language: str = ""
    small: str = ""
    small_language: str = ""


@dataclass(frozen=True)
class Row:
    """One fact of every card, in the order of the cards, each beside the name of its city."""

    name: str
    cells: tuple[tuple[str, Cell], ...]


@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """Show up to five cards as the columns of one table; what cannot be shown is said."""
    asked = slugs_in(request.GET.getlist("id"))
    cards = shown_cards(asked[:MOST])
    told, silent = rows_of(cards)
    context = {
        "cards": cards,
        "most": MOST,
        "columns": [(card, _address([c.slug for c in cards if c is not card])) for card in cards],
        "rows": told,
        "silent": silent,
        "has_too_many": len(asked) > MOST,
        "unknown": len(asked[:MOST]) - len(cards),
        "suggested": [
            (other, _address([*(card.slug for card in cards), other.slug]))
            for other in _suggested(cards)
        ],
    }
    return render(request, "portal/compare.html", context)


def slugs_in(texts: Iterable[str]) -> list[str]:
    """Public ids of cards among what an address or a form names, each once."""
    return [slug for slug in dict.fromkeys(texts) if _may_be_slug(slug)]


def rows_of(cards: Sequence[ShownCard]) -> tuple[list[Row], list[str]]:
    """Facts that at least one of the cards tells, and names of those that none does."""
    rows = [
        Row(str(name), tuple((card.city_name, cell(card)) for card in cards))
        for name, cell in _FACTS
    ]
    told = [row for row in rows if any(cell.parts for _city, cell in row.cells)]
    silent = [row.name for row in rows if row not in told]
    return told, silent


def _said(said: Said | None) -> Cell:
    return Cell(_paragraphs(said.text), said.language) if said else Cell()


def _text(text: str, language: str = "") -> Cell:
    return Cell((text,), language) if text else Cell()


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(part for part in (line.strip() for line in text.splitlines()) if part)


def _cost(card: ShownCard) -> Cell:
    cost, language = card.facts.cost, reader_language()
    if cost is None:
        return Cell((card.facts.cost_note,), "ru") if card.facts.cost_note else Cell()
    stated = f"{figures.money(cost.amount, cost.currency, language)}, {COST_BASES[cost.basis]}"
    year = _("prices of %(year)s") % {"year": cost.price_year} if cost.price_year else ""
    return Cell((stated,), small=year)


def _yearly(card: ShownCard) -> Cell:
    amount = card.facts.yearly_cost
    if amount is None:
        return Cell()
    return _text(figures.money(amount, card.facts.yearly_cost_currency, reader_language()))


def _inhabitants(card: ShownCard) -> Cell:
    return _text(figures.grouped(card.population, reader_language()) if card.population else "")


def _reached(card: ShownCard) -> Cell:
    number = card.facts.residents_reached
    return _text("" if number is None else figures.grouped(number, reader_language()))


def _baselines(card: ShownCard) -> Cell:
    return Cell(tuple(f"{line.indicator}: {line.value}" for line in card.baselines), "ru")


def _effects(card: ShownCard) -> Cell:
    lines = [effect_line(effect, reader_language()) for effect in card.facts.effects]
    both = [
        (e.indicator, " → ".join(v for v in (e.before, e.after) if v) or e.change) for e in lines
    ]
    return Cell(tuple(f"{name}: {value}" if value else name for name, value in both), "ru")


def _steps(card: ShownCard) -> Cell:
    steps = enumerate(card.facts.steps, start=1)
    return Cell(
        tuple(
            f"{number}. {step.what}" + (f" ({step.duration})" if step.duration else "")
            for number, step in steps
        ),
        "ru",
    )


def _funding(card: ShownCard) -> Cell:
    return _text(", ".join(str(FUNDING_SOURCES.get(c, c)) for c in card.facts.funding))


def _complete(card: ShownCard) -> Cell:
    there = card.facts.completeness
    told = len(there.present)
    of = told + len(there.missing)
    return _text(
        _("%(there)s of %(all)s things that a full card tells") % {"there": told, "all": of}
    )


def _confirmed(card: ShownCard) -> Cell:
    day = card.facts.confirmed_on
    if day is None:
        return Cell()
    written = figures.day(day)
    if card.facts.is_overdue:
        return _text(_("not confirmed since %(day)s: counts as unchecked") % {"day": written})
    return _text(written)


_FACTS: tuple[tuple[str | Promise, Callable[[ShownCard], Cell]], ...] = (
    (gettext_lazy("The problem"), lambda c: Cell(_paragraphs(c.problem), c.text_language)),
    (gettext_lazy("The situation before"), _baselines),
    (gettext_lazy("What was done"), lambda c: Cell(_paragraphs(c.solution), c.text_language)),
    (gettext_lazy("What must not be changed"), lambda c: _said(c.core_idea)),
    (gettext_lazy("Step by step"), _steps),
    (gettext_lazy("Who took part"), lambda c: _said(c.participants)),
    (gettext_lazy("Inhabitants reached"), _reached),
    (gettext_lazy("What it changed"), _effects),
    (gettext_lazy("How it was measured"), lambda c: _said(c.how_measured)),
    (gettext_lazy("What failed, side effects, opposition"), lambda c: _said(c.what_failed)),
    (gettext_lazy("Stated cost"), _cost),
    (gettext_lazy("Running cost per year"), _yearly),
    (gettext_lazy("Paid from"), _funding),
    (gettext_lazy("Share of money from outside the budget"), lambda c: _text(c.off_budget)),
    (gettext_lazy("Without this it does not work"), lambda c: _said(c.conditions)),
    (gettext_lazy("Lessons"), lambda c: _said(c.lessons)),
    (gettext_lazy("How far it can be copied"), lambda c: _text(c.copying)),
    (gettext_lazy("The city offers"), lambda c: _text(c.help_offered)),
    (gettext_lazy("Inhabitants"), _inhabitants),
    (gettext_lazy("Years"), lambda c: _text(c.years)),
    (gettext_lazy("Legal basis"), lambda c: _text(c.facts.legal_basis, "ru")),
    (gettext_lazy("Repeated in"), lambda c: _text(", ".join(c.facts.replicated_in), "ru")),
    (gettext_lazy("Facts confirmed by the city"), _confirmed),
    (gettext_lazy("How complete the card is"), _complete),
)


def _may_be_slug(text: str) -> bool:
    return 0 < len(text) <= 80 and all(c.isalnum() or c in "-_" for c in text)


def _address(slugs: list[str]) -> str:
    query = urlencode([("id", slug) for slug in slugs])
    return reverse("compare") + (f"?{query}" if query else "")


def _suggested(cards: list[ShownCard]) -> list[ShownCard]:
    """Cards to put beside the ones chosen, while there is room."""
    if not cards or len(cards) >= MOST:
        return []
    try:
        found = similar_practices(Practice(slug=cards[0].slug), SUGGESTED + MOST)
    except (IndexMissing, IndexDamaged):
        return []
    chosen = {card.slug for card in cards}
    return shown_cards([slug for slug in found if slug not in chosen][:SUGGESTED])
