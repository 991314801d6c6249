"""A citizen's report: how the bodies that work on reports fare, of the reports of a period."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, F, Q

from novator.cities.models import Municipality
from novator.reports.models import Department, Report
from novator.reports.states import OPEN


@dataclass(frozen=True)
class BodyFigures:
    """Counts of one body (None: nobody named); refuted and reopened stand beside answered."""

    department: Department | None
    received: int
    open: int
    overdue: int
    answered: int
    late: int
    refuted: int
    reopened: int


def figures_by_body(
    municipality: Municipality, *, since: datetime, until: datetime, on: date
) -> list[BodyFigures]:
    """Return the bodies with most reports first; two queries. Never by officer."""
    of_period = Report.objects.filter(
        municipality=municipality, requested_at__gte=since, requested_at__lt=until
    ).exclude(status__in=["unconfirmed", "withdrawn", "duplicate"])
    is_open = Q(status__in=sorted(OPEN))
    rows = of_period.values("department").annotate(
        received=Count("pk"),
        open_now=Count("pk", filter=is_open),
        overdue=Count("pk", filter=is_open & Q(due_on__lt=on, paused_on=None)),
        answered=Count("pk", filter=Q(answered_at__isnull=False)),
        late=Count("pk", filter=Q(answered_at__date__gt=F("due_on"))),
        refuted=Count("pk", filter=Q(times_refuted__gt=0)),
        reopened=Count("pk", filter=Q(times_reopened__gt=0)),
    )
    known = Department.objects.filter(municipality=municipality).in_bulk()
    found = [
        BodyFigures(
            department=known.get(row["department"]),
            received=row["received"],
            open=row["open_now"],
            overdue=row["overdue"],
            answered=row["answered"],
            late=row["late"],
            refuted=row["refuted"],
            reopened=row["reopened"],
        )
        for row in rows.order_by()
    ]
    return sorted(found, key=lambda one: -one.received)
