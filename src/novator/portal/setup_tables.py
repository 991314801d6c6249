"""Reports set up: the tables of a city, each with its form and what a row tells at a glance."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Model
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from novator.cities.models import Municipality
from novator.portal import setup_forms as forms
from novator.portal.setup_category import CategoryForm
from novator.portal.setup_connection import ConnectionForm
from novator.reports.models import (
    Area,
    Category,
    Channel,
    Connection,
    DayOff,
    Department,
    ReplyTemplate,
    Route,
)

Words = str | Promise


@dataclass(frozen=True)
class SetupTable:
    """One table: its address, its names, its form, its columns and what a row says in them."""

    code: str
    name: Words
    new: Words
    help: Words
    empty: Words
    model: type[Model]
    form: type[forms.CityForm]
    columns: Sequence[Words]
    cells: Callable[[Any], Sequence[Any]]
    related: Sequence[str] = ()

    def rows(self, city: Municipality) -> list[Any]:
        """Return the rows of a city; one query."""
        known = self.model._default_manager.filter(municipality=city)
        return list(known.select_related(*self.related)) if self.related else list(known)


def _in_use(is_active: bool) -> str:
    return "" if is_active else _("out of use")


def _moment(moment: datetime | None, channel: Channel) -> str:
    if moment is None:
        return "—"
    return date_format(localtime(moment, ZoneInfo(channel.time_zone)), "SHORT_DATETIME_FORMAT")


def _category(row: Category) -> Sequence[Any]:
    days = "—" if row.days_to_work is None else row.days_to_work
    notes = [
        _("danger") if row.is_danger else "",
        _("photo needed") if row.needs_photo else "",
        _("in season only") if row.season_from else "",
        _in_use(row.is_active),
    ]
    return [row.name, days, row.department or "—", ", ".join(note for note in notes if note)]


TABLES: tuple[SetupTable, ...] = (
    SetupTable(
        "categories",
        gettext_lazy("Categories"),
        gettext_lazy("A new category"),
        gettext_lazy("What people can report, in how many working days it is answered, by whom."),
        gettext_lazy("No category yet: nobody can choose one."),
        Category,
        CategoryForm,
        [
            gettext_lazy("Category"),
            gettext_lazy("Days to answer"),
            gettext_lazy("Who answers"),
            gettext_lazy("Note"),
        ],
        _category,
        ["department"],
    ),
    SetupTable(
        "departments",
        gettext_lazy("Departments and outside bodies"),
        gettext_lazy("A new body"),
        gettext_lazy("Who works on reports, and to whom the city can only forward them."),
        gettext_lazy("No body yet: reports come in and nobody gets them."),
        Department,
        forms.DepartmentForm,
        [gettext_lazy("Name"), gettext_lazy("What it is"), gettext_lazy("Reached by"), ""],
        lambda row: [
            row.name,
            row.get_kind_display(),
            ", ".join(filter(None, [row.email, row.phone])) or "—",
            _in_use(row.is_active),
        ],
    ),
    SetupTable(
        "areas",
        gettext_lazy("Districts"),
        gettext_lazy("A new district"),
        gettext_lazy("Parts of the city, for routes, filters and statistics."),
        gettext_lazy("No district: the whole city counts as one."),
        Area,
        forms.AreaForm,
        [gettext_lazy("Name"), gettext_lazy("Points of the outline")],
        lambda row: [row.name, sum(len(ring) for ring in row.outline)],
    ),
    SetupTable(
        "routes",
        gettext_lazy("Who gets what"),
        gettext_lazy("A new rule"),
        gettext_lazy("The first rule that fits counts; without one, the body of the category."),
        gettext_lazy("No rule: every report goes to the body of its category."),
        Route,
        forms.RouteForm,
        [
            gettext_lazy("Place"),
            gettext_lazy("Category"),
            gettext_lazy("District"),
            gettext_lazy("Who gets it"),
        ],
        lambda row: [
            row.position,
            row.category or _("any"),
            row.area or _("any"),
            row.department,
        ],
        ["category", "area", "department"],
    ),
    SetupTable(
        "days-off",
        gettext_lazy("Days off"),
        gettext_lazy("A day counted otherwise"),
        gettext_lazy("Days that the city counts otherwise than the calendar of the country."),
        gettext_lazy("The city counts as the calendar of the country does."),
        DayOff,
        forms.DayOffForm,
        [gettext_lazy("Day"), gettext_lazy("Counts as"), gettext_lazy("Why")],
        lambda row: [
            date_format(row.day, "DATE_FORMAT"),
            _("working day") if row.is_working else _("day off"),
            row.reason,
        ],
    ),
    SetupTable(
        "templates",
        gettext_lazy("Ready words"),
        gettext_lazy("New words"),
        gettext_lazy("Answers that are written often, with number, address and date filled in."),
        gettext_lazy("No ready words yet: every answer is written from the beginning."),
        ReplyTemplate,
        forms.TemplateForm,
        [gettext_lazy("Name"), gettext_lazy("Category"), gettext_lazy("Words")],
        lambda row: [row.name, row.category or _("any"), row.text_ru[:120]],
        ["category"],
    ),
    SetupTable(
        "connections",
        gettext_lazy("Other systems"),
        gettext_lazy("A new connection"),
        gettext_lazy("Systems that speak Open311: reports given to their body go there by itself."),
        gettext_lazy("No other system is connected."),
        Connection,
        ConnectionForm,
        [
            gettext_lazy("Name"),
            gettext_lazy("Address"),
            gettext_lazy("Body"),
            gettext_lazy("Last asked"),
        ],
        lambda row: [
            row.name,
            row.base_url,
            row.department or "—",
            row.failure or _moment(row.asked_at, row.municipality.channel),
        ],
        ["department", "municipality__channel"],
    ),
)
TABLE_BY_CODE = {table.code: table for table in TABLES}
