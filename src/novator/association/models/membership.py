"""The association: applications, members and their standing, representatives, fees."""

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
from novator.council.models import Decision, Mandate, Person
from novator.files.models import StoredFile

APPLICATION_STATES = {
    "draft": _("being written"),
    "submitted": _("waits for the office"),
    "returned": _("returned with remarks"),
    "admitted": _("granted: the city is admitted"),
    "refused": _("refused"),
    "withdrawn": _("withdrawn"),
}
APPLICATION_TRANSITIONS: dict[str, frozenset[str]] = {
    "draft": frozenset({"submitted", "withdrawn"}),
    "submitted": frozenset({"returned", "admitted", "refused", "withdrawn"}),
    "returned": frozenset({"submitted", "withdrawn"}),
    "admitted": frozenset(),
    "refused": frozenset(),
    "withdrawn": frozenset(),
}
STANDINGS = {
    "admitted": _("admitted"),
    "suspended": _("suspended"),
    "left": _("left"),
    "excluded": _("excluded"),
}
"""What the association decided of a member; whether it is *active* follows from mandates."""
INVOICE_STATES = {
    "issued": _("to be paid"),
    "paid": _("paid"),
    "cancelled": _("cancelled"),
}


def application_state_choices() -> list[tuple[str, object]]:
    """Where an application is on its way."""
    return list(APPLICATION_STATES.items())


def standing_choices() -> list[tuple[str, object]]:
    """What the association decided of a member."""
    return list(STANDINGS.items())


def invoice_state_choices() -> list[tuple[str, object]]:
    """What became of an invoice."""
    return list(INVOICE_STATES.items())


@pghistory.track()
class Application(models.Model):
    """
    A municipality asks to join on the strength of its council's decision (rule L3).

    `decision` is one of a council kept here; for a council outside `document_*` name the paper
    and its file. `checks` are the office's answers to its list, by code; `remarks` what it asks to
    mend.
    """

    public_id = models.UUIDField(unique=True, default=uuid4, editable=False)
    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, related_name="applications"
    )
    state = models.CharField(max_length=10, choices=application_state_choices, default="draft")
    decision = models.ForeignKey(
        Decision, on_delete=models.PROTECT, null=True, blank=True, related_name="applications"
    )
    document_number = models.CharField(max_length=60, blank=True, default="")
    document_on = models.DateField(null=True, blank=True)
    document_body = models.CharField(max_length=300, blank=True, default="")
    document = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    representative_name = models.CharField(max_length=200, blank=True, default="")
    representative_position = models.CharField(max_length=200, blank=True, default="")
    words = models.TextField(blank=True, default="", max_length=4000)
    checks = models.JSONField(default=dict, blank=True)
    remarks = models.TextField(blank=True, default="", max_length=4000)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="applications")
    made_at = models.DateTimeField(auto_now_add=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-made_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality"],
                condition=Q(state__in=["draft", "submitted", "returned"]),
                name="one_open_application",
            ),
            models.CheckConstraint(
                condition=~Q(state="admitted")
                | Q(decision__isnull=False)
                | (~Q(document_number="") & Q(document_on__isnull=False)),
                name="admitted_on_a_decision",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.municipality}: {self.state}"

    def get_absolute_url(self) -> str:
        return reverse("application", args=[self.public_id])


@pghistory.track()
class Member(models.Model):
    """
    A municipality in the association (rule L5), once; it may leave and come back.

    `standing` is the last `MemberStep`. Active only while somebody may represent it:
    `mandates.is_active`.
    """

    municipality = models.OneToOneField(
        Municipality, on_delete=models.PROTECT, related_name="member"
    )
    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decision = models.ForeignKey(
        Decision, on_delete=models.PROTECT, null=True, blank=True, related_name="members"
    )
    standing = models.CharField(max_length=10, choices=standing_choices, default="admitted")
    admitted_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    source_note = models.CharField(max_length=400, blank=True, default="")

    class Meta:
        ordering = ["municipality"]

    def __str__(self) -> str:
        return str(self.municipality)

    def get_absolute_url(self) -> str:
        return reverse("member", args=[self.municipality.slug])

    @property
    def is_in(self) -> bool:
        """Whether it belongs to the association, active or not."""
        return self.standing in {"admitted", "suspended"}


@pghistory.track()
class MemberStep(models.Model):
    """One change of a member's standing, with date and reason; added, never changed."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="steps")
    standing = models.CharField(max_length=10, choices=standing_choices)
    on = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=400, blank=True, default="")
    decision = models.ForeignKey(
        Decision, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    made_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["member", "id"]

    def __str__(self) -> str:
        return f"{self.member_id}: {self.standing}"


@pghistory.track()
class Representative(models.Model):
    """
    Who acts for a member by a mandate of its council, with which account.

    `substitute_of` is the representative who named this one as a substitute, on the same mandate
    if it allows that. What one may do on a day is reckoned from the mandate (`mandates.py`); this
    row only ties it to an account.
    """

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="representatives")
    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, related_name="representatives")
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="represents"
    )
    user = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="represents"
    )
    substitute_of = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="substitutes"
    )
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    ended_because = models.CharField(max_length=300, blank=True, default="")
    named_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    named_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["member", "starts_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True)
                | Q(starts_on__isnull=True)
                | Q(ends_on__gte=F("starts_on")),
                name="representative_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=False) | Q(user__isnull=False),
                name="representative_is_somebody",
            ),
        ]

    def __str__(self) -> str:
        return str(self.person or self.user)

    def counts_on(self, day: date) -> bool:
        """
        Whether the naming itself is in force; the mandate is another question.

        One that was ended before its time does not count on that day any more.
        """
        if self.starts_on is not None and self.starts_on > day:
            return False
        if self.ends_on is None:
            return True
        return self.ends_on > day if self.ended_because else self.ends_on >= day


@pghistory.track()
class FeeRule(models.Model):
    """
    How the yearly fee is reckoned, as data: a base, so much an inhabitant, bounds, in roubles.

    `tiers` is a list of [population from which it holds, amount]; where it is given it replaces
    base and rate. `decided_in` names the paper of the association that set it.
    """

    year = models.PositiveSmallIntegerField(unique=True)
    base = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    per_inhabitant = models.DecimalField(max_digits=10, decimal_places=4, default=0)
    least = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    most = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    tiers = models.JSONField(default=list, blank=True)
    due_days = models.PositiveSmallIntegerField(default=30)
    decided_in = models.CharField(max_length=300)
    payee = models.TextField(blank=True, default="", max_length=2000)

    class Meta:
        ordering = ["-year"]

    def __str__(self) -> str:
        return str(self.year)


@pghistory.track()
class Invoice(models.Model):
    """A member's fee for a year: amount, how it was reckoned, when it is due and was paid."""

    public_id = models.UUIDField(unique=True, default=uuid4, editable=False)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="invoices")
    rule = models.ForeignKey(FeeRule, on_delete=models.PROTECT, related_name="invoices")
    number = models.CharField(max_length=40, unique=True)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    reckoning = models.JSONField()
    state = models.CharField(max_length=10, choices=invoice_state_choices, default="issued")
    issued_on = models.DateField()
    due_on = models.DateField()
    paid_on = models.DateField(null=True, blank=True)
    cancelled_because = models.CharField(max_length=300, blank=True, default="")
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-issued_on", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["member", "rule"],
                condition=~Q(state="cancelled"),
                name="one_invoice_a_year",
            ),
            models.CheckConstraint(
                condition=~Q(state="paid") | Q(paid_on__isnull=False), name="paid_on_a_day"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("invoice", args=[self.public_id])

    def is_overdue(self, day: date) -> bool:
        """Whether it should have been paid before that day."""
        return self.state == "issued" and self.due_on < day
