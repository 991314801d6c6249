"""Who decides: what somebody holds on a day, in words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from novator.cities.models import Municipality
from novator.council.composition import SEATED, may_last_on
from novator.council.models import Membership, Person


def offices_of(person: Person, *, on: date) -> list[Membership]:
    """What somebody holds that day anywhere, seats first. One query."""
    return _seats_first(_held(person, on))


def offices_in(person: Person, municipality: Municipality, *, on: date) -> list[Membership]:
    """What somebody holds that day in bodies of a city, seats first. One query."""
    return _seats_first(_held(person, on).filter(organization__municipality=municipality))


def office_told(person: Person, municipality: Municipality, *, on: date) -> str:
    """The office of somebody in a city that day: "deputy, City Duma of Zarechny". One query."""
    rows = offices_in(person, municipality, on=on)
    if not rows:
        return _("acts for the city: %(city)s") % {"city": municipality.name}
    return said_office(rows[0])


def said_office(row: Membership) -> str:
    """An office with its body; a seat in a convocation is one in the council."""
    body = row.organization
    council = body.parent if body.kind == "convocation" and body.parent else body
    return f"{row.shown_label}, {council.shown_name}"


def _held(person: Person, on: date) -> QuerySet[Membership]:
    rows = Membership.objects.filter(may_last_on(on), person=person)
    return rows.select_related("organization__parent", "post").order_by("id")


def _seats_first(rows: Iterable[Membership]) -> list[Membership]:
    return sorted(rows, key=lambda row: row.role not in SEATED)
