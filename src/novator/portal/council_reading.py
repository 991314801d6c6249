"""Who decides: which council a page is of, and what of it this reader may read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import F, Model, QuerySet
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from novator.cities.models import Municipality
from novator.council.listing import Asked
from novator.council.models import EFFECTS, Decision, Organization, Session
from novator.council.permissions import may_keep_council, may_read_closed
from novator.portal.people import today

Crumb = tuple[str | Promise, str]
Row = TypeVar("Row", bound=Model)


def one_of(rows: QuerySet[Row], unknown: str) -> Row:
    """
    The one row of a query, with all that is joined to it. One query without an order.

    :raises Http404: there is none; `unknown` says so
    """
    try:
        return rows.get()
    except ObjectDoesNotExist:
        raise Http404(unknown) from None


def council_called(slug: str) -> Organization:
    """
    The council of a municipality: the sitting one, else the last. One query.

    :raises Http404: it has none here
    """
    rows = Organization.objects.filter(kind="council", municipality__slug=slug)
    found = (
        rows.select_related("municipality__region")
        .order_by(F("dissolved_to").desc(nulls_first=True), "-id")
        .first()
    )
    if found is None:
        raise Http404(_("No council of this municipality is kept here."))
    return found


def city_of(council: Organization) -> Municipality:
    """The municipality of a council; it always has one."""
    assert council.municipality is not None
    return council.municipality


def may_keep(request: HttpRequest, council: Organization) -> bool:
    """Whether the reader enters what this council does."""
    return may_keep_council(request.user, city_of(council), on=today())


def reads_closed(request: HttpRequest, council: Organization) -> bool:
    """Whether the reader sees the texts of closed sessions and items."""
    return may_read_closed(request.user, city_of(council), on=today())


def council_crumbs(council: Organization, *more: Crumb) -> list[Crumb]:
    """The way from the front page to a page of a council."""
    city = city_of(council)
    own = (council.shown_name, reverse("council", args=[city.slug]))
    councils = (_("Councils"), reverse("councils"))
    return [councils, (city.name, city.get_absolute_url()), own, *more]


def session_crumbs(session: Session, *more: Crumb) -> list[Crumb]:
    """The way to a page of a session."""
    slug = city_of(session.council).slug
    sessions = (pgettext("a council", "Sessions"), reverse("council_sessions", args=[slug]))
    own = (str(session), session.get_absolute_url() if more else "")
    return council_crumbs(session.council, sessions, own, *more)


def decision_crumbs(decision: Decision, *more: Crumb) -> list[Crumb]:
    """The way to a page of a decision."""
    slug = city_of(decision.council).slug
    decisions = (_("Decisions"), reverse("council_decisions", args=[slug]))
    name = f"№ {decision.number}" if decision.number else str(decision)
    own = (name, decision.get_absolute_url() if more else "")
    return council_crumbs(decision.council, decisions, own, *more)


def asked_in(query: Mapping[str, str], *, states: Mapping[str, object]) -> Asked:
    """Read the filters of a list; what makes no sense asks nothing."""
    year = query.get("year", "")
    state, effect = query.get("state", ""), query.get("effect", "")
    return Asked(
        year=int(year) if year.isascii() and year.isdigit() and len(year) == 4 else None,
        state=state if state in states else "",
        effect=effect if effect in EFFECTS else "",
    )
