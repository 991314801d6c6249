"""Solutions chosen: the forms in which collections are made, ordered and shared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from novator.briefings.models import ACCESS, Item
from novator.briefings.operations import LONGEST_NOTE, MOST_CARDS
from novator.cities.models import Municipality

LONGEST_PURPOSE = 4000


class CollectionForm(forms.Form):
    """What a collection is called and what it is for."""

    title = forms.CharField(label=_("Title"), max_length=160)
    purpose = forms.CharField(
        label=_("What it is for"),
        required=False,
        max_length=LONGEST_PURPOSE,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    examples: Mapping[str, str | Promise] = {
        "title": _("Cold bus stops: what others did"),
        "purpose": _("For the commission on transport on 12 December"),
    }


class OrderForm(CollectionForm):
    """Title and purpose with a note and a place for each card; `revision` is what was read."""

    revision = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, items: Sequence[Item], **facts: Any) -> None:
        super().__init__(*args, **facts)
        self.slugs = [item.practice.slug for item in items]
        for number, item in enumerate(items, start=1):
            self.fields[f"place_{item.practice.slug}"] = forms.IntegerField(
                label=_("Place"),
                required=False,
                min_value=1,
                max_value=MOST_CARDS,
                initial=number,
            )
            self.fields[f"note_{item.practice.slug}"] = forms.CharField(
                label=_("Note"),
                required=False,
                max_length=LONGEST_NOTE,
                initial=item.note,
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    @property
    def order(self) -> list[str]:
        """Public ids of the cards in the order that was asked for."""
        places = {slug: self._place(slug, number) for number, slug in enumerate(self.slugs, 1)}
        return sorted(self.slugs, key=lambda slug: places[slug])

    def _place(self, slug: str, number: int) -> tuple[int, int, int]:
        """A card that moves up goes before the one that stands there, one that moves down after."""
        asked = self.cleaned_data[f"place_{slug}"] or number
        return asked, (asked > number) - (asked < number), number

    @property
    def notes(self) -> dict[str, str]:
        """The note of each card."""
        return {slug: self.cleaned_data[f"note_{slug}"] for slug in self.slugs}


class AddForm(forms.Form):
    """Which collection cards go into: one that is there, or a new one."""

    collection = forms.ChoiceField(
        label=_("Into which collection"), required=False, widget=forms.RadioSelect
    )
    title = forms.CharField(label=_("Or a new one, called"), required=False, max_length=160)
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, choices: Sequence[tuple[str, str]], **facts: Any) -> None:
        super().__init__(*args, **facts)
        if choices:
            self.fields["collection"].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields["collection"]
            self.fields["title"].label = _("Title of the new collection")
            self.fields["title"].required = True

    def clean(self) -> dict[str, Any]:
        """One of the two."""
        told = super().clean() or self.cleaned_data
        if not self.errors and not told.get("collection") and not told.get("title"):
            self.add_error("title", _("Choose a collection, or name a new one."))
        return told


class CityAccessForm(forms.Form):
    """What people of a municipality may do."""

    municipality = forms.ChoiceField(label=_("People with a role in"))
    access = forms.ChoiceField(
        label=_("What they may do"), choices=lambda: ACCESS.items(), widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, cities: Sequence[Municipality], **facts: Any) -> None:
        super().__init__(*args, **facts)
        self.fields["municipality"].choices = [  # type: ignore[attr-defined]
            (city.slug, city.name) for city in cities
        ]


class AddressForm(forms.Form):
    """A colleague by the address of his account."""

    email = forms.EmailField(
        label=_("E-mail address of the colleague's account"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    may_edit = forms.BooleanField(label=_("may change it, too"), required=False)
