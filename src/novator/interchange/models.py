"""Solutions found elsewhere: other installations, what came from them, and the order of our own."""

from __future__ import annotations

from uuid import uuid4

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from novator.accounts.models import User
from novator.practices.models import Practice

RHYTHMS = {
    "never": _("only when asked"),
    "hourly": _("every hour"),
    "daily": _("every day"),
}
OUTCOMES = {
    "": _("not read yet"),
    "asked": _("will be read in a moment"),
    "unfinished": _("interrupted; the next reading goes on from there"),
    "done": _("read to the end"),
    "failed": _("could not be read"),
}
CONFLICT_KINDS = {
    "claimed": _("a city writes this card here, and it changed there"),
    "both": _("the card changed here and there"),
    "withdrawn": _("the card was withdrawn there, but has a life of its own here"),
    "twin": _("a city writes there about a card that was ours"),
    "package": _("a card that came with the package reads differently there"),
}
SETTLEMENTS = {
    "theirs": _("theirs was taken"),
    "ours": _("ours was kept"),
    "merged": _("field by field"),
}


def rhythm_choices() -> list[tuple[str, object]]:
    """How often another catalogue is read without being asked."""
    return list(RHYTHMS.items())


def outcome_choices() -> list[tuple[str, object]]:
    """How the last reading of a catalogue ended."""
    return list(OUTCOMES.items())


def conflict_choices() -> list[tuple[str, object]]:
    """Why a change from elsewhere was not simply taken."""
    return list(CONFLICT_KINDS.items())


def settlement_choices() -> list[tuple[str, object]]:
    """What the office decided about a conflict."""
    return list(SETTLEMENTS.items())


@pghistory.track(exclude=["last_position"])
class Installation(models.Model):
    """
    An installation of Novator: ours (one row) and every one of which cards were seen.

    `public_id` stays when an installation moves to another address. Of ours, `passes_on` says
    whether cards of others are offered too, `last_position` is the end of what was ever offered.
    """

    public_id = models.UUIDField(unique=True, default=uuid4)
    address = models.URLField(max_length=300, blank=True, default="")
    is_own = models.BooleanField(default=False, editable=False)
    passes_on = models.BooleanField(default=False)
    last_position = models.BigIntegerField(default=0, editable=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_own"], condition=Q(is_own=True), name="one_own_installation"
            )
        ]

    def __str__(self) -> str:
        return self.address or str(self.public_id)


@pghistory.track(
    exclude=[
        *("cursor", "etag", "outcome", "failure", "failure_detail", "read_at"),
        *("counts", "faults", "unplaced"),
    ]
)
class Neighbour(models.Model):
    """
    A catalogue that we read. `cursor` is where we stopped, in the other one's own words.

    `may_be_private`: its address may lie in a private network; only the command line says so.
    Of what it has itself from elsewhere, only the cards of chosen origins are taken (`PassedOn`).
    """

    url = models.URLField(max_length=300, unique=True)
    name = models.CharField(max_length=120, blank=True, default="")
    installation = models.ForeignKey(
        Installation, on_delete=models.PROTECT, null=True, blank=True, related_name="neighbours"
    )
    rhythm = models.CharField(max_length=8, choices=rhythm_choices, default="never")
    may_be_private = models.BooleanField(default=False, editable=False)
    cursor = models.CharField(max_length=64, blank=True, default="")
    etag = models.CharField(max_length=120, blank=True, default="")
    read_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=12, choices=outcome_choices, blank=True, default="")
    failure = models.CharField(max_length=40, blank=True, default="")
    failure_detail = models.CharField(max_length=300, blank=True, default="")
    counts = models.JSONField(default=dict, blank=True)
    faults = models.JSONField(default=list, blank=True)
    unplaced = models.JSONField(default=list, blank=True)
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name", "url"]

    def __str__(self) -> str:
        return self.name or self.url

    def get_absolute_url(self) -> str:
        """Page of the office about it."""
        return reverse("neighbour", args=[self.pk])


@pghistory.track(exclude=["cards", "seen_at"])
class PassedOn(models.Model):
    """
    That a neighbour passes on cards of a third installation; the office says whether it may.

    Number and address of that installation are as the neighbour tells them. `cards` is how many of
    its changes came with the last reading that had any.
    """

    neighbour = models.ForeignKey(Neighbour, on_delete=models.CASCADE, related_name="passed_on")
    public_id = models.UUIDField()
    address = models.URLField(max_length=300, blank=True, default="")
    is_taken = models.BooleanField(default=False)
    cards = models.PositiveIntegerField(default=0)
    seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["neighbour", "address", "public_id"]
        constraints = [
            models.UniqueConstraint(fields=["neighbour", "public_id"], name="one_word_per_origin")
        ]

    def __str__(self) -> str:
        return self.address or str(self.public_id)


@pghistory.track(exclude=["taken"])
class ForeignCard(models.Model):
    """
    A card of ours that came from another installation; found again by its origin and id there.

    `taken` is what it said when it was last taken over: a card that says something else now was
    changed here. `gone_at`: withdrawn there, into whatever `merged_into` names.
    """

    practice = models.OneToOneField(Practice, on_delete=models.CASCADE, related_name="foreign_card")
    origin = models.ForeignKey(Installation, on_delete=models.PROTECT, related_name="cards")
    slug = models.CharField(max_length=80)
    version = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField()
    through = models.ForeignKey(
        Neighbour, on_delete=models.SET_NULL, null=True, blank=True, related_name="cards"
    )
    taken = models.JSONField(default=dict)
    page = models.URLField(max_length=600, blank=True, default="")
    attachments = models.JSONField(default=list, blank=True)
    gone_at = models.DateTimeField(null=True, blank=True)
    merged_into = models.CharField(max_length=120, blank=True, default="")

    class Meta:
        ordering = ["origin", "slug"]
        constraints = [
            models.UniqueConstraint(fields=["origin", "slug"], name="one_copy_of_each_card")
        ]
        indexes = [models.Index(fields=["merged_into"])]

    def __str__(self) -> str:
        return self.global_id

    @property
    def global_id(self) -> str:
        """Its id in every installation; costs the origin."""
        return f"{self.origin.public_id}/{self.slug}"


@pghistory.track(exclude=["theirs"])
class Conflict(models.Model):
    """
    A change from elsewhere that waits for the office: what is here was kept meanwhile.

    `theirs` is the card as it reads there, an object of the catalogue's schema; empty where it was
    withdrawn. One of a card is open at a time; a later change there renews it.
    """

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="conflicts")
    origin = models.ForeignKey(Installation, on_delete=models.PROTECT, related_name="conflicts")
    slug = models.CharField(max_length=80)
    kind = models.CharField(max_length=12, choices=conflict_choices)
    theirs = models.JSONField(default=dict, blank=True)
    reason = models.CharField(max_length=300, blank=True, default="")
    version = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField()
    page = models.URLField(max_length=600, blank=True, default="")
    is_by_its_city = models.BooleanField(default=False)
    found_at = models.DateTimeField(auto_now_add=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    settlement = models.CharField(max_length=8, choices=settlement_choices, blank=True, default="")

    class Meta:
        ordering = ["-found_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "origin"],
                condition=Q(settled_at=None),
                name="one_open_conflict_of_a_card",
            ),
            models.CheckConstraint(
                condition=Q(settled_at=None) | ~Q(settlement=""),
                name="settled_conflict_says_how",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.practice_id}: {self.kind}"

    def get_absolute_url(self) -> str:
        """Page of the office where it is settled."""
        return reverse("neighbour_conflict", args=[self.pk])


class Change(models.Model):
    """
    Where the last change of a card stands in the order in which we tell changes; see `ordering`.

    Written by a trigger of the database in the transaction that changes the card; no position
    until a reader sees it committed.
    """

    practice = models.OneToOneField(
        Practice, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    position = models.BigIntegerField(null=True, blank=True, unique=True)

    class Meta:
        ordering = ["position", "practice"]
        indexes = [
            models.Index(
                fields=["practice"], condition=Q(position=None), name="changes_without_position"
            )
        ]

    def __str__(self) -> str:
        return f"{self.practice_id}: {self.position}"


class WatchedPractice(Practice):
    """The card, with the trigger that notes each of its changes; nothing else uses this name."""

    class Meta:
        proxy = True
        triggers = [
            pgtrigger.Trigger(
                name="note_change",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=(
                    "INSERT INTO interchange_change (practice_id, position)"
                    " VALUES (NEW.id, NULL)"
                    " ON CONFLICT (practice_id) DO UPDATE SET position = NULL;"
                    " RETURN NULL;"
                ),
            )
        ]
