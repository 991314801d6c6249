"""A citizen's report: the report, its photos, its history, who supports it, how it was judged."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Self
from uuid import uuid4

import pghistory
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from novator.accounts.models import User
from novator.cities.models import Municipality
from novator.files.models import StoredFile
from novator.reports.cells import cell_expression
from novator.reports.models.channel import Area, Category, Department
from novator.reports.numbers import number_of
from novator.reports.states import CLOSED, OPEN, state_choices

LONGEST_TEXT = 4000
MOST_PHOTOS = 3

SOURCES = {
    "site": _("this site"),
    "widget": _("the city's site"),
    "telephone": _("telephone"),
    "open311": _("another system"),
    "import": _("imported"),
}
CHOSEN_BY = {
    "nobody": _("nobody"),
    "machine": _("proposed by the machine"),
    "citizen": _("chosen by the sender"),
    "staff": _("chosen by the city"),
    "source": _("stated by the source"),
}
PLACED_BY = {
    "nobody": _("no place"),
    "pin": _("pin on the map"),
    "device": _("location of the device"),
    "address": _("address"),
    "source": _("stated by the source"),
}
UPDATE_KINDS = {
    "state": _("change of state"),
    "reply": _("words to the sender"),
    "note": _("note of the city"),
    "handover": _("handover note"),
    "routed": _("given to another body"),
    "category": _("category changed"),
    "assigned": _("given to a colleague"),
    "facts": _("facts changed"),
    "contact": _("contact of the sender opened"),
    "moderation": _("text or photo checked"),
    "paused": _("count of days paused"),
    "resumed": _("count of days goes on"),
    "extended": _("date extended"),
    "comment": _("words of the sender"),
    "update": _("update of another system"),
}


def source_choices() -> list[tuple[str, object]]:
    """By which way a report came."""
    return list(SOURCES.items())


def chosen_by_choices() -> list[tuple[str, object]]:
    """Who said the category."""
    return list(CHOSEN_BY.items())


def placed_by_choices() -> list[tuple[str, object]]:
    """Who said the place."""
    return list(PLACED_BY.items())


def update_kind_choices() -> list[tuple[str, object]]:
    """What may happen to a report."""
    return list(UPDATE_KINDS.items())


_TO_ROUTE = Q(status__in=["received", "moderated", "accepted", "reopened"]) & (
    Q(category__isnull=True)
    | Q(department__isnull=True)
    | Q(category_by="machine", category_probability__lt=0.7)
)


def _pressing(name: str, condition: Q) -> models.Index:
    """An index of one view of the work list in its order: danger first, then the date."""
    due = Coalesce("due_on", Value(date(9999, 12, 31), output_field=models.DateField()))
    return models.Index(
        "municipality", F("is_danger").desc(), due, "id", name=name, condition=condition
    )


class ReportQuerySet(models.QuerySet["Report"]):
    """Reports by what readers may know of them."""

    def shown(self) -> Self:
        """Those of which everybody may know category, place, state and dates (C4)."""
        return self.exclude(status__in=["unconfirmed", "received"]).filter(is_hidden=False)

    def open(self) -> Self:
        """Those for which somebody of the city has to do something."""
        return self.filter(status__in=OPEN)

    def overdue(self, *, on: date) -> Self:
        """Open ones whose date has passed, as long as the count is not paused."""
        return self.open().filter(due_on__lt=on, paused_on__isnull=True)


@pghistory.track(
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    fields=[
        "category",
        "status",
        "department",
        "assignee",
        "area",
        "due_on",
        "paused_on",
        "is_hidden",
        "is_text_shown",
        "is_danger",
        "duplicate_of",
        "asset_number",
        "latitude",
        "longitude",
    ],
    model_name="ReportEvent",
)
class Report(models.Model):
    """
    A citizen's message about a place in a city. Its key grows with arrival (docs/decisions/0014).

    `text` is what the sender wrote, kept as it came; `shown_text` is what a moderator lets be
    read by everybody, shown only with `is_text_shown` (which needs the consent to publication, C4).
    The contact lies apart, encrypted (`Contact`). `latitude`, `longitude`: degrees of WGS 84;
    null where no place is known. `requested_at` is the sender's moment, `arrived_at` ours.
    `due_on` is the day by which the city must answer, in its time zone; `moderate_by` by which the
    text must be checked. `origin` and `external_id` name the report in the system it came from.
    `submission_key` makes sending again the same report. An erased one (`erased_at`) is a
    tombstone: number, city, category, dates.
    """

    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, related_name="reports", db_index=False
    )
    category = models.ForeignKey(
        Category,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="reports",
        db_index=False,
    )
    category_by = models.CharField(max_length=8, choices=chosen_by_choices, default="nobody")
    category_probability = models.FloatField(null=True, blank=True)
    text = models.TextField(max_length=LONGEST_TEXT)
    shown_text = models.TextField(blank=True, default="")
    is_text_shown = models.BooleanField(default=False)
    may_publish = models.BooleanField(default=False)
    language = models.CharField(max_length=8, default="ru")
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    cell = models.GeneratedField(
        expression=cell_expression(),
        output_field=models.BigIntegerField(null=True),
        db_persist=True,
    )
    placed_by = models.CharField(max_length=8, choices=placed_by_choices, default="nobody")
    address = models.CharField(max_length=300, blank=True, default="")
    area = models.ForeignKey(
        Area,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="reports",
        db_index=False,
    )
    asset_number = models.CharField(max_length=60, blank=True, default="")
    answers = models.JSONField(default=dict, blank=True)
    status = models.CharField(max_length=12, choices=state_choices, default="received")
    is_danger = models.BooleanField(default=False)
    is_hidden = models.BooleanField(default=False)
    department = models.ForeignKey(
        Department,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="reports",
        db_index=False,
    )
    assignee = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="reports_assigned",
        db_index=False,
    )
    author = models.ForeignKey(
        User,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="reports",
        db_index=False,
    )
    source = models.CharField(max_length=10, choices=source_choices, default="site")
    origin = models.CharField(max_length=200, blank=True, default="")
    external_id = models.CharField(max_length=120, blank=True, default="")
    submission_key = models.UUIDField(null=True, blank=True, unique=True)
    requested_at = models.DateTimeField()
    arrived_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    moderate_by = models.DateField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    paused_on = models.DateField(null=True, blank=True)
    extended_on = models.DateField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    judge_by = models.DateField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)
    supports = models.PositiveIntegerField(default=0)
    times_reopened = models.PositiveSmallIntegerField(default=0)
    times_refuted = models.PositiveSmallIntegerField(default=0)
    is_confirmed = models.BooleanField(default=False)
    duplicate_of = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="repeats",
        db_index=False,
    )

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="report_place_is_whole_and_on_earth",
            ),
            models.CheckConstraint(
                condition=Q(is_text_shown=False) | Q(may_publish=True),
                name="report_text_shown_with_consent_only",
            ),
            models.CheckConstraint(
                condition=~Q(duplicate_of=F("id")), name="report_repeats_another"
            ),
            models.UniqueConstraint(
                fields=["municipality", "origin", "external_id"],
                condition=~Q(external_id=""),
                name="report_taken_once_from_its_origin",
            ),
        ]
        indexes = [
            BrinIndex(
                fields=["requested_at"],
                name="report_requested_brin",
                pages_per_range=32,
                autosummarize=True,
            ),
            models.Index(
                fields=["cell", "requested_at"],
                name="report_cell",
                condition=Q(cell__isnull=False),
            ),
            models.Index(
                fields=["municipality", "address"],
                name="report_address_alone",
                condition=Q(latitude__isnull=True) & ~Q(address=""),
            ),
            models.Index(fields=["municipality", "-id"], name="report_of_city"),
            models.Index(fields=["municipality", "-changed_at"], name="report_changed"),
            _pressing("report_pressing", Q(status__in=sorted(OPEN))),
            _pressing("report_to_check", Q(status="received")),
            _pressing("report_to_route", _TO_ROUTE),
            _pressing("report_refuted", Q(status="reopened", times_refuted__gt=0)),
            models.Index(
                fields=["municipality", "status", "-id"],
                name="report_in_state",
                condition=~Q(status="solved"),
            ),
            models.Index(
                fields=["municipality", "category", "due_on"],
                name="report_open_of_kind",
                condition=Q(status__in=sorted(OPEN)),
            ),
            models.Index(
                fields=["municipality", "-id"],
                name="report_of_danger",
                condition=Q(is_danger=True),
            ),
            models.Index(
                fields=["municipality", "asset_number"],
                name="report_of_asset",
                condition=~Q(asset_number=""),
            ),
            models.Index(
                fields=["municipality", "due_on"],
                name="report_open_due",
                condition=Q(status__in=sorted(OPEN)),
            ),
            models.Index(
                fields=["department", "due_on"],
                name="report_open_of_body",
                condition=Q(status__in=sorted(OPEN), department__isnull=False),
            ),
            models.Index(
                fields=["judge_by"], name="report_to_judge", condition=Q(status="answered")
            ),
            models.Index(
                fields=["assignee"],
                name="report_assigned",
                condition=Q(assignee__isnull=False),
            ),
            models.Index(
                fields=["author"], name="report_of_author", condition=Q(author__isnull=False)
            ),
            models.Index(
                fields=["duplicate_of"],
                name="report_repeated",
                condition=Q(duplicate_of__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        """The public page of the report."""
        return reverse("report", args=[self.number])

    @property
    def number(self) -> str:
        """The public number, with its check digit."""
        return number_of(self.pk)

    @property
    def has_place(self) -> bool:
        """Whether its place on the map is known."""
        return self.latitude is not None

    @property
    def is_open(self) -> bool:
        """Whether somebody of the city has to do something."""
        return self.status in OPEN

    @property
    def is_closed(self) -> bool:
        """Whether the city has done with it."""
        return self.status in CLOSED

    @property
    def public_text(self) -> str:
        """What everybody may read of the text; usually nothing (C4)."""
        return self.shown_text if self.is_text_shown and not self.is_hidden else ""


class ReportPhoto(models.Model):
    """
    A photo of a report: `original` for officers, `shown` with faces and plates blurred.

    Everybody sees `shown` (else the original) only with `is_shown`. `print_of` is a 64-bit
    perceptual hash as a signed number, by which the same photo is known again.
    """

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="photos")
    original = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    shown = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    is_shown = models.BooleanField(default=False)
    is_of_verdict = models.BooleanField(default=False)
    alt = models.CharField(max_length=300, blank=True, default="")
    print_of = models.BigIntegerField(null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["report", "position", "id"]

    def __str__(self) -> str:
        return self.alt or str(self.pk)


class ReportUpdate(models.Model):
    """
    One thing that happened to a report; history is added, never edited.

    `is_public`: words that the sender and everybody may read. `details` holds facts of the kind
    (from which category to which, until when, the notice of an extension). `told_at`: when the
    sender was written of it.
    """

    public_id = models.UUIDField(unique=True, default=uuid4, editable=False)
    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="updates")
    kind = models.CharField(max_length=10, choices=update_kind_choices)
    before = models.CharField(max_length=12, blank=True, default="")
    after = models.CharField(max_length=12, blank=True, default="")
    text = models.TextField(blank=True, default="")
    is_public = models.BooleanField(default=False)
    details = models.JSONField(default=dict, blank=True)
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    made_by = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    by_citizen = models.BooleanField(default=False)
    origin = models.CharField(max_length=200, blank=True, default="")
    external_id = models.CharField(max_length=120, blank=True, default="")
    made_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["report", "made_at", "id"]
        indexes = [BrinIndex(fields=["made_at"], name="report_update_brin")]
        constraints = [
            models.UniqueConstraint(
                fields=["origin", "external_id"],
                condition=~Q(external_id=""),
                name="update_taken_once_from_its_origin",
            )
        ]

    def __str__(self) -> str:
        return f"{self.report_id} {self.kind}"


class Support(models.Model):
    """
    That somebody says "me too" to a report instead of writing the same again.

    `address_digest` is a keyed digest of the confirmed address; one person counts once. The
    supporter is told what happens if a `Subscription` says so.
    """

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="supporters")
    user = models.ForeignKey(
        User, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    address_digest = models.CharField(max_length=64, blank=True, default="")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["report", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "user"],
                condition=Q(user__isnull=False),
                name="support_once_by_a_person",
            ),
            models.UniqueConstraint(
                fields=["report", "address_digest"],
                condition=~Q(address_digest=""),
                name="support_once_by_an_address",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Verdict(models.Model):
    """What the sender says to an answer: solved indeed, or not; each answer is judged once."""

    KINDS: ClassVar = {"confirmed": _("solved indeed"), "refuted": _("not solved")}

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="verdicts")
    kind = models.CharField(max_length=10)
    text = models.TextField(blank=True, default="", max_length=LONGEST_TEXT)
    answered_at = models.DateTimeField()
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["report", "made_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["confirmed", "refuted"]), name="verdict_is_yes_or_no"
            ),
            models.UniqueConstraint(fields=["report", "answered_at"], name="answer_judged_once"),
        ]

    def __str__(self) -> str:
        return self.kind


@pghistory.track(pghistory.UpdateEvent())
class DuplicateSuggestion(models.Model):
    """
    That a report may repeat another one; a person confirms or refuses, nothing is merged by itself.

    `score` is a probability; distance in metres, gap in days (negative: the other came later);
    likenesses from 0 to 1, null where there is nothing to compare.
    """

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="suggested")
    other = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="suggested_for")
    score = models.FloatField()
    distance = models.FloatField(null=True, blank=True)
    days = models.FloatField()
    is_same_category = models.BooleanField(default=False)
    text_likeness = models.FloatField(null=True, blank=True)
    photo_likeness = models.FloatField(null=True, blank=True)
    suggested_at = models.DateTimeField()
    is_confirmed = models.BooleanField(null=True, blank=True)
    decided_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["report", "-score", "id"]
        constraints = [
            models.UniqueConstraint(fields=["report", "other"], name="pair_suggested_once"),
            models.CheckConstraint(condition=~Q(report=F("other")), name="pair_is_of_two_reports"),
        ]
        indexes = [
            models.Index(
                fields=["report"], name="pair_to_decide", condition=Q(is_confirmed__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.report_id} – {self.other_id}"
