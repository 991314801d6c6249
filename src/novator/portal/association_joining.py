"""The association: a city asks to join, the office checks, returns, refuses, admits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from novator.association.admission import (
    CannotApply,
    admit,
    answer_checks,
    begin_application,
    mark_of_checks,
    refuse_application,
    return_application,
    submit_application,
    withdraw_application,
    write_application,
)
from novator.association.checks import Checked, checks_of, decisions_to_join, unmet
from novator.association.models import Application, Member
from novator.association.permissions import (
    cities_to_apply_for,
    is_association_office,
    may_admit,
    may_apply,
    may_see_application,
)
from novator.council.seen import ChangedMeanwhile
from novator.portal.association_crumbs import association_crumbs
from novator.portal.association_forms import ApplicationForm, ChecksForm, RemarksForm
from novator.portal.limits import limited
from novator.portal.people import reader, sign_in_needed, today
from novator.portal.seen_form import tell_stored
from novator.portal.unprintable import typed

WRITINGS_AN_HOUR = 60
_ROWS = Application.objects.select_related(
    "municipality__region", "decision__council", "decision__initiated_by", "document", "made_by"
)


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_needed
@limited("association_join", per_hour=WRITINGS_AN_HOUR)
def join(request: HttpRequest) -> HttpResponse:
    """How a city joins; its own people begin the application here."""
    cities = cities_to_apply_for(request.user, on=today())
    if request.method == "POST":
        chosen = next((one for one in cities if one.slug == request.POST.get("city")), None)
        if chosen is None:
            raise PermissionDenied(
                _("Head, approver or secretary of a city ask for it to be admitted.")
            )
        try:
            return redirect(begin_application(municipality=chosen, by=reader(request)))
        except CannotApply as refusal:
            messages.error(request, str(refusal))
            return redirect("join_association")
    members = set(
        Member.objects.filter(
            municipality__in=cities, standing__in=("admitted", "suspended")
        ).values_list("municipality", flat=True)
    )
    own = _ROWS.filter(municipality__in=cities)
    context = {
        "cities": [(city, city.pk in members) for city in cities],
        "applications": own,
        "crumbs": association_crumbs((_("How a city joins"), "")),
    }
    return render(request, "portal/association/join.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_needed
@limited("association_application", per_hour=WRITINGS_AN_HOUR)
def application(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """An application: its city writes it, the office sees what is checked."""
    found = _application(request, public_id)
    is_writing = found.state in {"draft", "returned"} and may_apply(
        request.user, found.municipality, on=today()
    )
    form = None
    if is_writing:
        form = ApplicationForm(
            request.POST or None,
            request.FILES or None,
            application=found,
            decisions=decisions_to_join(found.municipality_id),
        )
    if request.method == "POST" and form is None:
        raise PermissionDenied(_("The application is not with the city now."))
    if request.method == "POST" and form is not None and form.is_valid():
        done = _written(form, found, request)
        if done is not None:
            return done
    return _page(request, found, form)


@require_POST
@sign_in_needed
@limited("association_application", per_hour=WRITINGS_AN_HOUR)
def application_act(request: HttpRequest, public_id: UUID, act: str) -> HttpResponse:
    """Take it back; as the office: keep answers, return, refuse, admit."""
    found = _application(request, public_id)
    if act not in _ACTS:
        raise Http404(_("There is no such step."))
    if act == "withdraw":
        if not may_apply(request.user, found.municipality, on=today()):
            raise PermissionDenied(_("Only the city takes its application back."))
    elif not may_admit(request.user, on=today()):
        raise PermissionDenied(_("Only the association's office decides on applications."))
    try:
        said = _ACTS[act](request, found)
    except ChangedMeanwhile as refusal:
        return _page(request, _application(request, public_id), None, stale=refusal)
    except CannotApply as refusal:
        messages.error(request, str(refusal))
    else:
        if isinstance(said, HttpResponse):
            return said
        messages.success(request, said)
    return redirect(found)


@require_safe
@sign_in_needed
def office_applications(request: HttpRequest) -> HttpResponse:
    """Applications as the office sees them: those that wait first."""
    if not is_association_office(request.user, on=today()):
        raise PermissionDenied(_("Only the association's office decides on applications."))
    context = {
        "waiting": _ROWS.filter(state="submitted").order_by("submitted_at", "pk"),
        "with_city": _ROWS.filter(state="returned"),
        "decided": _ROWS.filter(state__in=("admitted", "refused", "withdrawn"))[:40],
        "crumbs": [
            (_("Office of the association"), reverse("office")),
            (_("Applications to join"), ""),
        ],
    }
    return render(request, "portal/association/office_applications.html", context)


def _written(
    form: ApplicationForm, found: Application, request: HttpRequest
) -> HttpResponse | None:
    try:
        kept = write_application(
            application=found, values=form.values(), revision=form.cleaned_data["revision"]
        )
    except CannotApply as refusal:
        form.add_error(None, str(refusal))
        return None
    if "submit" not in request.POST:
        messages.success(request, _("Kept. It is not handed in yet."))
        return redirect(found)
    try:
        submit_application(application=kept, by=reader(request), now=timezone.now(), on=today())
    except CannotApply as refusal:  # what was written stays, the file too
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Handed in. The office checks it and writes to you."))
    return redirect(found)


def _page(
    request: HttpRequest,
    found: Application,
    form: ApplicationForm | None,
    stale: ChangedMeanwhile | None = None,
) -> HttpResponse:
    on = today()
    checked = checks_of(found, on=on)
    decides = may_admit(request.user, on=on) and found.state == "submitted"
    context: dict[str, Any] = {
        "application": found,
        "form": form,
        "checked": checked,
        "decides": decides,
        "can_admit": not unmet(checked),
        "checks_form": _checks_form(request, found, checked, stale) if decides else None,
        "remarks_form": RemarksForm() if decides else None,
        "may_withdraw": found.state in {"draft", "submitted", "returned"}
        and may_apply(request.user, found.municipality, on=on),
        "crumbs": association_crumbs(
            (_("Application: %(city)s") % {"city": found.municipality.name}, ""),
        ),
    }
    return render(request, "portal/association/application.html", context)


def _checks_form(
    request: HttpRequest,
    found: Application,
    checked: list[Checked],
    stale: ChangedMeanwhile | None,
) -> ChecksForm:
    """The office's answers; with what was typed where somebody else answered meanwhile."""
    stored: dict[str, Any] = {"seen": mark_of_checks(found)}
    if stale is None:
        return ChecksForm(checked=checked, initial=stored)
    form = ChecksForm(request.POST, checked=checked, initial=stored)
    tell_stored(form, stale, {one: found.checks.get(one, "") for one in form.fields} | stored)
    return form


def _application(request: HttpRequest, public_id: UUID) -> Application:
    found = get_object_or_404(_ROWS, public_id=public_id)
    if not may_see_application(request.user, found, on=today()):
        raise PermissionDenied(_("This application is seen by its city and the office alone."))
    return found


def _withdraw(request: HttpRequest, found: Application) -> str:
    withdraw_application(application=found, now=timezone.now())
    return _("The application is taken back.")


def _keep_checks(request: HttpRequest, found: Application) -> str:
    answers = request.POST.dict()
    answer_checks(application=found, answers=answers, seen=answers.pop("seen", ""))
    return _("The answers are kept.")


def _turn_down(
    step: Callable[..., Application], said: str
) -> Callable[[HttpRequest, Application], str]:
    def done(request: HttpRequest, found: Application) -> str:
        step(
            application=found,
            remarks=typed(request, "remarks", 4000),
            by=reader(request),
            now=timezone.now(),
            on=today(),
        )
        return _(said)

    return done


def _admit(request: HttpRequest, found: Application) -> HttpResponse:
    member = admit(application=found, by=reader(request), now=timezone.now(), on=today())
    messages.success(request, _("Admitted. The city gets a letter."))
    return redirect(member)


_ACTS: dict[str, Callable[[HttpRequest, Application], str | HttpResponse]] = {
    "withdraw": _withdraw,
    "checks": _keep_checks,
    "return": _turn_down(
        return_application, gettext_noop("Returned with remarks. The city gets a letter.")
    ),
    "refuse": _turn_down(refuse_application, gettext_noop("Refused. The city gets a letter.")),
    "admit": _admit,
}
