"""Who decides: lists in which somebody of a city is chosen, so long that they need an order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from novator.council.composition import Seat, may_last_on, seats_on
from novator.council.models import Membership, Organization, Person
from novator.portal.people import today

Group = tuple[str, list[tuple[str, str]]]
NOBODY = ("", "—")


def people_of(council: Organization) -> QuerySet[Person]:
    """Whoever is or was in a body of the council's municipality."""
    of_city = Person.objects.filter(
        memberships__organization__municipality=council.municipality_id
    ) | Person.objects.filter(memberships__organization__parent=council)
    return of_city.distinct().order_by("family_name", "name", "id")


def offer_people(
    form: forms.BaseForm, *names: str, council: Organization, seats: Sequence[Seat] | None = None
) -> None:
    """
    Let somebody of the city be chosen in these fields of a form.

    First whoever holds a post now, then the deputies (`seats`, else of today) by faction, then all
    others. Each stands once and family name first, so that typing it leads there.
    """
    seated = seats_on(council, today()) if seats is None else seats
    people = people_of(council)
    groups = _grouped(people, seated, _in_office(council))
    for name in names:
        field = form.fields[name]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = people
        field.choices = [NOBODY, *groups]


def seats_by_faction(seats: Iterable[Seat]) -> list[Group]:
    """Deputies as groups of a list of choices."""
    factions: dict[str, list[tuple[str, str]]] = {}
    for seat in seats:
        faction = seat.faction.shown_name if seat.faction else _("of no faction")
        factions.setdefault(faction, []).append(_choice(seat.person))
    return [(faction, _by_name(choices)) for faction, choices in factions.items()]


def listed_name(person: Person) -> str:
    """A name with the family name first."""
    words = str(person).split()
    family = person.family_name.split()
    for place in range(1, len(words)):
        if family and words[place : place + len(family)] == family:
            return " ".join([*family, *words[:place], *words[place + len(family) :]])
    return " ".join(words)


def _grouped(people: Iterable[Person], seats: Sequence[Seat], offices: dict[int, str]) -> list[Any]:
    known = list(people)
    held = [
        (str(one.pk), f"{listed_name(one)} — {offices[one.pk]}")
        for one in known
        if one.pk in offices
    ]
    seated = {seat.person.pk for seat in seats}
    others = [_choice(one) for one in known if one.pk not in seated and one.pk not in offices]
    groups = [
        (_("In office now"), _by_name(held)),
        *seats_by_faction(seat for seat in seats if seat.person.pk not in offices),
        (_("Others of this city, former deputies too"), _by_name(others)),
    ]
    return [group for group in groups if group[1]]


def _in_office(council: Organization) -> dict[int, str]:
    """What each holder of a post of the city is called today, by the key of the person."""
    rows = Membership.objects.filter(may_last_on(today()), post__isnull=False).filter(
        Q(organization__municipality=council.municipality_id) | Q(organization__parent=council)
    )
    return {row.person_id: str(row.post) for row in rows.select_related("post").order_by("-id")}


def _choice(person: Person) -> tuple[str, str]:
    return str(person.pk), listed_name(person)


def _by_name(choices: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return sorted(choices, key=lambda choice: choice[1].casefold().replace("ё", "е"))
