"""Who decides: the secretary drafts a decision, mends it, records the steps of its life."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from novator.council.deciding import (
    WITHOUT_NUMBER,
    Acted,
    draft_decision,
    revise_decision,
    take_step,
)
from novator.council.models import AgendaItem, Decision, Organization, Source, VoteEvent
from novator.council.models.decisions import TRANSITIONS
from novator.council.refusals import CannotRecord
from novator.council.seen import ChangedMeanwhile
from novator.portal.council_reading import (
    city_of,
    council_called,
    council_crumbs,
    decision_crumbs,
    may_keep,
)
from novator.portal.decision_forms import DecisionForm, StepForm
from novator.portal.decisions import decision_called
from novator.portal.limits import limited
from novator.portal.people import reader, sign_in_needed, today
from novator.portal.seen_form import tell_stored

ENTRIES_AN_HOUR = 600
_LATER = ("title_en", "summary", "summary_en", "legal_basis", "revision")


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_needed
@limited("decision_entry", per_hour=ENTRIES_AN_HOUR)
def new_decision(request: HttpRequest, slug: str) -> HttpResponse:
    """Draft a decision: on an item of an agenda (`item`), or of an outside paper."""
    council = council_called(slug)
    must_keep(request, council)
    item = _item(request, council)
    events = _events(item)
    form = DecisionForm(
        request.POST or None, council=council, events=events, initial=_as_item(item, events)
    )
    if request.method == "POST" and form.is_valid():
        try:
            decision = _drafted(form, council, item)
        except CannotRecord as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The draft is kept."))
            return redirect(decision)
    context = {
        "form": form,
        "council": council,
        "city": city_of(council),
        "item": item,
        "crumbs": council_crumbs(council, (_("New decision"), "")),
    }
    return render(request, "portal/decisions/new.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_needed
@limited("decision_entry", per_hour=ENTRIES_AN_HOUR)
def change_decision(request: HttpRequest, pk: int) -> HttpResponse:
    """Mend a draft; of an adopted decision its number, later only what explains it."""
    decision = kept_decision(request, pk)
    only = _changeable(decision)
    form = DecisionForm(
        request.POST or None, council=decision.council, initial=_stored(decision), only=only
    )
    if request.method == "POST" and form.is_valid():
        try:
            _revise(form, decision)
        except ChangedMeanwhile as refusal:
            tell_stored(form, refusal, _stored(decision_called(request, pk)), mark="revision")
        except CannotRecord as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Kept."))
            return redirect(decision)
    context = {
        "form": form,
        "decision": decision,
        "crumbs": decision_crumbs(decision, (_("Change"), "")),
    }
    return render(request, "portal/decisions/change.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_needed
@limited("decision_entry", per_hour=ENTRIES_AN_HOUR)
def next_step(request: HttpRequest, pk: int) -> HttpResponse:
    """Record the next step of a decision's life."""
    decision = kept_decision(request, pk)
    if not TRANSITIONS[decision.state]:
        raise Http404(_("No step can follow."))
    form = StepForm(request.POST or None, decision=decision, initial=_first_step(decision))
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        acted = Acted(told["on"], told["note"], told["person"], told.get("by_decision"))
        try:
            with transaction.atomic():
                take_step(
                    decision=_numbered(decision, told.get("number", "")),
                    state=told["state"],
                    acted=acted,
                    today=today(),
                    by=reader(request),
                )
        except CannotRecord as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The step is recorded."))
            return redirect(decision)
    context = {
        "form": form,
        "decision": decision,
        "crumbs": decision_crumbs(decision, (_("Next step"), "")),
    }
    return render(request, "portal/decisions/step.html", context)


def must_keep(request: HttpRequest, council: Organization) -> None:
    """
    Let nobody further who does not keep this council.

    :raises PermissionDenied: the reader has no such role there
    """
    if not may_keep(request, council):
        raise PermissionDenied(
            _("These pages are for the secretary of the council and the head of the city.")
        )


def kept_decision(request: HttpRequest, pk: int) -> Decision:
    """
    A decision of a council that the reader keeps.

    :raises PermissionDenied: it is another council's
    """
    decision = decision_called(request, pk)
    must_keep(request, decision.council)
    return decision


def _item(request: HttpRequest, council: Organization) -> AgendaItem | None:
    asked = request.GET.get("item", "")
    if not (asked.isascii() and asked.isdigit() and len(asked) < 18):
        return None
    rows = AgendaItem.objects.select_related("session", "initiated_by")
    return get_object_or_404(rows, pk=int(asked), session__council=council)


def _events(item: AgendaItem | None) -> list[VoteEvent]:
    if item is None:
        return []
    rows = VoteEvent.objects.filter(motion__item=item).select_related("motion__item__session")
    return list(rows.order_by("motion__position", "position", "id"))


def _as_item(item: AgendaItem | None, events: list[VoteEvent]) -> dict[str, Any]:
    """What the item says already; the last vote to adopt decides."""
    if item is None:
        return {}
    deciding = [event for event in events if event.motion.kind == "adopt"] or events
    return {
        "title": item.title,
        "title_en": item.title_en,
        "initiated_by": item.initiated_by,
        "initiated_as": item.initiated_as,
        "initiated_as_en": item.initiated_as_en,
        "adopted": (item.session.held_from, item.session.held_to),
        "event": deciding[-1].pk if deciding else None,
    }


def _drafted(form: DecisionForm, council: Organization, item: AgendaItem | None) -> Decision:
    told = form.cleaned_data
    event = told.get("event")
    return draft_decision(
        council=council,
        title=told["title"],
        item=item,
        event=_joined(event) if event else None,
        source=_source(told),
        adopted=told["adopted"],
        initiated_by=told["initiated_by"],
        values=form.values(),
    )


def _joined(event: VoteEvent) -> VoteEvent:
    return VoteEvent.objects.select_related("motion__item__session").get(pk=event.pk)


def _source(told: dict[str, Any]) -> Source | None:
    """The source named in a form, the known row where there is one."""
    title, url = told.get("source_title", ""), told.get("source_url", "")
    if not title and not url:
        return None
    return Source.objects.get_or_create(title=title or url, url=url)[0]


def _changeable(decision: Decision) -> tuple[str, ...]:
    if decision.state == "draft":
        return ()
    numbered = ("number", "is_number_unstated") if decision.state in WITHOUT_NUMBER else ()
    return (*numbered, *_LATER)


def _stored(decision: Decision) -> dict[str, Any]:
    names = [name for name in DecisionForm.base_fields if hasattr(decision, name)]
    source = decision.source
    return {name: getattr(decision, name) for name in names} | {
        "adopted": (decision.adopted_from, decision.adopted_to),
        "source_title": source.title if source else "",
        "source_url": source.url if source else "",
    }


def _revise(form: DecisionForm, decision: Decision) -> None:
    told = form.cleaned_data
    values = form.values()
    if decision.state == "draft":
        first, last = told["adopted"]
        values |= {
            "title": told["title"],
            "adopted_from": first,
            "adopted_to": last,
            "initiated_by": told["initiated_by"],
            "source": _source(told),
        }
    revise_decision(decision=decision, values=values, revision=told["revision"] or 0)


def _numbered(decision: Decision, number: str) -> Decision:
    """The decision with the number that was typed with its step, if one was."""
    if not number:
        return decision
    values = {"number": number}
    return revise_decision(decision=decision, values=values, revision=decision.revision)


def _first_step(decision: Decision) -> dict[str, Any]:
    """A draft is adopted on the day that it names."""
    if decision.state != "draft":
        return {}
    carried = decision.event is None or decision.event.is_carried
    day = (decision.adopted_from, decision.adopted_to)
    return {"state": "adopted" if carried else "lost", "on": day}
