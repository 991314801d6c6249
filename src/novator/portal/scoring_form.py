"""Solutions judged: the form in which an expert scores a card, and the one about conflicts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from novator.cities.models import Municipality
from novator.cities.queries import find_city
from novator.reviews.models import Review
from novator.reviews.scales import Criterion, review_scale

LONGEST = 2000


@dataclass(frozen=True)
class AskedCriterion:
    """A criterion with its scores in words and the box for a comment."""

    criterion: Criterion
    score: BoundField
    comment: BoundField


class ReviewForm(forms.Form):
    """Scores with a comment each, a summary, the declaration; begins with the earlier review."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    summary = forms.CharField(
        label=gettext_lazy("In short"),
        help_text=gettext_lazy("What should another city know before it copies this?"),
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    has_declared = forms.BooleanField(
        label=gettext_lazy(
            "I have no interest in this municipality, in those who did the work or in its suppliers"
        ),
        error_messages={"required": gettext_lazy("Without it the review cannot be taken.")},
    )

    def __init__(self, *args: Any, earlier: Review | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        scale = review_scale()
        scores = earlier.scores if earlier else {}
        comments = earlier.comments if earlier else {}
        if earlier:
            self.fields["summary"].initial = earlier.summary
        for criterion in scale.criteria:
            self.fields[f"score-{criterion.code}"] = forms.TypedChoiceField(
                label=criterion.name,
                help_text=criterion.asks,
                choices=[
                    (level.score, f"{level.score} — {level.words}") for level in criterion.levels
                ],
                coerce=int,
                widget=forms.RadioSelect,
                initial=scores.get(criterion.code),
                error_messages={"required": _("Choose a score.")},
            )
            self.fields[f"comment-{criterion.code}"] = forms.CharField(
                label=_("Comment: %(criterion)s") % {"criterion": criterion.name},
                max_length=LONGEST,
                required=False,
                widget=forms.Textarea(attrs={"rows": 2}),
                initial=comments.get(criterion.code, ""),
            )

    def asked(self) -> list[AskedCriterion]:
        """Criterion by criterion."""
        return [
            AskedCriterion(one, self[f"score-{one.code}"], self[f"comment-{one.code}"])
            for one in review_scale().criteria
        ]

    def scores(self) -> dict[str, int]:
        """Scores by criterion."""
        return {one.code: self.cleaned_data[f"score-{one.code}"] for one in review_scale().criteria}

    def comments(self) -> dict[str, str]:
        """Comments by criterion."""
        return {
            one.code: self.cleaned_data[f"comment-{one.code}"] for one in review_scale().criteria
        }


class ConflictForm(forms.Form):
    """A municipality that the expert cannot judge."""

    city = forms.CharField(
        label=gettext_lazy("Municipality"),
        max_length=200,
        help_text=gettext_lazy("Its name; with the region in brackets where several share it."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Only the office sees it."),
    )

    def clean_city(self) -> Municipality:
        """The one municipality of this name."""
        found = find_city(self.cleaned_data["city"])
        if not found:
            raise forms.ValidationError(_("No municipality of this name is known here."))
        if len(found) > 1:
            names = "; ".join(f"{city.name} ({city.region_text})" for city in found[:6])
            raise forms.ValidationError(_("Several share this name: %(names)s.") % {"names": names})
        return found[0]
