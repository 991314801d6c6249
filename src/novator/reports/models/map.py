"""A citizen's report: how many lie where, counted as they come, for the map."""

from __future__ import annotations

from django.db import models

from novator.cities.models import Municipality
from novator.reports.models.channel import Category


class MapCount(models.Model):
    """
    That so many reports (`count`, below zero: so many fewer) lie in a cell of the map.

    `cell` is a tile of Web Mercator, row << zoom | column; each report is counted at three zooms
    (13, 15, 17), so that every map reads few rows. Triggers on the reports add rows and never
    change one, so that nobody waits; their sum is right at any moment, and the worker puts them
    together every few minutes (`clusters.put_counts_together`).
    """

    municipality = models.ForeignKey(
        Municipality, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    zoom = models.PositiveSmallIntegerField()
    cell = models.BigIntegerField()
    category = models.ForeignKey(
        Category,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    status = models.CharField(max_length=12)
    is_hidden = models.BooleanField()
    count = models.IntegerField()

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(
                fields=["municipality", "zoom", "cell"],
                include=["category", "status", "is_hidden", "count"],
                name="map_count_of_cell",
            )
        ]

    def __str__(self) -> str:
        return f"{self.municipality_id} {self.cell}: {self.count}"
