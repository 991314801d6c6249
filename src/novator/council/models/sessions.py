"""Who decides: sessions, who was there, agenda, papers, what speakers argued, signed protocols."""

from __future__ import annotations

from uuid import uuid4

import pghistory
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from novator.accounts.models import User
from novator.core.languages import in_language
from novator.council.models.bodies import Organization, Person, Source, base_choices, with_deletions
from novator.council.models.partial import day_field, in_order
from novator.files.models import StoredFile

STATES = {
    "planned": _("planned"),
    "invited": _("invitation sent"),
    "held": _("held"),
    "signed": _("protocol signed"),
    "cancelled": _("cancelled"),
}
FORMS = {
    "in_person": _("in person"),
    "remote": _("remote"),
    "mixed": _("in person and remote"),
    "absentee": _("by questionnaire (absentee)"),
}
PRESENCE = {
    "present": _("present"),
    "remote": _("present remotely"),
    "excused": _("absent with a reason"),
    "absent": _("absent"),
}
PAPERS = {
    "draft": _("draft decision"),
    "explanatory": _("explanatory note"),
    "opinion": _("opinion"),
    "amendment": _("amendment"),
    "report": _("report"),
    "other": _("other paper"),
}
STANCES = {
    "for": _("in favour"),
    "against": _("against"),
    "neutral": _("without taking a side"),
    "reports": _("reports on the item"),
}


def state_choices() -> list[tuple[str, object]]:
    """Where a session is on its way."""
    return list(STATES.items())


def form_choices() -> list[tuple[str, object]]:
    """How a session is held."""
    return list(FORMS.items())


def presence_choices() -> list[tuple[str, object]]:
    """Whether a deputy took part."""
    return list(PRESENCE.items())


def paper_choices() -> list[tuple[str, object]]:
    """What a paper is."""
    return list(PAPERS.items())


def stance_choices() -> list[tuple[str, object]]:
    """Which side a speaker took."""
    return list(STANCES.items())


@pghistory.track(*with_deletions())
class Session(models.Model):
    """
    A sitting of a council. Without `starts_at` only its partial date is known.

    `established`, `elected` and the rule of the quorum are copied when it is planned, so that a
    later change of the council does not rewrite it; `present` is stated, or counted from the
    attendance (null: not recorded). Texts of a closed session are shown to nobody outside; its
    existence, decisions and results are.
    """

    public_id = models.UUIDField(unique=True, default=uuid4, editable=False)
    council = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="sessions")
    convocation = models.ForeignKey(
        Organization, on_delete=models.PROTECT, null=True, blank=True, related_name="sat"
    )
    number = models.CharField(max_length=40, blank=True, default="")
    name = models.CharField(max_length=300)
    name_en = models.CharField(max_length=300, blank=True, default="")
    is_extraordinary = models.BooleanField(default=False)
    held_from = day_field()
    held_to = day_field()
    starts_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    place = models.CharField(max_length=300, blank=True, default="")
    form = models.CharField(max_length=10, choices=form_choices, default="in_person")
    is_closed = models.BooleanField(default=False)
    closed_because = models.CharField(max_length=300, blank=True, default="")
    state = models.CharField(max_length=10, choices=state_choices, default="planned")
    established = models.PositiveSmallIntegerField(null=True, blank=True)
    elected = models.PositiveSmallIntegerField(null=True, blank=True)
    present = models.PositiveSmallIntegerField(null=True, blank=True)
    quorum_numerator = models.PositiveSmallIntegerField(null=True, blank=True)
    quorum_denominator = models.PositiveSmallIntegerField(null=True, blank=True)
    quorum_base = models.CharField(max_length=12, choices=base_choices, blank=True, default="")
    quorum_is_over = models.BooleanField(default=False)
    chair = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    secretary = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    source = models.ForeignKey(
        Source, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    revision = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["council_id", "-held_to", "-id"]
        indexes = [models.Index(fields=["council", "-held_to", "-id"])]
        constraints = [
            models.UniqueConstraint(
                fields=["convocation", "number"],
                condition=~Q(number=""),
                name="one_session_of_a_number",
            ),
            *in_order("session", "held"),
        ]

    def __str__(self) -> str:
        return in_language(self.name, self.name_en)

    def get_absolute_url(self) -> str:
        return reverse("council_session", args=[self.pk])

    @property
    def is_signed(self) -> bool:
        """Whether only a correction, as a new version of the protocol, changes it."""
        return self.state == "signed"


@pghistory.track()
class Attendance(models.Model):
    """Whether a deputy took part in a session."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="attendance")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="attendance")
    presence = models.CharField(max_length=8, choices=presence_choices)
    note = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        ordering = ["session_id", "person"]
        verbose_name_plural = "attendance"
        constraints = [
            models.UniqueConstraint(fields=["session", "person"], name="one_presence_per_deputy")
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.presence}"


@pghistory.track(*with_deletions())
class AgendaItem(models.Model):
    """
    One question of a session's agenda, in its order.

    `initiated_by` is the person and `initiated_as` the capacity in which the question was
    brought («Глава города»). An item of an open session may itself be closed.
    """

    public_id = models.UUIDField(unique=True, default=uuid4, editable=False)
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField()
    number = models.CharField(max_length=20, blank=True, default="")
    title = models.CharField(max_length=600)
    title_en = models.CharField(max_length=600, blank=True, default="")
    is_closed = models.BooleanField(default=False)
    initiated_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="initiated"
    )
    initiated_as = models.CharField(max_length=200, blank=True, default="")
    initiated_as_en = models.CharField(max_length=200, blank=True, default="")
    outcome = models.CharField(max_length=600, blank=True, default="")
    outcome_en = models.CharField(max_length=600, blank=True, default="")

    class Meta:
        ordering = ["session_id", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "position"],
                deferrable=models.Deferrable.DEFERRED,
                name="one_item_at_a_place",
            )
        ]

    def __str__(self) -> str:
        return in_language(self.title, self.title_en)

    def get_absolute_url(self) -> str:
        return f"{reverse('council_session', args=[self.session_id])}#item-{self.pk}"

    @property
    def is_behind_doors(self) -> bool:
        """Whether it, or the whole session, is closed to the public; `session` joined."""
        return self.is_closed or self.session.is_closed


@pghistory.track(*with_deletions())
class Paper(models.Model):
    """A paper of a council: the draft of a decision, a note, an opinion; once, for many items."""

    public_id = models.UUIDField(unique=True, default=uuid4, editable=False)
    council = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="papers")
    kind = models.CharField(max_length=12, choices=paper_choices, default="draft")
    number = models.CharField(max_length=60, blank=True, default="")
    title = models.CharField(max_length=600)
    text = models.TextField(blank=True, default="", max_length=200_000)
    file = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    url = models.URLField(max_length=600, blank=True, default="")
    dated_from = day_field()
    dated_to = day_field()
    is_public = models.BooleanField(default=True)
    items = models.ManyToManyField(AgendaItem, related_name="papers", blank=True)

    class Meta:
        ordering = ["council_id", "id"]
        constraints = in_order("paper", "dated")

    def __str__(self) -> str:
        return self.title


@pghistory.track()
class Speech(models.Model):
    """
    Who spoke on an item, in which capacity, and what was argued.

    Also support named in public outside the session (`is_in_session` false).
    """

    public_id = models.UUIDField(unique=True, default=uuid4, editable=False)
    item = models.ForeignKey(AgendaItem, on_delete=models.CASCADE, related_name="speeches")
    position = models.PositiveSmallIntegerField(default=0)
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="speeches"
    )
    speaker = models.CharField(max_length=200, blank=True, default="")
    capacity = models.CharField(max_length=200, blank=True, default="")
    capacity_en = models.CharField(max_length=200, blank=True, default="")
    stance = models.CharField(max_length=8, choices=stance_choices, default="neutral")
    text = models.TextField(blank=True, default="", max_length=8000)
    text_en = models.TextField(blank=True, default="", max_length=8000)
    is_in_session = models.BooleanField(default=True)
    source = models.ForeignKey(
        Source, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["item_id", "position", "id"]
        verbose_name_plural = "speeches"
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False) | ~Q(speaker=""), name="speech_has_a_speaker"
            )
        ]

    def __str__(self) -> str:
        return str(self.person or self.speaker)


@pghistory.track()
class Protocol(models.Model):
    """
    One version of a session's signed protocol: what it said when it was signed.

    A correction is the next version with its reason; earlier ones stay as they were. `content` is
    the whole session as `protocol.content_of` wrote it.
    """

    public_id = models.UUIDField(unique=True, default=uuid4, editable=False)
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="protocols")
    number = models.PositiveSmallIntegerField()
    content = models.JSONField()
    reason = models.CharField(max_length=400, blank=True, default="")
    signed_on = models.DateField()
    signed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    recorded_by = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["session_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["session", "number"], name="one_version_of_a_number"),
            models.CheckConstraint(
                condition=Q(number=1) | ~Q(reason=""), name="correction_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session_id}/{self.number}"
