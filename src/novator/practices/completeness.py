"""Solutions found: how much of what a city must tell about its practice a card tells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

FIELDS = {
    "title": _("title"),
    "municipality": _("municipality"),
    "problem": _("problem"),
    "topic": _("topic"),
    "before": _("situation before, as a figure"),
    "idea": _("core idea"),
    "steps": _("steps with duration and role"),
    "participants": _("participants"),
    "reached": _("residents reached"),
    "one_off_cost": _("one-off cost"),
    "yearly_cost": _("yearly running cost"),
    "off_budget_share": _("share of off-budget money"),
    "legal_acts": _("legal acts adopted"),
    "conditions": _("conditions without which it does not work"),
    "result": _("result after, as a figure"),
    "how_measured": _("how the result was measured"),
    "side_effects": _("side effects, opposition and what failed"),
    "lessons": _("lessons"),
    "copying": _("how far it can be copied"),
    "help": _("help that the author offers"),
    "confirmed_on": _("date when the facts were confirmed"),
}


@dataclass(frozen=True)
class Completeness:
    """Codes of the fields that a card has and lacks, in the order of the rules."""

    present: tuple[str, ...]
    missing: tuple[str, ...]

    @property
    def share(self) -> float:
        """Fields present of all, 0 to 1."""
        return len(self.present) / (len(self.present) + len(self.missing))

    @property
    def missing_names(self) -> list[str]:
        """Names of the missing fields in the language of the current reader."""
        return [str(FIELDS[code]) for code in self.missing]


def completeness_of(told: Mapping[str, bool]) -> Completeness:
    """Compare what a card tells with what a city that publishes its own must tell (rule E1)."""
    present = tuple(code for code in FIELDS if told.get(code))
    return Completeness(present, tuple(code for code in FIELDS if code not in present))
