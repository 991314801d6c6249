"""A citizen's report: the work list that sorts itself – what waits, for whom, danger first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from novator.accounts.models import User
from novator.cities.models import Municipality
from novator.reports.models import DuplicateSuggestion, Report
from novator.reports.states import OPEN

UNSURE_BELOW = 0.7
"""A machine's category below this probability is shown to a person to choose."""
SOON = timedelta(days=3)
MOST_COUNTED = 1000
_UNTOUCHED = ("received", "moderated", "accepted", "reopened")

TO_ROUTE = Q(status__in=_UNTOUCHED) & (
    Q(category__isnull=True)
    | Q(department__isnull=True)
    | Q(category_by="machine", category_probability__lt=UNSURE_BELOW)
)
"""Nobody works on it yet, and the category is unsure or no body is named."""

Rows = QuerySet[Report]


@dataclass(frozen=True)
class Tab:
    """One view of the work list; `is_newest_first`: by arrival, others danger first, then date."""

    code: str
    name: str | Promise
    empty: str | Promise
    is_newest_first: bool = False


TABS: tuple[Tab, ...] = (
    Tab("check", _("To check"), _("Every text and photo that came in has been checked.")),
    Tab("route", _("To route"), _("Every report has a category and a body that works on it.")),
    Tab("overdue", _("Overdue"), _("No report is past its date.")),
    Tab("soon", _("Due soon"), _("Nothing is due within three days.")),
    Tab("work", _("In work"), _("Nothing is being worked on.")),
    Tab(
        "answered",
        _("Answered, waits for the sender"),
        _("No answer waits for the sender’s word."),
        is_newest_first=True,
    ),
    Tab("refuted", _("Refuted"), _("No sender has said that the trouble is still there.")),
    Tab("duplicates", _("Repeats?"), _("No pair waits for your decision.")),
    Tab("mine", _("Mine"), _("Nothing is assigned to you.")),
    Tab("all", _("All"), _("No report fits."), is_newest_first=True),
)
TAB_BY_CODE = {tab.code: tab for tab in TABS}


def rows_of_tab(code: str, municipality: Municipality, *, user: User, on: date) -> Rows:
    """
    Return the reports of one tab, unordered.

    :raises KeyError: there is no such tab
    """
    return _ROWS[code](Report.objects.filter(municipality=municipality), user, on)


def counted(rows: Rows) -> int:
    """Count up to `MOST_COUNTED` and one more, so that no tab costs more than it tells."""
    return rows.order_by().values("pk")[: MOST_COUNTED + 1].count()


def tab_counts(municipality: Municipality, *, user: User, on: date) -> dict[str, int]:
    """How many reports wait in each tab but the last, bounded; one query each."""
    return {
        tab.code: counted(rows_of_tab(tab.code, municipality, user=user, on=on))
        for tab in TABS[:-1]
    }


def dangers(municipality: Municipality) -> Rows:
    """Open reports of a danger to life."""
    return Report.objects.filter(municipality=municipality).open().filter(is_danger=True)


def waiting_of(municipality: Municipality, *, user: User, on: date) -> dict[str, int]:
    """What a person's own page tells of a city: mine, to check, overdue; bounded."""
    return {
        code: counted(rows_of_tab(code, municipality, user=user, on=on))
        for code in ("mine", "check", "overdue")
    }


def _undecided() -> Exists:
    pairs = DuplicateSuggestion.objects.filter(report=OuterRef("pk"), is_confirmed=None)
    return Exists(pairs)


_ROWS: dict[str, Callable[[QuerySet[Report], User, date], Rows]] = {
    "check": lambda rows, _user, _on: rows.filter(status="received"),
    "route": lambda rows, _user, _on: rows.filter(TO_ROUTE),
    "overdue": lambda rows, _user, on: rows.filter(
        status__in=sorted(OPEN), due_on__lt=on, paused_on=None
    ),
    "soon": lambda rows, _user, on: rows.filter(
        status__in=sorted(OPEN), due_on__range=(on, on + SOON), paused_on=None
    ),
    "work": lambda rows, _user, _on: rows.filter(
        status__in=("accepted", "in_progress", "scheduled", "forwarded", "reopened")
    ),
    "answered": lambda rows, _user, _on: rows.filter(status="answered"),
    "refuted": lambda rows, _user, _on: rows.filter(status="reopened", times_refuted__gt=0),
    "duplicates": lambda rows, _user, _on: rows.filter(_undecided(), status__in=sorted(OPEN)),
    "mine": lambda rows, user, _on: rows.filter(assignee=user, status__in=sorted(OPEN)),
    "all": lambda rows, _user, _on: rows.exclude(status="unconfirmed"),
}
