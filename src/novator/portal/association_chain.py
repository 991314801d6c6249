"""The association: how a city came to be a member, from who brought it to who represents it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.urls import NoReverseMatch
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from novator.association.mandates import people_holding, what_stops
from novator.association.models import STANDINGS, Member, MemberStep
from novator.association.standing import steps_in_order
from novator.core.languages import in_language
from novator.core.partial_dates import write_partial
from novator.council.decision_words import (
    decided_on,
    event_in_words,
    initiator_of,
    number_of,
    step_in_words,
    term_in_words,
)
from novator.council.models import Decision, Mandate, Speech
from novator.council.session_words import day_in_words


@dataclass(frozen=True)
class Line:
    """One line below a link of the chain: words, whose they are, where they lead."""

    name: str
    address: str = ""
    said: str = ""
    quote: str = ""
    is_content: bool = False


@dataclass(frozen=True)
class Link:
    """One link of the chain: what happened, when, and what belongs to it."""

    name: str
    when: str = ""
    lines: Sequence[Line] = field(default_factory=tuple)


def chain_of(member: Member, mandates: Sequence[Mandate], *, on: date) -> list[Link]:
    """Everything from the initiative to today's standing; what is not recorded is not shown."""
    decision = _decision_of(member)
    return [
        *(_of_decision(decision) if decision else _of_paper(member)),
        *(_of_mandate(mandate, on) for mandate in mandates),
        *(_of_step(step) for step in steps_in_order(member)),
    ]


def address_of(row: Any) -> str:
    """Where something is shown; empty where it has no page."""
    try:
        return str(row.get_absolute_url())
    except (AttributeError, NoReverseMatch):
        return ""


def _decision_of(member: Member) -> Decision | None:
    if member.decision_id is None:
        return None
    rows = Decision.objects.select_related(
        "initiated_by", "event__motion", "item__session", "council", "source"
    ).prefetch_related("steps__person", "steps__by_decision", "item__speeches__person")
    return rows.get(pk=member.decision_id)


def _of_decision(decision: Decision) -> Iterator[Link]:
    if initiator := initiator_of(decision):
        person = decision.initiated_by
        yield Link(_("Brought by"), lines=[Line(initiator, address_of(person) if person else "")])
    yield from _of_speeches(decision)
    if decision.event is not None:
        words = event_in_words(decision.event)
        yield Link(_("Voted on"), lines=[Line(words, address_of(decision.event))])
    steps = [step_in_words(step) for step in decision.steps.all()]
    said = "; ".join(", ".join(filter(None, [what, when])) for what, when, _note in steps)
    lines = [
        Line(str(decision), address_of(decision), number_of(decision), is_content=True),
        Line(str(decision.council), address_of(decision.council), said, is_content=True),
    ]
    if decision.source is not None:
        source = decision.source
        day = write_partial(source.published_from, source.published_to)
        said = ", ".join(filter(None, [source.publisher, day_in_words(day) if day else ""]))
        lines.append(Line(_("Source: %(title)s") % {"title": source.title}, source.url, said))
    yield Link(_("Decided"), decided_on(decision), lines)


def _of_speeches(decision: Decision) -> Iterator[Link]:
    item = decision.item
    if item is None:
        return
    is_secret = item.is_behind_doors
    spoken = [one for one in item.speeches.all() if one.is_in_session]
    outside = [one for one in item.speeches.all() if not one.is_in_session]
    when = day_in_words(write_partial(item.session.held_from, item.session.held_to))
    if spoken and not is_secret:
        yield Link(_("Discussed in the session"), when, [_speech(one) for one in spoken])
    elif is_secret:
        yield Link(_("Discussed in a closed session"), when)
    if outside:
        yield Link(_("Supported in public"), "", [_speech(one) for one in outside])


def _speech(one: Speech) -> Line:
    capacity = in_language(one.capacity, one.capacity_en)
    stance = str(one.get_stance_display())
    return Line(
        str(one.person or one.speaker),
        address_of(one.person) if one.person else "",
        ", ".join(filter(None, [capacity, stance])),
        in_language(one.text, one.text_en),
    )


def _of_paper(member: Member) -> Iterator[Link]:
    asked = member.application
    if asked is None or not asked.document_number:
        said = _("The council's decision is not in our sources.")
        yield Link(_("Decided"), lines=[Line(said)])
        return
    day = date_format(asked.document_on, "DATE_FORMAT") if asked.document_on else ""
    number = _("No. %(number)s of %(day)s") % {"number": asked.document_number, "day": day}
    yield Link(_("Decided"), day, [Line(asked.document_body, "", number, is_content=True)])


def _of_mandate(mandate: Mandate, on: date) -> Link:
    to = mandate.holder or mandate.holder_post
    held = [str(person) for person in people_holding(mandate, on=on) if person != to]
    stopped = what_stops(mandate, on=on)
    lines = [Line(str(to), address_of(to), ", ".join(held), is_content=True)]
    lines.append(Line(str(mandate), said=in_language(mandate.towards, mandate.towards_en)))
    if stopped:
        lines.append(Line(stopped))
    return Link(_("Mandate given"), term_in_words(mandate), lines)


def _of_step(step: MemberStep) -> Link:
    names = {
        "admitted": _("Member of the association"),
        "suspended": _("Membership suspended"),
        "left": _("Left the association"),
        "excluded": _("Excluded from the association"),
    }
    when = date_format(step.on, "DATE_FORMAT") if step.on else _("date not stated")
    lines = [Line(step.reason, is_content=True)] if step.reason else []
    return Link(names.get(step.standing, str(STANDINGS[step.standing])), when, lines)
