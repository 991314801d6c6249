"""Solutions judged: the form in which a moderator answers the checklist and makes remarks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from novator.portal.told_fields import ToldField, told_steps
from novator.reviews.models import ANSWERS
from novator.reviews.moderation import Checked
from novator.reviews.scales import Check, checklist

LONGEST_REMARK = 2000
LONGEST_NOTE = 1000
PUBLISH, RETURN = "publish", "return"


@dataclass(frozen=True)
class RemarkedField:
    """A column of the draft with the box for a remark on it."""

    told: ToldField
    remark: BoundField
    is_open: bool


@dataclass(frozen=True)
class RemarkedStep:
    """One part of the form: columns that are told, and those that are not."""

    title: str
    told: tuple[RemarkedField, ...]
    untold: tuple[RemarkedField, ...]

    @property
    def is_untold_open(self) -> bool:
        """Whether a remark stands on something that is not told."""
        return any(field.is_open for field in self.untold)


@dataclass(frozen=True)
class AskedCheck:
    """One item of the checklist with its answer and the box for a note."""

    check: Check
    answer: BoundField
    note: BoundField


class DecisionForm(forms.Form):
    """Checklist, remarks by column, a note for colleagues; `outcome` is the button pressed."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    outcome = forms.ChoiceField(
        choices=[(PUBLISH, PUBLISH), (RETURN, RETURN)], widget=forms.HiddenInput, required=False
    )
    note = forms.CharField(
        label=gettext_lazy("Note for colleagues"),
        help_text=gettext_lazy("The city does not see it."),
        max_length=LONGEST_NOTE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, content: Mapping[str, Any], **options: Any) -> None:
        super().__init__(*args, **options)
        self.steps = told_steps(content)
        for item in checklist().items:
            self.fields[f"check-{item.code}"] = forms.ChoiceField(
                label=f"{item.words} *" if item.is_must else item.words,
                choices=list(ANSWERS.items()),
                widget=forms.RadioSelect,
                required=False,
            )
            self.fields[f"note-{item.code}"] = forms.CharField(
                label=_("Note: %(item)s") % {"item": item.words},
                max_length=LONGEST_NOTE,
                required=False,
            )
        for step in self.steps:
            for told in step.fields:
                self.fields[f"remark-{told.column}"] = self._remark(told.name)
        self.fields["remark-"] = self._remark(_("the card as a whole"))

    def clean(self) -> dict[str, Any]:
        """Name each item and each box that stands in the way of the button that was pressed."""
        asked = super().clean() or self.cleaned_data
        if asked.get("outcome") == RETURN:
            if not self.remarks():
                self.add_error("remark-", _("Say in a remark what should be changed."))
            return asked
        if self.remarks():
            self.add_error(
                None, _("You made remarks: return the draft with them, or take them out.")
            )
        for item in checklist().items:
            answer = asked.get(f"check-{item.code}")
            if not answer:
                self.add_error(f"check-{item.code}", _("Choose an answer."))
            elif answer == "no" and item.is_must:
                words = _("With “no” here a card is not published: return it with a remark.")
                self.add_error(f"check-{item.code}", words)
        return asked

    def checks(self) -> dict[str, Checked]:
        """Answers and notes by the code of the item."""
        return {
            item.code: Checked(
                self.cleaned_data.get(f"check-{item.code}", ""),
                self.cleaned_data.get(f"note-{item.code}", ""),
            )
            for item in checklist().items
        }

    def remarks(self) -> list[tuple[str, str]]:
        """Remarks that were made, in the order of the form, the one on the whole first."""
        columns = ["", *(told.column for step in self.steps for told in step.fields)]
        return [
            (column, words)
            for column in columns
            if (words := self.cleaned_data.get(f"remark-{column}", "").strip())
        ]

    def told_steps(self) -> list[RemarkedStep]:
        """What the draft tells, part by part, each column with its box."""
        found = []
        for step in self.steps:
            fields = [self._with_box(told) for told in step.fields]
            found.append(
                RemarkedStep(
                    step.title,
                    told=tuple(one for one in fields if one.told.is_told),
                    untold=tuple(one for one in fields if not one.told.is_told),
                )
            )
        return found

    def check_fields(self) -> list[AskedCheck]:
        """The checklist, item by item."""
        return [
            AskedCheck(item, self[f"check-{item.code}"], self[f"note-{item.code}"])
            for item in checklist().items
        ]

    def whole(self) -> BoundField:
        """The box for a remark on the card as a whole."""
        return self["remark-"]

    def _with_box(self, told: ToldField) -> RemarkedField:
        box = self[f"remark-{told.column}"]
        return RemarkedField(told, box, is_open=bool(box.value() or box.errors))

    @staticmethod
    def _remark(name: str) -> forms.CharField:
        return forms.CharField(
            label=_("Remark: %(field)s") % {"field": name},
            max_length=LONGEST_REMARK,
            required=False,
            widget=forms.Textarea(attrs={"rows": 3}),
        )
