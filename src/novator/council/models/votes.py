"""Who decides: motions, how they were voted on, and each recorded voice."""

from __future__ import annotations

from uuid import uuid4

import pghistory
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from novator.core.languages import in_language
from novator.council.majorities import Rule
from novator.council.models.bodies import Organization, Person, base_choices
from novator.council.models.sessions import AgendaItem

METHODS = {
    "by_name": _("by name"),
    "by_faction": _("by faction"),
    "counts": _("counts only"),
    "show_of_hands": _("show of hands, not recorded by name"),
    "secret": _("secret"),
}
OPTIONS = {
    "yes": _("for"),
    "no": _("against"),
    "abstain": _("abstained"),
    "not_voting": _("did not vote"),
    "recused": _("recused (conflict of interest)"),
    "absent": _("absent"),
}
RESULTS = {"carried": _("carried"), "lost": _("not carried"), "no_quorum": _("no quorum")}
MOTIONS = {
    "adopt": _("to adopt the decision"),
    "first_reading": _("first reading"),
    "amendment": _("amendment"),
    "election": _("election of a person"),
    "procedural": _("procedural"),
    "other": _("other motion"),
}


def method_choices() -> list[tuple[str, object]]:
    """How a vote is taken and recorded."""
    return list(METHODS.items())


def option_choices() -> list[tuple[str, object]]:
    """What one voice may say."""
    return list(OPTIONS.items())


def result_choices() -> list[tuple[str, object]]:
    """What came of a vote."""
    return list(RESULTS.items())


def motion_choices() -> list[tuple[str, object]]:
    """What a motion asks for."""
    return list(MOTIONS.items())


@pghistory.track()
class Motion(models.Model):
    """What was put to the vote on an item."""

    public_id = models.UUIDField(unique=True, default=uuid4, editable=False)
    item = models.ForeignKey(AgendaItem, on_delete=models.CASCADE, related_name="motions")
    position = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(max_length=14, choices=motion_choices, default="adopt")
    text = models.TextField(max_length=8000)
    text_en = models.TextField(max_length=8000, blank=True, default="")
    moved_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="motions"
    )

    class Meta:
        ordering = ["item_id", "position", "id"]

    def __str__(self) -> str:
        return in_language(self.text, self.text_en)


@pghistory.track()
class VoteEvent(models.Model):
    """
    One vote on a motion. Null counts: not recorded, never inferred (rule K3).

    The rule (fraction, base, whether more than it is needed) and the numbers it is taken of are
    stored as of the day. `present` counts whoever could vote, remotely too; who recused is
    present and not counted among those who could. `stated_result` is what the paper says where it
    cannot be reckoned. A repeated vote on the same motion is a new row.
    """

    public_id = models.UUIDField(unique=True, default=uuid4, editable=False)
    motion = models.ForeignKey(Motion, on_delete=models.CASCADE, related_name="votes_taken")
    position = models.PositiveSmallIntegerField(default=0)
    method = models.CharField(max_length=14, choices=method_choices)
    is_absentee = models.BooleanField(default=False)
    taken_at = models.DateTimeField(null=True, blank=True)
    yes = models.PositiveIntegerField(null=True, blank=True)
    no = models.PositiveIntegerField(null=True, blank=True)
    abstain = models.PositiveIntegerField(null=True, blank=True)
    not_voting = models.PositiveIntegerField(null=True, blank=True)
    recused = models.PositiveIntegerField(null=True, blank=True)
    present = models.PositiveIntegerField(null=True, blank=True)
    elected = models.PositiveIntegerField(null=True, blank=True)
    established = models.PositiveIntegerField(null=True, blank=True)
    majority = models.CharField(max_length=160, blank=True, default="")
    numerator = models.PositiveSmallIntegerField(null=True, blank=True)
    denominator = models.PositiveSmallIntegerField(null=True, blank=True)
    base = models.CharField(max_length=12, choices=base_choices, blank=True, default="")
    is_over = models.BooleanField(default=True)
    result = models.CharField(max_length=10, choices=result_choices)
    is_result_stated = models.BooleanField(default=False)

    class Meta:
        ordering = ["motion_id", "position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(yes__isnull=True, no__isnull=True, abstain__isnull=True)
                | Q(yes__isnull=False, no__isnull=False, abstain__isnull=False),
                name="counts_are_whole_or_not_recorded",
            ),
            models.CheckConstraint(
                condition=Q(yes__isnull=True)
                | Q(present__isnull=True)
                | Q(present__gte=F("yes") + F("no") + F("abstain")),
                name="no_more_voices_than_people",
            ),
            models.CheckConstraint(
                condition=Q(is_result_stated=True)
                | Q(yes__isnull=False, numerator__isnull=False, denominator__gt=0),
                name="result_is_reckoned_or_stated",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.motion_id}/{self.position}"

    def get_absolute_url(self) -> str:
        return reverse("council_vote", args=[self.pk])

    @property
    def is_carried(self) -> bool:
        """Whether the motion was carried."""
        return self.result == "carried"

    @property
    def rule(self) -> Rule | None:
        """The majority that was asked for; None where none is recorded."""
        if self.numerator is None or not self.denominator:
            return None
        return Rule(self.numerator, self.denominator, self.base, self.is_over)


@pghistory.track(pghistory.UpdateEvent(), pghistory.DeleteEvent(), model_name="VoteChange")
class Vote(models.Model):
    """
    One voice where names are recorded, with the faction of that moment (rule K3).

    `faction` null: of none. `reason` is that of a recusal.
    """

    event = models.ForeignKey(VoteEvent, on_delete=models.CASCADE, related_name="votes")
    voter = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="votes")
    option = models.CharField(max_length=10, choices=option_choices)
    faction = models.ForeignKey(
        Organization, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    is_remote = models.BooleanField(default=False)
    reason = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        ordering = ["event_id", "id"]
        constraints = [
            models.UniqueConstraint(fields=["event", "voter"], name="one_vote_per_voter")
        ]

    def __str__(self) -> str:
        return f"{self.voter_id}: {self.option}"


@pghistory.track(pghistory.UpdateEvent(), pghistory.DeleteEvent())
class FactionCount(models.Model):
    """How a faction voted where only that is recorded; `faction` null: deputies of none."""

    event = models.ForeignKey(VoteEvent, on_delete=models.CASCADE, related_name="by_faction")
    faction = models.ForeignKey(
        Organization, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    yes = models.PositiveSmallIntegerField(default=0)
    no = models.PositiveSmallIntegerField(default=0)
    abstain = models.PositiveSmallIntegerField(default=0)
    not_voting = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["event_id", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "faction"],
                nulls_distinct=False,
                name="one_count_per_faction",
            )
        ]

    def __str__(self) -> str:
        return f"{self.faction_id}: {self.yes}/{self.no}/{self.abstain}"
