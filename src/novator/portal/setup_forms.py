"""Reports set up: the forms in which a city says how it takes reports."""

from __future__ import annotations

import re
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from novator.cities.models import Municipality
from novator.portal.form_fields import day_input
from novator.reports.models import (
    Area,
    Channel,
    DayOff,
    Department,
    ReplyTemplate,
    Route,
)
from novator.reports.outlines import OutlineRefused, as_geojson, rings_of
from novator.reports.replies import PLACES, unknown_places
from novator.reports.states import STATES

_SITE = re.compile(r"https?://[a-z0-9.-]+(:\d+)?", re.IGNORECASE)
DAY = day_input()


class CityForm(forms.ModelForm):  # type: ignore[type-arg]
    """A row of one city: what it may point to is of the same city."""

    all_required = False

    def __init__(self, *args: Any, city: Municipality, **facts: Any) -> None:
        super().__init__(*args, **facts)
        self.instance.municipality = city
        for field in self.fields.values():
            if isinstance(field, forms.ModelChoiceField):
                assert field.queryset is not None
                field.queryset = field.queryset.filter(municipality=city)

    def own_fields(self) -> list[forms.BoundField]:
        """The fields that stand one below the other; others have a part of the page."""
        return list(self)

    def _get_validation_exclusions(self) -> set[str]:
        """Check uniqueness within the city too, although the city is no field of the form."""
        exclusions: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return exclusions - {"municipality"}


class LinesField(forms.CharField):
    """A list of short texts, one a line."""

    widget = forms.Textarea

    def prepare_value(self, value: Any) -> Any:
        """Show a stored list as lines."""
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        """Read lines, without empty ones."""
        text = super().to_python(value) or ""
        return [line.strip() for line in text.splitlines() if line.strip()]

    def has_changed(self, initial: Any, data: Any) -> bool:
        """No line is as good as none stored."""
        return bool((initial or []) != self.to_python(data))


class ChannelForm(CityForm):
    """How a city takes reports."""

    appeals_url = forms.URLField(
        label=gettext_lazy("Where an official appeal goes"),
        required=False,
        max_length=300,
        assume_scheme="https",
    )
    widget_sites = LinesField(
        label=gettext_lazy("Sites on which the form may stand"),
        required=False,
        help_text=gettext_lazy("One address a line, such as https://city.example"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    default_points = LinesField(
        label=gettext_lazy("Points that stand for “no place known”"),
        required=False,
        help_text=gettext_lazy(
            "Latitude and longitude, one pair a line: the town hall, say, which other systems put"
            " where they know nothing."
        ),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    class Meta:
        model = Channel
        fields = [
            "is_open",
            "south",
            "west",
            "north",
            "east",
            "default_points",
            "time_zone",
            "emergency_name",
            "emergency_phone",
            "contact_phone",
            "appeals_url",
            "operator_name",
            "operator_address",
            "days_to_moderate",
            "days_to_work",
            "days_to_judge",
            "days_of_extension",
            "months_kept",
            "official_widget_id",
            "widget_sites",
        ]
        labels = {
            "is_open": gettext_lazy("The city takes reports"),
            "south": gettext_lazy("Southern edge, degrees of latitude"),
            "west": gettext_lazy("Western edge, degrees of longitude"),
            "north": gettext_lazy("Northern edge, degrees of latitude"),
            "east": gettext_lazy("Eastern edge, degrees of longitude"),
            "time_zone": gettext_lazy("Time zone"),
            "emergency_name": gettext_lazy("Emergency service of the city"),
            "emergency_phone": gettext_lazy("Its telephone"),
            "contact_phone": gettext_lazy("Telephone for questions about reports"),
            "operator_name": gettext_lazy("Operator of personal data, full name"),
            "operator_address": gettext_lazy("Address of the operator"),
            "days_to_moderate": gettext_lazy("Working days to check a text"),
            "days_to_work": gettext_lazy("Working days to answer"),
            "days_to_judge": gettext_lazy("Calendar days in which the sender can object"),
            "days_of_extension": gettext_lazy("Calendar days of the one extension, at most"),
            "months_kept": gettext_lazy("Months after which contacts and texts are erased"),
            "official_widget_id": gettext_lazy("Number of the official widget «Решаем вместе»"),
        }
        help_texts = {
            "south": gettext_lazy("A place outside the four edges is refused."),
            "emergency_phone": gettext_lazy("Shown beside 112 when a report names a danger."),
            "operator_name": gettext_lazy("Stands in the text of the consent."),
            "days_to_work": gettext_lazy("Holds where a category states none of its own."),
            "official_widget_id": gettext_lazy("The foreign script loads only after a click."),
        }

    def __init__(self, *args: Any, **facts: Any) -> None:
        super().__init__(*args, **facts)
        if not self.is_bound:
            points = self.instance.default_points or []
            self.initial["default_points"] = [", ".join(map(str, point)) for point in points]

    def clean_time_zone(self) -> str:
        """A zone that is known."""
        zone: str = self.cleaned_data["time_zone"]
        if zone not in available_timezones():
            raise forms.ValidationError(_("There is no such time zone, for example Europe/Samara."))
        return zone

    def clean_default_points(self) -> list[list[float]]:
        """Pairs of degrees."""
        points = []
        for line in self.cleaned_data["default_points"]:
            try:
                latitude, longitude = (float(part) for part in line.replace(";", ",").split(","))
            except ValueError as fault:
                raise forms.ValidationError(
                    _("“%(line)s” is no pair of degrees.") % {"line": line}
                ) from fault
            if abs(latitude) > 90 or abs(longitude) > 180:
                raise forms.ValidationError(_("“%(line)s” is no pair of degrees.") % {"line": line})
            points.append([latitude, longitude])
        return points

    def clean_widget_sites(self) -> list[str]:
        """Addresses without a path, as browsers name them."""
        sites = [site.rstrip("/").lower() for site in self.cleaned_data["widget_sites"]]
        for site in sites:
            if not _SITE.fullmatch(site):
                raise forms.ValidationError(
                    _("“%(site)s” is no address of a site, such as https://city.example")
                    % {"site": site}
                )
        return sites

    def clean(self) -> dict[str, Any]:
        """The edges make a box."""
        said = super().clean() or {}
        south, north, west, east = (said.get(name) for name in ("south", "north", "west", "east"))
        if None not in (south, north) and not -90 <= south < north <= 90:  # type: ignore[operator]
            self.add_error("north", _("The northern edge lies north of the southern one."))
        if None not in (west, east) and not -180 <= west < east <= 180:  # type: ignore[operator]
            self.add_error("east", _("The eastern edge lies east of the western one."))
        return said


class DepartmentForm(CityForm):
    """Who works on reports."""

    class Meta:
        model = Department
        fields = ["name", "kind", "email", "phone", "is_active"]
        labels = {
            "name": gettext_lazy("Name"),
            "kind": gettext_lazy("What it is"),
            "email": gettext_lazy("E-mail"),
            "phone": gettext_lazy("Telephone"),
            "is_active": gettext_lazy("In use"),
        }
        help_texts = {
            "kind": gettext_lazy(
                "A report given to an outside body is forwarded, with a notice to the sender."
            )
        }


class AreaForm(CityForm):
    """A district, with its outline pasted from a map program."""

    outline = forms.CharField(
        label=gettext_lazy("Outline (GeoJSON)"),
        help_text=gettext_lazy(
            "Draw it in any map program, export it as GeoJSON and paste the text: a polygon or"
            " several. New reports get the first district in the list that holds their place."
        ),
        widget=forms.Textarea(attrs={"rows": 8, "class": "code"}),
    )

    class Meta:
        model = Area
        fields = ["name_ru", "name_en", "outline", "position"]
        labels = {
            "name_ru": gettext_lazy("Name, Russian"),
            "name_en": gettext_lazy("Name, English"),
            "position": gettext_lazy("Place in the list"),
        }

    def __init__(self, *args: Any, **facts: Any) -> None:
        super().__init__(*args, **facts)
        if self.instance.pk:
            self.initial["outline"] = as_geojson(self.instance.outline)

    def clean_outline(self) -> Any:
        """Rings of points."""
        try:
            return rings_of(self.cleaned_data["outline"])
        except OutlineRefused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal


class RouteForm(CityForm):
    """Who gets which reports."""

    class Meta:
        model = Route
        fields = ["position", "category", "area", "department"]
        labels = {
            "position": gettext_lazy("Place in the list"),
            "category": gettext_lazy("Category"),
            "area": gettext_lazy("District"),
            "department": gettext_lazy("Who gets it"),
        }
        help_texts = {
            "position": gettext_lazy("The first row that fits counts; lower numbers come first."),
            "category": gettext_lazy("Empty: any."),
            "area": gettext_lazy("Empty: any."),
        }


class DayOffForm(CityForm):
    """A day that the city counts otherwise than the calendar."""

    class Meta:
        model = DayOff
        fields = ["day", "is_working", "reason"]
        labels = {
            "day": gettext_lazy("Day"),
            "is_working": gettext_lazy("It is worked on"),
            "reason": gettext_lazy("Why"),
        }
        widgets = {"day": DAY}


class TemplateForm(CityForm):
    """Ready words."""

    state = forms.ChoiceField(label=gettext_lazy("For the step"), required=False)

    class Meta:
        model = ReplyTemplate
        fields = ["name", "state", "category", "text_ru", "text_en"]
        labels = {
            "name": gettext_lazy("Name"),
            "category": gettext_lazy("Category"),
            "text_ru": gettext_lazy("Words, Russian"),
            "text_en": gettext_lazy("Words, English"),
        }
        help_texts = {
            "category": gettext_lazy("Empty: for every category."),
            "text_ru": gettext_lazy(
                "{number}, {address} and {due_on} stand for the facts of the report."
            ),
        }
        widgets = {
            "text_ru": forms.Textarea(attrs={"rows": 5}),
            "text_en": forms.Textarea(attrs={"rows": 5}),
        }

    def __init__(self, *args: Any, **facts: Any) -> None:
        super().__init__(*args, **facts)
        steps = ("accepted", "in_progress", "scheduled", "forwarded", "answered", "refused")
        choices = [("", gettext_lazy("any")), *((code, STATES[code]) for code in steps)]
        self.fields["state"].choices = choices  # type: ignore[attr-defined]

    def clean_text_ru(self) -> str:
        """Only known places in braces."""
        return _with_known_places(self.cleaned_data["text_ru"])

    def clean_text_en(self) -> str:
        """Only known places in braces."""
        return _with_known_places(self.cleaned_data["text_en"])


def _with_known_places(text: str) -> str:
    unknown = unknown_places(text)
    if unknown:
        raise forms.ValidationError(
            _("{%(unknown)s} stands for nothing; known are %(known)s.")
            % {
                "unknown": "}, {".join(unknown),
                "known": ", ".join(f"{{{name}}}" for name in PLACES),
            }
        )
    return text
