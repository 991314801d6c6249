"""Beside the law: what is known of a file that somebody attached."""

from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

KINDS = {"document": _("document"), "photo": _("photo")}


def kind_choices() -> list[tuple[str, object]]:
    """What a file may be."""
    return list(KINDS.items())


class StoredFile(models.Model):
    """
    One attached file; its bytes lie on the disk under their SHA-256.

    Other packages point to it by their own rows (`files.links.register` tells which are linked);
    a file to which nothing points is removed after a day.
    """

    public_id = models.UUIDField(unique=True, default=uuid4, editable=False)
    digest = models.CharField(max_length=64, db_index=True)
    small_digest = models.CharField(max_length=64, blank=True, default="", db_index=True)
    name = models.CharField(max_length=160)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    kind = models.CharField(max_length=8, choices=kind_choices)
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["created_at"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="document") | Q(width__isnull=False, height__isnull=False),
                name="photo_has_its_measures",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("file", args=[self.public_id, self.name])

    @property
    def small_url(self) -> str:
        """Address of the small picture; empty for a document."""
        return reverse("small_photo", args=[self.public_id]) if self.small_digest else ""
