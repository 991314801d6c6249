"""Who decides: a council as files for programs, and its people taken from a workbook."""

from __future__ import annotations

import io

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from novator.cities.models import Municipality
from novator.council.composition import council_of
from novator.council.popolo.faults import Import
from novator.council.popolo.tabulated import CONTENT_TYPES, TABLES, export_council
from novator.council.roster_blank import blank_roster
from novator.council.roster_sheets import take_roster
from novator.council.workbooks import NotABook
from novator.portal.limits import limited
from novator.portal.people import sign_in_needed
from novator.portal.session_guard import city_of_desk

FILES_AN_HOUR = 120
MOST_SHOWN = 200


@require_safe
@limited("council_data", per_hour=FILES_AN_HOUR)
def council_popolo(request: HttpRequest, slug: str) -> HttpResponse:
    """The whole public record of a council by the Popolo standard."""
    return _given(slug, "popolo", "votes", f"council-{slug}.json")


@require_safe
@limited("council_data", per_hour=FILES_AN_HOUR)
def council_data(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """The same as JSON lines or a workbook, or one of its tables as CSV ("votes.csv")."""
    name, _dot, file_format = kind.rpartition(".")
    if file_format == "csv" and name in TABLES:
        return _given(slug, "csv", name, f"council-{slug}-{name}.csv")
    if file_format in {"jsonl", "xlsx"} and name == "data":
        return _given(slug, file_format, "votes", f"council-{slug}.{file_format}")
    raise Http404


@require_safe
@sign_in_needed
def roster_blank(request: HttpRequest, slug: str) -> HttpResponse:
    """The workbook for people and bodies, to be filled in."""
    city = city_of_desk(request, slug)
    response = HttpResponse(blank_roster(city), content_type=CONTENT_TYPES["xlsx"])
    response.headers["Content-Disposition"] = 'attachment; filename="people.xlsx"'
    return response


@require_http_methods(["GET", "POST"])
@sign_in_needed
@limited("council_roster", per_hour=FILES_AN_HOUR)
def council_roster(request: HttpRequest, slug: str) -> HttpResponse:
    """Take a filled workbook of people: everything in it, or nothing and every fault."""
    city = city_of_desk(request, slug)
    if request.method != "POST":
        return _page(request, city)
    upload = request.FILES.get("book")
    if upload is None:
        return _page(request, city, fault=_("Choose a file first."))
    try:
        report = take_roster(file=io.BytesIO(upload.read()), municipality=city)
    except NotABook as refusal:
        return _page(request, city, fault=str(refusal))
    if report.faults:
        return _page(request, city, report=report, name=upload.name or "")
    words = _("Taken: new %(new)s, changed %(changed)s, as before %(unchanged)s.")
    counts = {"new": report.new, "changed": report.changed, "unchanged": report.unchanged}
    messages.success(request, words % {name: count.total() for name, count in counts.items()})
    return redirect("council", slug)


def _given(slug: str, file_format: str, table: str, name: str) -> HttpResponse:
    city = get_object_or_404(Municipality, slug=slug)
    council = council_of(city)
    if council is None:
        raise Http404
    content = b"".join(export_council(council, file_format, table=table))
    response = HttpResponse(content, content_type=CONTENT_TYPES[file_format])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def _page(
    request: HttpRequest,
    city: Municipality,
    *,
    fault: str = "",
    report: Import | None = None,
    name: str = "",
) -> HttpResponse:
    context = {
        "city": city,
        "fault": fault,
        "book_faults": report.faults[:MOST_SHOWN] if report else [],
        "name": name,
        "crumbs": [
            (city.name, city.get_absolute_url()),
            (_("Secretary’s desk"), reverse("council_desk", args=[city.slug])),
            (_("People from a workbook"), ""),
        ],
    }
    status = 422 if fault or report else 200
    return render(request, "portal/council/desk/roster.html", context, status=status)
