"""The association: the office prepares, opens, extends and cancels votes of members."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from novator.association.mandates import active_members
from novator.association.models import Poll
from novator.association.permissions import is_association_office
from novator.association.poll_words import rules_in_words
from novator.association.polls import (
    CannotPoll,
    cancel_poll,
    change_poll,
    extend_poll,
    open_poll,
    prepare_poll,
)
from novator.council.seen import ChangedMeanwhile
from novator.portal.limits import limited
from novator.portal.people import reader, sign_in_needed, today
from novator.portal.poll_forms import CancelForm, ExtendForm, PlanForm, stored_plan
from novator.portal.polls import poll_crumbs, poll_or_404
from novator.portal.seen_form import tell_stored

CHANGES_AN_HOUR = 120


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_needed
@limited("poll_plan", per_hour=CHANGES_AN_HOUR)
def poll_new(request: HttpRequest) -> HttpResponse:
    """Write a poll; only the office sees it until it is opened."""
    _only_office(request)
    initial: dict[str, Any] = {}
    if asked := request.GET.get("position", ""):
        initial = {"initial": {**PlanForm().initial, "position": asked}}
    form = PlanForm(request.POST or None, **initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = prepare_poll(plan=form.plan(), by=reader(request), now=timezone.now())
        except CannotPoll as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The poll is stored. Look it through, then open it."))
            return redirect(made)
    return _plan_page(request, form, None)


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_needed
@limited("poll_plan", per_hour=CHANGES_AN_HOUR)
def poll_edit(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Change a poll that is not open yet."""
    found = _poll(request, public_id)
    form = PlanForm(request.POST or None, poll=found)
    if request.method == "POST" and form.is_valid():
        try:
            change_poll(
                poll=found,
                plan=form.plan(),
                by=reader(request),
                now=timezone.now(),
                seen=form.cleaned_data["seen"],
            )
        except ChangedMeanwhile as refusal:
            tell_stored(form, refusal, stored_plan(_poll(request, public_id)))
        except CannotPoll as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The poll is changed."))
            return redirect(found)
    return _plan_page(request, form, found)


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_needed
@limited("poll_act", per_hour=CHANGES_AN_HOUR)
def poll_open(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """See who could vote now, then open the poll."""
    found = _poll(request, public_id)
    fault = ""
    if request.method == "POST":
        try:
            open_poll(poll=found, by=reader(request), now=timezone.now())
        except CannotPoll as refusal:
            fault = str(refusal)
        else:
            messages.success(request, _("The poll is open. Representatives get letters."))
            return redirect(found)
    context = {
        "members": active_members(on=today()),
        "rules": rules_in_words(found),
        "fault": fault,
        **_about(found, _("Open the poll")),
    }
    return render(request, "portal/polls/open.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_needed
@limited("poll_act", per_hour=CHANGES_AN_HOUR)
def poll_extend(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Move the end of an open poll."""
    found = _poll(request, public_id)
    form = ExtendForm(request.POST or None, initial={"closes_at": found.closes_at})
    if request.method == "POST" and form.is_valid():
        try:
            extend_poll(
                poll=found,
                closes_at=form.cleaned_data["closes_at"],
                by=reader(request),
                now=timezone.now(),
            )
        except CannotPoll as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The poll is extended. Representatives get letters."))
            return redirect(found)
    context = {"form": form, **_about(found, _("Extend the poll"))}
    return render(request, "portal/polls/act.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_needed
@limited("poll_act", per_hour=CHANGES_AN_HOUR)
def poll_cancel(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Cancel a poll for ever, with a reason."""
    found = _poll(request, public_id)
    form = CancelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            cancel_poll(
                poll=found,
                reason=form.cleaned_data["reason"],
                by=reader(request),
                now=timezone.now(),
            )
        except CannotPoll as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The poll is cancelled."))
            return redirect(found if found.opens_at else "polls")
    context = {"form": form, **_about(found, _("Cancel the poll"))}
    return render(request, "portal/polls/act.html", context)


def _plan_page(request: HttpRequest, form: PlanForm, found: Poll | None) -> HttpResponse:
    heading = _("Change the poll") if found else _("A new poll")
    context = {
        "form": form,
        "poll": found,
        "heading": heading,
        "crumbs": [*poll_crumbs(), (heading, "")],
    }
    return render(request, "portal/polls/plan.html", context)


def _about(found: Poll, heading: str) -> dict[str, Any]:
    way = [*poll_crumbs(), (str(found), reverse("poll", args=[found.public_id]))]
    return {"poll": found, "heading": heading, "crumbs": [*way, (heading, "")]}


def _poll(request: HttpRequest, public_id: UUID) -> Poll:
    _only_office(request)
    return poll_or_404(request, public_id)


def _only_office(request: HttpRequest) -> None:
    if not is_association_office(request.user, on=today()):
        raise PermissionDenied(_("Only the office of the association runs votes of members."))
