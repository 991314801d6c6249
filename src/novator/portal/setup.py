"""Reports set up: how a city takes reports, page by page; the office opens a channel."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from novator.cities.models import Municipality
from novator.portal.limits import limited
from novator.portal.people import reader, sign_in_needed, today
from novator.portal.setup_category import TogetherForm
from novator.portal.setup_forms import ChannelForm
from novator.portal.setup_tables import TABLE_BY_CODE, TABLES, SetupTable
from novator.portal.work_guard import sections_of
from novator.reports.models import Area, Category, CategoryModel, Channel, Department, Street
from novator.reports.opening import ChannelRefused, open_channel
from novator.reports.permissions import may_open_channel, may_set_up
from novator.reports.routing import department_for
from novator.reports.setting_up import (
    CannotRemove,
    area_of_point,
    bodies_without_address,
    has_set_categories,
    holidays_of,
    remove_row,
    set_for_categories,
    working_weekends_of,
)

CHANGES_AN_HOUR = 300


@require_safe
@sign_in_needed
def setup(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything that can be set up, with what is missing; or the button that opens a channel."""
    city = _city(request, slug)
    channel = Channel.objects.filter(municipality=city).first()
    context = {
        **sections_of(request, city, "setup"),
        "channel": channel,
        "may_open": may_open_channel(request.user, city, on=today()),
        "tables": [(table, len(table.rows(city))) for table in TABLES] if channel else [],
        "gaps": _gaps(channel) if channel else [],
        "streets": Street.objects.filter(municipality=city).exists(),
        "crumbs": [*setup_crumbs(city)[:-1], (_("Set-up"), "")],
    }
    return render(request, "portal/work/setup/setup.html", context)


@require_POST
@sign_in_needed
@limited("setup_open", per_hour=30)
def setup_open(request: HttpRequest, slug: str) -> HttpResponse:
    """Begin to take reports: the head of the city, or the office."""
    city = get_object_or_404(Municipality, slug=slug)
    if not may_open_channel(reader(request), city, on=today()):
        raise PermissionDenied(_("Only the head of the city and the office open a channel."))
    try:
        open_channel(municipality=city, on=today())
    except ChannelRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The channel is open. Set it up before you make it known."))
    return redirect("setup", slug)


@require_http_methods(["GET", "POST"])
@sign_in_needed
@limited("setup_channel", per_hour=CHANGES_AN_HOUR)
def setup_channel(request: HttpRequest, slug: str) -> HttpResponse:
    """Edges, telephones, operator, days, widget."""
    city = _city(request, slug)
    channel = _channel(city)
    form = ChannelForm(request.POST or None, instance=channel, city=city)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Kept."))
        return redirect("setup", slug)
    context = _told(request, city, _("The channel"), form=form)
    return render(request, "portal/work/setup/channel.html", context)


@require_safe
@sign_in_needed
def setup_table(request: HttpRequest, slug: str, table: str) -> HttpResponse:
    """The rows of one table; two queries."""
    city = _city(request, slug)
    _channel(city)
    found = _table(table)
    context = _told(
        request,
        city,
        str(found.name),
        table=found,
        rows=[(row, found.cells(row)) for row in found.rows(city)],
        is_starter=found.code == "categories" and not has_set_categories(city),
        **_besides(request, city, found),
    )
    return render(request, "portal/work/setup/table.html", context)


@require_http_methods(["GET", "POST"])
@sign_in_needed
@limited("setup_row", per_hour=CHANGES_AN_HOUR)
def setup_row(request: HttpRequest, slug: str, table: str, pk: int = 0) -> HttpResponse:
    """Make or change one row (0: a new one)."""
    city = _city(request, slug)
    _channel(city)
    found = _table(table)
    row = _row(found, city, pk) if pk else None
    form = found.form(request.POST or None, instance=row, city=city)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            form.save()
        messages.success(request, _("Kept."))
        return redirect("setup_table", slug, table)
    context = _told(request, city, str(row or found.new), form=form, table=found, row=row)
    context["crumbs"] = [
        *setup_crumbs(city),
        (str(found.name), reverse("setup_table", args=[slug, table])),
        (str(row or found.new), ""),
    ]
    return render(request, "portal/work/setup/row.html", context)


@require_POST
@sign_in_needed
@limited("setup_together", per_hour=CHANGES_AN_HOUR)
def setup_together(request: HttpRequest, slug: str) -> HttpResponse:
    """Set who answers, and in how many days, for all ticked categories at once."""
    city = _city(request, slug)
    form = _together(city, request.POST)
    keys = [int(key) for key in request.POST.getlist("category") if _is_key(key)]
    if not keys:
        messages.error(request, _("Tick at least one category first."))
    elif not form.is_valid():
        for said in form.errors.values():
            messages.error(request, " ".join(map(str, said)))
    else:
        count = set_for_categories(municipality=city, keys=keys, changes=form.changes)
        words = ngettext("%(count)s category is set.", "%(count)s categories are set.", count)
        messages.success(request, words % {"count": count})
    return redirect("setup_table", slug, "categories")


@require_POST
@sign_in_needed
@limited("setup_remove", per_hour=CHANGES_AN_HOUR)
def setup_remove(request: HttpRequest, slug: str, table: str, pk: int) -> HttpResponse:
    """Delete a row to which no report points."""
    city = _city(request, slug)
    found = _table(table)
    try:
        remove_row(_row(found, city, pk))
    except CannotRemove as refusal:
        messages.error(request, str(refusal))
        return redirect("setup_row", slug, table, pk)
    messages.success(request, _("Deleted."))
    return redirect("setup_table", slug, table)


@require_safe
@sign_in_needed
def setup_models(request: HttpRequest, slug: str) -> HttpResponse:
    """Versions of the model of categories with their figures: which is used, which was refused."""
    city = _city(request, slug)
    _channel(city)
    rows = CategoryModel.objects.filter(municipality=city).defer("blob")[:30]
    context = _told(request, city, _("What the machine has learned"), versions=_versions(rows))
    return render(request, "portal/work/setup/models.html", context)


def setup_crumbs(city: Municipality) -> list[tuple[str, str]]:
    """Where a page of the set-up stands."""
    return [
        (city.name, reverse("city", args=[city.slug])),
        (_("Set-up of reports"), reverse("setup", args=[city.slug])),
    ]


def _told(request: HttpRequest, city: Municipality, heading: str, **more: Any) -> dict[str, Any]:
    return {
        **sections_of(request, city, "setup"),
        "heading": heading,
        "crumbs": [*setup_crumbs(city), (heading, "")],
        **more,
    }


def _besides(request: HttpRequest, city: Municipality, table: SetupTable) -> dict[str, Any]:
    """What stands beside some tables: the test of the routes, the country's calendar."""
    if table.code == "routes":
        return _tried(request, city)
    if table.code == "categories":
        return {"together": _together(city)}
    if table.code == "days-off":
        year = today().year
        return {
            "holidays": [
                (one, holidays_of(city.country, one), working_weekends_of(city.country, one))
                for one in (year, year + 1)
            ]
        }
    return {}


def _together(city: Municipality, sent: QueryDict | None = None) -> TogetherForm:
    bodies = list(Department.objects.filter(municipality=city, is_active=True).order_by("name"))
    form = TogetherForm(sent, bodies=bodies, auto_id="together-%s")
    for field in form.fields.values():
        field.widget.attrs |= {"form": "together", "class": "input"}
    return form


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 19


def _tried(request: HttpRequest, city: Municipality) -> dict[str, Any]:
    """Who would get a report of a category at a place."""
    categories = list(Category.objects.filter(municipality=city, is_active=True))
    areas = list(Area.objects.filter(municipality=city))
    told: dict[str, Any] = {"categories": categories, "areas": areas, "is_test": True}
    asked = request.GET
    if "category" not in asked:
        return told
    category = next((row for row in categories if str(row.pk) == asked["category"]), None)
    area = next((row for row in areas if str(row.pk) == asked.get("area")), None)
    point = _degrees(asked.get("point", ""))
    if point is not None:
        area = area_of_point(city, *point)
    body = department_for(city, category=category, area=area)
    return told | {"asked": asked, "is_tried": True, "body": body, "area": area}


def _degrees(text: str) -> tuple[float, float] | None:
    parts = text.replace(";", ",").split(",")
    try:
        latitude, longitude = (float(part) for part in parts)
    except ValueError:
        return None
    is_on_earth = abs(latitude) <= 90 and abs(longitude) <= 180
    return (latitude, longitude) if is_on_earth else None


def _gaps(channel: Channel) -> list[tuple[str, str]]:
    """What a city should still set, with the page on which it does."""
    city = channel.municipality
    own = reverse("setup_channel", args=[city.slug])
    categories = reverse("setup_table", args=[city.slug, "categories"])
    bodies = reverse("setup_table", args=[city.slug, "departments"])
    gaps = []
    if not channel.operator_name or not channel.operator_address:
        words = _("Name the operator of personal data and its address: both stand in the consent.")
        gaps.append((words, own))
    if not channel.emergency_phone:
        gaps.append((_("Name the telephone of the city’s emergency service."), own))
    if not channel.appeals_url:
        gaps.append((_("Say where an official appeal goes."), own))
    if not has_set_categories(city):
        words = _("The categories and their days are starters: look at each and set your own.")
        gaps.append((words, categories))
    if not city.departments.exists():
        gaps.append((_("No body is named that works on reports."), bodies))
    elif bodies_without_address(city):
        gaps.append((_("Some bodies have no e-mail: no letter reaches them."), bodies))
    return gaps


def _versions(rows: Any) -> list[tuple[CategoryModel, list[tuple[str, str]]]]:
    """Versions with their figures, as the training wrote them."""
    return [(row, [(name, _figure(value)) for name, value in row.figures.items()]) for row in rows]


def _figure(value: Any) -> str:
    return f"{value:.3f}" if isinstance(value, float) else str(value)


def _city(request: HttpRequest, slug: str) -> Municipality:
    city = get_object_or_404(Municipality, slug=slug)
    if not may_set_up(reader(request), city, on=today()):
        raise PermissionDenied(_("Set-up is for the city’s officers, its head and the office."))
    return city


def _channel(city: Municipality) -> Channel:
    channel = Channel.objects.filter(municipality=city).first()
    if channel is None:
        raise Http404(_("This city takes no reports here yet. Its head can open a channel."))
    channel.municipality = city
    return channel


def _table(code: str) -> SetupTable:
    if code not in TABLE_BY_CODE:
        raise Http404
    return TABLE_BY_CODE[code]


def _row(table: SetupTable, city: Municipality, pk: int) -> Any:
    return get_object_or_404(table.model, pk=pk, municipality=city)
