"""The office: leaks of personal data, with the hours that the law leaves for each notice."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from novator.accounts.incidents import (
    IncidentRefused,
    give_notice,
    give_result,
    record_incident,
)
from novator.accounts.models import Incident
from novator.accounts.permissions import is_office
from novator.portal.form_fields import moment_input
from novator.portal.limits import limited
from novator.portal.people import reader, sign_in_needed, today

EACH = 100


class IncidentForm(forms.Form):
    """What is known of a leak."""

    detected_at = forms.DateTimeField(
        label=gettext_lazy("Found on, at"),
        widget=moment_input(),
        help_text=gettext_lazy("The 24 and 72 hours count from this moment."),
    )
    what = forms.CharField(
        label=gettext_lazy("What happened"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("Which data, how, what was stopped at once. No names."),
    )
    people = forms.IntegerField(
        label=gettext_lazy("People concerned, if known"), required=False, min_value=0
    )


class WordsForm(forms.Form):
    """What was told to the authority."""

    words = forms.CharField(
        label=gettext_lazy("To whom, under which number, what was said"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


def _refuse_strangers(request: HttpRequest) -> None:
    if not is_office(request.user, on=today()):
        raise PermissionDenied(_("Leaks of personal data are a matter of the office."))


def _crumbs(*more: tuple[str, str]) -> list[tuple[str, str]]:
    return [(_("Office of the association"), reverse("office")), *more]


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_needed
@limited("incident", per_hour=60)
def incidents(request: HttpRequest) -> HttpResponse:
    """All records, newest first, and the form for a new one."""
    _refuse_strangers(request)
    now = timezone.now()
    initial = {"detected_at": timezone.localtime(now)}
    form = IncidentForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            made = record_incident(
                what=told["what"],
                detected_at=told["detected_at"],
                people=told["people"],
                municipality=None,
                by=reader(request),
                now=now,
            )
        except IncidentRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Recorded. The hours are counting."))
            return redirect("incident", made.pk)
    context: dict[str, Any] = {
        "form": form,
        "rows": Incident.objects.select_related("municipality")[:EACH],
        "now": now,
        "crumbs": _crumbs((_("Leaks of personal data"), "")),
    }
    return render(request, "portal/office/incidents.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_needed
@limited("incident", per_hour=60)
def incident(request: HttpRequest, pk: int) -> HttpResponse:
    """One record with both hours; the next notice is recorded here."""
    _refuse_strangers(request)
    row = get_object_or_404(Incident.objects.select_related("recorded_by", "municipality"), pk=pk)
    form = WordsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        step = give_notice if row.noticed_at is None else give_result
        try:
            step(incident=row, words=form.cleaned_data["words"], now=timezone.now())
        except IncidentRefused as refusal:
            form.add_error("words", str(refusal))
        else:
            messages.success(request, _("Recorded."))
            return redirect("incident", row.pk)
    context = {
        "row": row,
        "form": form,
        "now": timezone.now(),
        "crumbs": _crumbs((_("Leaks of personal data"), reverse("incidents")), (str(row.pk), "")),
    }
    return render(request, "portal/office/incident.html", context)
