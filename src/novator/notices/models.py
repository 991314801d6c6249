"""After every step: what a person follows, and since when the person knows."""

from __future__ import annotations

from typing import ClassVar

import pghistory
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from novator.accounts.models import User

KINDS = {
    "topic": _("topic"),
    "city": _("city"),
    "card": _("practice"),
    "search": _("search"),
    "region": _("region"),
    "council": _("council"),
    "decision": _("decision of a council"),
    "item": _("item of an agenda"),
}
FREQUENCIES = {"daily": _("every day"), "weekly": _("every Monday")}


def kind_choices() -> list[tuple[str, object]]:
    """What can be followed."""
    return list(KINDS.items())


def frequency_choices() -> list[tuple[str, object]]:
    """How often news of it is told."""
    return list(FREQUENCIES.items())


@pghistory.track(exclude=["last_told_at"])
class Follow(models.Model):
    """
    That a person wants to be told what is new in something.

    `key` names it: a topic's code, the slug of a city or card or of a council's city, a region's
    code, the number of a decision or of an item of an agenda, the parameters of a search in their
    own order. `params` of a search: its text and filters, read already.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="follows")
    kind = models.CharField(max_length=8, choices=kind_choices)
    key = models.CharField(max_length=700)
    params = models.JSONField(default=dict, blank=True)
    frequency = models.CharField(max_length=8, choices=frequency_choices, default="weekly")
    created_at = models.DateTimeField(default=timezone.now)
    last_told_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[models.Manager[Follow]]

    class Meta:
        ordering = ["user", "kind", "key"]
        constraints = [
            models.UniqueConstraint(fields=["user", "kind", "key"], name="followed_once")
        ]
        indexes = [models.Index(fields=["frequency", "last_told_at"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
