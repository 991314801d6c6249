"""A citizen's report: the fields of the form and the questions that a category asks."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from novator.core.languages import reader_language
from novator.reports.danger import looks_dangerous
from novator.reports.kept_setup import setup_of
from novator.reports.models import Category, Channel
from novator.reports.models.report import LONGEST_TEXT
from novator.reports.places import PlaceRefused, check_place
from novator.reports.streets import address_called

PLACED_BY = {"pin", "device", "address"}
_LISTS = {"singlevaluelist", "multivaluelist"}


class DegreesField(forms.FloatField):
    """Degrees as people write them: with a comma or a point."""

    def to_python(self, value: object) -> float | None:  # type: ignore[override]
        """Read a number; what is none is refused in words."""
        return super().to_python(str(value or "").strip().replace(",", ".").rstrip("°"))


class KindField(forms.ChoiceField):
    """One of many kinds, by their codes; the list is only made where it is shown."""

    codes: frozenset[str] = frozenset()

    def valid_value(self, value: object) -> bool:
        """Whether the city has such a kind."""
        return str(value) in self.codes


class ReportForm(forms.Form):
    """
    What a citizen sends. Photos are kept apart (`report_photos`).

    An address without a point gets the point of the city's list where it is called exactly so.
    Without an account an e-mail address is needed, unless the words speak of a danger to life.
    """

    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    text = forms.CharField(
        label=gettext_lazy("What is wrong?"),
        widget=forms.Textarea(attrs={"rows": 5, "data-longest": LONGEST_TEXT}),
        error_messages={"required": gettext_lazy("Say in a few words what is wrong.")},
    )
    address = forms.CharField(
        label=gettext_lazy("Address or words about the place"),
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    latitude = DegreesField(label=gettext_lazy("Latitude"), required=False)
    longitude = DegreesField(label=gettext_lazy("Longitude"), required=False)
    placed_by = forms.CharField(widget=forms.HiddenInput, required=False)
    category = KindField(label=gettext_lazy("Kind of trouble"), required=False)
    proposal = forms.CharField(widget=forms.HiddenInput, required=False)
    email = forms.EmailField(
        label=gettext_lazy("Your e-mail address"),
        max_length=254,
        required=False,
        help_text=gettext_lazy(
            "You confirm it by a link in a letter, and the answer comes there. Nobody else sees it."
        ),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )
    processing = forms.BooleanField(
        label=gettext_lazy("I agree to the processing of my personal data"), required=False
    )
    publication = forms.BooleanField(
        label=gettext_lazy("My text and photos may be shown to everybody, without my name"),
        required=False,
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    examples = {
        "text": gettext_lazy("At the bus stop the bins have been full for a week."),
        "address": gettext_lazy("Lenin street, 5, at the second entrance"),
    }
    all_required = True

    def __init__(
        self, *args: Any, channel: Channel, on: date, has_account: bool, **options: Any
    ) -> None:
        options["initial"] = {"key": uuid4()} | (options.get("initial") or {})
        super().__init__(*args, **options)
        self.channel = channel
        self.categories = {category.code: category for category in offered(channel, on=on)}
        kinds = self.fields["category"]
        assert isinstance(kinds, KindField)
        kinds.codes = frozenset(self.categories)
        kinds.choices = self._kinds
        self.has_account = has_account
        if has_account:
            del self.fields["email"]
        for box in ("latitude", "longitude"):
            self.fields[box].widget = forms.TextInput(attrs={"inputmode": "decimal"})
        chosen = self.chosen
        self.questions = questions_of(chosen) if chosen else {}
        self.fields.update(self.questions)

    def _kinds(self) -> list[tuple[str, str]]:
        named = [(code, category.name) for code, category in self.categories.items()]
        return [("", _("I do not know: the city will sort it")), *named]

    @property
    def chosen(self) -> Category | None:
        """The category that stands in the form now, whether sent or not yet."""
        stands = self.data.get("category") if self.is_bound else self.initial.get("category")
        return self.categories.get(str(stands or ""))

    def question_fields(self) -> list[forms.BoundField]:
        """The fields that the chosen category asks besides."""
        return [self[name] for name in self.questions]

    def clean_text(self) -> str:
        """The text, refused with its length where it is too long."""
        text = str(self.cleaned_data["text"]).replace("\r\n", "\n").strip()
        if len(text) > LONGEST_TEXT:
            words = _("The text has %(length)s characters; at most %(most)s are taken.")
            raise forms.ValidationError(words % {"length": len(text), "most": LONGEST_TEXT})
        return text

    def clean_placed_by(self) -> str:
        """Who said the place, as far as it can be known."""
        stated = str(self.cleaned_data["placed_by"])
        return stated if stated in PLACED_BY else "pin"

    def clean(self) -> dict[str, Any]:
        """Complete the place; ask for an address for the answer and for the consent to keep it."""
        self._complete_place()
        text = self.cleaned_data.get("text", "")
        is_danger = looks_dangerous(text) or bool(self.chosen and self.chosen.is_danger)
        email = self.cleaned_data.get("email")
        is_needed = self.has_account or bool(email) or not is_danger
        if is_needed and not self.has_account and not email and "email" not in self.errors:
            self.add_error("email", _("Say where the answer is to go."))
        if is_needed and not self.cleaned_data.get("processing"):
            words = _("Without this consent the city may not keep your address. Tick the box.")
            self.add_error("processing", words)
        return self.cleaned_data

    def _complete_place(self) -> None:
        values = self.cleaned_data
        latitude, longitude = values.get("latitude"), values.get("longitude")
        if "latitude" in self.errors or "longitude" in self.errors:
            return
        if (latitude is None) != (longitude is None):
            missing = "latitude" if latitude is None else "longitude"
            self.add_error(missing, _("Latitude and longitude are needed together."))
        elif latitude is not None and longitude is not None:
            self._check_place(latitude, longitude)
        elif values.get("address"):
            known = address_called(self.channel.municipality, values["address"])
            if known is not None:
                values |= {"latitude": known.latitude, "longitude": known.longitude}
                values["placed_by"] = "address"
        elif "address" not in self.errors:
            self.add_error("address", _("Say where it is."))

    def _check_place(self, latitude: float, longitude: float) -> None:
        try:
            check_place(self.channel, latitude, longitude)
        except PlaceRefused as refusal:
            self.add_error("address", str(refusal))

    def answers(self) -> dict[str, Any]:
        """What was answered to the questions of the category, by their codes."""
        given = {name: self.cleaned_data.get(name) for name in self.questions}
        return {
            name.removeprefix("q_"): value
            for name, value in given.items()
            if value not in (None, "", []) and name != "asset_number"
        }


def offered(channel: Channel, *, on: date) -> list[Category]:
    """Categories that the city takes on a day. Kept for seconds."""
    setup = setup_of(channel.municipality)
    return [category for category in setup.categories if category.is_in_season(on)]


def questions_of(category: Category) -> dict[str, forms.Field]:
    """The further fields of a category: the number of the thing, and its own questions."""
    fields: dict[str, forms.Field] = {}
    if category.asks_asset:
        label = _("Number, if you see one: %(thing)s") % {"thing": category.asks_asset}
        fields["asset_number"] = forms.CharField(label=label, max_length=60, required=False)
    for asked in category.attributes:
        if isinstance(asked, Mapping) and asked.get("code"):
            fields[f"q_{asked['code']}"] = _question(asked)
    return fields


def _question(asked: Mapping[str, Any]) -> forms.Field:
    kind = asked.get("datatype", "string")
    facts: dict[str, Any] = {
        "label": _spoken(asked, "name") or str(asked["code"]),
        "help_text": _spoken(asked, "help"),
        "required": bool(asked.get("required")),
    }
    if kind in _LISTS:
        values = [(str(v.get("key", "")), _spoken(v, "name")) for v in asked.get("values", [])]
        if kind == "multivaluelist":
            several = forms.CheckboxSelectMultiple
            return forms.MultipleChoiceField(choices=values, widget=several, **facts)
        return forms.ChoiceField(choices=[("", "—"), *values], **facts)
    if kind == "number":
        return NumberField(**facts)
    if kind == "text":
        widget = forms.Textarea(attrs={"rows": 3})
        return forms.CharField(max_length=2000, widget=widget, **facts)
    return forms.CharField(max_length=300, **facts)


class NumberField(forms.FloatField):
    """A finite number, kept as JSON can hold it."""

    def clean(self, value: object) -> Any:
        """Read it; infinite ones are refused by Django already."""
        number = super().clean(str(value or "").replace(",", "."))
        return int(number) if number is not None and math.floor(number) == number else number


def _spoken(stored: Mapping[str, Any], name: str) -> str:
    language = reader_language()[:2]
    both = (stored.get(f"{name}_{language}"), stored.get(f"{name}_ru"), stored.get(f"{name}_en"))
    return next((str(each) for each in both if each), "")
