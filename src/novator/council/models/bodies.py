"""Who decides: councils, their convocations, parties, factions, committees, posts and people."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pghistory
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Coalesce, Greatest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from novator.accounts.models import User
from novator.cities.models import Municipality
from novator.core.languages import in_language
from novator.council.models.partial import day_field, in_order

BODIES = {
    "council": _("representative body (council)"),
    "convocation": _("convocation"),
    "faction": _("faction"),
    "committee": _("committee"),
    "party": _("party"),
    "party_branch": _("branch of a party"),
    "administration": _("administration"),
    "union": _("union or association"),
    "other": _("other body"),
}
ROLES = {
    "member": pgettext_lazy("of a body", "member"),
    "deputy": _("deputy"),
    "chair": _("chair"),
    "deputy_chair": _("deputy chair"),
    "secretary": _("secretary"),
    "head": _("head"),
    "deputy_head": _("deputy head"),
    "other": _("other role"),
}
BASES = {
    "present": _("those present"),
    "elected": _("those elected"),
    "established": _("the established number of deputies"),
    "voted": _("those who voted"),
}
"""Of whom a fraction is taken (rule K3)."""


def body_choices() -> list[tuple[str, object]]:
    """What an organisation may be."""
    return list(BODIES.items())


def role_choices() -> list[tuple[str, object]]:
    """What a person may be in an organisation."""
    return list(ROLES.items())


def base_choices() -> list[tuple[str, object]]:
    """Of whom a fraction is taken."""
    return list(BASES.items())


def with_deletions() -> tuple[pghistory.RowEvent, ...]:
    """Steps kept of what other systems read: they are told what was taken out, and when."""
    return (pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())


ACCOUNT_STEP = "account"
"""The step of a person's trail at which an account is linked or unlinked; never told in public."""
_OF_ACCOUNT = ("user", "account_asked", "account_asked_at")


@pghistory.track()
class Source(models.Model):
    """Where facts come from: a page, a printed paper, a protocol."""

    url = models.URLField(max_length=600, blank=True, default="")
    title = models.CharField(max_length=400)
    publisher = models.CharField(max_length=200, blank=True, default="")
    published_from = day_field()
    published_to = day_field()

    class Meta:
        ordering = ["title", "id"]
        constraints = [
            models.UniqueConstraint(fields=["url", "title"], name="one_row_per_council_source"),
            *in_order("council_source", "published"),
        ]

    def __str__(self) -> str:
        return self.title


@pghistory.track(*with_deletions())
class Organization(models.Model):
    """
    A council, one of its convocations, a faction, a committee, a party, an administration.

    A convocation's `parent` is its council, a faction's and a committee's is the convocation (or
    the council, if it outlives it), a party branch's the party. A convocation that sits has no
    end. `seats` is the established number of deputies («установленная численность»); a faction's
    `party` is the party it is of, kept apart from it (rule K1). `position` orders a hemicycle from
    left to right as the council says, not by opinion. `number` is the convocation's.
    """

    public_id = models.UUIDField(unique=True, default=uuid4, editable=False)
    kind = models.CharField(max_length=16, choices=body_choices)
    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, null=True, blank=True, related_name="organizations"
    )
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="parts"
    )
    party = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="factions"
    )
    number = models.CharField(max_length=20, blank=True, default="")
    name = models.CharField(max_length=300)
    name_en = models.CharField(max_length=300, blank=True, default="")
    short_name = models.CharField(max_length=80, blank=True, default="")
    short_name_en = models.CharField(max_length=80, blank=True, default="")
    position = models.PositiveSmallIntegerField(default=0)
    seats = models.PositiveSmallIntegerField(null=True, blank=True)
    founded_from = day_field()
    founded_to = day_field()
    dissolved_from = day_field()
    dissolved_to = day_field()
    website = models.URLField(max_length=300, blank=True, default="")
    source = models.ForeignKey(
        Source, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["municipality", "kind", "position", "name", "id"]
        indexes = [models.Index(fields=["parent", "kind"])]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality"],
                condition=Q(kind="council", dissolved_to__isnull=True),
                name="one_sitting_council",
            ),
            models.UniqueConstraint(
                fields=["parent", "kind", "name"], name="one_body_of_a_name_in_its_parent"
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["council", "convocation"]) | Q(municipality__isnull=False),
                name="council_is_of_a_municipality",
            ),
            models.CheckConstraint(
                condition=~Q(kind="convocation")
                | Q(parent__isnull=False, founded_to__isnull=False),
                name="convocation_has_council_and_start",
            ),
            ExclusionConstraint(
                name="convocations_do_not_overlap",
                condition=Q(kind="convocation"),
                expressions=[
                    (
                        Func(
                            F("parent"),
                            F("parent"),
                            function="int8range",
                            template="%(function)s(%(expressions)s, '[]')",
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                    (
                        Func(
                            F("founded_to"),
                            Greatest(
                                Coalesce(
                                    F("dissolved_from"),
                                    models.Value(date.max, models.DateField()),
                                ),
                                F("founded_to"),
                            ),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
            *in_order("organization", "founded", "dissolved"),
        ]

    def __str__(self) -> str:
        return in_language(self.name, self.name_en)

    def get_absolute_url(self) -> str:
        return reverse("organization", args=[self.public_id])

    @property
    def shown_name(self) -> str:
        """The short name, or the whole one where there is none."""
        return in_language(self.short_name, self.short_name_en) or str(self)


@pghistory.track()
class Quorum(models.Model):
    """
    When a council may decide and by which majority: fractions and their bases, as data (K3).

    `code` is "quorum" or the name of a majority ("simple", "qualified", "procedural", …).
    `is_over`: more than the fraction; otherwise the fraction suffices.
    """

    council = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="rules")
    code = models.SlugField(max_length=24)
    name = models.CharField(max_length=160)
    name_en = models.CharField(max_length=160, blank=True, default="")
    numerator = models.PositiveSmallIntegerField()
    denominator = models.PositiveSmallIntegerField()
    base = models.CharField(max_length=12, choices=base_choices)
    is_over = models.BooleanField(default=False)
    legal_basis = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        ordering = ["council_id", "id"]
        verbose_name_plural = "quorums"
        constraints = [
            models.UniqueConstraint(fields=["council", "code"], name="one_rule_of_a_code"),
            models.CheckConstraint(
                condition=Q(denominator__gt=0, numerator__lte=F("denominator")),
                name="rule_is_a_fraction",
            ),
        ]

    def __str__(self) -> str:
        return in_language(self.name, self.name_en)


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(condition=pghistory.AnyChange(exclude=list(_OF_ACCOUNT))),
    pghistory.UpdateEvent(ACCOUNT_STEP, condition=pghistory.AnyChange("user")),
    pghistory.DeleteEvent(),
    exclude=["account_asked", "account_asked_at"],
)
class Person(models.Model):
    """
    Somebody who holds or held an office. Only what concerns the office is kept (rule P2).

    No birth day, no home, no private contact. `user` is the person's account here, if there is
    one; it is not public. `account_asked` is a digest of the address to which a letter went that
    asks for it, and `account_asked_at` when; empty once it is answered.
    """

    public_id = models.UUIDField(unique=True, default=uuid4, editable=False)
    slug = models.SlugField(max_length=120, unique=True)
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True, default="")
    family_name = models.CharField(max_length=100, blank=True, default="")
    given_name = models.CharField(max_length=100, blank=True, default="")
    patronymic = models.CharField(max_length=100, blank=True, default="")
    keys = models.CharField(max_length=200, blank=True, default="", db_index=True, editable=False)
    user = models.OneToOneField(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="person"
    )
    account_asked = models.CharField(max_length=24, blank=True, default="", editable=False)
    account_asked_at = models.DateTimeField(null=True, blank=True, editable=False)
    source = models.ForeignKey(
        Source, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["family_name", "name", "id"]
        verbose_name_plural = "people"

    def __str__(self) -> str:
        return in_language(self.name, self.name_en)

    def get_absolute_url(self) -> str:
        return reverse("person", args=[self.slug])


@pghistory.track()
class Post(models.Model):
    """A position that one person at a time holds: head of the city, chair, a district's seat."""

    public_id = models.UUIDField(unique=True, default=uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="posts")
    role = models.CharField(max_length=12, choices=role_choices, default="other")
    label = models.CharField(max_length=200)
    label_en = models.CharField(max_length=200, blank=True, default="")
    starts_from = day_field()
    starts_to = day_field()
    ends_from = day_field()
    ends_to = day_field()

    class Meta:
        ordering = ["organization_id", "id"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "label"], name="one_post_of_a_label"),
            *in_order("post", "starts", "ends"),
        ]

    def __str__(self) -> str:
        return in_language(self.label, self.label_en)


@pghistory.track(*with_deletions())
class Membership(models.Model):
    """
    That a person is in an organisation, from when until when, and why it ended (rule K2).

    History is added, never rewritten: one that ended gets its end, a new role is a new row.
    `on_behalf_of` is the party or list that nominated. `decision` made it, `end_decision` ended
    it. `election` says how a seat was won. Two people certainly in one post on one day are
    refused by the database.
    """

    public_id = models.UUIDField(unique=True, default=uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="memberships"
    )
    post = models.ForeignKey(
        Post, on_delete=models.PROTECT, null=True, blank=True, related_name="memberships"
    )
    role = models.CharField(max_length=12, choices=role_choices, default="member")
    label = models.CharField(max_length=200, blank=True, default="")
    label_en = models.CharField(max_length=200, blank=True, default="")
    on_behalf_of = models.ForeignKey(
        Organization, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    election = models.CharField(max_length=200, blank=True, default="")
    starts_from = day_field()
    starts_to = day_field()
    ends_from = day_field()
    ends_to = day_field()
    end_reason = models.CharField(max_length=300, blank=True, default="")
    end_reason_en = models.CharField(max_length=300, blank=True, default="")
    decision = models.ForeignKey(
        "council.Decision", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    end_decision = models.ForeignKey(
        "council.Decision", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    source = models.ForeignKey(
        Source, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["person_id", "starts_from", "id"]
        indexes = [models.Index(fields=["organization", "ends_to"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_to__isnull=True)
                | Q(starts_from__isnull=True)
                | Q(starts_from__lte=F("ends_to")),
                name="membership_ends_after_it_starts",
            ),
            ExclusionConstraint(
                name="one_person_in_a_post_on_a_day",
                condition=Q(post__isnull=False, starts_to__isnull=False),
                expressions=[
                    (
                        Func(
                            F("post"),
                            F("post"),
                            function="int8range",
                            template="%(function)s(%(expressions)s, '[]')",
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                    (
                        Func(
                            F("starts_to"),
                            Greatest(
                                Coalesce(
                                    F("ends_from"),
                                    F("ends_to"),
                                    models.Value(date.max, models.DateField()),
                                ),
                                F("starts_to"),
                            ),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
            *in_order("membership", "starts", "ends"),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.shown_label}"

    @property
    def shown_label(self) -> str:
        """What the person is called in it: as stored, as the role's name otherwise."""
        return in_language(self.label, self.label_en) or str(ROLES[self.role])


@pghistory.track()
class LifeEvent(models.Model):
    """A line of a person's public life and career: study, work, an election, an award."""

    KINDS = {
        "study": _("study"),
        "work": _("work"),
        "office": _("office"),
        "election": _("election"),
        "award": _("award"),
        "other": _("other"),
    }
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="life")
    kind = models.CharField(max_length=10)
    text = models.CharField(max_length=400)
    text_en = models.CharField(max_length=400, blank=True, default="")
    starts_from = day_field()
    starts_to = day_field()
    ends_from = day_field()
    ends_to = day_field()
    position = models.PositiveSmallIntegerField(default=0)
    source = models.ForeignKey(
        Source, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["person_id", "position", "starts_from", "id"]
        constraints = in_order("life_event", "starts", "ends")

    def __str__(self) -> str:
        return in_language(self.text, self.text_en)


@pghistory.track()
class Statement(models.Model):
    """What a person said in public about an office or a decision, on a day."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="statements")
    made_from = day_field()
    made_to = day_field()
    text = models.TextField(max_length=4000)
    text_en = models.TextField(max_length=4000, blank=True, default="")
    membership = models.ForeignKey(
        Membership, on_delete=models.SET_NULL, null=True, blank=True, related_name="statements"
    )
    source = models.ForeignKey(
        Source, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["person_id", "made_from", "id"]
        constraints = in_order("statement", "made")

    def __str__(self) -> str:
        return in_language(self.text, self.text_en)
