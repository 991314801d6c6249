"""Reports set up: another system that speaks Open311, and what our categories are called there."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from novator.cities.models import Municipality
from novator.portal.setup_forms import CityForm
from novator.reports.contacts import seal_text
from novator.reports.exchange.sending import ANY_KIND
from novator.reports.models import Category, Connection


class ConnectionForm(CityForm):
    """Another system that speaks Open311."""

    base_url = forms.URLField(
        label=gettext_lazy("Address of its Open311, up to the version"),
        max_length=300,
        assume_scheme="https",
        help_text=gettext_lazy("Such as https://city.example/open311/v2"),
    )
    key = forms.CharField(
        label=gettext_lazy("Key for writing"),
        required=False,
        max_length=500,
        help_text=gettext_lazy("Kept encrypted and never shown again; empty leaves it as it is."),
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )

    class Meta:
        model = Connection
        fields = [
            "name",
            "base_url",
            "jurisdiction",
            "key",
            "department",
            "speaks_updates",
            "sends_contact",
            "is_active",
        ]
        labels = {
            "name": gettext_lazy("Name"),
            "jurisdiction": gettext_lazy("Jurisdiction there"),
            "department": gettext_lazy("Reports given to this body go there"),
            "speaks_updates": gettext_lazy("It sends updates (FixMyStreet’s extension)"),
            "sends_contact": gettext_lazy("The sender’s contact goes with the report"),
            "is_active": gettext_lazy("In use"),
        }
        help_texts = {
            "sends_contact": gettext_lazy("Only where the sender’s consent names that operator."),
        }

    def __init__(self, *args: Any, city: Municipality, **facts: Any) -> None:
        super().__init__(*args, city=city, **facts)
        self._kinds = {ANY_KIND: _("all other categories")} | {
            category.code: category.name
            for category in Category.objects.filter(municipality=city, is_active=True)
        }
        known = self.instance.services or {}
        for code, name in self._kinds.items():
            self.fields[f"service-{code}"] = forms.CharField(
                label=name, required=False, max_length=120, initial=known.get(code, "")
            )

    def own_fields(self) -> list[forms.BoundField]:
        """Without the codes of services: they have a part of the page."""
        return [field for field in self if not field.name.startswith("service-")]

    def service_fields(self) -> list[forms.BoundField]:
        """What each of our categories is called there."""
        return [field for field in self if field.name.startswith("service-")]

    def _services(self) -> dict[str, str]:
        """Our codes with theirs; those of categories that are out of use stay."""
        known = self.instance.services or {}
        said = {code: self.cleaned_data[f"service-{code}"] for code in self._kinds}
        other = {code: theirs for code, theirs in known.items() if code not in self._kinds}
        return other | {code: theirs for code, theirs in said.items() if theirs}

    def save(self, commit: bool = True) -> Any:
        """Keep the codes; seal the key, if one was typed; what is mended is asked at once."""
        self.instance.services = self._services()
        self.instance.failed_at, self.instance.failure = None, ""
        if self.cleaned_data["key"]:
            self.instance.sealed_key = seal_text(self.cleaned_data["key"])
        return super().save(commit)
