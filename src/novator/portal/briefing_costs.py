"""Solutions chosen: the costs of a paper: as stated, per inhabitant, estimated for the own city."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _

from novator.briefings.estimates import Estimate, estimate
from novator.portal import figures
from novator.portal.briefing_paper import Block, Line, Paragraph, Points, Run, Table, joined, line
from novator.portal.briefing_told import Told, not_stated
from novator.portal.shown import ShownCard
from novator.practices.models import COST_BASES, FUNDING_SOURCES

SCALED = frozenset({"total", "per_year"})


def costs(told: Told) -> list[Block]:
    """Stated costs, per inhabitant, and an estimate for the own city with its formula."""
    head = [_("Option"), _("Stated"), _("Per inhabitant"), _("Running cost per year")]
    has_estimate = told.population is not None
    if has_estimate:
        head.append(_("Estimate for our city"))
    rows = []
    for choice in told.choices:
        card = choice.card
        row = [line(choice.name), _stated_cost(told, card), per_inhabitant(told, card)]
        row.append(_yearly(told, card))
        if has_estimate:
            row.append(_estimates(told, card))
        rows.append(tuple(row))
    blocks: list[Block] = [Table(_("Costs"), tuple(head), tuple(rows))]
    blocks.append(Paragraph(line(_estimate_note(told), is_quiet=True)))
    notes = [
        (c, c.card.facts.cost.note if c.card.facts.cost else c.card.facts.cost_note)
        for c in told.choices
    ]
    items = tuple((Run(f"{c.name}: "), Run(note, "ru")) for c, note in notes if note)
    return [*blocks, Points(items)] if items else blocks


def _estimate_note(told: Told) -> str:
    if told.population is None:
        return _(
            "The number of inhabitants of our city is not known, so nothing is reckoned for it."
        )
    return _(
        "An estimate is not a price: the stated cost is divided by the inhabitants of the author"
        " city and multiplied by ours (%(number)s). Prices are not moved between years and regions."
    ) % {"number": figures.grouped(told.population, told.language)}


def _stated_cost(told: Told, card: ShownCard) -> Line:
    cost = card.facts.cost
    if cost is None:
        return not_stated()
    parts = [
        f"{figures.money(cost.amount, cost.currency, told.language)}, {COST_BASES[cost.basis]}"
    ]
    if cost.price_year:
        parts.append(_("prices of %(year)s") % {"year": cost.price_year})
    if card.facts.funding:
        paid = ", ".join(str(FUNDING_SOURCES.get(c, c)) for c in card.facts.funding)
        parts.append(_("paid from: %(who)s") % {"who": paid})
    if card.off_budget:
        parts.append(_("from outside the budget: %(share)s") % {"share": card.off_budget})
    return line("; ".join(parts))


def per_inhabitant(told: Told, card: ShownCard) -> Line:
    """Cost per inhabitant in the stated currency, and in roubles."""
    cost = card.facts.cost
    if cost is None or cost.per_inhabitant is None:
        return not_stated()
    own = figures.money(cost.per_inhabitant, cost.currency, told.language)
    if cost.currency != "RUB" and cost.roubles_per_inhabitant is not None:
        own += f" ≈ {figures.money(cost.roubles_per_inhabitant, 'RUB', told.language)}"
    return line(own)


def _yearly(told: Told, card: ShownCard) -> Line:
    amount = card.facts.yearly_cost
    if amount is None:
        return not_stated()
    return line(figures.money(amount, card.facts.yearly_cost_currency, told.language))


def _estimates(told: Told, card: ShownCard) -> Line:
    """Estimates of the one-off and of the yearly cost, each with its formula."""
    cost, facts = card.facts.cost, card.facts
    found = []
    if cost is not None and cost.basis in SCALED:
        name = str(COST_BASES[cost.basis])
        found.append(_estimate(told, card, cost.amount, cost.currency, name))
    found.append(
        _estimate(told, card, facts.yearly_cost, facts.yearly_cost_currency, _("running, per year"))
    )
    lines = [one for one in found if one]
    return joined(lines) if lines else not_stated()


def _estimate(
    told: Told, card: ShownCard, amount: Decimal | None, currency: str, name: str
) -> Line:
    made = estimate(
        amount, currency, from_population=card.population, to_population=told.population
    )
    return line(_formula(made, told.language) + f" ({name})") if made else ()


def _formula(made: Estimate, language: str) -> str:
    amount = figures.money(made.amount, made.currency, language)
    stated = figures.money(made.stated, made.currency, language)
    theirs = figures.grouped(made.from_population, language)
    ours = figures.grouped(made.to_population, language)
    return f"≈ {amount} = {stated} : {theirs} × {ours}"
