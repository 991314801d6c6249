"""Problem to practices: what was found for a problem, and what readers said of answers."""

from __future__ import annotations

from django.db import models

from novator.accounts.models import User
from novator.practices.models import Practice
from novator.problems.models import Problem


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


class Match(models.Model):
    """
    A practice that was found for a problem, with score and reasons as the search gave them.

    Renewed every night and after every change of the problem; `position` counts from 1. A match
    that the city chose (`chosen_at`: "we look at this one") stays when the search finds it no more
    (`position` 0).
    """

    problem = models.ForeignKey(Problem, on_delete=models.CASCADE, related_name="matches")
    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="matches")
    score = models.FloatField()
    reasons = models.JSONField(default=list)
    position = models.PositiveSmallIntegerField()
    is_sure = models.BooleanField(default=True)
    found_at = models.DateTimeField()
    chosen_at = models.DateTimeField(null=True, blank=True)
    chosen_by = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["problem", "position", "id"]
        constraints = [models.UniqueConstraint(fields=["problem", "practice"], name="matched_once")]

    def __str__(self) -> str:
        return f"{self.problem_id} – {self.practice_id}"
