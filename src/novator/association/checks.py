"""The association: what the office checks before it admits a city; the list is data."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from novator.association.models import Application, Member
from novator.cities.oktmo import NotOktmo, municipality_code
from novator.core.languages import in_language
from novator.council.mandates import mandates_on, stands_on
from novator.council.models import Decision

JOINING = "join_association"


@dataclass(frozen=True)
class Check:
    """One line of the list: its code, the rule behind it, its name."""

    code: str
    rule: str
    name_ru: str
    name_en: str

    @property
    def name(self) -> str:
        """In the language of the reader."""
        return in_language(self.name_ru, self.name_en)


@dataclass(frozen=True)
class Checked:
    """What came of a check: met, not met, or (None) for the office to see for itself; and why."""

    check: Check
    is_met: bool | None
    reason: str
    is_by_office: bool = False


@cache
def all_checks() -> tuple[Check, ...]:
    """The list of the association, in its order."""
    path = files("novator.association") / "data" / "checks.json"
    rows = json.loads(path.read_text(encoding="utf-8"))["checks"]
    names = ("code", "rule", "name_ru", "name_en")
    return tuple(Check(**{name: row[name] for name in names}) for row in rows)


def checks_of(application: Application, *, on: date) -> list[Checked]:
    """Go through the list; what the machine cannot see has the office's answer. Few queries."""
    answered: Mapping[str, str] = application.checks
    found = []
    for check in all_checks():
        is_met, reason = _RECKONED[check.code](application, on)
        said = answered.get(check.code)
        if is_met is None and said in {"yes", "no"}:
            found.append(Checked(check, said == "yes", reason, is_by_office=True))
        else:
            found.append(Checked(check, is_met, reason))
    return found


def unmet(checked: Sequence[Checked]) -> list[Checked]:
    """Those that stand in the way."""
    return [one for one in checked if not one.is_met]


def decisions_to_join(application_city: int) -> list[Decision]:
    """Decisions of the city's council that say that it joins this association, newest first."""
    rows = Decision.objects.carried().filter(
        council__municipality=application_city, effects__kind=JOINING
    )
    return list(rows.select_related("council").order_by("-adopted_to", "-pk").distinct())


Answer = tuple[bool | None, str]


def _municipality(application: Application, on: date) -> Answer:
    city = application.municipality
    if not city.is_municipal:
        return False, _("This is no municipality but: %(kind)s.") % {
            "kind": city.get_kind_display()
        }
    if not city.oktmo:
        return False, _("Its OKTMO code is not known: the office enters it first.")
    prefix = city.region.oktmo_prefix if city.region else ""
    try:
        municipality_code(city.oktmo, region_prefix=prefix)
    except NotOktmo as refusal:
        return False, str(refusal)
    return True, city.oktmo


def _not_member(application: Application, on: date) -> Answer:
    member = Member.objects.filter(municipality=application.municipality_id).first()
    if member is not None and member.is_in:
        return False, _("It is a member already.")
    return True, _("It left earlier.") if member is not None else ""


def _own_council(application: Application, on: date) -> Answer:
    decision = application.decision
    if decision is None:
        return _seen(application.document_body)
    if decision.council.municipality_id != application.municipality_id:
        return False, _("The decision is that of another city's council.")
    return True, str(decision.council)


def _carried(application: Application, on: date) -> Answer:
    decision = application.decision
    if decision is None:
        return _seen(str(application.document or ""))
    return stands_on(decision, on), str(decision.get_state_display())


def _number_and_date(application: Application, on: date) -> Answer:
    decision = application.decision
    if decision is None:
        stated = application.document_number and application.document_on
        if not stated:
            return False, _("The paper's number or date is missing.")
        return True, _("No. %(number)s of %(day)s") % {
            "number": application.document_number,
            "day": _said(application.document_on),
        }
    if not decision.number:
        return False, _("The decision has no number.")
    if decision.adopted_from is None or decision.adopted_from != decision.adopted_to:
        return False, _("The day of the decision is not known.")
    return True, _("No. %(number)s of %(day)s") % {
        "number": decision.number,
        "day": _said(decision.adopted_from),
    }


def _text(application: Application, on: date) -> Answer:
    decision = application.decision
    if decision is None:
        if application.document is None:
            return False, _("No file is attached.")
        return _seen(str(application.document))
    if not decision.effects.filter(kind=JOINING).exists():
        return False, _("The decision does not say that the city joins an association.")
    if not decision.text.strip() and not decision.files.exists():
        return False, _("Neither its text nor a file of it is kept.")
    return True, ""


def _initiative(application: Application, on: date) -> Answer:
    decision = application.decision
    if decision is None:
        return _seen(application.words)
    said = ", ".join(filter(None, [str(decision.initiated_by or ""), decision.initiated_as]))
    return (True, said) if said else (False, _("The decision does not say who brought it."))


def _representative(application: Application, on: date) -> Answer:
    decision = application.decision
    if decision is None:
        named = (application.representative_name, application.representative_position)
        if not application.representative_name:
            return False, _("Nobody is named.")
        return _seen(", ".join(filter(None, named)))
    for mandate in mandates_on(application.municipality, day=on):
        given = mandate.decision
        given_on = mandate.starts_on if given is None else given.adopted_to
        is_later = (given is None and given_on is None) or (
            given_on is not None
            and (decision.adopted_from is None or given_on >= decision.adopted_from)
        )
        if is_later:
            return True, str(mandate.holder or mandate.holder_post)
    return False, _("No mandate towards the association in force comes from it or a later one.")


def _said(day: date | None) -> str:
    return date_format(day, "DATE_FORMAT") if day else ""


def _seen(reason: str) -> Answer:
    return None, reason


_RECKONED: dict[str, Callable[[Application, date], Answer]] = {
    "municipality": _municipality,
    "not_member": _not_member,
    "own_council": _own_council,
    "carried": _carried,
    "number_and_date": _number_and_date,
    "text": _text,
    "initiative": _initiative,
    "representative": _representative,
}
