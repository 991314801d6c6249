"""A citizen's report: who sent it and who follows it, apart from the report and encrypted."""

from __future__ import annotations

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from novator.accounts.models import User
from novator.cities.models import Municipality
from novator.reports.models.channel import Area, Category
from novator.reports.models.report import Report


class Contact(models.Model):
    """
    How the sender can be reached: `sealed` is encrypted JSON (email, phone, name).

    `digest` is a keyed digest of the address, by which limits and "my reports" find it. Only
    `reports.contacts` opens it.
    """

    report = models.OneToOneField(Report, on_delete=models.CASCADE, related_name="contact")
    sealed = models.BinaryField()
    digest = models.CharField(max_length=64, blank=True, default="", db_index=True)
    language = models.CharField(max_length=8, default="ru")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["report"]

    def __str__(self) -> str:
        return str(self.report_id)


class ReportConsent(models.Model):
    """That the sender of a report agreed to one purpose by one version of a text (P2)."""

    PURPOSES: ClassVar = {
        "processing": _("processing of my personal data"),
        "publication": _("publication of my text and photos without my name"),
    }

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=12)
    text_version = models.CharField(max_length=20)
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["report", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "purpose"],
                condition=Q(withdrawn_at__isnull=True),
                name="one_standing_consent_of_a_report",
            )
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.text_version}"


class Subscription(models.Model):
    """
    Somebody wants letters about one report, a street, a circle, a category or an area of a city.

    Without an account the address is sealed like a contact's and counts once it is confirmed.
    `radius` in metres.
    """

    KINDS: ClassVar = {
        "report": _("one report"),
        "street": _("a street"),
        "radius": _("around a place"),
        "category": _("a category"),
    }

    public_id = models.UUIDField(unique=True, default=uuid4, editable=False)
    municipality = models.ForeignKey(Municipality, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8)
    report = models.ForeignKey(
        Report, on_delete=models.CASCADE, null=True, blank=True, related_name="subscriptions"
    )
    street_key = models.CharField(max_length=220, blank=True, default="")
    street_name = models.CharField(max_length=200, blank=True, default="")
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    radius = models.PositiveIntegerField(null=True, blank=True)
    category = models.ForeignKey(
        Category, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    area = models.ForeignKey(
        Area, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    user = models.ForeignKey(
        User, on_delete=models.CASCADE, null=True, blank=True, related_name="report_subscriptions"
    )
    sealed = models.BinaryField(null=True, blank=True)
    digest = models.CharField(max_length=64, blank=True, default="", db_index=True)
    language = models.CharField(max_length=8, default="ru")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    told_until = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(
                fields=["municipality", "kind"],
                name="subscription_standing",
                condition=Q(ended_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return str(self.public_id)
