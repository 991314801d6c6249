"""Who acts at every step: people, the roles they hold from one day to another, their consents."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import ClassVar
from uuid import uuid4

import pghistory
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from novator.cities.models import Municipality

MUNICIPAL_ROLES = {
    "head": _("head of the municipality"),
    "approver": _("approver named by the head"),
    "editor": _("editor of practices"),
    "secretary": _("council secretary"),
    "reports_officer": _("reports officer"),
}
ASSOCIATION_ROLES = {
    "office": _("office of the association"),
    "moderator": _("moderator"),
    "expert": _("expert"),
    "analyst": _("analyst"),
}
ROLES = MUNICIPAL_ROLES | ASSOCIATION_ROLES


def role_choices() -> list[tuple[str, object]]:
    """What a person may be in a municipality or in the association."""
    return list(ROLES.items())


class UserManager(BaseUserManager["User"]):
    """Makes users; the address is the name they sign in with."""

    def create_user(self, email: str, password: str | None = None, **facts: object) -> User:
        """Store a person; without a password the account opens only by another provider."""
        user = self.model(email=self.normalize_email(email).lower(), **facts)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        """Find by address, whatever the case it is typed in."""
        return self.get(email=(username or "").lower())


@pghistory.track(exclude=["password", "email", "last_login"])
class User(AbstractBaseUser):
    """
    A person with an account. `public_id` stands in addresses; the e-mail never does.

    An erased account keeps its row with the date, without name and address, so that what was
    decided stays attributable to "somebody of this city" and nobody else can take its place.
    """

    public_id = models.UUIDField(unique=True, default=uuid4, editable=False)
    email = models.EmailField(max_length=254, unique=True)
    name = models.CharField(max_length=120, blank=True, default="")
    position = models.CharField(max_length=160, blank=True, default="")
    language = models.CharField(max_length=8, default="ru")
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(auto_now_add=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(Lower("email"), name="one_account_per_address")]

    def __str__(self) -> str:
        return self.name or str(_("a person who gave no name"))


@pghistory.track()
class Role(models.Model):
    """
    What a person may do, where, from which day until which (inclusive; null: until it is ended).

    Without a municipality it is a role in the association. Roles are ended, never deleted; one
    that was ended early (`ended_at`) stops to count at once.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="roles")
    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, null=True, blank=True, related_name="roles"
    )
    kind = models.CharField(max_length=20, choices=role_choices)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    granted_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="granted_roles"
    )
    granted_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="ended_roles"
    )

    class Meta:
        ordering = ["user", "starts_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="role_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(municipality__isnull=False, kind__in=list(MUNICIPAL_ROLES))
                | Q(municipality__isnull=True, kind__in=list(ASSOCIATION_ROLES)),
                name="role_is_of_its_place",
            ),
        ]
        indexes = [models.Index(fields=["municipality", "kind"])]

    def __str__(self) -> str:
        return str(ROLES[self.kind])

    def counts_on(self, day: date) -> bool:
        """Whether it is in force on a day; the same rule as `queries.roles_on`."""
        is_within = self.starts_on <= day and (self.ends_on is None or self.ends_on >= day)
        return is_within and (self.ended_at is None or timezone.localdate(self.ended_at) > day)


@pghistory.track()
class Consent(models.Model):
    """That a person agreed to one purpose by one version of a text (152-FZ; rule P2)."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=40)
    text_version = models.CharField(max_length=20)
    given_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["user", "given_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "purpose"],
                condition=Q(withdrawn_at__isnull=True),
                name="one_standing_consent_per_purpose",
            )
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.text_version}"


class Attempt(models.Model):
    """How often one sender (a digest or a person's number) did one thing within one hour."""

    key = models.CharField(max_length=120)
    hour = models.DateTimeField()
    made = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "hour"], name="one_count_an_hour")]

    def __str__(self) -> str:
        return f"{self.key}: {self.made}"


@pghistory.track(exclude=["email"])
class Invitation(models.Model):
    """
    A role offered to an address; it begins when its owner confirms the address or signs in.

    It lapses when whoever offered it may give such a role no more. The address is forgotten when
    the invitation is accepted or withdrawn.
    """

    email = models.EmailField(max_length=254, blank=True, default="")
    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, null=True, blank=True, related_name="invitations"
    )
    kind = models.CharField(max_length=20, choices=role_choices)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    invited_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="invitations_made"
    )
    invited_at = models.DateTimeField(auto_now_add=True)
    role = models.OneToOneField(
        Role, on_delete=models.PROTECT, null=True, blank=True, related_name="invitation"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["invited_at", "id"]
        constraints = [
            models.UniqueConstraint(
                "municipality",
                "kind",
                Lower("email"),
                condition=Q(role__isnull=True, withdrawn_at__isnull=True),
                nulls_distinct=False,
                name="one_open_invitation_per_role",
            )
        ]
        indexes = [models.Index(Lower("email"), name="invitation_by_address")]

    def __str__(self) -> str:
        return str(ROLES[self.kind])


@pghistory.track()
class Incident(models.Model):
    """
    That personal data got out, or may have: what is known, and the two notices (rule P3).

    From `detected_at` on: a first notice within 24 hours, the result of the inquiry within 72
    (152-FZ, article 21, part 3.1). No names of those concerned stand here.
    """

    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, null=True, blank=True, related_name="incidents"
    )
    detected_at = models.DateTimeField()
    what = models.TextField(max_length=4000)
    people = models.PositiveIntegerField(null=True, blank=True)
    noticed_at = models.DateTimeField(null=True, blank=True)
    notice = models.TextField(blank=True, default="", max_length=4000)
    result_at = models.DateTimeField(null=True, blank=True)
    result = models.TextField(blank=True, default="", max_length=4000)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-detected_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(result_at__isnull=True) | Q(noticed_at__isnull=False),
                name="incident_noticed_before_its_result",
            )
        ]

    def __str__(self) -> str:
        return self.what[:60]

    @property
    def notice_due_at(self) -> datetime:
        """By when the first notice must be given."""
        return self.detected_at + timedelta(hours=24)

    @property
    def result_due_at(self) -> datetime:
        """By when the result of the inquiry must be given."""
        return self.detected_at + timedelta(hours=72)
