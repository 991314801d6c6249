"""The association: standing of members as the office changes it, who acts for a member."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from novator.association.changing_standing import (
    LEAVING,
    STEPS,
    CannotChange,
    change_standing,
)
from novator.association.mandates import (
    acting_for,
    mandates_of,
    people_holding,
    what_stops,
    what_stops_naming,
)
from novator.association.models import Member, Representative
from novator.association.permissions import (
    may_admit,
    may_name_representatives,
    may_see_representatives,
)
from novator.association.representing import (
    CannotName,
    end_representative,
    name_representative,
    name_substitute,
)
from novator.association.standing import steps_in_order
from novator.council.decision_words import powers_in_words, term_in_words
from novator.council.models import Decision, Mandate
from novator.portal.association import member_called, naming_rows
from novator.portal.association_crumbs import association_crumbs
from novator.portal.association_forms import (
    NamingForm,
    ReasonForm,
    StandingForm,
    SubstituteForm,
)
from novator.portal.limits import limited
from novator.portal.people import reader, sign_in_needed, today

CHANGES_AN_HOUR = 60


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_needed
@limited("association_standing", per_hour=CHANGES_AN_HOUR)
def standing(request: HttpRequest, slug: str) -> HttpResponse:
    """Suspend, resume, record that a member left or was excluded."""
    if not may_admit(request.user, on=today()):
        raise PermissionDenied(_("Only the association's office changes a membership."))
    found = member_called(slug)
    leaving = _decisions_to_leave(found)
    form = StandingForm(
        request.POST or None,
        standings=[
            code
            for code in ("suspended", "admitted", "left", "excluded")
            if code in STEPS[found.standing]
        ],
        decisions=leaving,
        initial={"step_on": today()},
    )
    if request.method == "POST" and form.is_valid() and _changed(form, found, leaving, request):
        messages.success(request, _("The step is recorded. The city gets a letter."))
        return redirect(found)
    context = {
        "form": form if STEPS[found.standing] else None,
        "member": found,
        "steps": steps_in_order(found),
        "crumbs": [*_crumbs(found), (_("Standing"), "")],
    }
    return render(request, "portal/association/standing.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_needed
@limited("association_representatives", per_hour=CHANGES_AN_HOUR)
def representatives(request: HttpRequest, slug: str) -> HttpResponse:
    """Who acts for a member: name, name a substitute, end."""
    found = member_called(slug)
    on = today()
    own = [one for one in acting_for(request.user, on=on) if one.member == found]
    if not may_see_representatives(request.user, found, on=on) and not own:
        raise PermissionDenied(_("Only the city's own people and the office see this page."))
    mandates = mandates_of(found)
    names = may_name_representatives(request.user, found, on=on)
    forms_of_page = _forms(request, found, mandates, names=names)
    if request.method == "POST":
        act = request.POST.get("act", "")
        if act not in forms_of_page and act != "end":
            raise PermissionDenied(_("You may not do this for this city."))
        done = _ACTS[act](request, found, forms_of_page.get(act), names)
        if done is not None:
            messages.success(request, done)
            return redirect("representatives", slug)
    context: dict[str, Any] = {
        "member": found,
        "mandates": [
            (
                one,
                people_holding(one, on=on),
                powers_in_words(one),
                term_in_words(one),
                what_stops(one, on=on),
            )
            for one in mandates
        ],
        "rows": naming_rows(found, mandates, on=on, with_accounts=True),
        "endable": _endable(request, found, mandates, names=names),
        "forms": forms_of_page,
        "form": next((one for one in forms_of_page.values() if one.is_bound), None),
        "crumbs": [*_crumbs(found), (_("Who acts for the city"), "")],
    }
    return render(request, "portal/association/representatives.html", context)


def _forms(
    request: HttpRequest, found: Member, mandates: list[Mandate], *, names: bool
) -> dict[str, forms.Form]:
    """Forms that this person may send, by the act."""
    on = today()
    sent = request.POST.get("act") if request.method == "POST" else None
    in_force = [one for one in mandates if not what_stops(one, on=on)]
    found_forms: dict[str, forms.Form] = {}
    if names and (given := [one for one in in_force if people_holding(one, on=on)]):
        choices = [(str(one.pk), f"{people_holding(one, on=on)[0]}: {one}") for one in given]
        posted = request.POST if sent == "name" else None
        found_forms["name"] = NamingForm(posted, mandates=choices, auto_id="id_name_%s")
    principals = _principals(request, in_force, names=names)
    if principals:
        posted = request.POST if sent == "substitute" else None
        rows = [(str(row.pk), f"{row.person or row.user}: {row.mandate}") for row in principals]
        found_forms["substitute"] = SubstituteForm(
            posted, principals=rows, auto_id="id_substitute_%s"
        )
    return found_forms


def _principals(
    request: HttpRequest, in_force: list[Mandate], *, names: bool
) -> list[Representative]:
    """Representatives in whose place this person may name somebody."""
    on = today()
    return [
        row
        for one in in_force
        if one.may_substitute
        for row in one.representatives.all()
        if row.substitute_of_id is None
        and not what_stops_naming(row, one, on=on)
        and (names or row.user_id == reader(request).pk)
    ]


def _endable(
    request: HttpRequest, found: Member, mandates: list[Mandate], *, names: bool
) -> list[Representative]:
    """Namings that this person may end."""
    on = today()
    return [
        row
        for one in mandates
        for row in one.representatives.all()
        if (row.ends_on is None or row.counts_on(on)) and _may_end(request, row, names=names)
    ]


def _may_end(request: HttpRequest, row: Representative, *, names: bool) -> bool:
    principal = row.substitute_of
    own = row.user_id == reader(request).pk
    return names or own or (principal is not None and principal.user_id == reader(request).pk)


def _name(request: HttpRequest, found: Member, form: forms.Form | None, _names: bool) -> str | None:
    assert form is not None
    if not form.is_valid():
        return None
    mandate = get_object_or_404(Mandate, pk=form.cleaned_data["mandate"])
    try:
        name_representative(
            member=found,
            mandate=mandate,
            user=form.cleaned_data["email"],
            by=reader(request),
            on=today(),
        )
    except CannotName as refusal:
        form.add_error("email", str(refusal))
        return None
    return _("Named. The person gets a letter.")


def _substitute(
    request: HttpRequest, found: Member, form: forms.Form | None, _names: bool
) -> str | None:
    assert form is not None
    if not form.is_valid():
        return None
    rows = Representative.objects.select_related("member__municipality", "mandate", "person")
    principal = get_object_or_404(rows, pk=form.cleaned_data["principal"], member=found)
    try:
        name_substitute(
            principal=principal,
            user=form.cleaned_data["email"],
            by=reader(request),
            on=today(),
            ends_on=form.cleaned_data["ends_on"],
        )
    except CannotName as refusal:
        form.add_error("email", str(refusal))
        return None
    return _("Named. The person gets a letter.")


def _end(request: HttpRequest, found: Member, form: forms.Form | None, names: bool) -> str | None:
    number = request.POST.get("row", "")
    if not (number.isascii() and number.isdigit() and len(number) < 18):
        raise Http404
    rows = Representative.objects.select_related("substitute_of")
    row = get_object_or_404(rows, pk=number, member=found)
    if not _may_end(request, row, names=names):
        raise PermissionDenied(_("You may not do this for this city."))
    asked = ReasonForm(request.POST)
    because = asked.cleaned_data["because"] if asked.is_valid() else ""
    try:
        end_representative(row=row, because=because, on=today())
    except CannotName as refusal:
        messages.error(request, str(refusal))
        return None
    return _("The naming is ended: the person acts no more.")


_ACTS: dict[str, Callable[[HttpRequest, Member, forms.Form | None, bool], str | None]] = {
    "name": _name,
    "substitute": _substitute,
    "end": _end,
}


def _changed(
    form: StandingForm, found: Member, leaving: list[Decision], request: HttpRequest
) -> bool:
    chosen = form.cleaned_data.get("decision") or ""
    try:
        change_standing(
            member=found,
            standing=form.cleaned_data["standing"],
            step_on=form.cleaned_data["step_on"],
            reason=form.cleaned_data["reason"],
            by=reader(request),
            on=today(),
            decision=next((one for one in leaving if str(one.pk) == chosen), None),
        )
    except CannotChange as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


def _decisions_to_leave(found: Member) -> list[Decision]:
    rows = Decision.objects.carried().filter(
        council__municipality=found.municipality, effects__kind=LEAVING
    )
    return list(rows.select_related("council").distinct())


def _crumbs(found: Member) -> list[tuple[str, str]]:
    return association_crumbs(
        (_("Members"), reverse("members")),
        (found.municipality.name, found.get_absolute_url()),
    )
