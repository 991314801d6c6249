"""Reports set up: the further questions of a category, each in plain fields."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from novator.cities.romanise import slug_of
from novator.portal.setup_forms import LinesField
from novator.reports.models import Category

MOST_QUESTIONS = 20
_BLANK = 2
_CODE = re.compile(r"[A-Za-z0-9_-]{1,60}")
_LISTS = {"singlevaluelist", "multivaluelist"}
KINDS = {
    "string": gettext_lazy("a line of text"),
    "text": gettext_lazy("several lines of text"),
    "number": gettext_lazy("a number"),
    "datetime": gettext_lazy("a day or time"),
    "singlevaluelist": gettext_lazy("one of several answers"),
    "multivaluelist": gettext_lazy("any of several answers"),
}
_LINES = forms.Textarea(attrs={"rows": 3})


class QuestionForm(forms.Form):
    """One question. Answers that are named as before keep the code that other systems know."""

    all_required = True

    code = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)
    name_ru = forms.CharField(label=gettext_lazy("Question, Russian"), max_length=200)
    name_en = forms.CharField(
        label=gettext_lazy("Question, English"), max_length=200, required=False
    )
    datatype = forms.ChoiceField(
        label=gettext_lazy("How it is answered"), choices=list(KINDS.items()), initial="string"
    )
    values_ru = LinesField(
        label=gettext_lazy("Answers to choose from, Russian"),
        required=False,
        help_text=gettext_lazy("One a line; only where answers are chosen."),
        widget=_LINES,
    )
    values_en = LinesField(
        label=gettext_lazy("The same answers, English"),
        required=False,
        help_text=gettext_lazy("In the same order; may be left empty."),
        widget=_LINES,
    )
    help_ru = forms.CharField(
        label=gettext_lazy("Explanation, Russian"), max_length=300, required=False
    )
    help_en = forms.CharField(
        label=gettext_lazy("Explanation, English"), max_length=300, required=False
    )
    required = forms.BooleanField(label=gettext_lazy("Has to be answered"), required=False)

    def clean_code(self) -> str:
        """The name by which other systems know it."""
        code = str(self.cleaned_data["code"])
        if code and not _CODE.fullmatch(code):
            raise forms.ValidationError(_("The code of the question is not one of ours."))
        return code

    def clean(self) -> dict[str, Any]:
        """Where answers are chosen there are some, each named once, in English all or none."""
        said = super().clean() or {}
        names, english = said.get("values_ru", []), said.get("values_en", [])
        if said.get("datatype") in _LISTS:
            if not names:
                self.add_error("values_ru", _("Name the answers, one a line."))
            if len(set(names)) < len(names):
                self.add_error("values_ru", _("An answer stands twice."))
            if english and len(english) != len(names):
                self.add_error("values_en", _("As many lines as in Russian are needed."))
        if sum(len(name) for name in (*names, *english)) > 3000 or len(names) > 100:
            self.add_error("values_ru", _("These are too many answers."))
        return said


_Questions = forms.formset_factory(
    QuestionForm,
    extra=_BLANK,
    max_num=MOST_QUESTIONS,
    validate_max=True,
    can_delete=True,
    can_delete_extra=False,
)


class Questions(_Questions):  # type: ignore[misc, valid-type]
    """The questions of one category; `stored` are those that it asks now, by code."""

    def __init__(self, data: Any, *, stored: Sequence[Mapping[str, Any]]) -> None:
        self.stored = {str(asked.get("code", "")): asked for asked in stored}
        super().__init__(data, prefix="questions", initial=[_as_fields(one) for one in stored])


def questions_in(data: Any, category: Category) -> Questions:
    """Read the questions of a form that was sent, or show those that are stored."""
    is_sent = data is not None and "questions-TOTAL_FORMS" in data
    stored = [one for one in category.attributes or [] if isinstance(one, Mapping)]
    return Questions(data if is_sent else None, stored=stored)


def faults_of(questions: Questions) -> list[str]:
    """Say what is wrong, question by question; nothing where none were sent."""
    if not questions.is_bound or questions.is_valid():
        return []
    faults = [str(fault) for fault in questions.non_form_errors()]
    for place, form in enumerate(questions.forms, start=1):
        for name, said in form.errors.items():
            label = form.fields[name].label if name in form.fields else ""
            words = {"place": place, "field": label, "fault": " ".join(map(str, said))}
            faults.append(_("Question %(place)s, %(field)s: %(fault)s") % words)
    return faults


def told_questions(questions: Questions) -> list[dict[str, Any]]:
    """Return the questions as a category stores them; those that are valid and not deleted."""
    kept: list[dict[str, Any]] = []
    codes: set[str] = set()
    for form in questions.forms:
        said = form.cleaned_data
        if not said.get("name_ru") or said.get("DELETE"):
            continue
        stored = questions.stored.get(said["code"], {})
        code = _free(said["code"] or slug_of(said["name_en"] or said["name_ru"]), codes)
        kept.append(dict(stored) | _question(said, code, stored.get("values", [])))
    return kept


def _question(said: Mapping[str, Any], code: str, before: Any) -> dict[str, Any]:
    words = {name: said[name] for name in ("name_ru", "name_en", "help_ru", "help_en")}
    return {
        "code": code,
        "datatype": said["datatype"],
        "required": said["required"],
        **words,
        "values": _values(said, before) if said["datatype"] in _LISTS else [],
    }


def _values(said: Mapping[str, Any], before: Any) -> list[dict[str, str]]:
    """Answers with their codes: the one it had by its name, else by its place, else a new one."""
    old = [one for one in before if isinstance(one, Mapping)]
    by_name = {str(one.get("name_ru")): str(one.get("key")) for one in old}
    names, english = said["values_ru"], said["values_en"]
    taken = {by_name[name] for name in names if name in by_name}
    values = []
    for place, name in enumerate(names):
        key = by_name.get(name, "")
        if not key and len(old) == len(names) and str(old[place].get("key")) not in taken:
            key = str(old[place].get("key"))
        in_english = english[place] if english else ""
        key = key or _free(slug_of(in_english or name), taken)
        taken.add(key)
        values.append({"key": key, "name_ru": name, "name_en": in_english})
    return values


def _free(code: str, taken: set[str]) -> str:
    """Make a code that no other has; `taken` learns it."""
    base = code[:50] or "question"
    free, number = base, 1
    while free in taken:
        number += 1
        free = f"{base}-{number}"
    taken.add(free)
    return free


def _as_fields(asked: Mapping[str, Any]) -> dict[str, Any]:
    values = [one for one in asked.get("values") or [] if isinstance(one, Mapping)]
    english = [str(one.get("name_en") or "") for one in values]
    names = [str(one.get("name_ru") or one.get("name_en") or one.get("key")) for one in values]
    return {**asked, "values_ru": names, "values_en": english if all(english) else []}
