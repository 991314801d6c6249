"""Solutions written: a draft of a card, the remarks made on it, and its states in one table."""

from __future__ import annotations

from uuid import uuid4

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from novator.accounts.models import User
from novator.cities.models import Municipality
from novator.files.models import StoredFile
from novator.practices.models import Practice

STATES = {
    "writing": _("being written"),
    "awaiting_release": _("waits for release by the city"),
    "submitted": _("with the moderator"),
    "returned": _("returned with remarks"),
    "published": _("published"),
    "discarded": _("discarded"),
}
TRANSITIONS: dict[str, frozenset[str]] = {
    "writing": frozenset({"awaiting_release", "submitted", "discarded"}),
    "awaiting_release": frozenset({"writing", "submitted", "discarded"}),
    "submitted": frozenset({"returned", "published", "writing"}),
    "returned": frozenset({"writing", "awaiting_release", "submitted", "discarded"}),
    "published": frozenset(),
    "discarded": frozenset({"writing"}),
}
OPEN_STATES = ("writing", "awaiting_release", "submitted", "returned")


def state_choices() -> list[tuple[str, object]]:
    """Where a draft is on its way."""
    return list(STATES.items())


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(
        condition=pghistory.AnyChange(
            *("state", "holder", "author", "practice", "municipality", "steps_done"),
            *("consent_at", "released_at", "submitted_at", "published_at", "kept_revision"),
        )
    ),
)
class Draft(models.Model):
    """
    What a city is writing about its own work; one open draft for each card at a time.

    `content` is an object of the catalogue's schema (docs/catalogue-schema.md) as far as it is
    filled in, faulty values as they were typed included: a draft is never refused, only its
    submission is. `revision` grows with every save; who saves names the revision he began from.
    `changed_in` tells of each field in which revision and from which open page it was changed
    last, so that two people disturb each other only where they wrote in the same field.

    What a page saves by itself while somebody types is not copied into the trail of changes each
    time: `kept_revision` is the latest revision that the trail holds, that of a step saved on
    purpose, of a change of state, or of the last words before somebody else began to type.
    """

    public_id = models.UUIDField(unique=True, default=uuid4, editable=False)
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="drafts")
    practice = models.ForeignKey(
        Practice, on_delete=models.PROTECT, null=True, blank=True, related_name="drafts"
    )
    content = models.JSONField(default=dict)
    steps_done = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    revision = models.PositiveIntegerField(default=1)
    kept_revision = models.PositiveIntegerField(default=1)
    changed_in = models.JSONField(default=dict)
    state = models.CharField(max_length=20, choices=state_choices, default="writing")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="drafts_begun")
    holder = models.ForeignKey(User, on_delete=models.PROTECT, related_name="drafts_held")
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    consent_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    consent_at = models.DateTimeField(null=True, blank=True)
    consent_version = models.CharField(max_length=20, blank=True, default="")
    released_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    released_at = models.DateTimeField(null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-changed_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["practice"],
                condition=Q(state__in=OPEN_STATES),
                name="one_open_draft_per_card",
            )
        ]
        indexes = [
            models.Index(fields=["municipality", "state"]),
            models.Index(fields=["state", "submitted_at"]),
        ]

    def __str__(self) -> str:
        return self.title or str(_("Untitled"))

    def get_absolute_url(self) -> str:
        """Page where it is written, in the language of the current reader."""
        return reverse("draft", args=[self.public_id])

    @property
    def title(self) -> str:
        """The Russian title as typed so far, else the English one."""
        title = self.content.get("title_ru") or self.content.get("title_en") or ""
        return str(title)

    @property
    def is_open(self) -> bool:
        """Whether somebody still has something to do with it."""
        return self.state in OPEN_STATES


@pghistory.track()
class Remark(models.Model):
    """What a moderator asks to be changed; `field` is a column of the schema, "" for the whole."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="remarks")
    field = models.CharField(max_length=60, blank=True, default="")
    text = models.TextField()
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(blank=True, default="")

    class Meta:
        ordering = ["draft", "made_at", "id"]

    def __str__(self) -> str:
        return self.text[:60]


@pghistory.track()
class DraftAttachment(models.Model):
    """A document or photo that is to hang on the card; `alt` says in words what a photo shows."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="attachments")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    caption = models.CharField(max_length=300, blank=True, default="")
    alt = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        ordering = ["draft", "position", "id"]

    def __str__(self) -> str:
        return self.caption or self.alt or str(self.position)
