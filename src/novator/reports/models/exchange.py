"""A citizen's report: other systems – where reports are forwarded and from where they are taken."""

from __future__ import annotations

from typing import ClassVar

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from novator.cities.models import Municipality
from novator.reports.models.channel import Department
from novator.reports.models.report import Report


@pghistory.track(exclude=["sealed_key", "cursor"])
class Connection(models.Model):
    """
    Another system that speaks Open311: reports given to `department` are forwarded to it.

    `sealed_key` is its API key, encrypted. `cursor` is how far pulling has come; `services` maps
    our category codes to its service codes.
    """

    municipality = models.ForeignKey(
        Municipality, on_delete=models.CASCADE, related_name="connections"
    )
    department = models.OneToOneField(
        Department, on_delete=models.CASCADE, null=True, blank=True, related_name="connection"
    )
    name = models.CharField(max_length=160)
    base_url = models.URLField(max_length=300)
    jurisdiction = models.CharField(max_length=120, blank=True, default="")
    sealed_key = models.BinaryField(null=True, blank=True)
    sends_contact = models.BooleanField(default=False)
    speaks_updates = models.BooleanField(default=False)
    services = models.JSONField(default=dict, blank=True)
    cursor = models.JSONField(default=dict, blank=True)
    is_active = models.BooleanField(default=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    failure = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        ordering = ["municipality", "name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "base_url", "jurisdiction"],
                name="connection_once_in_its_city",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Forwarding(models.Model):
    """
    That a report goes to another system; claimed before it is sent, so that none goes twice.

    In state `unknown` the line broke after sending: a person looks there before it is sent again.
    """

    STATES: ClassVar = {
        "waiting": _("waits to be sent"),
        "sending": _("is being sent"),
        "token": _("taken over, number to come"),
        "sent": _("taken over"),
        "refused": _("refused by the other system"),
        "unknown": _("sent, answer unknown"),
    }

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="forwardings")
    connection = models.ForeignKey(Connection, on_delete=models.PROTECT, related_name="forwardings")
    state = models.CharField(max_length=8, default="waiting")
    token = models.CharField(max_length=200, blank=True, default="")
    external_id = models.CharField(max_length=120, blank=True, default="")
    failure = models.CharField(max_length=300, blank=True, default="")
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["-made_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "connection"], name="forwarded_once_to_a_system"
            ),
            models.UniqueConstraint(
                fields=["connection", "external_id"],
                condition=~Q(external_id=""),
                name="one_report_for_a_foreign_number",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report_id} → {self.connection_id}"

    @property
    def state_words(self) -> str:
        """What is known of it, in words."""
        return str(self.STATES[self.state])

    @property
    def needs_person(self) -> bool:
        """Whether a person has to look there before anything else happens."""
        return self.state in {"unknown", "refused"}


class PulledRequest(models.Model):
    """A request of another system as it came last, so that only what changed is taken."""

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="pulled")
    external_id = models.CharField(max_length=120)
    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64)
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["connection", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["connection", "external_id"], name="request_pulled_once"
            )
        ]

    def __str__(self) -> str:
        return self.external_id
