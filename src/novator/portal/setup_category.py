"""Reports set up: one kind of trouble, with the further questions that it asks."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from novator.portal.setup_forms import DAY, CityForm, LinesField
from novator.portal.setup_questions import faults_of, questions_in, told_questions
from novator.reports.models import Category, Department

_AREA = forms.Textarea(attrs={"rows": 3})


class CategoryForm(CityForm):
    """One kind of trouble."""

    keywords_ru = LinesField(
        label=gettext_lazy("Words that people use, Russian"),
        required=False,
        help_text=gettext_lazy("One a line; the first model of categories learns from them."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    keywords_en = LinesField(
        label=gettext_lazy("Words that people use, English"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    class Meta:
        model = Category
        fields = [
            "name_ru",
            "name_en",
            "code",
            "parent",
            "topic",
            "description_ru",
            "description_en",
            "keywords_ru",
            "keywords_en",
            "days_to_moderate",
            "days_to_work",
            "department",
            "season_from",
            "season_to",
            "needs_photo",
            "asks_asset",
            "is_danger",
            "grounds_problems",
            "position",
            "is_active",
        ]
        labels = {
            "name_ru": gettext_lazy("Name, Russian"),
            "name_en": gettext_lazy("Name, English"),
            "code": gettext_lazy("Code"),
            "parent": gettext_lazy("Part of"),
            "topic": gettext_lazy("Topic"),
            "description_ru": gettext_lazy("What it is, Russian"),
            "description_en": gettext_lazy("What it is, English"),
            "days_to_moderate": gettext_lazy("Working days to check a text"),
            "days_to_work": gettext_lazy("Working days to answer"),
            "department": gettext_lazy("Who answers"),
            "season_from": gettext_lazy("Taken from (only day and month count)"),
            "season_to": gettext_lazy("Taken until"),
            "needs_photo": gettext_lazy("A photo is needed"),
            "asks_asset": gettext_lazy("Asks for a number (of the lamp, of the container)"),
            "is_danger": gettext_lazy("A danger to life"),
            "grounds_problems": gettext_lazy("Repeats are suggested as a problem of the city"),
            "position": gettext_lazy("Place in the list"),
            "is_active": gettext_lazy("In use"),
        }
        help_texts = {
            "code": gettext_lazy("Other systems name it so; Latin letters, digits, hyphens."),
            "days_to_work": gettext_lazy("Empty: those of the channel."),
            "is_danger": gettext_lazy("The page shows 112 at once, and the report goes ahead."),
        }
        widgets = {
            "description_ru": _AREA,
            "description_en": _AREA,
            "season_from": DAY,
            "season_to": DAY,
        }

    def __init__(self, *args: Any, **facts: Any) -> None:
        super().__init__(*args, **facts)
        self.questions = questions_in(self.data if self.is_bound else None, self.instance)

    def clean(self) -> dict[str, Any]:
        """A season has both ends, no category is part of itself, every question is complete."""
        said = super().clean() or {}
        for fault in faults_of(self.questions):
            self.add_error(None, fault)
        if bool(said.get("season_from")) != bool(said.get("season_to")):
            self.add_error("season_to", _("A season has a beginning and an end."))
        parent = said.get("parent")
        if parent is not None and self.instance.pk in (parent.pk, parent.parent_id):
            self.add_error("parent", _("A category cannot be part of itself."))
        return said

    def save(self, commit: bool = True) -> Any:
        """Keep the questions with the category; a form without them leaves them as they are."""
        if self.questions.is_bound:
            self.instance.attributes = told_questions(self.questions)
        return super().save(commit)


class TogetherForm(forms.Form):
    """What is set for many categories at once; what is left alone stays as it is."""

    department = forms.ChoiceField(label=gettext_lazy("Who answers"), required=False)
    days_to_work = forms.IntegerField(
        label=gettext_lazy("Working days to answer"), required=False, min_value=0, max_value=1000
    )

    def __init__(self, *args: Any, bodies: list[Department], **facts: Any) -> None:
        super().__init__(*args, **facts)
        self._bodies = {str(body.pk): body for body in bodies}
        named = [(key, body.name) for key, body in self._bodies.items()]
        field = self.fields["department"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("leave as it is")), ("nobody", _("nobody")), *named]

    def clean(self) -> dict[str, Any]:
        """Something is to be set."""
        said = super().clean() or {}
        if not self.errors and not said.get("department") and said.get("days_to_work") is None:
            raise forms.ValidationError(_("Choose who answers, or give the days."))
        return said

    @property
    def changes(self) -> dict[str, Any]:
        """Columns of a category with their new values."""
        said = self.cleaned_data
        changes: dict[str, Any] = {}
        if said["department"]:
            changes["department"] = self._bodies.get(said["department"])
        if said["days_to_work"] is not None:
            changes["days_to_work"] = said["days_to_work"]
        return changes
