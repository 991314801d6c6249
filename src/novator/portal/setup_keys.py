"""Reports set up: keys of other systems, the city's addresses, and where all channels stand."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from novator.accounts.queries import holds, municipalities_of
from novator.cities.models import Municipality
from novator.cities.queries import suggest_cities
from novator.portal.limits import limited
from novator.portal.people import reader, sign_in_needed, today
from novator.portal.setup import _channel, _city, _told
from novator.reports.keys import KeyRefused, end_key, make_key
from novator.reports.models import ApiKey, Channel, Street
from novator.reports.permissions import OFFICERS
from novator.reports.streets import StreetsRefused, import_streets
from novator.reports.worklist import waiting_of


class KeyForm(forms.Form):
    """For which system a key is made."""

    name = forms.CharField(label=gettext_lazy("Which system gets it"), max_length=120)
    may_update = forms.BooleanField(
        label=gettext_lazy("Its updates change the state of reports"),
        required=False,
        help_text=gettext_lazy("Without it they count as words of citizens."),
    )


class StreetsForm(forms.Form):
    """A table of addresses."""

    file = forms.FileField(
        label=gettext_lazy("Table (CSV or Excel)"),
        help_text=gettext_lazy("Columns street, house, latitude, longitude; one row an address."),
    )
    replaces = forms.BooleanField(
        label=gettext_lazy("Addresses that are not in the file go"), required=False
    )


@require_http_methods(["GET", "POST"])
@sign_in_needed
@limited("setup_keys", per_hour=60)
def setup_keys(request: HttpRequest, slug: str) -> HttpResponse:
    """Keys with which other systems write; a new one is shown once."""
    city = _city(request, slug)
    _channel(city)
    form, shown = KeyForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        try:
            _key, shown = make_key(
                municipality=city,
                name=form.cleaned_data["name"],
                may_update=form.cleaned_data["may_update"],
                made_by=reader(request),
            )
        except KeyRefused as refusal:
            form.add_error("name", str(refusal))
        else:
            form = KeyForm()
    keys = ApiKey.objects.filter(municipality=city).select_related("made_by")
    context = _told(
        request, city, _("Keys of other systems"), form=form, shown=shown, keys=list(keys)
    )
    response = render(request, "portal/work/setup/keys.html", context)
    if shown:
        response.headers["Cache-Control"] = "no-store"
    return response


@require_POST
@sign_in_needed
@limited("setup_key_end", per_hour=60)
def setup_key_end(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """End a key at once."""
    city = _city(request, slug)
    key = get_object_or_404(ApiKey, pk=pk, municipality=city)
    end_key(key=key, now=timezone.now())
    messages.success(request, _("The key “%(name)s” writes no more.") % {"name": key.name})
    return redirect("setup_keys", slug)


@require_http_methods(["GET", "POST"])
@sign_in_needed
@limited("setup_streets", per_hour=30)
def setup_streets(request: HttpRequest, slug: str) -> HttpResponse:
    """Import the city's addresses; with a fault in any row nothing is changed."""
    city = _city(request, slug)
    _channel(city)
    form = StreetsForm(request.POST or None, request.FILES or None)
    done: Any = None
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            done = import_streets(
                municipality=city,
                file=upload.file,
                name=upload.name,
                replaces=form.cleaned_data["replaces"],
            )
        except StreetsRefused as refusal:
            form.add_error("file", str(refusal))
        else:
            if not done.faults:
                messages.success(request, _("Addresses taken: %(rows)s.") % {"rows": done.rows})
                return redirect("setup_streets", slug)
    own: QuerySet[Street] = Street.objects.filter(municipality=city)
    context = _told(request, city, _("Streets and houses"), form=form, done=done, count=own.count())
    return render(request, "portal/work/setup/streets.html", context)


@require_safe
@sign_in_needed
def work_cities(request: HttpRequest) -> HttpResponse:
    """Cities in which the reader works on reports; for the office all channels and a new one."""
    on, user = today(), reader(request)
    is_office = holds(user, {"office"}, municipality=None, on=on)
    own = municipalities_of(user, OFFICERS, on=on)
    if not own and not is_office:
        raise PermissionDenied(_("These pages are for those who work on reports of a city."))
    open_in = set(
        Channel.objects.filter(municipality__in=own).values_list("municipality_id", flat=True)
    )
    words = request.GET.get("city", "").strip()[:200]
    found: list[Municipality] = suggest_cities(words) if is_office and words else []
    context = {
        "own": [
            (city, waiting_of(city, user=user, on=on) if city.pk in open_in else None)
            for city in own
        ],
        "is_office": is_office,
        "channels": list(Channel.objects.select_related("municipality").order_by("pk"))
        if is_office
        else [],
        "words": words,
        "found": found,
        "crumbs": [(_("Reports of cities"), "")],
    }
    return render(request, "portal/work/cities.html", context)
