"""A citizen's report: who may see, work on and settle; one function for each rule."""

from __future__ import annotations

from datetime import date

from novator.accounts.queries import AnyUser, holds
from novator.cities.models import Municipality
from novator.reports.models import Report, SavedFilter

OFFICERS = frozenset({"reports_officer", "head"})


def may_work(user: AnyUser, municipality: Municipality, *, on: date) -> bool:
    """See and work on all reports of a city: its reports officers and its head."""
    return holds(user, OFFICERS, municipality=municipality, on=on)


def may_set_up(user: AnyUser, municipality: Municipality, *, on: date) -> bool:
    """Set up categories, bodies, areas, days: the same people, and the association's office."""
    return may_work(user, municipality, on=on) or holds(user, {"office"}, municipality=None, on=on)


def may_open_channel(user: AnyUser, municipality: Municipality, *, on: date) -> bool:
    """Begin to take reports for a city: its head, and the association's office."""
    return holds(user, {"head"}, municipality=municipality, on=on) or holds(
        user, {"office"}, municipality=None, on=on
    )


def is_author(user: AnyUser, report: Report) -> bool:
    """Whether the report was sent from this account."""
    return bool(user.is_authenticated and report.author_id is not None) and (
        report.author_id == user.pk
    )


def may_see_contact(user: AnyUser, report: Report, *, on: date) -> bool:
    """Open the sender's contact: who works on reports of the city, each look is written down."""
    return may_work(user, report.municipality, on=on)


def may_change_filter(user: AnyUser, view: SavedFilter, *, on: date) -> bool:
    """Rename or delete a saved filter: who saved it, as long as he works for the city."""
    return view.user_id == user.pk and may_work(user, view.municipality, on=on)
