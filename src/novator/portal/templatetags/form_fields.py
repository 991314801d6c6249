"""Every form: each field with its label, help, example and fault, as a screen reader needs it."""

from __future__ import annotations

from collections.abc import Mapping

from django import forms, template
from django.forms import BoundField
from django.utils.safestring import SafeString

register = template.Library()

_BARE = (forms.CheckboxInput, forms.RadioSelect, forms.CheckboxSelectMultiple)


@register.simple_tag
def field_widget(field: BoundField, example: str = "") -> SafeString:
    """The control itself, told by its help, its example and its fault; never with a placeholder."""
    widget = field.field.widget
    attributes: dict[str, str | bool] = {}
    if not isinstance(widget, _BARE):
        attributes["class"] = f"input {widget.attrs.get('class', '')}".strip()
    if described := _described_by(field, example):
        attributes["aria-describedby"] = described
    placeholder = widget.attrs.pop("placeholder", None)
    try:
        return field.as_widget(attrs=attributes)
    finally:
        if placeholder is not None:
            widget.attrs["placeholder"] = placeholder


def _described_by(field: BoundField, example: str) -> str:
    parts = {
        "helptext": field.help_text,
        "example": example or field_example(field),
        "error": field.errors,
    }
    return " ".join(f"{field.auto_id}_{name}" for name, there in parts.items() if there)


@register.filter
def field_example(field: BoundField) -> str:
    """An example of what to write: the form's own `examples` by field name."""
    return str(getattr(field.form, "examples", {}).get(field.name, ""))


@register.filter
def for_field(stored: Mapping[str, str], name: str) -> str | None:
    """What is stored of a field by its name, or None."""
    return stored.get(name)


@register.filter
def field_shape(field: BoundField) -> str:
    """How a field is laid out: "hidden", "box" (one tick), "group" (a fieldset) or "line"."""
    widget = field.field.widget
    if widget.is_hidden:
        return "hidden"
    if isinstance(widget, forms.CheckboxInput):
        return "box"
    return "group" if field.use_fieldset else "line"


@register.filter
def tells_required(field: BoundField) -> bool:
    """Whether the word "required" stands at the label; a form may set `all_required = True`."""
    return bool(field.field.required and not getattr(field.form, "all_required", False))


@register.filter
def first_control(field: BoundField) -> str:
    """Id of the control that a link to this field leads to."""
    return f"{field.auto_id}_0" if field_shape(field) == "group" else str(field.auto_id)
