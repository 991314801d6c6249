"""Solutions chosen: with whom a collection is shared."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from novator.briefings.models import Collection
from novator.briefings.operations import (
    CannotCollect,
    end_link,
    end_share,
    open_link,
    share_with_address,
    share_with_city,
)
from novator.briefings.permissions import ANY_ROLE
from novator.cities.models import Municipality
from novator.portal.appearance import site_of
from novator.portal.collection_forms import AddressForm, CityAccessForm
from novator.portal.collections import found_to_manage
from novator.portal.limits import limited
from novator.portal.people import acting_cities, reader, sign_in_needed, today


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_needed
@limited("sharing", per_hour=60)
def sharing(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Share with the own municipality, with a colleague's address, or by a secret address."""
    row = found_to_manage(request, public_id)
    cities = acting_cities(request, ANY_ROLE, on=today())
    does = request.POST.get("does", "")
    city_form = _city_form(request if does == "city" else None, row, cities)
    address_form = AddressForm(request.POST if does == "address" else None)
    if request.method == "POST" and _carried(request, row, does, cities, city_form, address_form):
        return redirect("collection_sharing", row.public_id)
    link = row.links.filter(ended_at=None).first()
    context = {
        "collection": row,
        "cities": cities,
        "city_form": city_form,
        "address_form": address_form,
        "shares": row.shares.all(),
        "link": link,
        "link_address": link
        and site_of(request) + reverse("collection_by_link", args=[link.token]),
        "crumbs": [
            (_("Collections"), reverse("collections")),
            (row.title[:60], row.get_absolute_url()),
            (_("Share"), ""),
        ],
    }
    return render(request, "portal/collections/sharing.html", context)


def _carried(
    request: HttpRequest,
    row: Collection,
    does: str,
    cities: list[Municipality],
    city_form: Form,
    address_form: Form,
) -> bool:
    """Do what one of the forms of the page asks; False where it is to be shown again."""
    if does == "city" and city_form.is_valid():
        chosen = next(c for c in cities if c.slug == city_form.cleaned_data["municipality"])
        access = city_form.cleaned_data["access"]
        share_with_city(collection=row, municipality=chosen, access=access, by=reader(request))
        messages.success(request, _("Saved."))
    elif does == "address" and address_form.is_valid():
        try:
            share_with_address(collection=row, **address_form.cleaned_data, by=reader(request))
        except CannotCollect as refusal:
            address_form.add_error("email", str(refusal))
            return False
        messages.success(
            request,
            _("Shared. Whoever signs in with this confirmed address finds it among collections."),
        )
    elif does == "end":
        for share in row.shares.filter(pk=_number(request.POST.get("share", ""))):
            end_share(share=share)
        messages.success(request, _("It is no longer shared with this address."))
    elif does == "open":
        open_link(collection=row, by=reader(request))
    elif does == "close":
        end_link(collection=row)
        messages.success(request, _("The secret address is ended: nobody reads by it any more."))
    else:
        return False
    return True


def _city_form(
    request: HttpRequest | None, row: Collection, cities: list[Municipality]
) -> CityAccessForm:
    first = {
        "municipality": row.municipality.slug if row.municipality else None,
        "access": row.municipality_access,
    }
    return CityAccessForm(request.POST if request else None, cities=cities, initial=first)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0
