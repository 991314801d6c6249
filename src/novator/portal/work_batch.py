"""Reports worked on: what can be done to many reports at once, chosen in one control."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from novator.portal.work_filters import Lists
from novator.portal.work_guard import Desk
from novator.reports.batch import Act
from novator.reports.models import Report
from novator.reports.models.report import LONGEST_TEXT
from novator.reports.states import STATES
from novator.reports.working import assign, choose_category, give_to, take_step

_STATES = ("accepted", "in_progress", "scheduled", "answered", "refused", "reopened")


class BatchForm(forms.Form):
    """One act on all selected reports; `act` is kind and key, "state:answered"."""

    act = forms.ChoiceField(label=_("With the selected"))
    text = forms.CharField(
        label=_("Words to the senders (for a state) or a note"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    all_required = True

    def __init__(self, *args: Any, lists: Lists) -> None:
        super().__init__(*args)
        self.lists = lists
        groups: list[tuple[Any, Any]] = [
            ("", _("choose …")),
            (_("Assign to"), [(f"assign:{key}", words) for key, words in lists.officers]),
            (_("Give to"), [(f"give:{key}", words) for key, words in lists.departments]),
            (_("State"), [(f"state:{code}", STATES[code]) for code in _STATES]),
            (_("Category"), [(f"category:{key}", words) for key, words in lists.categories]),
        ]
        choices = [group for group in groups if group[1]]
        self.fields["act"].choices = choices  # type: ignore[attr-defined]

    def said(self) -> str:
        """What was chosen, in words."""
        for name, group in self.fields["act"].choices:  # type: ignore[attr-defined]
            if isinstance(group, list):
                for code, words in group:
                    if code == self.cleaned_data["act"]:
                        return f"{name}: {words}"
        return ""


def act_of(form: BatchForm, desk: Desk, *, now: datetime) -> Act:
    """Return what is to be done to each of the reports."""
    kind, _colon, key = form.cleaned_data["act"].partition(":")
    text, by = form.cleaned_data["text"], desk.officer
    if kind == "state":
        return lambda report: take_step(report=report, to=key, by=by, now=now, text=text)
    if kind == "category":
        category = next(row for row in form.lists.category_rows if row.pk == int(key))
        return lambda report: choose_category(report=report, category=category, by=by, now=now)
    if kind == "give":
        body = next(row for row in form.lists.department_rows if row.pk == int(key))
        return lambda report: give_to(report=report, department=body, by=by, now=now, text=text)
    colleague = next(row for row in form.lists.officer_rows if row.pk == int(key))

    def assigned(report: Report) -> object:
        return assign(report=report, to=colleague, by=by, on=desk.on, now=now)

    return assigned
