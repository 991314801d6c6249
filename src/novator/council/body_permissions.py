"""Who decides: who may enter and correct bodies, people and memberships; one function a rule."""

from __future__ import annotations

from datetime import date

from django.db.models import F

from novator.accounts.models import Role
from novator.accounts.permissions import is_office
from novator.accounts.queries import AnyUser
from novator.cities.models import Municipality
from novator.council.models import Membership, Organization, Person
from novator.council.permissions import may_keep_council


def may_enter_body(user: AnyUser, body: Organization, *, on: date) -> bool:
    """Change a body: whoever keeps the council of its municipality; of none: the office."""
    if body.municipality is None:
        return is_office(user, on=on)
    return may_keep_council(user, body.municipality, on=on)


def is_of(person: Person, municipality: Municipality) -> bool:
    """
    Whether the municipality answers for what is told of a person. One query.

    The first in whose bodies the person was recorded does; for somebody just added, the city of
    whoever did that, and everyone where that is of no city.
    """
    first = (
        Membership.objects.filter(person=person, organization__municipality__isnull=False)
        .order_by(F("recorded_at"), "id")
        .values_list("organization__municipality", flat=True)
        .first()
    )
    if first is None:
        cities = _cities_of_who_added(person)
        return not cities or municipality.pk in cities
    return bool(first == municipality.pk)


def _cities_of_who_added(person: Person) -> set[int]:
    """Where whoever added somebody, by the trail, has a role. Two queries."""
    trail = Person.pgh_event_model.objects.filter(pgh_obj=person).order_by("pgh_id")  # type: ignore[attr-defined]
    added_by = trail.values_list("pgh_context__metadata__user", flat=True).first()
    if added_by is None:
        return set()
    roles = Role.objects.filter(user=added_by, municipality__isnull=False)
    return set(roles.values_list("municipality", flat=True))


def may_enter_person(
    user: AnyUser, person: Person, municipality: Municipality, *, on: date
) -> bool:
    """Correct a name, add lines of life: whoever keeps the council that answers for the person."""
    return may_keep_council(user, municipality, on=on) and is_of(person, municipality)


def may_enter_membership(
    user: AnyUser, membership: Membership, municipality: Municipality, *, on: date
) -> bool:
    """
    End or correct a membership: whoever keeps the council of its body's municipality.

    In a body of no municipality (a party, a union): who answers for the person.
    """
    where = membership.organization.municipality_id
    if where is None:
        return may_enter_person(user, membership.person, municipality, on=on)
    return where == municipality.pk and may_keep_council(user, municipality, on=on)
