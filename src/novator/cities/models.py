"""Where the loop happens: the municipality and its region; everything else refers to them."""

from __future__ import annotations

from typing import Any

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from novator.cities.changes import counted_as
from novator.core.languages import reads_russian

KINDS = {
    "urban_okrug": _("urban okrug"),
    "municipal_district": _("municipal district"),
    "municipal_okrug": _("municipal okrug"),
    "urban_settlement": _("urban settlement"),
    "rural_settlement": _("rural settlement"),
    "settlement": _("settlement, kind not stated"),
    "federal_city": _("federal city (a region, no municipality)"),
    "federal_city_district": _("district of a federal city"),
    "region": _("region (no municipality)"),
    "foreign_city": _("city outside Russia"),
    "group": _("several municipalities"),
    "unknown": _("kind not stated"),
}

NOT_MUNICIPAL = frozenset({"federal_city", "federal_city_district", "region", "group"})


def kind_choices() -> list[tuple[str, object]]:
    """Kinds of territory with their names; a callable, so that a new kind is no migration."""
    return list(KINDS.items())


class Region(models.Model):
    """A region of Russia (own table, by ISO 3166-2) or of another country."""

    code = models.CharField(max_length=12, unique=True)
    country = models.CharField(max_length=2)
    name_ru = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    oktmo_prefix = models.CharField(max_length=2, blank=True, default="")
    geonames_admin1 = models.CharField(max_length=8, blank=True, default="")

    class Meta:
        ordering = ["country", "name_ru", "code"]
        triggers = [counted_as("cities")]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """Name in the language of the current reader."""
        return self.name_ru if reads_russian() else self.name_en


@pghistory.track(
    pghistory.ManualEvent("before"),  # type: ignore[no-untyped-call]
    pghistory.UpdateEvent(condition=pghistory.AnyChange("oktmo", "oktmo_valid_from")),
    fields=["oktmo", "oktmo_valid_from"],
    model_name="CodeChange",
    obj_field=pghistory.ObjForeignKey(related_name="code_changes"),
)
class Municipality(models.Model):
    """
    A municipality, or what stands in its place in a source (a federal city, its district).

    `name_ru` is the name as the source states it; `short_name_*` is what people call it; `keys`
    are its folded names, by which it is found. Unknown is null, never 0. The point is in degrees
    of WGS 84.
    """

    slug = models.SlugField(max_length=80, unique=True)
    name_ru = models.CharField(max_length=200)
    short_name_ru = models.CharField(max_length=120)
    short_name_en = models.CharField(max_length=120, blank=True, default="")
    kind = models.CharField(max_length=32, choices=kind_choices, default="unknown")
    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, null=True, blank=True, related_name="municipalities"
    )
    region_text = models.CharField(max_length=160, blank=True, default="")
    country = models.CharField(max_length=2)
    oktmo = models.CharField(max_length=8, blank=True, default="")
    oktmo_valid_from = models.DateField(null=True, blank=True)
    population = models.PositiveIntegerField(null=True, blank=True)
    population_year = models.PositiveSmallIntegerField(null=True, blank=True)
    population_source = models.CharField(max_length=300, blank=True, default="")
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    keys = ArrayField(models.CharField(max_length=200), default=list, blank=True, editable=False)
    geonames_id = models.BigIntegerField(null=True, blank=True)
    successor = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="predecessors"
    )
    code_changes: Any

    class Meta:
        ordering = ["short_name_ru", "slug"]
        verbose_name_plural = "municipalities"
        triggers = [counted_as("cities")]
        constraints = [
            models.UniqueConstraint(
                fields=["name_ru", "region_text", "country"], name="one_row_per_municipality"
            ),
            models.CheckConstraint(
                condition=Q(oktmo="") | Q(oktmo__regex=r"^\d{8}$"), name="oktmo_is_eight_digits"
            ),
            models.CheckConstraint(
                condition=Q(population__isnull=True) | Q(population__gt=0),
                name="unknown_population_is_null",
            ),
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="point_is_whole_and_on_earth",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Page of the city in the language of the current reader."""
        return reverse("city", args=[self.slug])

    @property
    def name(self) -> str:
        """What people call it, in the language of the current reader."""
        if reads_russian() or not self.short_name_en:
            return self.short_name_ru
        return self.short_name_en

    @property
    def is_municipal(self) -> bool:
        """Whether it is a municipality in the sense of the law on local self-government."""
        return self.kind not in NOT_MUNICIPAL

    @property
    def has_oktmo(self) -> bool:
        """Whether the classifier gives it a code: every municipality of Russia has one."""
        return self.country == "RU" and self.is_municipal

    @property
    def has_point(self) -> bool:
        """Whether its place on the map is known."""
        return self.latitude is not None


class DataChange(models.Model):
    """A transaction that changed a part of the data; only triggers write it (`cities.changes`)."""

    part = models.CharField(max_length=20)
    transaction = models.BigIntegerField()

    class Meta:
        ordering = ["part", "transaction"]
        constraints = [
            models.UniqueConstraint(fields=["part", "transaction"], name="one_row_per_transaction")
        ]

    def __str__(self) -> str:
        return f"{self.part} {self.transaction}"
