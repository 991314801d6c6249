"""A citizen's report: builders of channels and reports for tests."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.utils import timezone

from novator.cities.models import Municipality
from novator.cities.testing import make_city
from novator.reports.life import change_state
from novator.reports.models import Category, Channel, Report
from novator.reports.opening import open_channel
from novator.reports.submitting import SentReport, submit_report

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
"""A Monday, noon in Moscow."""


def make_channel(city: Municipality | None = None, **facts: Any) -> Channel:
    """Zarechny takes reports, with the starter categories."""
    return open_channel(municipality=city or make_city("Zarechny"), on=date(2026, 1, 12), **facts)


def category_of(channel: Channel, code: str = "road-potholes") -> Category:
    """A category of the starter set."""
    return Category.objects.get(municipality=channel.municipality, code=code)


def make_report(
    channel: Channel | None = None,
    *,
    now: datetime = NOW,
    category: str = "road-potholes",
    **facts: Any,
) -> Report:
    """
    A report that was sent: a hole in Lenin street in Zarechny, checked address, by the site.

    `facts` that are columns of `SentReport` are sent; others are set on the row afterwards.
    """
    where = channel or make_channel()
    sent: dict[str, Any] = {
        "text": "Яма на улице Ленина, машины объезжают по тротуару.",
        "source": "site",
        "latitude": 57.001,
        "longitude": 53.002,
        "placed_by": "pin",
        "address": "улица Ленина, 5",
        "category": category_of(where, category) if category else None,
        "category_by": "citizen" if category else "nobody",
        "is_address_confirmed": True,
    }
    columns = {name: facts.pop(name) for name in list(facts) if name in _SENT}
    report = submit_report(channel=where, sent=SentReport(**(sent | columns)), now=now)
    if facts:
        Report.objects.filter(pk=report.pk).update(**facts)
        report.refresh_from_db()
    return report


def make_answered(channel: Channel | None = None, **facts: Any) -> Report:
    """A report that was answered an hour ago, so that its sender may judge it."""
    now = timezone.now()
    report = make_report(channel, now=now - timedelta(days=3), **facts)
    said = "Яма засыпана."
    change_state(report=report, to="answered", now=now - timedelta(hours=1), text=said)
    return report


_SENT = frozenset(SentReport.__dataclass_fields__)
