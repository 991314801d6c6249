"""Who decides: who is let in to the secretary's desk, and what stands on each of its pages."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from novator.cities.models import Municipality
from novator.council.composition import council_of
from novator.council.models import AgendaItem, Organization, Session, VoteEvent
from novator.council.permissions import may_keep_council
from novator.portal.people import reader, today

ENTRIES_AN_HOUR = 1200
"""A secretary who enters an evening's votes saves every few seconds."""
Crumb = tuple[str, str]


@dataclass(frozen=True)
class Desk:
    """A secretary's desk: the municipality and its council."""

    city: Municipality
    council: Organization

    @property
    def crumbs(self) -> list[Crumb]:
        """The way to the desk."""
        return [
            (self.city.name, reverse("city", args=[self.city.slug])),
            (_("Secretary’s desk"), reverse("council_desk", args=[self.city.slug])),
        ]

    def crumbs_of(self, session: Session) -> list[Crumb]:
        """The way to a session on the desk."""
        return [*self.crumbs, (str(session), address_of(self, session))]


def desk_of(request: HttpRequest, slug: str) -> Desk:
    """
    Let whoever keeps the council of a city in.

    :raises PermissionDenied: the reader has no such role there
    :raises Http404: no such city, or its council is not recorded yet
    """
    city = city_of_desk(request, slug)
    council = council_of(city)
    if council is None:
        raise Http404(_("The council of this city is not recorded yet: found it first."))
    return Desk(city, council)


def city_of_desk(request: HttpRequest, slug: str) -> Municipality:
    """
    Let whoever keeps the council of a city in, recorded or not.

    :raises PermissionDenied: the reader has no such role there
    """
    city = get_object_or_404(Municipality, slug=slug)
    if not may_keep_council(reader(request), city, on=today()):
        raise PermissionDenied(
            _("These pages are for the secretary of the council and the head of the city.")
        )
    return city


def session_of(desk: Desk, pk: int) -> Session:
    """
    One session of this council. One query.

    :raises Http404: there is none
    """
    rows = Session.objects.select_related("council", "convocation", "chair", "secretary")
    return get_object_or_404(rows, pk=pk, council=desk.council)


def item_of(session: Session, pk: int) -> AgendaItem:
    """
    One question of this session. One query.

    :raises Http404: there is none
    """
    item = get_object_or_404(AgendaItem.objects.select_related("initiated_by"), pk=pk)
    if item.session_id != session.pk:
        raise Http404
    item.session = session
    return item


def event_of(item: AgendaItem, pk: int) -> VoteEvent:
    """
    One vote on this question. One query.

    :raises Http404: there is none
    """
    event = get_object_or_404(VoteEvent.objects.select_related("motion"), pk=pk)
    if event.motion.item_id != item.pk:
        raise Http404
    event.motion.item = item
    return event


def address_of(desk: Desk, session: Session) -> str:
    """Where a session is entered."""
    return reverse("session_desk", args=[desk.city.slug, session.pk])
