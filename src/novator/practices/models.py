"""Solutions found: the practice card, with its facts exactly as its source states them."""

from __future__ import annotations

from datetime import date

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from novator.accounts.models import User
from novator.cities.changes import counted_as
from novator.cities.models import Municipality
from novator.core.topics import topic_choices
from novator.files.models import StoredFile

COST_BASES = {
    "total": _("total, one-off"),
    "per_year": _("per year"),
    "per_unit": _("per unit"),
    "not_comparable": _("not comparable"),
}
FUNDING_SOURCES = {
    "municipal": _("municipal budget"),
    "regional": _("regional budget"),
    "federal": _("federal budget"),
    "private": _("private money"),
    "citizens": _("money of citizens"),
    "grant": _("grant"),
    "international": _("international programme"),
}
EFFECT_EVIDENCE = {
    "self-reported": _("reported by the city itself"),
    "before-after": _("compared before and after"),
    "comparison": _("compared with places without it"),
    "evaluation": _("evaluated by a study"),
}
CHANGE_KINDS = {"absolute": _("absolute"), "percent": _("percent")}
COPYING = {
    "directly": _("can be copied directly"),
    "principle": _("only the principle can be copied"),
    "needs_law": _("copying needs a change of law"),
}
HELP_OFFERS = {
    "visit": _("a visit"),
    "call": _("a call"),
    "documents": _("documents"),
}
SOURCE_STATES = {
    "unchecked": _("not checked yet"),
    "alive": _("answers"),
    "dead": _("does not answer"),
}


def cost_basis_choices() -> list[tuple[str, object]]:
    """What a stated cost covers."""
    return list(COST_BASES.items())


def change_kind_choices() -> list[tuple[str, object]]:
    """Whether a stated change is in the indicator's unit or in percent."""
    return list(CHANGE_KINDS.items())


def effect_evidence_choices() -> list[tuple[str, object]]:
    """How the source came to the effect it states."""
    return list(EFFECT_EVIDENCE.items())


def copying_choices() -> list[tuple[str, object]]:
    """How far a practice can be copied, as its author judges."""
    return list(COPYING.items())


def source_state_choices() -> list[tuple[str, object]]:
    """Whether the source's address still answers."""
    return list(SOURCE_STATES.items())


class PracticeQuerySet(models.QuerySet["Practice"]):
    """Filters of one table, to be chained."""

    def published(self) -> PracticeQuerySet:
        """Cards that readers find: neither withdrawn nor merged into another."""
        return self.filter(withdrawn_at=None)

    def confirmed_no_later_than(self, day: date) -> PracticeQuerySet:
        """Cards whose facts had to be confirmed by this day or before it."""
        return self.filter(confirm_by__lte=day)


@pghistory.track()
class Practice(models.Model):
    """
    Something a city did, not a plan. `slug` is its public id and never changes.

    `cost_note` is what the source says of a cost without an amount; beside an amount the note is
    in `Cost`. `grade` is written only by the evidence of adoptions; null means "stated by the
    source, not checked". A card that is withdrawn keeps its row, as a tombstone; one that was
    merged into its twin is withdrawn and says where to read on. `origin` is the address of the
    installation where a card from elsewhere was written, with the moment it was changed there.
    """

    slug = models.SlugField(max_length=80, unique=True)
    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, related_name="practices"
    )
    topic = models.CharField(max_length=32, choices=topic_choices)
    year_start = models.PositiveSmallIntegerField(null=True, blank=True)
    year_end = models.PositiveSmallIntegerField(null=True, blank=True)
    contact_org = models.CharField(max_length=300, blank=True, default="")
    legal_basis = models.TextField(blank=True, default="")
    cost_note = models.TextField(blank=True, default="")
    funding = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    replicated_in = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    population = models.PositiveIntegerField(null=True, blank=True)
    population_source = models.CharField(max_length=300, blank=True, default="")
    confidence = models.FloatField(null=True, blank=True)
    grade = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)
    residents_reached = models.PositiveIntegerField(null=True, blank=True)
    yearly_cost = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)
    yearly_cost_currency = models.CharField(max_length=3, blank=True, default="")
    off_budget_share = models.FloatField(null=True, blank=True)
    copying = models.CharField(max_length=12, blank=True, default="", choices=copying_choices)
    help_offered = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    is_by_its_city = models.BooleanField(default=False)
    confirmed_on = models.DateField(null=True, blank=True)
    confirm_by = models.DateField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_because = models.CharField(max_length=300, blank=True, default="")
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="twins"
    )
    origin = models.URLField(max_length=300, blank=True, default="")
    origin_changed_at = models.DateTimeField(null=True, blank=True)
    is_starter = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    objects = PracticeQuerySet.as_manager()

    class Meta:
        ordering = ["slug"]
        triggers = [counted_as("catalogue")]
        constraints = [
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | Q(withdrawn_at__isnull=False),
                name="merged_card_is_withdrawn",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")),
                name="card_is_not_its_own_twin",
            ),
            models.CheckConstraint(
                condition=Q(confirm_by__isnull=True) | Q(confirmed_on__lte=F("confirm_by")),
                name="confirmed_before_it_must_be_again",
            ),
            models.CheckConstraint(
                condition=Q(yearly_cost__isnull=True)
                | (Q(yearly_cost__gte=0) & ~Q(yearly_cost_currency="")),
                name="yearly_cost_has_a_currency",
            ),
            models.CheckConstraint(
                condition=Q(off_budget_share__isnull=True) | Q(off_budget_share__range=(0, 1)),
                name="off_budget_share_is_a_share",
            ),
            models.CheckConstraint(
                condition=Q(year_end__isnull=True)
                | Q(year_start__isnull=True)
                | Q(year_end__gte=F("year_start")),
                name="practice_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(confidence__isnull=True) | Q(confidence__range=(0, 1)),
                name="confidence_is_a_share",
            ),
        ]
        indexes = [
            models.Index(fields=["topic", "slug"]),
            models.Index(fields=["changed_at"]),
            models.Index(fields=["confirm_by"]),
        ]

    def __str__(self) -> str:
        return self.slug

    def get_absolute_url(self) -> str:
        """Page of the card in the language of the current reader."""
        return reverse("practice", args=[self.slug])

    @property
    def year(self) -> int | None:
        """The latest year the source names, or None."""
        return self.year_end or self.year_start

    def is_overdue(self, on: date) -> bool:
        """Whether its facts should have been confirmed again before this day."""
        return self.confirm_by is not None and self.confirm_by < on


class PracticeText(models.Model):
    """
    What a card says in one language; a translation may have only a title.

    `core_idea` is what must not be changed when the practice is copied; `what_failed` tells side
    effects and opposition too.
    """

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(max_length=8)
    title = models.CharField(max_length=300)
    problem = models.TextField(blank=True, default="")
    solution = models.TextField(blank=True, default="")
    tags = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    core_idea = models.TextField(blank=True, default="")
    participants = models.TextField(blank=True, default="")
    conditions = models.TextField(blank=True, default="")
    how_measured = models.TextField(blank=True, default="")
    what_failed = models.TextField(blank=True, default="")
    lessons = models.TextField(blank=True, default="")

    class Meta:
        ordering = ["practice", "language"]
        triggers = [counted_as("catalogue")]
        constraints = [
            models.UniqueConstraint(fields=["practice", "language"], name="one_text_per_language")
        ]

    def __str__(self) -> str:
        return self.title


class Cost(models.Model):
    """The cost that the source states, in the currency and prices it was stated in."""

    practice = models.OneToOneField(Practice, on_delete=models.CASCADE, related_name="cost")
    amount = models.DecimalField(max_digits=18, decimal_places=2)
    currency = models.CharField(max_length=3)
    basis = models.CharField(max_length=20, choices=cost_basis_choices)
    note = models.TextField(blank=True, default="")
    price_year = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["practice"]
        triggers = [counted_as("catalogue")]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gte=0), name="cost_is_not_negative")
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"


class StatedEffect(models.Model):
    """One change that the source states. Unknown numbers are null, never 0."""

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="effects")
    position = models.PositiveSmallIntegerField()
    indicator = models.CharField(max_length=300)
    unit = models.CharField(max_length=80, blank=True, default="")
    before = models.FloatField(null=True, blank=True)
    after = models.FloatField(null=True, blank=True)
    change = models.FloatField(null=True, blank=True)
    change_kind = models.CharField(
        max_length=12, blank=True, default="", choices=change_kind_choices
    )
    period = models.CharField(max_length=300, blank=True, default="")
    evidence = models.CharField(max_length=20, choices=effect_evidence_choices)

    class Meta:
        ordering = ["practice", "position"]
        triggers = [counted_as("catalogue")]
        constraints = [
            models.UniqueConstraint(fields=["practice", "position"], name="one_effect_per_position")
        ]

    def __str__(self) -> str:
        return self.indicator


class Baseline(models.Model):
    """The situation before, as one figure; `measured_*` is a date known to a day, month or year."""

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="baselines")
    position = models.PositiveSmallIntegerField()
    indicator = models.CharField(max_length=300)
    value = models.FloatField()
    unit = models.CharField(max_length=80, blank=True, default="")
    measured_from = models.DateField(null=True, blank=True)
    measured_to = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        ordering = ["practice", "position"]
        triggers = [counted_as("catalogue")]
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "position"], name="one_baseline_per_position"
            ),
            models.CheckConstraint(
                condition=Q(measured_from__isnull=True, measured_to__isnull=True)
                | Q(measured_from__lte=F("measured_to")),
                name="baseline_date_is_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.indicator


class Step(models.Model):
    """One step of the work: what, how long, by whom, as the author words it."""

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    what = models.CharField(max_length=600)
    duration = models.CharField(max_length=80, blank=True, default="")
    role = models.CharField(max_length=160, blank=True, default="")

    class Meta:
        ordering = ["practice", "position"]
        triggers = [counted_as("catalogue")]
        constraints = [
            models.UniqueConstraint(fields=["practice", "position"], name="one_step_per_position")
        ]

    def __str__(self) -> str:
        return self.what


class Source(models.Model):
    """Where the card's facts come from, and whether the address still answers."""

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="sources")
    url = models.URLField(max_length=600)
    title = models.CharField(max_length=400, blank=True, default="")
    published_from = models.DateField(null=True, blank=True)
    published_to = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=12, choices=source_state_choices, default="unchecked")
    checked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["practice", "url"]
        triggers = [counted_as("sources")]
        constraints = [
            models.UniqueConstraint(fields=["practice", "url"], name="one_row_per_source"),
            models.CheckConstraint(
                condition=Q(published_from__isnull=True, published_to__isnull=True)
                | Q(published_from__lte=F("published_to")),
                name="partial_date_is_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.url


class Formulation(models.Model):
    """How people put the problem of a card in their own words; searched, not shown as fact."""

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="formulations")
    language = models.CharField(max_length=8)
    text = models.CharField(max_length=500)

    class Meta:
        ordering = ["practice", "language", "text"]
        triggers = [counted_as("catalogue")]
        constraints = [
            models.UniqueConstraint(fields=["practice", "text"], name="one_row_per_formulation")
        ]

    def __str__(self) -> str:
        return self.text


@pghistory.track()
class Attachment(models.Model):
    """A document or photo of a card; `alt` says in words what a photo shows."""

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="attachments")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    caption = models.CharField(max_length=300, blank=True, default="")
    alt = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        ordering = ["practice", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "position"], name="one_attachment_per_position"
            )
        ]

    def __str__(self) -> str:
        return self.caption or self.alt or str(self.position)


class Version(models.Model):
    """
    What a card said from one moment on, as an object of the catalogue's schema; never changed.

    The people are those who wrote it, released it for the city and published it; nobody is known
    of a version that came from a file or from another installation.
    """

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    note = models.CharField(max_length=300, blank=True, default="")
    made_at = models.DateTimeField()
    written_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    released_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    published_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["practice", "number"]
        constraints = [
            models.UniqueConstraint(fields=["practice", "number"], name="one_version_per_number")
        ]

    def __str__(self) -> str:
        return f"{self.practice_id}: {self.number}"


class OpenQuestion(models.Model):
    """A known problem of city life for which no card of the catalogue is an answer yet."""

    key = models.SlugField(max_length=80, unique=True)
    topic = models.CharField(max_length=32, choices=topic_choices)
    title_ru = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    asked_as_ru = ArrayField(models.CharField(max_length=500), default=list)
    asked_as_en = ArrayField(models.CharField(max_length=500), default=list, blank=True)

    class Meta:
        ordering = ["key"]

    def __str__(self) -> str:
        return self.key


class LoadedCatalogue(models.Model):
    """A catalogue of the package that has been loaded; a later start need not look again."""

    digest = models.CharField(max_length=64, unique=True)
    loaded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-loaded_at", "digest"]

    def __str__(self) -> str:
        return self.digest
