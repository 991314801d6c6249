"""The association: positions, joint letters, working groups, events."""

from __future__ import annotations

from uuid import uuid4

import pghistory
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from novator.accounts.models import User
from novator.association.models.membership import Member
from novator.core.languages import in_language
from novator.council.models import Mandate
from novator.files.models import StoredFile

POSITION_KINDS = {
    "bill": _("on a bill"),
    "law": _("on a law in force"),
    "programme": _("on a programme"),
    "letter": _("joint letter"),
    "other": _("on another matter"),
}
POSITION_STATES = {
    "draft": _("draft"),
    "consultation": _("in consultation"),
    "vote": _("members vote"),
    "adopted": _("adopted"),
    "lost": _("not adopted"),
    "sent": _("sent"),
    "answered": _("answered"),
    "closed": _("closed with a result"),
    "withdrawn": _("withdrawn"),
}
POSITION_TRANSITIONS: dict[str, frozenset[str]] = {
    "draft": frozenset({"consultation", "withdrawn"}),
    "consultation": frozenset({"draft", "vote", "withdrawn"}),
    "vote": frozenset({"adopted", "lost"}),
    "adopted": frozenset({"sent"}),
    "sent": frozenset({"answered", "closed"}),
    "answered": frozenset({"closed"}),
    "lost": frozenset({"draft"}),
    "closed": frozenset(),
    "withdrawn": frozenset(),
}
"""A joint letter goes from consultation to signatures: its `vote` is the signing."""
REMARK_STATES = {
    "open": _("not answered"),
    "taken": _("taken in"),
    "partly": _("taken in partly"),
    "declined": _("not taken in"),
}


def position_kind_choices() -> list[tuple[str, object]]:
    """What a position is on."""
    return list(POSITION_KINDS.items())


def position_state_choices() -> list[tuple[str, object]]:
    """Where a position is on its way."""
    return list(POSITION_STATES.items())


def remark_choices() -> list[tuple[str, object]]:
    """What became of a remark."""
    return list(REMARK_STATES.items())


@pghistory.track()
class WorkingGroup(models.Model):
    """People of several members who work on one matter, from when until when."""

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True, default="")
    purpose = models.TextField(blank=True, default="", max_length=4000)
    purpose_en = models.TextField(blank=True, default="", max_length=4000)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    is_open = models.BooleanField(default=True)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return in_language(self.name, self.name_en)

    def get_absolute_url(self) -> str:
        return reverse("working_group", args=[self.slug])


@pghistory.track()
class GroupMember(models.Model):
    """Who works in a group, for which member, as what; ended, never deleted."""

    group = models.ForeignKey(WorkingGroup, on_delete=models.PROTECT, related_name="people")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="working_groups")
    member = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    is_chair = models.BooleanField(default=False)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["group", "-is_chair", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["group", "user"],
                condition=Q(ends_on__isnull=True),
                name="in_a_group_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.group_id}: {self.user_id}"


@pghistory.track()
class Position(models.Model):
    """
    What members say together on a bill, a law, a programme, or in a joint letter.

    It never makes a duty for a member (rule L4). `subject` names what it is on, `addressee` to
    whom it goes. The vote is a `Poll` of its own that points here.
    """

    public_id = models.UUIDField(unique=True, default=uuid4, editable=False)
    kind = models.CharField(max_length=10, choices=position_kind_choices)
    title = models.CharField(max_length=300)
    title_en = models.CharField(max_length=300, blank=True, default="")
    subject = models.CharField(max_length=600, blank=True, default="")
    addressee = models.CharField(max_length=400, blank=True, default="")
    state = models.CharField(max_length=12, choices=position_state_choices, default="draft")
    group = models.ForeignKey(
        WorkingGroup, on_delete=models.PROTECT, null=True, blank=True, related_name="positions"
    )
    consultation_until = models.DateTimeField(null=True, blank=True)
    signing_until = models.DateTimeField(null=True, blank=True)
    adopted_on = models.DateField(null=True, blank=True)
    sent_on = models.DateField(null=True, blank=True)
    sent_how = models.CharField(max_length=300, blank=True, default="")
    sent_number = models.CharField(max_length=60, blank=True, default="")
    answered_on = models.DateField(null=True, blank=True)
    answer = models.TextField(blank=True, default="", max_length=20_000)
    answer_file = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    result = models.TextField(blank=True, default="", max_length=4000)
    withdrawn_because = models.CharField(max_length=400, blank=True, default="")
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-made_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["sent", "answered"]) | Q(sent_on__isnull=False),
                name="sent_on_a_day",
            )
        ]

    def __str__(self) -> str:
        return in_language(self.title, self.title_en)

    def get_absolute_url(self) -> str:
        return reverse("position", args=[self.public_id])

    @property
    def state_name(self) -> str:
        """How it stands, in words; the vote of a joint letter is its signing."""
        is_signing = self.kind == "letter" and self.state == "vote"
        return str(_("members sign") if is_signing else POSITION_STATES[self.state])


@pghistory.track()
class PositionVersion(models.Model):
    """
    One version of a position's text: paragraphs in order; a published one never changes.

    `paragraphs` and `paragraphs_en` are lists of texts; remarks point to a number in them.
    """

    position = models.ForeignKey(Position, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    paragraphs = models.JSONField()
    paragraphs_en = models.JSONField(default=list, blank=True)
    note = models.CharField(max_length=400, blank=True, default="")
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["position", "number"]
        constraints = [
            models.UniqueConstraint(fields=["position", "number"], name="one_text_of_a_version")
        ]

    def __str__(self) -> str:
        return f"{self.position_id}/{self.number}"


@pghistory.track()
class Remark(models.Model):
    """What a member remarks on one paragraph (0: the whole), with which mandate; the answer."""

    version = models.ForeignKey(PositionVersion, on_delete=models.PROTECT, related_name="remarks")
    paragraph = models.PositiveSmallIntegerField()
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="remarks")
    mandate = models.ForeignKey(
        Mandate, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    text = models.TextField(max_length=4000)
    proposed = models.TextField(blank=True, default="", max_length=4000)
    state = models.CharField(max_length=8, choices=remark_choices, default="open")
    answer = models.TextField(blank=True, default="", max_length=2000)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    answered_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["version", "paragraph", "id"]

    def __str__(self) -> str:
        return f"{self.version_id}, {self.paragraph}"


@pghistory.track()
class Signature(models.Model):
    """A member signs a joint letter; the mandate it rests on is kept."""

    position = models.ForeignKey(Position, on_delete=models.PROTECT, related_name="signatures")
    version = models.ForeignKey(PositionVersion, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="signatures")
    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, related_name="+")
    signed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position", "signed_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["position", "member"],
                condition=Q(withdrawn_at__isnull=True),
                name="member_signs_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.position_id}: {self.member_id}"


@pghistory.track()
class Gathering(models.Model):
    """An event of the association: when, where, for whom, until when one registers."""

    public_id = models.UUIDField(unique=True, default=uuid4, editable=False)
    name = models.CharField(max_length=300)
    name_en = models.CharField(max_length=300, blank=True, default="")
    description = models.TextField(blank=True, default="", max_length=8000)
    description_en = models.TextField(blank=True, default="", max_length=8000)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    time_zone = models.CharField(max_length=40, default="Europe/Moscow")
    place = models.CharField(max_length=300, blank=True, default="")
    online = models.URLField(max_length=400, blank=True, default="")
    group = models.ForeignKey(
        WorkingGroup, on_delete=models.PROTECT, null=True, blank=True, related_name="gatherings"
    )
    seats = models.PositiveIntegerField(null=True, blank=True)
    register_until = models.DateTimeField(null=True, blank=True)
    is_for_members = models.BooleanField(default=False)
    is_published = models.BooleanField(default=False)
    cancelled_because = models.CharField(max_length=300, blank=True, default="")
    sequence = models.PositiveIntegerField(default=0)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-starts_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="event_ends_after_it_starts"
            )
        ]

    def __str__(self) -> str:
        return in_language(self.name, self.name_en)

    def get_absolute_url(self) -> str:
        return reverse("gathering", args=[self.public_id])


@pghistory.track()
class Registration(models.Model):
    """Somebody with an account comes to an event, or waits for a seat."""

    gathering = models.ForeignKey(Gathering, on_delete=models.CASCADE, related_name="registrations")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="registrations")
    municipality = models.ForeignKey(
        "cities.Municipality", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    is_waiting = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["gathering", "made_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["gathering", "user"],
                condition=Q(ended_at__isnull=True),
                name="registered_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.gathering_id}: {self.user_id}"
