"""The association: votes of members, open and secret."""

from __future__ import annotations

from uuid import uuid4

import pghistory
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from novator.accounts.models import User
from novator.association.models.common_work import Position
from novator.association.models.membership import Member
from novator.core.languages import in_language
from novator.council.models import Mandate

POLL_STATES = {
    "draft": _("being prepared"),
    "open": _("open"),
    "closed": _("closed"),
    "cancelled": _("cancelled"),
}


def poll_state_choices() -> list[tuple[str, object]]:
    """Where a poll is on its way."""
    return list(POLL_STATES.items())


@pghistory.track()
class Poll(models.Model):
    """
    A vote of the members on one question.

    `weights` is the rule as data: {"kind": "equal"} or {"kind": "population", "tiers": [[from,
    weight], …]}. Quorum: the fraction of all weights entitled at the opening that must take part.
    Majority: the fraction of the weights cast for any option but those that count as abstaining.
    Missed, the quorum lets the poll be extended by `extension_days` at most `most_extensions`
    times. `result` is written at the closing and can be reckoned again from the ballots.
    """

    public_id = models.UUIDField(unique=True, default=uuid4, editable=False)
    title = models.CharField(max_length=300)
    title_en = models.CharField(max_length=300, blank=True, default="")
    question = models.TextField(blank=True, default="", max_length=8000)
    question_en = models.TextField(blank=True, default="", max_length=8000)
    position = models.ForeignKey(
        Position, on_delete=models.PROTECT, null=True, blank=True, related_name="polls"
    )
    is_secret = models.BooleanField(default=False)
    weights = models.JSONField(default=dict)
    quorum_numerator = models.PositiveSmallIntegerField(default=1)
    quorum_denominator = models.PositiveSmallIntegerField(default=2)
    majority_numerator = models.PositiveSmallIntegerField(default=1)
    majority_denominator = models.PositiveSmallIntegerField(default=2)
    is_over = models.BooleanField(default=True)
    opens_at = models.DateTimeField(null=True, blank=True)
    closes_at = models.DateTimeField(null=True, blank=True)
    extension_days = models.PositiveSmallIntegerField(default=7)
    most_extensions = models.PositiveSmallIntegerField(default=1)
    extensions = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=10, choices=poll_state_choices, default="draft")
    result = models.JSONField(default=dict, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    cancelled_because = models.CharField(max_length=300, blank=True, default="")
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-made_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    quorum_denominator__gt=0,
                    quorum_numerator__lte=F("quorum_denominator"),
                    majority_denominator__gt=0,
                    majority_numerator__lte=F("majority_denominator"),
                ),
                name="poll_rules_are_fractions",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "cancelled"])
                | Q(opens_at__isnull=False, closes_at__gt=F("opens_at")),
                name="open_poll_has_its_time",
            ),
        ]

    def __str__(self) -> str:
        return in_language(self.title, self.title_en)

    def get_absolute_url(self) -> str:
        return reverse("poll", args=[self.public_id])


@pghistory.track()
class PollOption(models.Model):
    """One thing that can be voted for. `is_abstention`: counts for the quorum only."""

    poll = models.ForeignKey(Poll, on_delete=models.CASCADE, related_name="options")
    position = models.PositiveSmallIntegerField()
    code = models.SlugField(max_length=40)
    text = models.CharField(max_length=300)
    text_en = models.CharField(max_length=300, blank=True, default="")
    is_abstention = models.BooleanField(default=False)

    class Meta:
        ordering = ["poll", "position"]
        constraints = [
            models.UniqueConstraint(fields=["poll", "code"], name="one_option_of_a_code"),
            models.UniqueConstraint(fields=["poll", "position"], name="one_option_at_a_place"),
        ]

    def __str__(self) -> str:
        return in_language(self.text, self.text_en)


class Entitlement(models.Model):
    """A member that may vote in a poll, fixed when it opens, with its weight."""

    poll = models.ForeignKey(Poll, on_delete=models.CASCADE, related_name="entitled")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    weight = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["poll", "member"]
        constraints = [models.UniqueConstraint(fields=["poll", "member"], name="entitled_once")]

    def __str__(self) -> str:
        return f"{self.poll_id}: {self.member_id}"


class OpenBallot(models.Model):
    """A member's vote in an open poll, with who cast it and on which mandate; never changed."""

    poll = models.ForeignKey(Poll, on_delete=models.PROTECT, related_name="open_ballots")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    option = models.ForeignKey(PollOption, on_delete=models.PROTECT, related_name="+")
    weight = models.PositiveIntegerField()
    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, related_name="+")
    cast_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    cast_at = models.DateTimeField()

    class Meta:
        ordering = ["poll", "id"]
        constraints = [models.UniqueConstraint(fields=["poll", "member"], name="member_votes_once")]

    def __str__(self) -> str:
        return f"{self.poll_id}: {self.member_id}"


class VotingRight(models.Model):
    """
    That a member took its right to vote in a secret poll: by whom, on which mandate, when.

    Nothing in it or near it names the token that was given.
    """

    poll = models.ForeignKey(Poll, on_delete=models.PROTECT, related_name="rights")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, related_name="+")
    taken_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField()

    class Meta:
        ordering = ["poll", "member"]
        constraints = [
            models.UniqueConstraint(fields=["poll", "member"], name="right_is_taken_once")
        ]

    def __str__(self) -> str:
        return f"{self.poll_id}: {self.member_id}"


class VotingToken(models.Model):
    """
    An unused right to cast one secret ballot: the digest of a random token, with its weight.

    Its key is random, it has no time; it is deleted in the transaction that stores the ballot.
    """

    digest = models.BinaryField(primary_key=True, max_length=32)
    poll = models.ForeignKey(Poll, on_delete=models.PROTECT, related_name="tokens")
    weight = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["poll", "digest"]

    def __str__(self) -> str:
        return str(self.poll_id)


class SealedToken(models.Model):
    """
    A token that nobody has drawn yet, encrypted; its digest stands among the tokens.

    Made at the opening together with all digests, so that drawing one touches no other row. Its
    key is the encrypted text: there is no number, no time, no order.
    """

    sealed = models.BinaryField(primary_key=True, max_length=200)
    poll = models.ForeignKey(Poll, on_delete=models.PROTECT, related_name="sealed_tokens")
    weight = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["poll", "sealed"]

    def __str__(self) -> str:
        return str(self.poll_id)


class SecretBallot(models.Model):
    """
    One secret ballot: a random id (the voter's receipt), the option, the weight. Nothing else.

    No time, no history; with each ballot, and when the poll closes, all of the poll are written
    anew in random order.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    poll = models.ForeignKey(Poll, on_delete=models.PROTECT, related_name="secret_ballots")
    option = models.ForeignKey(PollOption, on_delete=models.PROTECT, related_name="+")
    weight = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return str(self.id)
