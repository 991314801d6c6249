"""Solutions judged: the office writes calls, names juries, closes scores, draws up protocols."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from novator.portal.contest_forms import CallForm, JurorForm
from novator.portal.contests import contest_or_404, groups_of
from novator.portal.limits import limited
from novator.portal.people import reader, sign_in_needed, today
from novator.reviews.contests import (
    CannotRun,
    announce_contest,
    change_contest,
    end_juror,
    name_juror,
    prepare_contest,
)
from novator.reviews.judging import CannotClose, close_scores, draw_up_protocol
from novator.reviews.models import STAGES, Contest, Juror
from novator.reviews.permissions import may_run_contests
from novator.reviews.queries import work_left

CHANGES_AN_HOUR = 120
ACTS: dict[str, Callable[..., Contest]] = {
    "announce": announce_contest,
    "close": close_scores,
    "protocol": draw_up_protocol,
}


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_needed
@limited("contest_call", per_hour=CHANGES_AN_HOUR)
def contest_new(request: HttpRequest) -> HttpResponse:
    """Write a new call; only the office sees it until it is announced."""
    _only_office(request)
    form = CallForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = prepare_contest(call=form.call(), by=reader(request), on=today())
        except CannotRun as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The call is stored. Name the jury, then announce it."))
            return redirect("contest_office", made.slug)
    context = {"form": form, "contest": None, "crumbs": [*_crumbs(), (_("A new contest"), "")]}
    return render(request, "portal/contests/call_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_needed
@limited("contest_call", per_hour=CHANGES_AN_HOUR)
def contest_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Change a call; after the opening only its last days can be moved."""
    found = _contest(request, slug)
    form = CallForm(request.POST or None, contest=found)
    if request.method == "POST" and form.is_valid():
        try:
            change_contest(contest=found, call=form.call(), by=reader(request), on=today())
        except CannotRun as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The call is changed."))
            return redirect("contest_office", slug)
    context = {
        "form": form,
        "contest": found,
        "only_days": found.stage(today()) not in {"prepared", "announced"},
        "crumbs": [*_crumbs(), (found.title, reverse("contest_office", args=[slug]))],
    }
    return render(request, "portal/contests/call_form.html", context)


@require_safe
@sign_in_needed
def contest_office(request: HttpRequest, slug: str) -> HttpResponse:
    """One contest as the office runs it: jury with work left, entries, what can be done now."""
    return _page(request, _contest(request, slug), JurorForm())


@require_POST
@sign_in_needed
@limited("contest_jury", per_hour=CHANGES_AN_HOUR)
def juror_name(request: HttpRequest, slug: str) -> HttpResponse:
    """Give a person a seat in the jury."""
    found = _contest(request, slug)
    form = JurorForm(request.POST)
    if form.is_valid():
        try:
            name_juror(
                contest=found, user=form.cleaned_data["email"], by=reader(request), on=today()
            )
        except CannotRun as refusal:
            form.add_error("email", str(refusal))
        else:
            messages.success(request, _("Named. The person gets a letter."))
            return redirect("contest_office", slug)
    return _page(request, found, form)


@require_POST
@sign_in_needed
@limited("contest_jury", per_hour=CHANGES_AN_HOUR)
def juror_end(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take a seat in the jury away."""
    found = _contest(request, slug)
    juror = get_object_or_404(Juror, pk=pk, contest=found, ended_at=None)
    try:
        end_juror(juror=juror, by=reader(request), on=today())
    except CannotRun as refusal:
        messages.error(request, str(refusal))
    return redirect("contest_office", slug)


@require_POST
@sign_in_needed
@limited("contest_call", per_hour=CHANGES_AN_HOUR)
def contest_act(request: HttpRequest, slug: str, act: str) -> HttpResponse:
    """Announce the contest, close the scores, draw up the protocol."""
    found = _contest(request, slug)
    if act not in ACTS:
        raise Http404(_("There is no such step."))
    done = {
        "announce": _("The contest is announced."),
        "close": _("The scores are closed: nobody can change them now."),
        "protocol": _("The protocol is drawn up and published. The cities get letters."),
    }
    try:
        ACTS[act](contest=found, by=reader(request), on=today())
    except (CannotRun, CannotClose) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done[act])
    return redirect("contest_office", slug)


def _page(request: HttpRequest, found: Contest, form: JurorForm) -> HttpResponse:
    on = today()
    stage = found.stage(on)
    left = work_left(found, on=on)
    context: dict[str, Any] = {
        "contest": found,
        "stage": stage,
        "stage_name": STAGES[stage],
        "jury": list(left.items()),
        "left": sum(left.values()),
        "groups": groups_of(found),
        "form": form,
        "crumbs": [*_crumbs(), (found.title, "")],
    }
    return render(request, "portal/contests/office.html", context)


def _contest(request: HttpRequest, slug: str) -> Contest:
    _only_office(request)
    return contest_or_404(request, slug)


def _only_office(request: HttpRequest) -> None:
    if not may_run_contests(request.user, on=today()):
        raise PermissionDenied(_("Only the association's office runs contests."))


def _crumbs() -> list[tuple[str, str]]:
    return [
        (_("Office of the association"), reverse("office")),
        (_("Contests"), reverse("contests")),
    ]
