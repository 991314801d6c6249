"""Who decides: which rows tell the whole of one council."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

from django.db.models import Model, Q

from novator.council.models import (
    AgendaItem,
    Attendance,
    Decision,
    DecisionStep,
    LifeEvent,
    Mandate,
    Membership,
    Motion,
    Organization,
    Person,
    Protocol,
    Session,
    Source,
    Speech,
    Statement,
    Vote,
)


def scope_of(council: Organization) -> dict[str, Q]:
    """By table: the rows that belong to the council, its bodies and its people."""
    of_council = Q(council=council)
    own = _bodies_of(council)
    people = _people_of(council, own)
    memberships = Q(organization__in=own) | Q(
        person__in=people, organization__municipality__isnull=True
    )
    bodies = _with_references(own, memberships)
    scope = {
        "organizations": Q(pk__in=bodies),
        "persons": Q(pk__in=people),
        "posts": Q(organization__in=bodies),
        "memberships": memberships & Q(organization__in=bodies),
        "sessions": of_council,
        "items": Q(session__council=council),
        "papers": of_council,
        "motions": Q(item__session__council=council),
        "vote_events": Q(motion__item__session__council=council),
        "speeches": Q(item__session__council=council),
        "decisions": of_council,
        "mandates": Q(municipality=council.municipality_id),
        "protocols": Q(session__council=council),
    }
    return scope | {"sources": Q(pk__in=_sources(scope, people))}


def _bodies_of(council: Organization) -> set[int]:
    """The council, what is within it, and other bodies of the municipality."""
    found = set(
        Organization.objects.filter(
            Q(pk=council.pk) | Q(municipality=council.municipality_id) & ~Q(kind="council")
        ).values_list("pk", flat=True)
    )
    others = Organization.objects.filter(
        kind="council", municipality=council.municipality_id
    ).exclude(pk=council.pk)
    found -= set(_below(set(others.values_list("pk", flat=True))))
    return found | _below(found)


def _below(bodies: set[int]) -> set[int]:
    found, front = set(bodies), set(bodies)
    while front:
        rows = Organization.objects.filter(parent__in=front).values_list("pk", flat=True)
        front = set(rows) - found
        found |= front
    return found


def _with_references(bodies: set[int], memberships: Q) -> set[int]:
    """The same with parties, unions and whatever contains them."""
    rows = Membership.objects.filter(memberships)
    found = bodies | set(
        chain.from_iterable(rows.values_list("organization_id", "on_behalf_of_id").distinct())
    )
    front = found = {key for key in found if key is not None}
    while front:
        rows_above = Organization.objects.filter(pk__in=front).values_list("parent_id", "party_id")
        front = {key for key in chain.from_iterable(rows_above) if key is not None} - found
        found = found | front
    return found


def _people_of(council: Organization, bodies: Iterable[int]) -> set[int]:
    place = council.municipality_id
    asked: list[tuple[type[Model], Q, tuple[str, ...]]] = [
        (Membership, Q(organization__in=bodies), ("person_id",)),
        (Session, Q(council=council), ("chair_id", "secretary_id")),
        (Attendance, Q(session__council=council), ("person_id",)),
        (AgendaItem, Q(session__council=council), ("initiated_by_id",)),
        (Motion, Q(item__session__council=council), ("moved_by_id",)),
        (Vote, Q(event__motion__item__session__council=council), ("voter_id",)),
        (Speech, Q(item__session__council=council), ("person_id",)),
        (Decision, Q(council=council), ("initiated_by_id",)),
        (DecisionStep, Q(decision__council=council), ("person_id",)),
        (Mandate, Q(municipality=place), ("holder_id",)),
        (Protocol, Q(session__council=council), ("signed_by_id",)),
    ]
    found: set[int] = set()
    for model, rows, columns in asked:
        keys = model._default_manager.filter(rows).order_by().values_list(*columns).distinct()
        found |= {key for key in chain.from_iterable(keys) if key is not None}
    return found


def _sources(scope: dict[str, Q], people: set[int]) -> set[int]:
    asked: list[tuple[type[Model], Q]] = [
        (Organization, scope["organizations"]),
        (Person, scope["persons"]),
        (Membership, scope["memberships"]),
        (Session, scope["sessions"]),
        (Speech, scope["speeches"]),
        (Decision, scope["decisions"]),
        (Mandate, scope["mandates"]),
        (LifeEvent, Q(person__in=people)),
        (Statement, Q(person__in=people)),
    ]
    found: set[int] = set()
    for model, rows in asked:
        keys = model._default_manager.filter(rows).order_by().values_list("source_id", flat=True)
        found |= {key for key in keys.distinct() if key is not None}
    known = Source.objects.filter(pk__in=found).values_list("pk", flat=True)
    return set(known)
