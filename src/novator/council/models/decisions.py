"""Who decides: decisions, their life, what they effect, and the mandates they give."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pghistory
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from novator.accounts.models import User
from novator.cities.models import Municipality
from novator.core.languages import in_language
from novator.council.models.bodies import Organization, Person, Post, Source
from novator.council.models.partial import day_field, in_order
from novator.council.models.sessions import AgendaItem
from novator.council.models.votes import VoteEvent
from novator.files.models import StoredFile

STATES = {
    "draft": pgettext_lazy("a decision", "draft"),
    "adopted": pgettext_lazy("a decision", "adopted"),
    "signed": pgettext_lazy("a decision", "signed by the head"),
    "returned": pgettext_lazy("a decision", "returned by the head"),
    "published": pgettext_lazy("a decision", "published"),
    "in_force": pgettext_lazy("a decision", "in force"),
    "amended": pgettext_lazy("a decision", "amended"),
    "repealed": pgettext_lazy("a decision", "repealed"),
    "lost": pgettext_lazy("a decision", "not carried"),
}
"""Steps of a decision's life (rule K7); its `state` is the last one recorded."""
TRANSITIONS: dict[str, frozenset[str]] = {
    "draft": frozenset({"adopted", "lost"}),
    "adopted": frozenset({"signed", "returned", "published", "in_force"}),
    "returned": frozenset({"adopted", "signed", "lost"}),
    "signed": frozenset({"published", "in_force"}),
    "published": frozenset({"in_force", "amended", "repealed"}),
    "in_force": frozenset({"published", "amended", "repealed"}),
    "amended": frozenset({"amended", "repealed", "published", "in_force"}),
    "repealed": frozenset(),
    "lost": frozenset(),
}
CARRIED = ("adopted", "signed", "published", "in_force", "amended")
"""States in which a decision stands."""
EFFECTS = {
    "join_association": _("joins an association"),
    "leave_association": _("leaves an association"),
    "adopt_practice": _("adopts a practice"),
    "give_mandate": _("gives a mandate"),
    "withdraw_mandate": _("withdraws a mandate"),
    "change_application": _("changes how a law is applied"),
    "elect": _("elects a person"),
    "other": _("other effect"),
}


def state_choices() -> list[tuple[str, object]]:
    """Where a decision is in its life."""
    return list(STATES.items())


def effect_choices() -> list[tuple[str, object]]:
    """What a decision effects."""
    return list(EFFECTS.items())


class DecisionQuerySet(models.QuerySet["Decision"]):
    """Decisions by what has become of them."""

    def carried(self) -> DecisionQuerySet:
        """Those that the council carried and nobody repealed or returned."""
        return self.filter(state__in=CARRIED)

    def shown(self) -> DecisionQuerySet:
        """Those that are no mere drafts."""
        return self.exclude(state="draft")


@pghistory.track()
class Decision(models.Model):
    """
    What a council decided: number, date, text, who brought it, and where it is in its life.

    `event` is the vote that carried it, `item` the question of the session; both are null for a
    decision known from a paper only. A published one has a number, unless its source does not
    state it, which `is_number_unstated` says. `legal_basis` names the act it rests on.
    """

    public_id = models.UUIDField(unique=True, default=uuid4, editable=False)
    council = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="decisions")
    item = models.ForeignKey(
        AgendaItem, on_delete=models.PROTECT, null=True, blank=True, related_name="decisions"
    )
    event = models.ForeignKey(
        VoteEvent, on_delete=models.PROTECT, null=True, blank=True, related_name="decisions"
    )
    number = models.CharField(max_length=60, blank=True, default="")
    is_number_unstated = models.BooleanField(default=False)
    title = models.CharField(max_length=600)
    title_en = models.CharField(max_length=600, blank=True, default="")
    text = models.TextField(blank=True, default="", max_length=400_000)
    summary = models.TextField(blank=True, default="", max_length=4000)
    summary_en = models.TextField(blank=True, default="", max_length=4000)
    adopted_from = day_field()
    adopted_to = day_field()
    initiated_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="initiated_decisions"
    )
    initiated_as = models.CharField(max_length=200, blank=True, default="")
    initiated_as_en = models.CharField(max_length=200, blank=True, default="")
    legal_basis = models.CharField(max_length=300, blank=True, default="")
    state = models.CharField(max_length=10, choices=state_choices, default="draft")
    source = models.ForeignKey(
        Source, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    revision = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField(auto_now=True)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        ordering = ["council_id", "-adopted_to", "-id"]
        indexes = [models.Index(fields=["council", "-adopted_to", "-id"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["draft", "adopted", "returned", "lost"])
                | ~Q(number="")
                | Q(is_number_unstated=True),
                name="published_decision_has_a_number",
            ),
            models.UniqueConstraint(
                fields=["council", "number", "adopted_from"],
                condition=~Q(number=""),
                name="one_decision_of_number_and_day",
            ),
            *in_order("decision", "adopted"),
        ]

    def __str__(self) -> str:
        return in_language(self.title, self.title_en)

    def get_absolute_url(self) -> str:
        return reverse("council_decision", args=[self.pk])

    @property
    def is_carried(self) -> bool:
        """Whether the council carried it and it stands."""
        return self.state in CARRIED


@pghistory.track()
class DecisionStep(models.Model):
    """One step of a decision's life, on a day; added, never changed."""

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="steps")
    state = models.CharField(max_length=10, choices=state_choices)
    on_from = day_field()
    on_to = day_field()
    note = models.CharField(max_length=600, blank=True, default="")
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    by_decision = models.ForeignKey(
        Decision, on_delete=models.PROTECT, null=True, blank=True, related_name="changes_made"
    )
    recorded_by = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["decision_id", "id"]
        constraints = in_order("decision_step", "on")

    def __str__(self) -> str:
        return f"{self.decision_id}: {self.state}"


@pghistory.track()
class DecisionFile(models.Model):
    """A file that belongs to a decision: its signed text, an annex."""

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="files")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=300)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["decision_id", "position", "id"]

    def __str__(self) -> str:
        return self.title


@pghistory.track()
class DecisionEffect(models.Model):
    """
    What a decision effects. `key` names its object where it is one of ours.

    A practice by its slug, the association by "association"; a later stage reads it (the council
    never learns who does). `text` says it in words.
    """

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="effects")
    kind = models.CharField(max_length=20, choices=effect_choices)
    key = models.CharField(max_length=160, blank=True, default="", db_index=True)
    text = models.CharField(max_length=600, blank=True, default="")
    text_en = models.CharField(max_length=600, blank=True, default="")

    class Meta:
        ordering = ["decision_id", "id"]

    def __str__(self) -> str:
        return in_language(self.text, self.text_en) or str(EFFECTS[self.kind])


@pghistory.track()
class Mandate(models.Model):
    """
    The right to act for the municipality that a decision gives (rule K6).

    To a person, or to a post, whoever holds it. It outlives the convocation. `towards` is towards
    whom; `is_towards_association` that it counts in this association. Withdrawn by a later
    decision, on a day.
    """

    public_id = models.UUIDField(unique=True, default=uuid4, editable=False)
    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, related_name="mandates"
    )
    decision = models.ForeignKey(
        Decision, on_delete=models.PROTECT, null=True, blank=True, related_name="mandates"
    )
    document = models.CharField(max_length=300, blank=True, default="")
    holder = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="mandates"
    )
    holder_post = models.ForeignKey(
        Post, on_delete=models.PROTECT, null=True, blank=True, related_name="mandates"
    )
    subject = models.CharField(max_length=600)
    subject_en = models.CharField(max_length=600, blank=True, default="")
    towards = models.CharField(max_length=400, blank=True, default="")
    towards_en = models.CharField(max_length=400, blank=True, default="")
    is_towards_association = models.BooleanField(default=False)
    may_vote = models.BooleanField(default=True)
    may_sign = models.BooleanField(default=True)
    may_substitute = models.BooleanField(default=False)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    withdrawn_on = models.DateField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        Decision, on_delete=models.PROTECT, null=True, blank=True, related_name="withdrew"
    )
    withdrawn_because = models.CharField(max_length=300, blank=True, default="")
    source = models.ForeignKey(
        Source, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["municipality_id", "starts_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(holder__isnull=False, holder_post__isnull=True)
                | Q(holder__isnull=True, holder_post__isnull=False),
                name="mandate_of_a_person_or_a_post",
            ),
            models.CheckConstraint(
                condition=Q(decision__isnull=False) | ~Q(document=""),
                name="mandate_comes_from_a_decision",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True)
                | Q(starts_on__isnull=True)
                | Q(ends_on__gte=F("starts_on")),
                name="mandate_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return in_language(self.subject, self.subject_en)

    def counts_on(self, day: date) -> bool:
        """Whether it is in force on a day, the decision apart (`mandates.mandates_on`)."""
        if self.withdrawn_on is not None and self.withdrawn_on <= day:
            return False
        has_begun = self.starts_on is None or self.starts_on <= day
        return has_begun and (self.ends_on is None or self.ends_on >= day)
