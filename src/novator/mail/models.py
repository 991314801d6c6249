"""Beside the law: letters and what became of them, and who wants no more of a kind."""

from __future__ import annotations

from uuid import uuid4

import pghistory
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from novator.mail.kinds import KINDS, LetterKind, kind_choices

STATES = {
    "queued": _("waits to be sent"),
    "claimed": _("is being sent"),
    "sent": _("sent"),
    "refused": _("refused by the mail server"),
    "unknown": _("not known whether it arrived"),
    "unwanted": _("not sent: the reader stopped such letters"),
}


VERDICTS = {
    "arrived": _("it arrived"),
    "again": _("send it again"),
    "left": _("leave it"),
}


def verdict_choices() -> list[tuple[str, object]]:
    """What a person decides about a letter that may have gone or was refused."""
    return list(VERDICTS.items())


def state_choices() -> list[tuple[str, object]]:
    """What may become of a letter."""
    return list(STATES.items())


class LetterQuerySet(models.QuerySet["Letter"]):
    """Letters, narrowed."""

    def for_the_office(self) -> LetterQuerySet:
        """Those about which a person has to decide."""
        return self.filter(state__in=["unknown", "refused"], settled_at=None)


@pghistory.track(
    pghistory.UpdateEvent(condition=pghistory.AnyChange("settled_at")),
    exclude=["to_email", "to_digest", "subject", "body"],
)
class Letter(models.Model):
    """
    One letter to one address.

    `key` makes queueing idempotent. It is claimed, in a transaction of its own, before the mail
    server is spoken to: a letter whose outcome is not known is never sent again by itself.
    Ninety days after its end only kind, state and dates remain.
    """

    public_id = models.UUIDField(unique=True, default=uuid4, editable=False)
    to_email = models.EmailField(max_length=254, blank=True)
    to_digest = models.CharField(max_length=64)
    kind = models.CharField(max_length=20, choices=kind_choices)
    subject = models.CharField(max_length=300, blank=True)
    body = models.TextField(blank=True)
    language = models.CharField(max_length=8)
    state = models.CharField(max_length=8, choices=state_choices, default="queued")
    key = models.CharField(max_length=200, blank=True, default="")
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_as = models.CharField(max_length=8, choices=verdict_choices, blank=True, default="")
    message_id = models.CharField(max_length=120, blank=True, default="")
    last_error = models.CharField(max_length=60, blank=True, default="")

    objects = LetterQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["key"], condition=~Q(key=""), name="one_letter_per_key"
            ),
            models.CheckConstraint(
                condition=~Q(state="sent") | Q(sent_at__isnull=False), name="sent_letter_has_moment"
            ),
        ]
        indexes = [
            models.Index(fields=["state", "claimed_at"]),
            models.Index(fields=["created_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def kind_of_letter(self) -> LetterKind:
        return KINDS[self.kind]

    def stop_path(self) -> str:
        """Where the reader stops letters of this kind; holds no address."""
        return reverse("stop_letters", args=[self.public_id])


class Unsubscription(models.Model):
    """That the owner of an address, kept as a digest, wants no more letters of a kind."""

    digest = models.CharField(max_length=64)
    kind = models.CharField(max_length=20, choices=kind_choices)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["digest", "kind"], name="one_stop_per_kind")]

    def __str__(self) -> str:
        return self.kind
