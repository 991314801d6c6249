"""Solutions written: what a city writes: its drafts, a new one, one as readers would see it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from novator.cities.models import Municipality
from novator.drafts.content import preview_of, standing_of
from novator.drafts.form import STEPS
from novator.drafts.models import Draft
from novator.drafts.permissions import RELEASERS, WRITERS, may_edit, may_hand_over, may_see
from novator.drafts.queries import of_cities, put_aside, without_holder, writers_of
from novator.drafts.writing import begin_draft
from novator.portal.draft_page import draft_or_404, step_url
from novator.portal.limits import limited
from novator.portal.people import (
    acting_cities,
    acting_city,
    reader,
    sign_in_needed,
    today,
)
from novator.portal.practice import told_on_page
from novator.portal.shown import shown
from novator.portal.similar_cards import similar_to

BEGINS_AN_HOUR = 60
_MOST_LISTED = 200


@require_safe
@sign_in_needed
def my_drafts(request: HttpRequest) -> HttpResponse:
    """What is being written in the reader's cities, by what is to be done with it."""
    on, user = today(), reader(request)
    cities = acting_cities(request, WRITERS, on=on)
    releasing = {city.pk for city in acting_cities(request, RELEASERS, on=on)}
    found = list(of_cities(cities)[:_MOST_LISTED])
    left = list(without_holder(cities, on=on)) if releasing else []
    context = {
        "cities": cities,
        "groups": _groups(found, user.pk, releasing, {draft.pk for draft in left}),
        "left": len(left),
        "aside": list(put_aside(cities)[:20]),
        "all_steps": len(STEPS) - 1,
    }
    return render(request, "portal/writing/drafts.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_needed
@limited("new_draft", per_hour=BEGINS_AN_HOUR)
def new_draft(request: HttpRequest) -> HttpResponse:
    """Choose the municipality and how to begin."""
    on = today()
    cities = acting_cities(request, WRITERS, on=on)
    city = acting_city(request, WRITERS, on=on)
    if not cities:
        return render(request, "portal/writing/no_city.html")
    if request.method != "POST":
        return render(request, "portal/writing/new.html", new_context(cities, city))
    if city is None:
        raise PermissionDenied(_("You cannot write for this municipality."))
    draft = begin_draft(municipality=city, by=reader(request))
    return redirect(step_url(draft, STEPS[0]))


def new_context(cities: list[Municipality], city: Municipality | None) -> dict[str, Any]:
    """Names for the page on which a draft is begun."""
    own = city or cities[0]
    imported = own.practices.published().filter(is_by_its_city=False)
    return {
        "cities": cities,
        "city": own,
        "imported": imported.count(),
        "steps": STEPS[:-1],
    }


@require_safe
@sign_in_needed
def draft(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Lead to what is to be done next: the first step that lacks something, or the last one."""
    on = today()
    found = draft_or_404(request, public_id, on=on)
    if not may_edit(request.user, found, on=on) or found.state == "returned":
        return redirect(step_url(found, STEPS[-1]))
    unseen = [step for step in STEPS[:-1] if step.code not in found.steps_done]
    return redirect(step_url(found, unseen[0] if unseen else STEPS[-1]))


@require_safe
@sign_in_needed
def preview(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The card exactly as readers would see it; what cannot be taken as typed is left out."""
    on = today()
    found = draft_or_404(request, public_id, on=on)
    card = preview_of(found, on=on)
    context = told_on_page(shown(card)) | {
        "draft": found,
        "standing": standing_of(found, on=on),
        "attachments": list(found.attachments.select_related("file")),
        "is_preview": True,
        "crumbs": [
            (_("Drafts"), reverse("my_drafts")),
            (str(found), step_url(found, STEPS[-1])),
        ],
    }
    return render(request, "portal/writing/preview.html", context)


@require_safe
@sign_in_needed
def similar(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Cards like the one being written, as a part of a page."""
    found = draft_or_404(request, public_id, on=today())
    context = {"draft": found, "similar": similar_to(found)}
    return render(request, "portal/writing/similar.html", context)


@require_safe
@sign_in_needed
def drafts_left(request: HttpRequest) -> HttpResponse:
    """Drafts whose holder may no longer write for the city, each with colleagues to choose."""
    on, user = today(), reader(request)
    cities = acting_cities(request, RELEASERS, on=on)
    is_office = may_hand_over(user, Municipality(), on=on)
    if not cities and not is_office:
        raise PermissionDenied(_("Only the head of the municipality, or whom the head named, may."))
    found = list(without_holder(None if is_office else cities, on=on)[:_MOST_LISTED])
    writers = writers_of({draft.municipality_id for draft in found}, on=on)
    listed = [
        (draft, writers[draft.municipality_id], may_see(user, draft, on=on)) for draft in found
    ]
    return render(request, "portal/writing/left.html", {"drafts": listed})


def _groups(
    found: list[Draft], user: int, releasing: set[int], left: set[int]
) -> list[tuple[str, str, list[Draft]]]:
    """Drafts by what is to be done, each once: (code, heading, drafts); empty ones are left out."""
    names = {
        "release": _("Waiting for your release"),
        "returned": _("Returned with remarks"),
        "mine": _("Mine"),
        "colleagues": _("My colleagues’"),
        "moderator": _("With the moderator"),
    }
    by_group: dict[str, list[Draft]] = {code: [] for code in names}
    for one in found:
        if one.state == "awaiting_release" and one.municipality_id in releasing:
            code = "release"
        elif one.state == "submitted":
            code = "moderator"
        elif one.state == "returned":
            code = "returned"
        else:
            code = "mine" if one.holder_id == user else "colleagues"
        by_group[code].append(one)
    return [(code, names[code], drafts) for code, drafts in by_group.items() if drafts]
