"""Solutions chosen: each part of a paper for a meeting, in words, from cards and choices."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from novator.briefings.differences import differences
from novator.cities.models import KINDS, Municipality
from novator.portal import figures
from novator.portal.briefing_costs import costs, per_inhabitant
from novator.portal.briefing_paper import (
    Block,
    Heading,
    Line,
    Paragraph,
    Points,
    Run,
    Table,
    heading,
    line,
    paragraphs,
)
from novator.portal.briefing_told import Choice, Told, not_stated
from novator.portal.practice import effect_line
from novator.portal.shown import Said, ShownCard
from novator.reviews.scales import review_scale


def problem(told: Told) -> list[Block]:
    """The city's own problem, as the official writes it."""
    return paragraphs(told.paper.problem) or [Paragraph(not_stated())]


def options(told: Told) -> list[Block]:
    """Short facts side by side, then what was done in each city."""
    rows: list[tuple[str, Callable[[ShownCard], Line]]] = [
        (_("Practice"), lambda c: line(c.title, c.title_language)),
        (_("Region"), lambda c: line(c.region_name) if c.region_name else not_stated()),
        (_("Inhabitants"), lambda c: _number(told, c.population)),
        (_("Years"), lambda c: line(c.years) if c.years else not_stated()),
        (_("Cost per inhabitant"), lambda c: per_inhabitant(told, c)),
        (_("Effect"), _effect),
        (_("Evidence"), lambda c: line(c.signs[1].headline)),
    ]
    overview = Table(
        _("Options side by side"),
        (_("Fact"), *(choice.name for choice in told.choices)),
        tuple(
            (line(name, is_bold=True), *(cell(choice.card) for choice in told.choices))
            for name, cell in rows
        ),
    )
    blocks: list[Block] = [overview]
    for choice in told.choices:
        blocks += [_option_heading(choice), *_what_was_done(choice.card)]
    return blocks


def _what_was_done(card: ShownCard) -> list[Block]:
    blocks: list[Block] = []
    if card.problem:
        said = (Run(_("Their problem:") + " ", is_bold=True), Run(card.problem, card.text_language))
        blocks.append(Paragraph(said))
    blocks += paragraphs(card.solution, card.text_language) or [Paragraph(not_stated())]
    if card.core_idea:
        name = Run(_("What must not be changed:") + " ", is_bold=True)
        blocks.append(Paragraph((name, Run(_one_line(card.core_idea), card.core_idea.language))))
    if card.facts.steps:
        items = tuple(
            line(". ".join([s.what.rstrip("."), *filter(None, [s.duration, s.role])]), "ru")
            for s in card.facts.steps
        )
        blocks.append(Points(items, is_ordered=True))
    return blocks


def effects(told: Told) -> list[Block]:
    """Effects as the sources state them, and how they are known."""
    head = (_("Option"), _("Indicator"), _("Before"), _("After"), _("Change"), _("How it is known"))
    rows = []
    for choice in told.choices:
        lines = [effect_line(one, told.language) for one in choice.card.facts.effects]
        for one in lines:
            period = (Run(f" ({one.period})", "ru"),) if one.period else ()
            stage = f" ({one.stage})" if one.stage else ""
            cells = [_or_not(value, "ru") for value in (one.before, one.after, one.change)]
            rows.append(
                (
                    line(choice.name),
                    (Run(one.indicator, "ru"), *period),
                    *cells,
                    line(one.evidence + stage),
                )
            )
        if not lines:
            rows.append((line(choice.name), not_stated(), *[line("")] * 3, line("")))
    blocks: list[Block] = [Table(_("Effects"), head, tuple(rows))]
    for choice in told.choices:
        if choice.card.how_measured:
            said = choice.card.how_measured
            name = Run(_("%(option)s, how it was measured:") % {"option": choice.name} + " ")
            blocks.append(Paragraph((name, Run(_one_line(said), said.language))))
    return blocks


def evidence(told: Told) -> list[Block]:
    """How sure each card is, in words."""
    return [Points(tuple(_how_sure(choice) for choice in told.choices))]


def _how_sure(choice: Choice) -> Line:
    card, facts = choice.card, choice.card.facts
    sign = card.signs[1]
    said = [sign.headline, sign.words]
    if facts.is_overdue and facts.confirmed_on:
        said.append(_("last confirmed on %(day)s") % {"day": figures.day(facts.confirmed_on)})
    elif facts.confirmed_on:
        said.append(
            _("facts confirmed by the city on %(day)s") % {"day": figures.day(facts.confirmed_on)}
        )
    there = len(facts.completeness.present)
    said.append(
        _("the card tells %(there)s of %(all)s things")
        % {"there": there, "all": there + len(facts.completeness.missing)}
    )
    if facts.replicated_in:
        said.append(_("repeated in:") + " ")
        return (
            Run(f"{choice.name}: "),
            Run("; ".join(filter(None, said))),
            Run(", ".join(facts.replicated_in), "ru"),
        )
    return Run(f"{choice.name}: "), Run("; ".join(filter(None, said)))


def experts(told: Told) -> list[Block]:
    """Scores of experts where there are any."""
    if not any(choice.opinion for choice in told.choices):
        return [Paragraph(line(_("No expert has scored these cards yet."), is_quiet=True))]
    scale = review_scale()
    head = (_("Option"), *(criterion.name for criterion in scale.criteria), _("Together"))
    rows = []
    for choice in told.choices:
        if choice.opinion is None:
            empty = [line("")] * len(scale.criteria)
            rows.append((line(choice.name), *empty, line(_("not scored"), is_quiet=True)))
            continue
        means = {one.code: one.mean for one in choice.opinion.by_criterion}
        cells = [
            line(figures.grouped(means[c.code], told.language, decimals=1))
            if c.code in means
            else line("")
            for c in scale.criteria
        ]
        total = figures.grouped(choice.opinion.total, told.language, decimals=1)
        number = choice.opinion.number
        words = ngettext("%(count)s expert", "%(count)s experts", number) % {"count": number}
        rows.append((line(choice.name), *cells, line(f"{total} ({words})")))
    note = _("Each criterion from %(least)s to %(most)s; together by weights.") % {
        "least": scale.least,
        "most": scale.most,
    }
    return [Table(_("Scores of experts"), head, tuple(rows)), Paragraph(line(note, is_quiet=True))]


def failed(told: Told) -> list[Block]:
    """Side effects, opposition and what failed."""
    return _each(told, lambda c: _said(c.what_failed))


def conditions(told: Told) -> list[Block]:
    """Without what it does not work, lessons, and help that the author city offers."""
    return _each(told, _conditions_of)


def _conditions_of(card: ShownCard) -> list[Block]:
    blocks = _said(card.conditions)
    if card.lessons:
        blocks.append(
            Paragraph(
                (
                    Run(_("Lessons:") + " ", is_bold=True),
                    Run(_one_line(card.lessons), card.lessons.language),
                )
            )
        )
    if card.participants:
        blocks.append(
            Paragraph(
                (
                    Run(_("Who took part:") + " ", is_bold=True),
                    Run(_one_line(card.participants), card.participants.language),
                )
            )
        )
    if card.help_offered:
        blocks.append(
            Paragraph((Run(_("The city offers:") + " ", is_bold=True), Run(card.help_offered)))
        )
    return blocks


def changes(told: Told) -> list[Block]:
    """Differences of the cities as the data tell them, what to check, and the official's words."""
    blocks: list[Block] = []
    if told.city is None:
        blocks.append(
            Paragraph(line(_("Our city is not named, so it is not compared."), is_quiet=True))
        )
    for choice in told.choices:
        blocks.append(_option_heading(choice))
        if told.city is not None and told.city.slug == choice.card.facts.city.slug:
            blocks.append(Paragraph(line(_("This is our own city."), is_quiet=True)))
        elif told.city is not None:
            blocks.append(_cities_table(told, choice, told.city))
        blocks += _to_check(choice.card)
        if choice.changes.strip():
            blocks.append(heading(_("What our city would have to change"), level=4))
            blocks += paragraphs(choice.changes)
    if told.paper.proposal.strip():
        blocks += [heading(_("Proposal to the meeting")), *paragraphs(told.paper.proposal)]
    return blocks


def _cities_table(told: Told, choice: Choice, city: Municipality) -> Table:
    card = choice.card
    found = differences(card.facts, city, population=told.paper.population)
    words = {r.aspect: r.text(told.language) for r in found.likeness.reasons}
    region = city.region.name if city.region else city.region_text
    rows = (
        (
            line(_("Inhabitants")),
            _number(told, found.author_population),
            _number(told, found.own_population),
            line(words["population"]),
        ),
        (line(_("Region")), _or_not(card.region_name), _or_not(region), line(words["region"])),
        (
            line(_("Kind of municipality")),
            line(str(KINDS[card.facts.city.kind])),
            line(str(KINDS[city.kind])),
            line(words["kind"]),
        ),
        (line(_("Distance")), line("—"), line("—"), line(words["distance"])),
    )
    head = (_("Fact"), card.city_name, city.name, _("Difference"))
    return Table(_("Our city beside %(city)s") % {"city": choice.name}, head, rows)


def _to_check(card: ShownCard) -> list[Block]:
    """What the card names and the own city has to look at; nothing that the card does not say."""
    items: list[Line] = []
    if card.conditions:
        items.append(
            (
                Run(_("Conditions to check in our city:") + " "),
                Run(_one_line(card.conditions), card.conditions.language),
            )
        )
    if card.facts.legal_basis:
        items.append(
            (Run(_("Legal acts of the author city:") + " "), Run(card.facts.legal_basis, "ru"))
        )
    if card.copying:
        items.append((Run(_("The author city judges:") + " "), Run(card.copying)))
    return [Points(tuple(items))] if items else []


def sources(told: Told) -> list[Block]:
    """Where the facts are from, with addresses and dates."""
    blocks: list[Block] = []
    for choice in told.choices:
        items: list[Line] = [
            (Run(_("Card:") + " "), Run(choice.address, link=choice.address)),
        ]
        for source in choice.card.facts.sources:
            title = Run(source.title or source.url, "ru" if source.title else "", source.url)
            day = figures.partial_day(source.published)
            address = () if not source.title else (Run(f", {source.url}"),)
            items.append((title, *address, *((Run(f", {day}"),) if day else ())))
        if not choice.card.facts.sources:
            items.append(line(_("The city states this itself and names no further source.")))
        blocks += [_option_heading(choice), Points(tuple(items))]
    return blocks


PARTS: Mapping[str, Callable[[Told], list[Block]]] = {
    "problem": problem,
    "options": options,
    "costs": costs,
    "effects": effects,
    "evidence": evidence,
    "experts": experts,
    "failed": failed,
    "conditions": conditions,
    "changes": changes,
    "sources": sources,
}


def _each(told: Told, part: Callable[[ShownCard], list[Block]]) -> list[Block]:
    """A part for each option; those that tell nothing are named together at the end."""
    blocks: list[Block] = []
    silent: list[str] = []
    for choice in told.choices:
        if said := part(choice.card):
            blocks += [_option_heading(choice), *said]
        else:
            silent.append(choice.name)
    if silent:
        words = _("Not stated: %(options)s.") % {"options": "; ".join(silent)}
        blocks.append(Paragraph(line(words, is_quiet=True)))
    return blocks


def _option_heading(choice: Choice) -> Heading:
    card = choice.card
    return Heading((Run(f"{choice.name}: "), Run(card.title, card.title_language)))


def _said(said: Said | None) -> list[Block]:
    return paragraphs(said.text, said.language) if said else []


def _one_line(said: Said) -> str:
    return " ".join(said.text.split())


def _or_not(text: str, language: str = "") -> Line:
    return line(text, language) if text else not_stated()


def _number(told: Told, value: int | None) -> Line:
    return line(figures.grouped(value, told.language)) if value else not_stated()


def _effect(card: ShownCard) -> Line:
    sign = card.signs[2]
    if not sign.is_known:
        return not_stated()
    words = (Run(f": {sign.words}", "ru"),) if sign.words else ()
    stage = (Run(f" ({sign.stage})"),) if sign.stage else ()
    return (Run(sign.headline, "ru"), *words, *stage)
