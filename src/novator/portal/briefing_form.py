"""Solutions chosen: the form in which an official picks and writes what a paper says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from novator.briefings.models import MOST_ON_PAPER, SECTIONS, Briefing
from novator.briefings.papers import Choices
from novator.cities.models import Municipality
from novator.cities.queries import find_city, suggest_cities
from novator.portal.form_fields import day_input
from novator.portal.shown import ShownCard

LONGEST = 8000
MOST_INHABITANTS = 100_000_000


def city_words(city: Municipality | None) -> str:
    """A city as the form understands it."""
    if city is None:
        return ""
    region = city.region.name if city.region else city.region_text
    return f"{city.name} ({region})" if region else city.name


class PaperForm(forms.Form):
    """What the official chose and wrote; `revision` is what was read."""

    revision = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    title = forms.CharField(label=_("Title of the paper"), max_length=160)
    language = forms.ChoiceField(
        label=_("Language of the paper"),
        choices=lambda: settings.LANGUAGES,
        widget=forms.RadioSelect,
    )
    cards = forms.MultipleChoiceField(
        label=_("Practices on the paper"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("One to five of the collection, in its order."),
    )
    problem = forms.CharField(
        label=_("The problem of our city"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("In your own words; it opens the paper."),
    )
    city = forms.CharField(
        label=_("Our city"),
        required=False,
        max_length=120,
        help_text=_("Costs are reckoned for it, and it is compared with the author cities."),
    )
    population = forms.IntegerField(
        label=_("Inhabitants to reckon with"),
        required=False,
        min_value=1,
        max_value=MOST_INHABITANTS,
        help_text=_("Only if it should be another number than the one we know of the city."),
    )
    sections = forms.MultipleChoiceField(
        label=_("Parts of the paper"),
        choices=lambda: SECTIONS.items(),
        widget=forms.CheckboxSelectMultiple,
    )
    proposal = forms.CharField(
        label=_("Proposal to the meeting"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    prepared_by = forms.CharField(label=_("Prepared by"), required=False, max_length=200)
    prepared_on = forms.DateField(label=_("Date"), widget=day_input())

    def __init__(
        self,
        *args: Any,
        cards: Sequence[ShownCard],
        changes: Mapping[str, str],
        city: Municipality | None,
        **facts: Any,
    ) -> None:
        super().__init__(*args, **facts)
        self.known = self.found = city
        self.fields["cards"].choices = [  # type: ignore[attr-defined]
            (card.slug, f"{card.city_name}: {card.title}") for card in cards
        ]
        self.changes = {card.slug: f"changes_{card.slug}" for card in cards if card.slug in changes}
        for card in cards:
            if card.slug in changes:
                self.fields[self.changes[card.slug]] = forms.CharField(
                    label=f"{card.city_name}: {card.title}",
                    required=False,
                    max_length=LONGEST,
                    initial=changes[card.slug],
                    widget=forms.Textarea(attrs={"rows": 3}),
                )

    def clean_cards(self) -> list[str]:
        """At most five fit on a paper."""
        chosen: list[str] = self.cleaned_data["cards"]
        if len(chosen) > MOST_ON_PAPER:
            raise forms.ValidationError(
                now("Choose one to %(count)s cards of the collection.") % {"count": MOST_ON_PAPER}
            )
        return chosen

    def clean_city(self) -> str:
        """A city that we know, and only one."""
        text: str = self.cleaned_data["city"].replace("\0", "")
        if self.known is not None and text == city_words(self.known):
            return text
        found = find_city(text) if text else []
        if text and not found:
            near = ", ".join(city_words(city) for city in suggest_cities(text))
            words = now("This city is not known here.")
            if near:
                words += " " + now("Did you mean: %(names)s?") % {"names": near}
            raise forms.ValidationError(words)
        if len(found) > 1:
            names = ", ".join(city_words(city) for city in found[:5])
            raise forms.ValidationError(
                now("There are several: %(names)s. Write the region in brackets.")
                % {"names": names}
            )
        self.found = found[0] if found else None
        return text

    @property
    def choices(self) -> Choices:
        """What was chosen, once the form is valid."""
        told = self.cleaned_data
        names = ("title", "language", "population", "problem", "proposal", "sections")
        return Choices(
            **{name: told[name] for name in names},
            city=self.found,
            prepared_by=told["prepared_by"],
            prepared_on=told["prepared_on"],
            slugs=told["cards"],
            changes={slug: told[name] for slug, name in self.changes.items()},
        )


def first_values(paper: Briefing, slugs: Sequence[str]) -> dict[str, Any]:
    """What the form shows at first."""
    names = ("revision", "title", "language", "problem", "population", "sections", "proposal")
    return {name: getattr(paper, name) for name in names} | {
        "cards": list(slugs),
        "city": city_words(paper.city),
        "prepared_by": paper.prepared_by,
        "prepared_on": paper.prepared_on,
    }
