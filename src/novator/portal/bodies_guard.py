"""Who decides: who is let in to the pages on which people and bodies are entered."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from novator.cities.models import Municipality
from novator.council.body_permissions import (
    is_of,
    may_enter_body,
    may_enter_membership,
)
from novator.council.models import Membership, Organization, Person
from novator.portal.people import reader, today
from novator.portal.session_guard import city_of_desk

Crumb = tuple[str, str]


def own_body(request: HttpRequest, city: Municipality, public_id: UUID) -> Organization:
    """
    A body of this city that the reader may change; 404 for one of another city.

    :raises PermissionDenied: the reader keeps no council there
    """
    rows = Organization.objects.select_related("parent", "municipality", "party")
    body = get_object_or_404(rows, public_id=public_id, municipality=city)
    if not may_enter_body(reader(request), body, on=today()):
        raise PermissionDenied(_("This body is another city's."))
    return body


def own_membership(request: HttpRequest, city: Municipality, public_id: UUID) -> Membership:
    """
    A membership that the reader may end or correct.

    :raises PermissionDenied: its body is another city's
    """
    rows = Membership.objects.select_related("person", "organization__municipality", "post")
    row = get_object_or_404(rows, public_id=public_id)
    if not may_enter_membership(reader(request), row, city, on=today()):
        raise PermissionDenied(_("This membership is in a body of another city."))
    return row


def own_person(city: Municipality, slug: str) -> Person:
    """
    Somebody for whom this city answers.

    :raises PermissionDenied: another city does
    """
    person = get_object_or_404(Person, slug=slug)
    if not is_of(person, city):
        raise PermissionDenied(
            _("What is told of this person is entered by the city that recorded the person first.")
        )
    return person


def bodies_to_enter(city: Municipality) -> QuerySet[Organization]:
    """Bodies in which a city may record people: its own, and those of no city."""
    return (
        Organization.objects.filter(Q(municipality=city) | Q(municipality__isnull=True))
        .exclude(kind="council", dissolved_to__isnull=False)
        .select_related("municipality")
        .order_by("municipality", "kind", "name", "id")
    )


def parties() -> QuerySet[Organization]:
    """Whoever can nominate."""
    return Organization.objects.filter(kind__in=["party", "union"]).order_by("name", "id")


def city_called(request: HttpRequest, slug: str) -> Municipality:
    """The city whose council the reader keeps."""
    return city_of_desk(request, slug)


def entry_crumbs(city: Municipality, *more: Crumb) -> list[Crumb]:
    """The way to a page of entry."""
    return [
        (city.name, reverse("city", args=[city.slug])),
        (_("Secretary’s desk"), reverse("council_desk", args=[city.slug])),
        (_("People and bodies"), reverse("council_bodies", args=[city.slug]) if more else ""),
        *more,
    ]
