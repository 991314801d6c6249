"""Who decides: a decision, its steps and mandates in the words of a reader."""

from __future__ import annotations

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from novator.core.languages import in_language
from novator.core.partial_dates import write_partial
from novator.council.models import (
    METHODS,
    RESULTS,
    Decision,
    DecisionStep,
    Mandate,
    VoteEvent,
)
from novator.council.session_words import counts_in_words, day_in_words

OLD_LAW_FROM = date(2003, 10, 8)
OLD_LAW_UNTIL = date(2025, 6, 19)


def number_of(decision: Decision) -> str:
    """Its number, or that it is not stated or not given yet."""
    if decision.number:
        return f"№ {decision.number}"
    if decision.is_number_unstated:
        return _("number not stated by the source")
    return _("no number yet")


def decided_on(decision: Decision) -> str:
    """The day on which it was adopted."""
    return day_in_words(write_partial(decision.adopted_from, decision.adopted_to))


def body_of_law(decision: Decision) -> str:
    """The act it rests on: as stated, else the law on local self-government of its day (K7, L1)."""
    if decision.legal_basis:
        return decision.legal_basis
    if decision.adopted_to is None:
        return ""
    if OLD_LAW_FROM <= decision.adopted_to < OLD_LAW_UNTIL:
        return _("Federal Law 131-FZ of 6 October 2003, in force on that day")
    if decision.adopted_to >= OLD_LAW_UNTIL:
        return _("Federal Law 33-FZ of 20 March 2025")
    return ""


def initiator_of(decision: Decision) -> str:
    """Who brought it, with the capacity."""
    name = str(decision.initiated_by) if decision.initiated_by else ""
    capacity = in_language(decision.initiated_as, decision.initiated_as_en)
    return ", ".join(filter(None, [name, capacity]))


def event_in_words(event: VoteEvent) -> str:
    """What came of a vote, with its counts and how it was taken."""
    names = ("yes", "no", "abstain", "not_voting", "recused")
    counts = counts_in_words({name: getattr(event, name) for name in names})
    words = f"{RESULTS[event.result]}: {counts} ({METHODS[event.method]})"
    return words[:1].upper() + words[1:]


def step_in_words(step: DecisionStep) -> tuple[str, str, str]:
    """A step of a decision's life: what, when, and what is known of it."""
    what = str(step.get_state_display())
    when = day_in_words(write_partial(step.on_from, step.on_to))
    by = str(step.person) if step.person else ""
    other = f"{number_of(step.by_decision)}: {step.by_decision}" if step.by_decision else ""
    return what[:1].upper() + what[1:], when, ", ".join(filter(None, [by, other, step.note]))


def powers_in_words(mandate: Mandate) -> str:
    """What a mandate lets its holder do: vote, sign, name a substitute."""
    powers = [
        (mandate.may_vote, _("to vote")),
        (mandate.may_sign, _("to sign")),
        (mandate.may_substitute, _("to name a substitute")),
    ]
    return ", ".join(words for may, words in powers if may) or _("represent without vote")


def term_in_words(mandate: Mandate) -> str:
    """From when until when a mandate counts."""
    day = {"first": _shown(mandate.starts_on), "last": _shown(mandate.ends_on)}
    if mandate.starts_on and mandate.ends_on:
        return _("from %(first)s until %(last)s") % day
    if mandate.starts_on:
        return _("from %(first)s, without an end") % day
    if mandate.ends_on:
        return _("until %(last)s") % day
    return _("without an end")


def _shown(day: date | None) -> str:
    return date_format(day, "DATE_FORMAT") if day else ""
