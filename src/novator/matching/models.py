"""Problem to practices: what readers said about the answers they were given."""

from __future__ import annotations

from django.db import models

from novator.practices.models import Practice


class Judgement(models.Model):
    """One reader's answer to "did this help?"; kept without anything about the reader."""

    query = models.CharField(max_length=500, blank=True, default="")
    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="judgements")
    is_helpful = models.BooleanField()
    made_on = models.DateField()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["practice", "is_helpful"])]

    def __str__(self) -> str:
        return f"{self.practice_id}: {'+' if self.is_helpful else '-'}"
