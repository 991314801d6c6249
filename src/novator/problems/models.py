"""Problems of a city, the reports that ground them, and what became of them."""

from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from novator.accounts.models import User
from novator.cities.models import Municipality
from novator.core.topics import topic_choices
from novator.reports.models import Category, Report
from novator.talk.models import Request

STATES = {
    "suggested": _("suggested"),
    "accepted": _("accepted"),
    "subsided": _("subsided"),
    "dismissed": _("dismissed"),
}
TRANSITIONS: dict[str, frozenset[str]] = {
    "suggested": frozenset({"accepted", "dismissed"}),
    "accepted": frozenset({"subsided", "dismissed"}),
    "subsided": frozenset({"accepted", "dismissed"}),
    "dismissed": frozenset({"accepted"}),
}
"""`subsided` is set by the trend of the reports alone, and taken back by it."""


def state_choices() -> list[tuple[str, object]]:
    """What may be said of a problem."""
    return list(STATES.items())


class ProblemQuerySet(models.QuerySet["Problem"]):
    """Problems by who may know of them."""

    def shown(self) -> ProblemQuerySet:
        """Those that the city accepted and publishes."""
        return self.filter(is_public=True, state__in=["accepted", "subsided"])

    def standing(self) -> ProblemQuerySet:
        """Those that somebody has to do with: suggested, accepted, or subsided until now."""
        return self.exclude(state="dismissed")


@pghistory.track(exclude=["evidence", "trend", "reckoned_at", "first_on", "last_on", "places"])
class Problem(models.Model):
    """
    A problem of a city («проблемный вопрос»), grounded in reports that repeat.

    `statement` is what the city says it is; the people's own words come from the reports. The
    circle is in degrees of WGS 84 and metres. `evidence` and `trend` are reckoned from the reports
    every night (`grounding.evidence_of`); `is_suggested` tells that the machine found it. `asked`
    is the request to all cities that was published for it.
    """

    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, related_name="problems"
    )
    category = models.ForeignKey(
        Category, on_delete=models.PROTECT, null=True, blank=True, related_name="problems"
    )
    topic = models.CharField(max_length=24, choices=topic_choices)
    title = models.CharField(max_length=200)
    statement = models.TextField(blank=True, default="", max_length=4000)
    places = models.CharField(max_length=300, blank=True, default="")
    state = models.CharField(max_length=10, choices=state_choices, default="suggested")
    is_suggested = models.BooleanField(default=False)
    is_public = models.BooleanField(default=False)
    owner = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="problems"
    )
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    radius = models.PositiveIntegerField(null=True, blank=True)
    first_on = models.DateField(null=True, blank=True)
    last_on = models.DateField(null=True, blank=True)
    evidence = models.JSONField(default=dict, blank=True)
    trend = models.JSONField(default=dict, blank=True)
    excess = models.FloatField(default=0)
    asked = models.ForeignKey(
        Request, on_delete=models.SET_NULL, null=True, blank=True, related_name="problems"
    )
    dismissed_because = models.CharField(max_length=300, blank=True, default="")
    dismissed_events = models.PositiveIntegerField(default=0)
    suggested_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    subsided_on = models.DateField(null=True, blank=True)
    times_returned = models.PositiveSmallIntegerField(default=0)
    reckoned_at = models.DateTimeField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=1)

    objects = ProblemQuerySet.as_manager()

    class Meta:
        ordering = ["municipality", "-excess", "id"]
        indexes = [models.Index(fields=["municipality", "state"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True, radius__isnull=True)
                | Q(latitude__isnull=False, longitude__isnull=False, radius__isnull=False),
                name="problem_circle_is_whole",
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Page of the problem in the language of the current reader."""
        return reverse("problem", args=[self.pk])


class ProblemReport(models.Model):
    """That a report grounds a problem; a report grounds one at most."""

    problem = models.ForeignKey(Problem, on_delete=models.CASCADE, related_name="grounds")
    report = models.OneToOneField(Report, on_delete=models.CASCADE, related_name="ground")
    added_by = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    is_removed = models.BooleanField(default=False)
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["problem", "-report"]

    def __str__(self) -> str:
        return f"{self.problem_id}: {self.report_id}"
