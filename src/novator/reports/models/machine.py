"""A citizen's report: what the machine learned and from what; every version is kept."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from novator.accounts.models import User
from novator.cities.models import Municipality
from novator.reports.models.channel import Category
from novator.reports.models.report import Report


class CategoryChoice(models.Model):
    """
    That a person chose or confirmed the category of a report: what the machine learns from.

    `proposed` is what the machine had said, with its probability.
    """

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="category_choices")
    category = models.ForeignKey(Category, on_delete=models.CASCADE, related_name="+")
    proposed = models.ForeignKey(
        Category, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    probability = models.FloatField(null=True, blank=True)
    made_by = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    by_citizen = models.BooleanField(default=False)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["report", "made_at", "id"]

    def __str__(self) -> str:
        return f"{self.report_id}: {self.category_id}"


class CategoryModel(models.Model):
    """
    A trained model of a city's categories; at most one is in use, the others are kept.

    `figures`: on the held-back data, of this one and of the one in use then. `refused_because`
    says why it was not taken into use.
    """

    municipality = models.ForeignKey(
        Municipality, on_delete=models.CASCADE, related_name="category_models"
    )
    blob = models.BinaryField()
    rows = models.PositiveIntegerField()
    figures = models.JSONField(default=dict)
    is_used = models.BooleanField(default=False)
    refused_because = models.CharField(max_length=300, blank=True, default="")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["municipality", "-made_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality"],
                condition=Q(is_used=True),
                name="one_category_model_in_use",
            )
        ]

    def __str__(self) -> str:
        return f"{self.municipality_id} {self.made_at:%Y-%m-%d}"


class LikenessModel(models.Model):
    """Weights by which two reports are said to be one, learned from confirmed and refused pairs."""

    municipality = models.ForeignKey(
        Municipality, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    weights = models.JSONField()
    pairs = models.PositiveIntegerField()
    figures = models.JSONField(default=dict)
    is_used = models.BooleanField(default=False)
    refused_because = models.CharField(max_length=300, blank=True, default="")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["-made_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality"],
                condition=Q(is_used=True),
                nulls_distinct=False,
                name="one_likeness_model_in_use",
            )
        ]

    def __str__(self) -> str:
        return f"{self.municipality_id} {self.made_at:%Y-%m-%d}"
