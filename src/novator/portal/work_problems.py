"""Problems of cities: where a city's people accept, edit, own, dismiss, ground and ask."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from novator.accounts.models import User
from novator.accounts.queries import roles_on
from novator.cities.models import Municipality
from novator.matching.models import Match
from novator.matching.problems import choose_match, unchoose_match
from novator.portal.limits import limited
from novator.portal.paging import page_of
from novator.portal.people import reader, sign_in_needed, today
from novator.portal.problem_forms import AskAllForm, NewProblemForm, NumbersForm, ProblemForm
from novator.portal.problems import problem_or_404, told_of
from novator.portal.work_guard import sections_of
from novator.problems.models import STATES, Problem
from novator.problems.operations import (
    ProblemRefused,
    accept_problem,
    add_reports,
    ask_all_cities,
    dismiss_problem,
    edit_problem,
    remove_report,
    state_problem,
)
from novator.problems.permissions import SETTLERS, may_settle
from novator.reports.models import Report
from novator.talk.permissions import voices_to_ask_all

EACH = 20
DAYS_OPEN = 30
_ACTS_AN_HOUR = 300


def _city_of(request: HttpRequest, slug: str) -> Municipality:
    city = get_object_or_404(Municipality.objects.select_related("region"), slug=slug)
    _refuse_stranger(request, city)
    return city


def _refuse_stranger(request: HttpRequest, city: Municipality) -> None:
    if not may_settle(request.user, city, on=today()):
        raise PermissionDenied(_("These pages are for those who work on problems of this city."))


def _problem_of(request: HttpRequest, pk: int) -> Problem:
    found = problem_or_404(request, pk)
    _refuse_stranger(request, found.municipality)
    return found


@require_safe
@sign_in_needed
def work_problems(request: HttpRequest, slug: str) -> HttpResponse:
    """Problems of a city by state, suggestions first: the strongest on top."""
    city = _city_of(request, slug)
    state = request.GET.get("state", "suggested")
    state = state if state in STATES else "suggested"
    rows = Problem.objects.filter(municipality=city)
    counts = {one: rows.filter(state=one).count() for one in STATES}
    keys = list(rows.filter(state=state).values_list("pk", flat=True))
    page = page_of(keys, request.GET.get("page", ""), each=EACH)
    shown = rows.filter(pk__in=page.rows).select_related("category", "owner", "municipality")
    context = {
        **sections_of(request, city, "problems"),
        "rows": list(shown),
        "state": state,
        "states": [(one, name, counts[one]) for one, name in STATES.items()],
        "page": page.number,
        "pages": page.pages,
        "total": page.total,
        "crumbs": [(city.name, city.get_absolute_url()), (_("Problems at work"), "")],
    }
    return render(request, "portal/problems/work_problems.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_needed
@limited("problem", per_hour=_ACTS_AN_HOUR)
def problem_new(request: HttpRequest, slug: str) -> HttpResponse:
    """Write down a problem that the city sees itself."""
    city = _city_of(request, slug)
    form = NewProblemForm(request.POST or None, city=city)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            made = state_problem(
                municipality=city,
                title=told["title"],
                statement=told["statement"],
                topic=told["topic"],
                category=told["category"],
                reports=told["numbers"],
                by=reader(request),
                now=timezone.now(),
            )
        except ProblemRefused as refusal:
            form.add_error("numbers", str(refusal))
        else:
            messages.success(request, _("The problem is kept. Solutions are being searched for."))
            return redirect("work_problem", made.pk)
    context = {
        "city": city,
        "form": form,
        "crumbs": [*_crumbs(city), (_("A new problem"), "")],
    }
    return render(request, "portal/problems/problem_new.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_needed
@limited("problem", per_hour=_ACTS_AN_HOUR)
def work_problem(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything of a problem in one view, and what may be done with it."""
    found = _problem_of(request, pk)
    people = _people(found.municipality)
    form = ProblemForm(request.POST or None, people=people, initial=_initial(found))
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            edit_problem(
                problem=found,
                revision=told["revision"],
                title=told["title"],
                statement=told["statement"],
                topic=told["topic"],
                owner=told["owner"],
                is_public=told["is_public"],
            )
        except ProblemRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("work_problem", found.pk)
    return _work_page(request, found, form)


def _initial(found: Problem) -> dict[str, Any]:
    return {
        "title": found.title,
        "statement": found.statement,
        "topic": found.topic,
        "owner": str(found.owner.public_id) if found.owner else "",
        "is_public": found.is_public,
        "revision": found.revision,
    }


def _work_page(request: HttpRequest, found: Problem, form: ProblemForm) -> HttpResponse:
    city = found.municipality
    grounds = Report.objects.filter(ground__problem=found, ground__is_removed=False)
    context = {
        **told_of(found),
        **sections_of(request, city, "problems"),
        "form": form,
        "grounds": grounds.select_related("category").order_by("-requested_at", "-id")[:60],
        "numbers_form": NumbersForm(city=city),
        "may_ask": bool(voices_to_ask_all(request.user, on=today())),
        "crumbs": [*_crumbs(city), (found.title, "")],
    }
    return render(request, "portal/problems/work_problem.html", context)


def _people(city: Municipality) -> list[User]:
    roles = roles_on(today()).filter(municipality=city, kind__in=SETTLERS).values("user")
    return list(User.objects.filter(pk__in=roles, is_active=True).order_by("name", "pk"))


def _crumbs(city: Municipality) -> list[tuple[str, str]]:
    return [
        (city.name, city.get_absolute_url()),
        (_("Problems at work"), reverse("work_problems", args=[city.slug])),
    ]


@require_POST
@sign_in_needed
@limited("problem", per_hour=_ACTS_AN_HOUR)
def problem_act(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept or dismiss; choose a solution or let it go; add or take out a report."""
    found = _problem_of(request, pk)
    try:
        said = _act(request, found, request.POST.get("act", ""))
    except ProblemRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said)
    return redirect("work_problem", found.pk)


def _act(request: HttpRequest, found: Problem, act: str) -> str:
    now = timezone.now()
    if act == "accept":
        accept_problem(problem=found, by=reader(request), now=now)
        return _("Accepted: it is a problem of the city now, and you keep an eye on it.")
    if act == "dismiss":
        dismiss_problem(problem=found, because=request.POST.get("because", ""))
        return _("Dismissed. It is suggested again only if it grows twofold.")
    if act in {"choose", "unchoose"}:
        return _choose(request, found, act)
    if act == "add":
        return _add(request, found)
    if act == "remove":
        report = Report.objects.filter(pk=request.POST.get("report") or 0).first()
        if report is None or not remove_report(problem=found, report=report):
            raise ProblemRefused(_("This report does not belong to the problem."))
        return _("Taken out. The machine will not put it back.")
    raise ProblemRefused(_("The form was not complete. Try again."))


def _choose(request: HttpRequest, found: Problem, act: str) -> str:
    match = Match.objects.filter(
        problem=found, practice__slug=request.POST.get("practice", "")
    ).first()
    if match is None:
        raise ProblemRefused(_("This solution is not among those found."))
    if act == "choose":
        choose_match(match=match, by=reader(request), now=timezone.now())
        return _("The city looks at this solution.")
    unchoose_match(match=match)
    return _("The city does not look at this solution any more.")


def _add(request: HttpRequest, found: Problem) -> str:
    form = NumbersForm(request.POST, city=found.municipality)
    if not form.is_valid():
        raise ProblemRefused(" ".join(str(fault) for fault in form.errors["numbers"]))
    reports = form.cleaned_data["numbers"]
    added = add_reports(problem=found, reports=reports, by=reader(request), now=timezone.now())
    return _("Added: %(count)s.") % {"count": added}


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_needed
@limited("request", per_hour=10)
def problem_ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Publish a problem as a question to all member cities."""
    found = _problem_of(request, pk)
    on = today()
    mine = voices_to_ask_all(request.user, on=on)
    voices = [one for one in mine if one.city is not None and one.city.pk == found.municipality_id]
    if not voices:
        raise PermissionDenied(_("Nobody speaks for this city here but its own people."))
    initial = {
        "text": found.statement or found.title,
        "open_until": on + timedelta(days=DAYS_OPEN),
    }
    form = AskAllForm(request.POST or None, voices=voices, initial=initial)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            asked = ask_all_cities(
                problem=found,
                voice=told["voice"],
                text=told["text"],
                open_until=told["open_until"],
                token=told["token"],
                at=timezone.now(),
                on=on,
            )
        except ProblemRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("All cities are asked. The problem is published."))
            return redirect(asked)
    city = found.municipality
    here = reverse("work_problem", args=[found.pk])
    crumbs = [*_crumbs(city), (found.title, here), (_("Ask all cities"), "")]
    context = {"problem": found, "form": form, "crumbs": crumbs}
    return render(request, "portal/problems/problem_ask.html", context)
