"""Solutions chosen: collections of cards, whom they are shared with, papers for a meeting."""

from __future__ import annotations

from uuid import uuid4

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from novator.accounts.models import User
from novator.cities.models import Municipality
from novator.practices.models import Practice

ACCESS = {
    "nobody": _("nothing: it is not shown to them"),
    "see": _("may read it"),
    "edit": _("may read and change it"),
}
SECTIONS = {
    "problem": _("The problem"),
    "options": _("What others did"),
    "costs": _("What it costs"),
    "effects": _("What it changed"),
    "evidence": _("How sure it is"),
    "experts": _("What experts think"),
    "failed": _("What failed"),
    "conditions": _("Conditions"),
    "changes": _("What our city would have to change"),
    "sources": _("Sources"),
}
MOST_ON_PAPER = 5


def access_choices() -> list[tuple[str, object]]:
    """What people of the municipality may do with a collection."""
    return list(ACCESS.items())


def all_sections() -> list[str]:
    """Every part that a paper can have, in its order."""
    return list(SECTIONS)


@pghistory.track(exclude=["title", "purpose"])
class Collection(models.Model):
    """
    A named list of cards. `revision` grows with every change, so that two people do not overwrite
    each other. `municipality_access` is what people with a role in the municipality may do.
    The trail of changes that the office reads has no words of it: those are private.
    """

    public_id = models.UUIDField(unique=True, default=uuid4, editable=False)
    title = models.CharField(max_length=160)
    purpose = models.TextField(blank=True, default="")
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="collections")
    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, null=True, blank=True, related_name="collections"
    )
    municipality_access = models.CharField(max_length=8, choices=access_choices, default="nobody")
    revision = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-changed_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(municipality__isnull=False) | Q(municipality_access="nobody"),
                name="shared_with_a_municipality_that_is_named",
            )
        ]
        indexes = [models.Index(fields=["municipality", "municipality_access"])]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Its page in the language of the current reader."""
        return reverse("collection", args=[self.public_id])

    @property
    def is_of_the_city(self) -> bool:
        """Whether people of the municipality have any part in it."""
        return self.municipality_access != "nobody"


@pghistory.track(exclude=["note"])
class Item(models.Model):
    """One card of a collection with a note of those who collect."""

    collection = models.ForeignKey(Collection, on_delete=models.CASCADE, related_name="items")
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    note = models.TextField(blank=True, default="")
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["collection", "position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["collection", "practice"], name="a_card_once_in_a_collection"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.collection_id}: {self.practice_id}"


@pghistory.track(exclude=["email"])
class Share(models.Model):
    """
    That the owner of an address may see or change a collection.

    Kept by address, so that nobody learns by sharing whether an account with it exists.
    """

    collection = models.ForeignKey(Collection, on_delete=models.CASCADE, related_name="shares")
    email = models.EmailField(max_length=254)
    may_edit = models.BooleanField(default=False)
    shared_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    shared_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["collection", "shared_at", "id"]
        constraints = [
            models.UniqueConstraint("collection", Lower("email"), name="one_share_per_address")
        ]
        indexes = [models.Index(Lower("email"), name="share_by_address")]

    def __str__(self) -> str:
        return f"{self.collection_id}"


@pghistory.track(exclude=["token"])
class SecretLink(models.Model):
    """A secret address by which anybody who has it reads the collection until it is ended."""

    collection = models.ForeignKey(Collection, on_delete=models.CASCADE, related_name="links")
    token = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["collection", "made_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["collection"],
                condition=Q(ended_at__isnull=True),
                name="one_open_link_per_collection",
            )
        ]

    def __str__(self) -> str:
        return f"{self.collection_id}"


@pghistory.track(exclude=["title", "problem", "proposal", "prepared_by"])
class Briefing(models.Model):
    """
    A paper for a meeting about some cards of a collection: what the official chose and wrote.

    `population` is the number of inhabitants to which costs are scaled when it differs from what
    is known of the city.
    """

    public_id = models.UUIDField(unique=True, default=uuid4, editable=False)
    collection = models.ForeignKey(Collection, on_delete=models.CASCADE, related_name="briefings")
    title = models.CharField(max_length=160)
    language = models.CharField(max_length=2, default="ru")
    city = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    population = models.PositiveIntegerField(null=True, blank=True)
    problem = models.TextField(blank=True, default="")
    proposal = models.TextField(blank=True, default="")
    sections = ArrayField(models.CharField(max_length=20), default=all_sections)
    prepared_by = models.CharField(max_length=200, blank=True, default="")
    prepared_on = models.DateField()
    revision = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-changed_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(population__isnull=True) | Q(population__gt=0),
                name="paper_population_is_positive",
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The page where it is read, in the language of the current reader."""
        return reverse("briefing", args=[self.public_id])


@pghistory.track(exclude=["changes"])
class Option(models.Model):
    """One card of a paper, with what the own city would have to change, in the official's words."""

    briefing = models.ForeignKey(Briefing, on_delete=models.CASCADE, related_name="options")
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    changes = models.TextField(blank=True, default="")

    class Meta:
        ordering = ["briefing", "position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["briefing", "practice"], name="a_card_once_in_a_paper"),
        ]

    def __str__(self) -> str:
        return f"{self.briefing_id}: {self.practice_id}"
