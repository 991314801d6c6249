"""Who decides: all councils in a list, and the page of one as it was on a day."""

from __future__ import annotations

from datetime import date

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from novator.cities.models import Municipality
from novator.cities.queries import find_city
from novator.council.composition import (
    convocation_on,
    established_in,
    seats_of,
)
from novator.council.models import Organization
from novator.portal.council_composition import (
    bodies_of,
    council_rows,
    drawing_of,
    officers_of,
    parts_of,
)
from novator.portal.council_reading import city_of, council_called, may_keep
from novator.portal.keyset import stretch_of
from novator.portal.people import today

EACH = 30
ORDER = ("municipality__short_name_ru", "municipality__slug")


@require_safe
def councils(request: HttpRequest) -> HttpResponse:
    """All sitting councils by the name of their city, or those that are looked for."""
    asked = request.GET.get("q", "").replace("\0", "").strip()[:100]
    rows = Organization.objects.filter(kind="council", dissolved_to__isnull=True)
    if asked:
        rows = rows.filter(_called(asked))
    stretch = stretch_of(
        rows.select_related("municipality__region"),
        request.GET.get("after", ""),
        key="municipality__slug",
        order=ORDER,
        each=EACH,
    )
    context = {
        "asked": asked,
        "stretch": stretch,
        "rows": council_rows(stretch.rows, today()),
        "crumbs": [(_("Councils"), "")],
    }
    return render(request, "portal/council/councils.html", context)


def _called(asked: str) -> Q:
    """Councils of cities that these words can mean, or that are called so themselves."""
    cities = Municipality.objects.filter(
        Q(short_name_ru__istartswith=asked) | Q(short_name_en__istartswith=asked)
    )
    return (
        Q(municipality__in=[city.pk for city in find_city(asked)])
        | Q(municipality__in=cities)
        | Q(name__icontains=asked)
        | Q(name_en__icontains=asked)
    )


@require_safe
def council(request: HttpRequest, slug: str) -> HttpResponse:
    """A council as it was on a day: seats, factions, committees, officers, convocations."""
    row = council_called(slug)
    city = city_of(row)
    if city.slug != slug:
        return redirect("council", city.slug)
    now = today()
    day = _day_in(request, now)
    convocation = convocation_on(row, day)
    seats = seats_of(convocation, day) if convocation else []
    factions, committees = parts_of(row, convocation, day)
    context = {
        "council": row,
        "city": city,
        "day": day,
        "is_today": day == now,
        "convocation": convocation,
        "established": established_in(row, convocation),
        "seats": seats,
        "drawing": drawing_of(seats),
        "factions_recorded": any(seat.faction for seat in seats),
        "officers": officers_of(row, convocation, day),
        "factions": factions,
        "committees": committees,
        "convocations": list(row.parts.filter(kind="convocation").order_by("-founded_to", "-id")),
        "other_bodies": bodies_of(row),
        "rules": list(row.rules.all()),
        "may_keep": may_keep(request, row),
        "crumbs": [
            (_("Councils"), reverse("councils")),
            (city.name, city.get_absolute_url()),
            (row.shown_name, ""),
        ],
    }
    return render(request, "portal/council/council.html", context)


def _day_in(request: HttpRequest, now: date) -> date:
    """The day that is asked for; what is no day is today."""
    try:
        return date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return now
