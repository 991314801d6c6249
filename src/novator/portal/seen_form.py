"""Every correction: a form that knows how the thing stood when its page was shown."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django import forms
from django.db.models import Model
from django.http import QueryDict
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from novator.council.seen import ChangedMeanwhile


class SeenForm(forms.Form):
    """A form of what is stored already: `seen` is the mark of what its page showed."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)


def tell_stored(
    form: forms.Form, refusal: ChangedMeanwhile, stored: Mapping[str, Any], mark: str = "seen"
) -> None:
    """
    Say that somebody was quicker, and at each field what is stored now, where it was not typed.

    `stored` are fresh initial values with the fresh mark: sent again, the form is kept.
    """
    form.add_error(None, str(refusal))
    assert isinstance(form.data, QueryDict)
    data = form.data.copy()
    data[form.add_prefix(mark)] = stored[mark]
    form.data = data
    for name, field in form.fields.items():
        if name in stored and name != mark and _differs(form, name, field, stored[name]):
            words = _("Stored now: %(value)s") % {"value": _said(field, stored[name])}
            form.add_error(name, words)


def _differs(form: forms.Form, name: str, field: forms.Field, stored: Any) -> bool:
    if name in form.errors:
        return False
    typed = form[name].data
    if isinstance(field, forms.DateTimeField):  # to the minute, as it is typed
        return (field.widget.format_value(field.prepare_value(stored)) or "") != (typed or "")
    return bool(field.has_changed(stored, typed))


def _said(field: forms.Field, value: Any) -> str:
    if isinstance(field, forms.ModelChoiceField):
        value = _row(field, value)
    elif isinstance(field, forms.ChoiceField):
        value = _chosen(field, value)
    elif isinstance(value, datetime):
        moment = timezone.localtime(value) if timezone.is_aware(value) else value
        value = date_format(moment, "DATETIME_FORMAT")
    elif isinstance(value, date):
        value = date_format(value, "DATE_FORMAT")
    elif isinstance(value, bool):
        value = _("yes") if value else _("no")
    else:
        value = field.prepare_value(value)
    return str(value) if value not in (None, "") else _("nothing")


def _row(field: forms.ModelChoiceField[Any], value: Any) -> Any:
    if value is None or isinstance(value, Model):
        return value
    assert field.queryset is not None
    return field.queryset.filter(**{field.to_field_name or "pk": value}).first() or value


def _chosen(field: forms.ChoiceField, value: Any) -> Any:
    choices: Any = field.choices
    named = {str(code): name for code, name in choices}
    return named.get(str(value), value)
