"""A citizen's report: figures of a city by week, kept by the worker."""

from __future__ import annotations

from django.db import models

from novator.cities.models import Municipality
from novator.reports.models.channel import Area, Category


class ReportTally(models.Model):
    """
    What became of the reports that were sent in one week, of one category in one area.

    `week` is its Monday in the city's time zone. `waits`: working days from sending to the answer
    that stands → how many; `open`: [day of sending, due on or null while the count is paused, how
    many] of those without an answer. `answered`: an answer stands; `ever_answered`: or stood until
    the report was opened again. Everything can be counted again from the reports.
    """

    municipality = models.ForeignKey(Municipality, on_delete=models.CASCADE, related_name="+")
    week = models.DateField()
    category = models.ForeignKey(
        Category, on_delete=models.CASCADE, null=True, blank=True, related_name="+", db_index=False
    )
    area = models.ForeignKey(
        Area, on_delete=models.CASCADE, null=True, blank=True, related_name="+", db_index=False
    )
    received = models.PositiveIntegerField()
    answered = models.PositiveIntegerField(default=0)
    ever_answered = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    late = models.PositiveIntegerField(default=0)
    confirmed = models.PositiveIntegerField(default=0)
    unopposed = models.PositiveIntegerField(default=0)
    awaiting = models.PositiveIntegerField(default=0)
    refuted = models.PositiveIntegerField(default=0)
    reopened = models.PositiveIntegerField(default=0)
    duplicates = models.PositiveIntegerField(default=0)
    withdrawn = models.PositiveIntegerField(default=0)
    waits = models.JSONField(default=dict)
    open = models.JSONField(default=list)
    counted_at = models.DateTimeField()

    class Meta:
        ordering = ["municipality", "week", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "week", "category", "area"],
                nulls_distinct=False,
                name="week_tallied_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.municipality_id} {self.week}"
