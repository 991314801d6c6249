"""Where the loop happens: the office enters or corrects the OKTMO code of a municipality."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from novator.association.permissions import may_keep_codes
from novator.cities.codes import CannotRecordCode, record_oktmo
from novator.cities.models import Municipality
from novator.portal.form_fields import day_field
from novator.portal.limits import limited
from novator.portal.people import reader, sign_in_needed, today

CHANGES_AN_HOUR = 120


class CodeForm(forms.Form):
    """The code as the classifier prints it."""

    oktmo = forms.CharField(
        label=gettext_lazy("OKTMO code"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text=gettext_lazy(
            "Eight digits of the municipality with the leading zero; of the eleven digits of a "
            "settlement the first eight are kept."
        ),
    )
    control = forms.CharField(
        label=gettext_lazy("Control digit"),
        max_length=1,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text=gettext_lazy("It stands beside the code; with it a slip of the pen is found."),
    )
    valid_from = day_field(gettext_lazy("Valid from"), required=False)
    seen = forms.CharField(max_length=8, required=False, widget=forms.HiddenInput)


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_needed
@limited("city_code", per_hour=CHANGES_AN_HOUR)
def city_code(request: HttpRequest, slug: str) -> HttpResponse:
    """Enter or correct the code; what stood there stays in the trail of changes."""
    if not may_keep_codes(reader(request), on=today()):
        raise PermissionDenied(_("Only the association's office enters codes of municipalities."))
    found = get_object_or_404(Municipality.objects.select_related("region"), slug=slug)
    known = {"oktmo": found.oktmo, "valid_from": found.oktmo_valid_from, "seen": found.oktmo}
    form = CodeForm(request.POST or None, initial=known)
    if request.method == "POST" and form.is_valid() and _recorded(form, found):
        messages.success(request, _("The code is recorded."))
        return redirect(found)
    context = {
        "form": form,
        "city": found,
        "crumbs": [
            (_("Cities"), reverse("cities")),
            (found.name, found.get_absolute_url()),
            (_("OKTMO code"), ""),
        ],
    }
    return render(request, "portal/office/city_code.html", context)


def _recorded(form: CodeForm, found: Municipality) -> bool:
    told = form.cleaned_data
    try:
        record_oktmo(
            city=found,
            code=told["oktmo"],
            control=told["control"],
            valid_from=told["valid_from"],
            seen=told["seen"],
            on=today(),
        )
    except CannotRecordCode as refusal:
        form.add_error("oktmo", str(refusal))
        return False
    return True
