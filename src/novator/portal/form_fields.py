"""Fields of forms that many pages use, with the browser's own controls for days and moments."""

from typing import Any

from django import forms


def day_input() -> forms.DateInput:
    """A control for a day; its value is written as browsers want it in every language."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def moment_input() -> forms.DateTimeInput:
    """A control for a day with its hour and minute."""
    return forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


def day_field(label: Any, **options: Any) -> forms.DateField:
    """A day."""
    return forms.DateField(label=label, widget=day_input(), **options)


def moment_field(label: Any, **options: Any) -> forms.DateTimeField:
    """A moment."""
    return forms.DateTimeField(label=label, widget=moment_input(), **options)


def long_text(label: Any, longest: int, *, rows: int, **options: Any) -> forms.CharField:
    """A text of several lines."""
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=longest, widget=widget, **options)
