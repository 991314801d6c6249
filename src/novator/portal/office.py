"""The office of the association: one page that lists its pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from novator.accounts.incidents import incidents_open
from novator.accounts.models import ASSOCIATION_ROLES
from novator.accounts.queries import AnyUser, holds
from novator.association.polls import polls_to_open
from novator.association.position_waiting import remarks_without_answer
from novator.association.queries import applications_waiting
from novator.interchange.queries import open_conflicts_count
from novator.portal.association_fees import invoices_overdue
from novator.portal.mail import letters_waiting
from novator.portal.merges import proposals_waiting
from novator.portal.moderation import drafts_waiting
from novator.portal.people import reader, sign_in_needed, today
from novator.portal.talking import talk_waiting


@dataclass(frozen=True)
class OfficePage:
    """One page of the association's staff: its route, its name, who may open it."""

    route: str
    name: str | Promise
    help: str | Promise
    kinds: frozenset[str]
    waiting: Callable[[], int] | None = None

    @property
    def address(self) -> str:
        """Where it is."""
        return reverse(self.route)


# Add the page of your family here: route, name, one line of help, roles that may open it, and
# (optional) a function that counts what waits there.
OFFICE_PAGES: list[OfficePage] = [
    OfficePage(
        "positions",
        gettext_lazy("Positions and joint letters"),
        gettext_lazy("Write, consult, send; remarks that are not answered yet."),
        frozenset({"office"}),
        waiting=remarks_without_answer,
    ),
    OfficePage(
        "working_groups",
        gettext_lazy("Working groups"),
        gettext_lazy("Found a group, name its people and chair, end it."),
        frozenset({"office"}),
    ),
    OfficePage(
        "gatherings",
        gettext_lazy("Events of the association"),
        gettext_lazy("Write down, publish, cancel; who is registered."),
        frozenset({"office"}),
    ),
    OfficePage(
        "office_news",
        gettext_lazy("News and pages"),
        gettext_lazy("Write, illustrate, schedule and archive what the association tells."),
        frozenset({"office"}),
    ),
    OfficePage(
        "moderation",
        gettext_lazy("Moderation"),
        gettext_lazy("Cards that cities have released: check, return, publish."),
        frozenset({"moderator"}),
        waiting=drafts_waiting,
    ),
    OfficePage(
        "merges",
        gettext_lazy("Twins"),
        gettext_lazy("Pairs of cards that somebody takes for the same work."),
        frozenset({"moderator"}),
        waiting=proposals_waiting,
    ),
    OfficePage(
        "my_reviews",
        gettext_lazy("My reviews"),
        gettext_lazy("Cards to score, what you have written, what you cannot judge."),
        frozenset({"expert"}),
    ),
    OfficePage(
        "contests",
        gettext_lazy("Contests"),
        gettext_lazy("Calls, juries, scores, protocols."),
        frozenset({"office"}),
    ),
    OfficePage(
        "office_people",
        gettext_lazy("People and roles"),
        gettext_lazy("Who holds a role in the association or in a city; invite and end."),
        frozenset({"office"}),
    ),
    OfficePage(
        "incidents",
        gettext_lazy("Leaks of personal data"),
        gettext_lazy("Recorded with the hours that the law leaves for each notice."),
        frozenset({"office"}),
        waiting=incidents_open,
    ),
    OfficePage(
        "drafts_left",
        gettext_lazy("Drafts without a holder"),
        gettext_lazy("Their holder no longer writes for the city: hand them over."),
        frozenset({"office"}),
    ),
    OfficePage(
        "office_letters",
        gettext_lazy("Letters for the office"),
        gettext_lazy("Refused by the mail server, or not known whether they arrived."),
        frozenset({"office"}),
        waiting=letters_waiting,
    ),
    OfficePage(
        "office_neighbours",
        gettext_lazy("Other catalogues"),
        gettext_lazy("Which installations we read, what disagrees, what we offer."),
        frozenset({"office"}),
        waiting=open_conflicts_count,
    ),
    OfficePage(
        "office_talk",
        gettext_lazy("Talk between cities"),
        gettext_lazy("Questions to pass on, cities that do not react, what is hidden."),
        frozenset({"office", "moderator"}),
        waiting=talk_waiting,
    ),
    OfficePage(
        "work_cities",
        gettext_lazy("Reports of cities"),
        gettext_lazy("Which cities take reports; open a channel for one more."),
        frozenset({"office"}),
    ),
    OfficePage(
        "office_applications",
        gettext_lazy("Applications to join"),
        gettext_lazy("Cities that ask to be admitted: check, return, admit."),
        frozenset({"office"}),
        waiting=applications_waiting,
    ),
    OfficePage(
        "fees",
        gettext_lazy("Membership fees"),
        gettext_lazy("Rules of fees, invoices, what is paid and what is overdue."),
        frozenset({"office"}),
        waiting=invoices_overdue,
    ),
    OfficePage(
        "polls",
        gettext_lazy("Votes of members"),
        gettext_lazy("Prepare, open, extend and cancel votes; those not opened yet."),
        frozenset({"office"}),
        waiting=polls_to_open,
    ),
    OfficePage(
        "history",
        gettext_lazy("Trail of changes"),
        gettext_lazy("Who changed what and when, record by record."),
        frozenset({"office"}),
    ),
]


def pages_of_office(user: AnyUser, *, on: date) -> list[OfficePage]:
    """Pages of the association's staff that this person may open."""
    return [page for page in OFFICE_PAGES if holds(user, page.kinds, municipality=None, on=on)]


@require_safe
@sign_in_needed
def office(request: HttpRequest) -> HttpResponse:
    """What the association's staff can do here, with what waits."""
    on = today()
    if not holds(reader(request), set(ASSOCIATION_ROLES), municipality=None, on=on):
        raise PermissionDenied(_("This page is for the staff of the association."))
    pages = [
        (page, page.waiting() if page.waiting else None)
        for page in pages_of_office(reader(request), on=on)
    ]
    return render(request, "portal/office/office.html", {"pages": pages})
