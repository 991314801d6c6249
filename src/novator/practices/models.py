"""Solutions found: the practice card, with its facts exactly as its source states them."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from novator.cities.models import Municipality
from novator.core.topics import topic_choices

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


def source_state_choices() -> list[tuple[str, object]]:
    """Whether the source's address still answers."""
    return list(SOURCE_STATES.items())


class Practice(models.Model):
    """
    Something a city did, not a plan. `slug` is its public id and never changes.

    `cost_note` is what the source says of a cost without an amount; beside an amount the note is
    in `Cost`. `grade` is written only by the evidence of adoptions; null means "stated by the
    source, not checked".
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
    is_starter = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["slug"]
        constraints = [
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
        indexes = [models.Index(fields=["topic", "slug"]), models.Index(fields=["changed_at"])]

    def __str__(self) -> str:
        return self.slug

    def get_absolute_url(self) -> str:
        """Page of the card in the language of the current reader."""
        return reverse("practice", args=[self.slug])

    @property
    def year(self) -> int | None:
        """The latest year the source names, or None."""
        return self.year_end or self.year_start


class PracticeText(models.Model):
    """What a card says in one language; a translation may have only a title."""

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(max_length=8)
    title = models.CharField(max_length=300)
    problem = models.TextField(blank=True, default="")
    solution = models.TextField(blank=True, default="")
    tags = ArrayField(models.CharField(max_length=80), default=list, blank=True)

    class Meta:
        ordering = ["practice", "language"]
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
        constraints = [
            models.UniqueConstraint(fields=["practice", "position"], name="one_effect_per_position")
        ]

    def __str__(self) -> str:
        return self.indicator


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
        constraints = [
            models.UniqueConstraint(fields=["practice", "text"], name="one_row_per_formulation")
        ]

    def __str__(self) -> str:
        return self.text


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
