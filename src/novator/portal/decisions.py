"""Who decides: decisions of a council for everybody: the list, one decision, its file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from novator.association.models import Member
from novator.core.languages import reader_language
from novator.council.decision_documents import decision_paper
from novator.council.disclosure import is_closed, tells_text
from novator.council.listing import decisions_of, part_by_day, years_of
from novator.council.mandates import holders, is_in_force
from novator.council.models import EFFECTS, Decision, DecisionEffect, Mandate, Person, Speech
from novator.council.models.decisions import STATES, TRANSITIONS
from novator.portal.council_reading import (
    asked_in,
    city_of,
    council_called,
    council_crumbs,
    decision_crumbs,
    may_keep,
    one_of,
    reads_closed,
)
from novator.portal.keyset import stretch_of
from novator.portal.people import today
from novator.portal.protocol_pages import file_of
from novator.portal.shown import ShownCard, shown_cards
from novator.portal.votes import support_of

EACH = 20
SIDES = ("for", "against")


@dataclass(frozen=True)
class ShownEffect:
    """An effect with the way to what it is about, where that is one of ours."""

    effect: DecisionEffect
    card: ShownCard | None
    member: Member | None


@dataclass(frozen=True)
class ShownMandate:
    """A mandate with whoever may act by it today."""

    mandate: Mandate
    holders: Sequence[Person]
    is_in_force: bool


@require_safe
def council_decisions(request: HttpRequest, slug: str) -> HttpResponse:
    """Decisions of a council, the latest first; by year, state and effect."""
    council = council_called(slug)
    states = {code: name for code, name in STATES.items() if code != "draft"}
    asked = asked_in(request.GET, states=states)
    after = request.GET.get("after", "")
    keeps = may_keep(request, council)
    drafts = Decision.objects.filter(council=council, state="draft").defer("text")
    context = {
        "council": council,
        "city": city_of(council),
        "asked": asked,
        "part": part_by_day(decisions_of(council, asked), "adopted_to", after=after, each=EACH),
        "is_first": not after,
        "years": years_of(Decision.objects.shown().filter(council=council), "adopted_to"),
        "states": states,
        "effects": EFFECTS,
        "may_keep": keeps,
        "drafts": stretch_of(
            drafts if keeps else drafts.none(),
            request.GET.get("drafts", ""),
            key="pk",
            order=("-pk",),
            each=EACH,
        ),
        "crumbs": council_crumbs(council, (_("Decisions"), "")),
    }
    return render(request, "portal/decisions/list.html", context)


@require_safe
def decision_page(request: HttpRequest, pk: int) -> HttpResponse:
    """A decision: who brought and supported it, how it was voted, its life and what it effects."""
    decision = decision_called(request, pk)
    keeps = may_keep(request, decision.council)
    is_whole = not is_closed(decision) or reads_closed(request, decision.council)
    is_told = is_whole or tells_text(decision)
    if not is_told:
        _withhold_text(decision)
    speeches = _speeches(decision) if is_whole else []
    context: dict[str, Any] = {
        "decision": decision,
        "city": city_of(decision.council),
        "is_closed": is_closed(decision),
        "is_whole": is_whole,
        "supporters": [one for one in speeches if one.stance == "for"],
        "opponents": [one for one in speeches if one.stance == "against"],
        "others": [one for one in speeches if one.stance not in SIDES],
        "steps": list(decision.steps.select_related("person", "by_decision").order_by("id")),
        "effects": _effects(decision),
        "changes": _changes_made(decision),
        "mandates": shown_mandates(decision.mandates.all()),
        "withdrawn": list(decision.withdrew.select_related("holder", "holder_post", "decision")),
        "files": list(decision.files.select_related("file")) if is_told else [],
        "may_keep": keeps,
        "next_states": TRANSITIONS[decision.state] if keeps else (),
        "crumbs": decision_crumbs(decision),
    }
    if decision.event is not None:
        context |= support_of(decision.event, hidden=not is_whole)
    return render(request, "portal/decisions/decision.html", context)


@require_safe
def document(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """A decision as a file."""
    decision = decision_called(request, pk)
    whole = not is_closed(decision) or reads_closed(request, decision.council)
    if not whole and not tells_text(decision):
        _withhold_text(decision)
    language = reader_language()
    paper = decision_paper(decision, language=language, on=today(), whole=whole)
    return file_of(request, paper, kind, name=f"decision-{pk}", made_at=decision.changed_at)


def _withhold_text(decision: Decision) -> None:
    """Leave the words out that the council has not published yet; never stored."""
    decision.text = decision.summary = decision.summary_en = ""


def decision_called(request: HttpRequest, pk: int) -> Decision:
    """
    One decision with its council, vote and session.

    :raises Http404: there is none, or it is a draft and the reader does not keep that council
    """
    rows = Decision.objects.select_related(
        "council__municipality__region",
        "event__motion__item__session",
        "item__session",
        "initiated_by",
        "source",
    )
    unknown = _("There is no such decision.")
    found = one_of(rows.filter(pk=pk), unknown)
    if found.state == "draft" and not may_keep(request, found.council):
        raise Http404(unknown)
    for item in (found.item, found.event.motion.item if found.event else None):
        if item is not None and item.session.council_id == found.council_id:
            item.session.council = found.council
    return found


def shown_mandates(rows: Any) -> list[ShownMandate]:
    """Mandates with their holders of today; four queries."""
    on = today()
    found = list(
        rows.select_related(
            "decision", "holder", "holder_post__organization", "withdrawn_by", "source"
        ).prefetch_related("decision__steps")
    )
    today_held = holders(found, day=on)
    return [
        ShownMandate(mandate, today_held[mandate.pk], is_in_force(mandate, day=on))
        for mandate in found
    ]


def _speeches(decision: Decision) -> list[Speech]:
    if decision.item is None:
        return []
    rows = Speech.objects.filter(item=decision.item).select_related("person", "source")
    return list(rows.order_by("position", "id"))


def _effects(decision: Decision) -> list[ShownEffect]:
    """Effects but those that mandates tell themselves; cards and membership looked up at once."""
    rows = [one for one in decision.effects.all() if not one.kind.endswith("_mandate")]
    slugs = {one.key for one in rows if one.kind == "adopt_practice"}
    cards = {card.slug: card for card in shown_cards(slugs)} if slugs else {}
    joins = {"join_association", "leave_association"}
    member = None
    if any(one.kind in joins for one in rows):
        city = city_of(decision.council)
        member = Member.objects.filter(municipality=city).select_related("municipality").first()
    return [
        ShownEffect(one, cards.get(one.key), member if one.kind in joins else None) for one in rows
    ]


def _changes_made(decision: Decision) -> list[tuple[Decision, str]]:
    """Which decisions this one amends or repeals."""
    steps = decision.changes_made.exclude(decision__state="draft")
    return [(one.decision, one.get_state_display()) for one in steps.select_related("decision")]
