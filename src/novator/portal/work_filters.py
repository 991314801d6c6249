"""Reports worked on: the conditions of the work list as a form, and as an address that is kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from novator.accounts.models import User
from novator.portal.form_fields import day_input
from novator.portal.work_guard import Desk, officers_of
from novator.reports.models import Area, Category, Department
from novator.reports.models.report import SOURCES
from novator.reports.states import STATES
from novator.reports.worklist_filters import LONGEST_WORDS, WorkFilter

Choices = list[tuple[str, Any]]
LONGEST_QUERY = 600


class WorkFilterForm(forms.Form):
    """What the work list is narrowed to; sent by GET, so that its address can be kept."""

    q = forms.CharField(
        label=_("Number or words"),
        required=False,
        max_length=LONGEST_WORDS,
        help_text=_("Words are looked for in the newest 10,000."),
        widget=forms.TextInput(attrs={"type": "search", "data-key": "/"}),
    )
    category = forms.ChoiceField(label=_("Category"), required=False)
    department = forms.ChoiceField(label=_("Who works on it"), required=False)
    assignee = forms.ChoiceField(label=_("Colleague"), required=False)
    area = forms.ChoiceField(label=_("Area"), required=False)
    status = forms.ChoiceField(label=_("State"), required=False)
    source = forms.ChoiceField(label=_("Came by"), required=False)
    since = forms.DateField(label=_("Sent from"), required=False, widget=day_input())
    until = forms.DateField(label=_("until"), required=False, widget=day_input())
    asset = forms.CharField(
        label=_("Number of the lamp, container …"), required=False, max_length=60
    )
    danger = forms.BooleanField(label=_("Only dangers"), required=False)

    all_required = True

    def __init__(self, query: QueryDict, *, lists: Lists) -> None:
        super().__init__(query)
        self._choose("category", lists.categories, nobody=_("not chosen"))
        self._choose("department", lists.departments, nobody=_("nobody"))
        self._choose("assignee", lists.officers, nobody=_("nobody"))
        self._choose("area", lists.areas, nobody=_("in no area"))
        self._choose("status", STATES.items())
        self._choose("source", SOURCES.items())

    def asked(self, time_zone: str) -> WorkFilter:
        """What is asked for; a condition that cannot be read is left out and shown as faulty."""
        self.is_valid()
        found = self.cleaned_data
        return WorkFilter(
            category=found.get("category", ""),
            area=found.get("area", ""),
            department=found.get("department", ""),
            assignee=found.get("assignee", ""),
            status=found.get("status", ""),
            source=found.get("source", ""),
            since=found.get("since"),
            until=found.get("until"),
            words=found.get("q", ""),
            asset=found.get("asset", ""),
            is_danger=found.get("danger", False),
            time_zone=time_zone,
        )

    def _choose(self, name: str, rows: Iterable[tuple[Any, Any]], *, nobody: Any = "") -> None:
        choices: Choices = [("", _("any")), *((str(key), words) for key, words in rows)]
        if nobody:
            choices.append(("none", nobody))
        self.fields[name].choices = choices  # type: ignore[attr-defined]


class Lists:
    """What an officer chooses from, read once for all controls of a page; four queries."""

    def __init__(self, desk: Desk) -> None:
        city = desk.city
        self.category_rows: Sequence[Category] = list(
            Category.objects.filter(municipality=city, is_active=True)
        )
        self.department_rows: Sequence[Department] = list(
            Department.objects.filter(municipality=city, is_active=True)
        )
        self.officer_rows: Sequence[User] = officers_of(city, on=desk.on)
        self.categories = [(row.pk, row.name) for row in self.category_rows]
        self.departments = [(row.pk, row.name) for row in self.department_rows]
        self.officers = [(row.pk, row.name or row.email) for row in self.officer_rows]
        self.areas = [(row.pk, row.name) for row in Area.objects.filter(municipality=city)]


def kept_query(query: QueryDict) -> str:
    """The address's query without the page it stood on, as a saved filter keeps it."""
    kept = query.copy()
    for name in ("after", "csrfmiddlewaretoken"):
        kept.pop(name, None)
    for name in [name for name, value in kept.items() if not value]:
        kept.pop(name)
    return kept.urlencode()
