"""Solutions judged: moderators' decisions, experts' reviews, twins, contests and their juries."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pghistory
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from novator.accounts.models import User
from novator.cities.models import Municipality
from novator.core.languages import reads_russian
from novator.drafts.models import Draft
from novator.practices.models import Practice, Version
from novator.reviews.scales import Category, Criterion, category_of, criterion_of

OUTCOMES = {
    "returned": _("returned with remarks"),
    "published": _("published"),
    "left": _("taken back by the city before a decision"),
}
ANSWERS = {"yes": _("yes"), "no": _("no"), "na": _("does not apply")}
REVIEW_ENDS = {
    "replaced": _("replaced by a new review"),
    "withdrawn": _("withdrawn by the expert"),
    "conflict": _("set aside: conflict of interest"),
}
STAGES = {
    "prepared": _("being prepared"),
    "announced": _("announced"),
    "open": _("open for entries"),
    "scoring": _("with the jury"),
    "closed": _("scores are closed"),
    "protocol": _("decided"),
}
MERGE_OUTCOMES = {"merged": _("merged"), "refused": _("refused")}


def outcome_choices() -> list[tuple[str, object]]:
    """How a round of moderation may end."""
    return list(OUTCOMES.items())


def review_end_choices() -> list[tuple[str, object]]:
    """Why a review no longer counts."""
    return list(REVIEW_ENDS.items())


def merge_outcome_choices() -> list[tuple[str, object]]:
    """What may become of a proposal to merge."""
    return list(MERGE_OUTCOMES.items())


@pghistory.track()
class Moderation(models.Model):
    """
    One round of moderation of one draft: who took it, what he checked, how it ended.

    `checks` is {code: {"answer": yes|no|na, "note": …}} by the checklist of `checklist_version`.
    """

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="moderations")
    round = models.PositiveSmallIntegerField()
    moderator = models.ForeignKey(User, on_delete=models.PROTECT, related_name="moderations")
    taken_at = models.DateTimeField()
    revision = models.PositiveIntegerField(null=True, blank=True)
    checklist_version = models.CharField(max_length=20, blank=True, default="")
    checks = models.JSONField(default=dict, blank=True)
    note = models.TextField(blank=True, default="")
    outcome = models.CharField(max_length=12, blank=True, default="", choices=outcome_choices)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["draft", "round"]
        constraints = [
            models.UniqueConstraint(fields=["draft", "round"], name="one_moderation_per_round"),
            models.CheckConstraint(
                condition=Q(outcome="", decided_at__isnull=True)
                | (~Q(outcome="") & Q(decided_at__isnull=False)),
                name="moderation_is_decided_at_a_moment",
            ),
        ]
        indexes = [models.Index(fields=["moderator", "outcome"])]

    def __str__(self) -> str:
        return f"{self.draft_id}: {self.round}"


@pghistory.track(exclude=["reason"])
class Conflict(models.Model):
    """That an expert says of himself that he cannot judge what one municipality does."""

    expert = models.ForeignKey(User, on_delete=models.PROTECT, related_name="conflicts")
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300, blank=True, default="")
    declared_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["expert", "declared_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["expert", "municipality"],
                condition=Q(ended_at__isnull=True),
                name="one_standing_conflict_per_place",
            )
        ]

    def __str__(self) -> str:
        return f"{self.expert_id}: {self.municipality_id}"


@pghistory.track()
class Review(models.Model):
    """
    What one expert thinks of one version of a card; it counts until it is ended.

    Scores, comments and weights are kept by the code of the criterion, with the version of the
    criteria they were given by: later criteria change nothing of it.
    """

    public_id = models.UUIDField(unique=True, default=uuid4, editable=False)
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="reviews")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="reviews")
    expert = models.ForeignKey(User, on_delete=models.PROTECT, related_name="reviews")
    criteria_version = models.CharField(max_length=20)
    weights = models.JSONField()
    scores = models.JSONField()
    comments = models.JSONField(default=dict, blank=True)
    summary = models.TextField(blank=True, default="")
    has_declared = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_because = models.CharField(
        max_length=12, blank=True, default="", choices=review_end_choices
    )

    class Meta:
        ordering = ["practice", "made_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "expert"],
                condition=Q(ended_at__isnull=True),
                name="one_standing_review_per_version",
            ),
            models.CheckConstraint(
                condition=Q(has_declared=True), name="reviewer_declared_no_interest"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_because="")
                | (Q(ended_at__isnull=False) & ~Q(ended_because="")),
                name="ended_review_says_why",
            ),
        ]
        indexes = [models.Index(fields=["practice", "ended_at"])]

    def __str__(self) -> str:
        return f"{self.practice_id}: {self.expert_id}"


@pghistory.track()
class MergeProposal(models.Model):
    """That somebody thinks two cards tell of the same work, and what a moderator decided."""

    twin = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="+")
    into = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    outcome = models.CharField(max_length=12, blank=True, default="", choices=merge_outcome_choices)
    answer = models.CharField(max_length=300, blank=True, default="")
    decided_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["proposed_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["twin", "into"],
                condition=Q(outcome=""),
                name="one_open_proposal_per_pair",
            ),
            models.CheckConstraint(condition=~Q(twin=F("into")), name="twins_are_two_cards"),
            models.CheckConstraint(
                condition=Q(outcome="", decided_at__isnull=True, decided_by__isnull=True)
                | (~Q(outcome="") & Q(decided_at__isnull=False, decided_by__isnull=False)),
                name="merge_is_decided_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.twin_id} -> {self.into_id}"


class ContestQuerySet(models.QuerySet["Contest"]):
    """Contests, narrowed."""

    def announced(self) -> ContestQuerySet:
        """Those that the public sees."""
        return self.filter(announced_at__isnull=False)


@pghistory.track()
class Contest(models.Model):
    """
    A call to cities to enter their practices, judged by a jury; its rules are its own data.

    Entries are taken from `opens_on` to `closes_on`, scores until `scores_by`, all days included.
    `criteria` and `categories` are lists as in data/contest_rules.json; without categories all
    entries of a nomination compete together. `protocol` is the frozen result.
    """

    slug = models.SlugField(max_length=80, unique=True)
    title_ru = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200, blank=True, default="")
    text_ru = models.TextField()
    text_en = models.TextField(blank=True, default="")
    opens_on = models.DateField()
    closes_on = models.DateField()
    scores_by = models.DateField()
    least_points = models.PositiveSmallIntegerField()
    most_points = models.PositiveSmallIntegerField()
    least_scores = models.PositiveSmallIntegerField()
    tie_rule = models.JSONField()
    criteria = models.JSONField()
    categories = models.JSONField(default=list, blank=True)
    rules_version = models.CharField(max_length=20)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    announced_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    protocol = models.JSONField(null=True, blank=True)
    protocol_at = models.DateTimeField(null=True, blank=True)

    objects = ContestQuerySet.as_manager()

    class Meta:
        ordering = ["-opens_on", "slug"]
        constraints = [
            models.CheckConstraint(
                condition=Q(opens_on__lte=F("closes_on")) & Q(closes_on__lt=F("scores_by")),
                name="contest_days_are_in_order",
            ),
            models.CheckConstraint(
                condition=Q(least_points__lt=F("most_points")), name="points_have_a_range"
            ),
            models.CheckConstraint(
                condition=Q(protocol_at__isnull=True) | Q(closed_at__isnull=False),
                name="protocol_after_the_scores_are_closed",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Page of the call in the language of the current reader."""
        return reverse("contest", args=[self.slug])

    @property
    def title(self) -> str:
        """In the language of the current reader, else the Russian one."""
        return self.title_ru if _is_russian() or not self.title_en else self.title_en

    @property
    def text(self) -> str:
        """The call in the language of the current reader, else the Russian one."""
        return self.text_ru if _is_russian() or not self.text_en else self.text_en

    def stage(self, on: date) -> str:
        """How far it is on a day; the days of the call move it on by themselves."""
        if self.announced_at is None:
            return "prepared"
        if self.protocol_at is not None:
            return "protocol"
        if self.closed_at is not None:
            return "closed"
        if on < self.opens_on:
            return "announced"
        return "open" if on <= self.closes_on else "scoring"

    @property
    def all_criteria(self) -> tuple[Criterion, ...]:
        """Its criteria in their order."""
        return tuple(criterion_of(one) for one in self.criteria)

    @property
    def weights(self) -> dict[str, int]:
        """Weight of each criterion by its code, in the order of the contest."""
        return {one["code"]: one["weight"] for one in self.criteria}

    @property
    def all_categories(self) -> tuple[Category, ...]:
        """Its categories in their order; none: all compete together."""
        return tuple(category_of(one) for one in self.categories)

    def category_for(self, kind: str) -> str | None:
        """Code of the category for a kind; "": there are no categories, None: not admitted."""
        if not self.categories:
            return ""
        return next((one.code for one in self.all_categories if kind in one.kinds), None)


@pghistory.track()
class Nomination(models.Model):
    """A subject in which a contest names the best."""

    contest = models.ForeignKey(Contest, on_delete=models.CASCADE, related_name="nominations")
    position = models.PositiveSmallIntegerField()
    title_ru = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        ordering = ["contest", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["contest", "position"], name="one_nomination_per_position"
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """In the language of the current reader, else the Russian one."""
        return self.title_ru if _is_russian() or not self.title_en else self.title_en


@pghistory.track()
class Juror(models.Model):
    """One member of a jury; `code` stands for the person until the names at the protocol's end."""

    contest = models.ForeignKey(Contest, on_delete=models.CASCADE, related_name="jurors")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="juries")
    code = models.CharField(max_length=8)
    named_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    named_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["contest", "id"]
        constraints = [
            models.UniqueConstraint(fields=["contest", "user"], name="a_person_is_juror_once"),
            models.UniqueConstraint(fields=["contest", "code"], name="one_code_per_juror"),
        ]

    def __str__(self) -> str:
        return self.code


@pghistory.track()
class Entry(models.Model):
    """A published card that its city entered into a nomination; withdrawn ones stay as rows."""

    public_id = models.UUIDField(unique=True, default=uuid4, editable=False)
    nomination = models.ForeignKey(Nomination, on_delete=models.PROTECT, related_name="entries")
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="entries")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    category = models.CharField(max_length=20, blank=True, default="")
    entered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    withdrawn_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["nomination", "category", "entered_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["nomination", "practice"],
                condition=Q(withdrawn_at__isnull=True),
                name="a_card_is_entered_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.nomination_id}: {self.practice_id}"


@pghistory.track(exclude=["points", "comment"])
class Score(models.Model):
    """
    Points of one juror for one entry, by the code of the criterion; changed until scores close.

    The trail keeps that it was written, not what: the office, too, sees no points before the end.
    """

    juror = models.ForeignKey(Juror, on_delete=models.PROTECT, related_name="given")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="scores")
    points = models.JSONField()
    comment = models.TextField(blank=True, default="")
    given_at = models.DateTimeField()

    class Meta:
        ordering = ["entry", "juror"]
        constraints = [
            models.UniqueConstraint(fields=["juror", "entry"], name="one_score_per_juror")
        ]

    def __str__(self) -> str:
        return f"{self.juror_id}: {self.entry_id}"


@pghistory.track()
class Recusal(models.Model):
    """That a juror does not score an entry: his own city's by rule, another by his own word."""

    juror = models.ForeignKey(Juror, on_delete=models.PROTECT, related_name="recusals")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="recusals")
    is_by_rule = models.BooleanField(default=False)
    reason = models.CharField(max_length=300, blank=True, default="")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["entry", "juror"]
        constraints = [
            models.UniqueConstraint(fields=["juror", "entry"], name="one_recusal_per_juror")
        ]

    def __str__(self) -> str:
        return f"{self.juror_id}: {self.entry_id}"


def _is_russian() -> bool:
    return reads_russian()
