"""A citizen's report: how a city takes reports – its categories, bodies, areas, words, days."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from novator.accounts.models import User
from novator.cities.models import Municipality
from novator.core.languages import reads_russian
from novator.core.topics import topic_choices

DEPARTMENT_KINDS = {
    "department": _("department of the city"),
    "contractor": _("contractor of the city"),
    "outside": _("outside body (region, state, network company)"),
}


def department_kind_choices() -> list[tuple[str, object]]:
    """What a body that works on reports may be."""
    return list(DEPARTMENT_KINDS.items())


@pghistory.track()
class Channel(models.Model):
    """
    That a city takes reports, and how. The slug of the city is the Open311 jurisdiction.

    `south`…`east` is the box (degrees of WGS 84) outside which a place is refused.
    `default_points` are pairs [latitude, longitude] that other systems put where they know no
    place: never a place here. `days_*` hold where a category states none of its own; they are
    working days; `days_to_judge` (C5) and `days_of_extension` (C1) calendar days.
    """

    municipality = models.OneToOneField(
        Municipality, on_delete=models.PROTECT, related_name="channel"
    )
    is_open = models.BooleanField(default=True)
    opened_on = models.DateField()
    south = models.FloatField()
    west = models.FloatField()
    north = models.FloatField()
    east = models.FloatField()
    default_points = models.JSONField(default=list, blank=True)
    time_zone = models.CharField(max_length=40, default="Europe/Moscow")
    emergency_name = models.CharField(max_length=160, blank=True, default="")
    emergency_phone = models.CharField(max_length=40, blank=True, default="")
    contact_phone = models.CharField(max_length=40, blank=True, default="")
    appeals_url = models.URLField(max_length=300, blank=True, default="")
    operator_name = models.CharField(max_length=300, blank=True, default="")
    operator_address = models.CharField(max_length=300, blank=True, default="")
    official_widget_id = models.CharField(max_length=40, blank=True, default="")
    widget_sites = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    days_to_moderate = models.PositiveSmallIntegerField(default=1)
    days_to_work = models.PositiveSmallIntegerField(default=10)
    days_to_judge = models.PositiveSmallIntegerField(default=15)
    days_of_extension = models.PositiveSmallIntegerField(default=30)
    months_kept = models.PositiveSmallIntegerField(default=36)

    class Meta:
        ordering = ["municipality"]
        constraints = [
            models.CheckConstraint(
                condition=Q(south__lt=models.F("north"), west__lt=models.F("east")),
                name="channel_box_is_a_box",
            )
        ]

    def __str__(self) -> str:
        return str(self.municipality)

    def get_absolute_url(self) -> str:
        """Page on which a citizen begins a report."""
        return reverse("report_new", args=[self.municipality.slug])

    def contains(self, latitude: float, longitude: float) -> bool:
        """Whether a point lies in the box of the city."""
        return self.south <= latitude <= self.north and self.west <= longitude <= self.east


@pghistory.track()
class Department(models.Model):
    """Who works on reports: a department, a contractor, or a body outside the city."""

    municipality = models.ForeignKey(
        Municipality, on_delete=models.CASCADE, related_name="departments"
    )
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=12, choices=department_kind_choices, default="department")
    email = models.EmailField(blank=True, default="")
    phone = models.CharField(max_length=40, blank=True, default="")
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["municipality", "name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "name"], name="department_named_once_in_its_city"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_outside(self) -> bool:
        """Whether a report given to it is forwarded rather than worked on by the city."""
        return self.kind == "outside"


@pghistory.track()
class Category(models.Model):
    """
    A kind of trouble as one city sorts it: what is asked, who answers, in how many days (C3, C5).

    `keywords_*` and the descriptions are what the first model of categories knows. Of the days
    `season_*` only month and day count; outside the window the category is not offered.
    `grounds_problems`: whether reports that repeat are suggested as a problem of the city (not for
    services that are merely ordered). `attributes` is a list of further questions: objects with
    code, datatype (string, number, datetime, text, singlevaluelist, multivaluelist), required,
    name_ru, name_en, help_ru, help_en, values [{key, name_ru, name_en}].
    """

    municipality = models.ForeignKey(
        Municipality, on_delete=models.CASCADE, related_name="report_categories"
    )
    code = models.SlugField(max_length=60)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    topic = models.CharField(max_length=24, choices=topic_choices)
    name_ru = models.CharField(max_length=160)
    name_en = models.CharField(max_length=160, blank=True, default="")
    description_ru = models.TextField(blank=True, default="")
    description_en = models.TextField(blank=True, default="")
    keywords_ru = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    keywords_en = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    season_from = models.DateField(null=True, blank=True)
    season_to = models.DateField(null=True, blank=True)
    needs_photo = models.BooleanField(default=False)
    asks_asset = models.CharField(max_length=80, blank=True, default="")
    is_danger = models.BooleanField(default=False)
    grounds_problems = models.BooleanField(default=True)
    days_to_moderate = models.PositiveSmallIntegerField(null=True, blank=True)
    days_to_work = models.PositiveSmallIntegerField(null=True, blank=True)
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, null=True, blank=True, related_name="categories"
    )
    attributes = models.JSONField(default=list, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["municipality", "position", "id"]
        verbose_name_plural = "categories"
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "code"], name="category_code_once_in_its_city"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """Name in the language of the current reader."""
        if reads_russian() or not self.name_en:
            return self.name_ru
        return self.name_en

    @property
    def description(self) -> str:
        """Description in the language of the current reader."""
        if reads_russian() or not self.description_en:
            return self.description_ru
        return self.description_en

    def is_in_season(self, day: date) -> bool:
        """Whether it is taken on a day of the year; a window may go over the new year."""
        if self.season_from is None or self.season_to is None:
            return True
        first = (self.season_from.month, self.season_from.day)
        last = (self.season_to.month, self.season_to.day)
        at = (day.month, day.day)
        return first <= at <= last if first <= last else at >= first or at <= last


@pghistory.track()
class Area(models.Model):
    """A district of a city: `outline` is a list of rings of [latitude, longitude] (no holes)."""

    municipality = models.ForeignKey(
        Municipality, on_delete=models.CASCADE, related_name="report_areas"
    )
    name_ru = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True, default="")
    outline = models.JSONField(default=list)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["municipality", "position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "name_ru"], name="area_named_once_in_its_city"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """Name in the language of the current reader."""
        if reads_russian() or not self.name_en:
            return self.name_ru
        return self.name_en


@pghistory.track()
class Route(models.Model):
    """Who gets reports of a category (null: any) in an area (null: any); the lowest row counts."""

    municipality = models.ForeignKey(
        Municipality, on_delete=models.CASCADE, related_name="report_routes"
    )
    category = models.ForeignKey(
        Category, on_delete=models.CASCADE, null=True, blank=True, related_name="routes"
    )
    area = models.ForeignKey(
        Area, on_delete=models.CASCADE, null=True, blank=True, related_name="routes"
    )
    department = models.ForeignKey(Department, on_delete=models.CASCADE, related_name="routes")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["municipality", "position", "id"]

    def __str__(self) -> str:
        return str(self.pk)


@pghistory.track()
class ReplyTemplate(models.Model):
    """Words ready to be sent with a state; {number}, {address}, {due_on} stand for the facts."""

    municipality = models.ForeignKey(
        Municipality, on_delete=models.CASCADE, related_name="reply_templates"
    )
    name = models.CharField(max_length=120)
    state = models.CharField(max_length=16, blank=True, default="")
    category = models.ForeignKey(
        Category, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    text_ru = models.TextField()
    text_en = models.TextField(blank=True, default="")

    class Meta:
        ordering = ["municipality", "name", "id"]

    def __str__(self) -> str:
        return self.name


class SavedFilter(models.Model):
    """A view of the work list that an officer keeps; `query` is its address's query."""

    municipality = models.ForeignKey(
        Municipality, on_delete=models.CASCADE, related_name="saved_filters"
    )
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="saved_filters")
    name = models.CharField(max_length=80)
    query = models.CharField(max_length=600)
    is_shared = models.BooleanField(default=False)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "user", "name"], name="filter_named_once_by_its_user"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Street(models.Model):
    """One address or street of the list that a city imported; `key` is its folded name."""

    municipality = models.ForeignKey(Municipality, on_delete=models.CASCADE, related_name="streets")
    name = models.CharField(max_length=200)
    house = models.CharField(max_length=20, blank=True, default="")
    key = models.CharField(max_length=220)
    latitude = models.FloatField()
    longitude = models.FloatField()

    class Meta:
        ordering = ["municipality", "name", "house", "id"]
        indexes = [models.Index(fields=["municipality", "key"])]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "name", "house"], name="address_once_in_its_city"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.house}" if self.house else self.name


@pghistory.track()
class DayOff(models.Model):
    """A day that a city (null: all) counts otherwise than the calendar of the country."""

    municipality = models.ForeignKey(
        Municipality, on_delete=models.CASCADE, null=True, blank=True, related_name="days_off"
    )
    day = models.DateField()
    is_working = models.BooleanField(default=False)
    reason = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        ordering = ["day", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "day"],
                nulls_distinct=False,
                name="day_counted_once_in_its_city",
            )
        ]

    def __str__(self) -> str:
        return str(self.day)


@pghistory.track(exclude=["digest"])
class ApiKey(models.Model):
    """A key with which another system writes by Open311; only its digest is kept."""

    public_id = models.UUIDField(unique=True, default=uuid4, editable=False)
    municipality = models.ForeignKey(
        Municipality, on_delete=models.CASCADE, related_name="api_keys"
    )
    name = models.CharField(max_length=120)
    digest = models.CharField(max_length=64, unique=True)
    may_update = models.BooleanField(default=False)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    made_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    last_used_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["municipality", "name", "id"]

    def __str__(self) -> str:
        return self.name
