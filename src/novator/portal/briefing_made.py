"""Solutions chosen: a paper put together from what is stored now, in its own language."""

from __future__ import annotations

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from novator.briefings.models import SECTIONS, Briefing
from novator.briefings.queries import opinions_of
from novator.portal import figures
from novator.portal.briefing_form import city_words
from novator.portal.briefing_paper import Paper, Section
from novator.portal.briefing_parts import PARTS
from novator.portal.briefing_told import Choice, Told
from novator.portal.shown import shown_cards


def made(paper: Briefing, *, site: str) -> Paper:
    """
    Put the paper together as cards, scores and words are now; the page and the files show this.

    Cards that were taken out of the catalogue since are left out. Costs nine queries.
    """
    with translation.override(paper.language):
        told = Told(paper, _choices(paper, site), paper.language)
        return Paper(
            title=paper.title,
            language=paper.language,
            facts=_facts(told),
            sections=tuple(
                Section(code, str(SECTIONS[code]), tuple(PARTS[code](told)))
                for code in SECTIONS
                if code in paper.sections
            ),
            closing=_closing(paper, site),
        )


def _choices(paper: Briefing, site: str) -> tuple[Choice, ...]:
    rows = paper.options.select_related("practice__merged_into").order_by("position", "id")
    options = [(option, option.practice.merged_into or option.practice) for option in rows]
    cards = {card.slug: card for card in shown_cards(practice.slug for _o, practice in options)}
    opinions = opinions_of([practice for _o, practice in options])
    there = [(option, practice) for option, practice in options if practice.slug in cards]
    return tuple(
        Choice(
            number=number,
            card=cards[practice.slug],
            changes=option.changes,
            opinion=opinions.get(practice.pk),
            address=site + reverse("practice", args=[practice.slug]),
        )
        for number, (option, practice) in enumerate(there, start=1)
    )


def _facts(told: Told) -> tuple[tuple[str, str], ...]:
    paper = told.paper
    facts = [(_("Date"), figures.day(paper.prepared_on))]
    if paper.city is not None:
        facts.append((_("City"), city_words(paper.city)))
    if told.population:
        facts.append((_("Inhabitants"), figures.grouped(told.population, paper.language)))
    if paper.prepared_by:
        facts.append((_("Prepared by"), paper.prepared_by))
    return tuple(facts)


def _closing(paper: Briefing, site: str) -> str:
    return _(
        "Facts of other cities are as their sources state them, from the catalogue Novator"
        " (%(site)s), CC BY 4.0. Grades and estimates are explained there."
    ) % {"site": site.partition("://")[2]}
