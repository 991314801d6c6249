"""Who decides: a decision as a paper: its text, how it was voted, its life and mandates."""

from __future__ import annotations

from datetime import date

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from novator.core.languages import in_language
from novator.council.decision_words import (
    body_of_law,
    decided_on,
    event_in_words,
    initiator_of,
    number_of,
    powers_in_words,
    step_in_words,
)
from novator.council.mandates import holders
from novator.council.models import Decision, DecisionEffect
from novator.council.paper_blocks import Paper


def decision_paper(decision: Decision, *, language: str, on: date, whole: bool) -> Paper:
    """
    The decision with all that is recorded of it; `whole` false leaves out who brought a closed one.

    Six queries.
    """
    with translation.override(language):
        paper = Paper(str(decision), language)
        head = [
            (_("Council"), str(decision.council)),
            (_("Number"), number_of(decision)),
            (_("Adopted"), decided_on(decision)),
            (_("State"), decision.get_state_display()),
            (_("Rests on"), body_of_law(decision)),
        ]
        if whole:
            head.append((_("Initiated by"), initiator_of(decision)))
        if decision.event is not None:
            head.append((_("Vote"), event_in_words(decision.event)))
        paper.facts(head)
        paper.text(in_language(decision.summary, decision.summary_en))
        if decision.text:
            paper.heading(_("Text"))
            paper.text(decision.text)
        _tell_what_it_does(paper, decision, on)
        steps = decision.steps.select_related("person", "by_decision").order_by("id")
        rows = [step_in_words(step) for step in steps]
        if rows:
            paper.heading(_("Life of the decision"))
            paper.table([_("Step"), _("Day"), _("Note")], rows, (2, 2, 3))
        if decision.source is not None:
            source = decision.source
            words = ", ".join(filter(None, [source.title, source.publisher, source.url]))
            paper.facts([(_("Source"), words)])
        return paper


def _effect_in_words(effect: DecisionEffect) -> str:
    """What it effects, with its words, else with the practice it names."""
    words = in_language(effect.text, effect.text_en)
    words = words or (effect.key if effect.kind == "adopt_practice" else "")
    kind = str(effect.get_kind_display())
    return f"{kind}: {words}" if words else kind


def _tell_what_it_does(paper: Paper, decision: Decision, on: date) -> None:
    effects = [effect for effect in decision.effects.all() if effect.kind != "give_mandate"]
    if effects:
        paper.heading(_("What it effects"))
        paper.listed([_effect_in_words(effect) for effect in effects])
    mandates = list(decision.mandates.select_related("holder", "holder_post"))
    if not mandates:
        return
    paper.heading(_("Mandates"))
    today = holders(mandates, day=on)
    for mandate in mandates:
        names = ", ".join(str(person) for person in today[mandate.pk]) or _("nobody")
        holder = str(mandate.holder or mandate.holder_post)
        facts = [
            (_("To"), holder),
            (_("For what"), str(mandate)),
            (_("Powers"), powers_in_words(mandate)),
        ]
        if mandate.holder_post is not None:
            day = date_format(on, "DATE_FORMAT")
            facts.append((_("Holder on %(day)s") % {"day": day}, names))
        paper.facts(facts)
