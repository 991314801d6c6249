"""A citizen's report: what is stored of a person with an account (rule P4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils import timezone

from novator.accounts.models import User
from novator.reports.contacts import ContactUnreadable, opened
from novator.reports.erasing import erase_report
from novator.reports.models import (
    CategoryChoice,
    Contact,
    Report,
    ReportUpdate,
    Subscription,
    Support,
)


def reports_of(user: User) -> Iterable[Mapping[str, Any]]:
    """Every report, contact, support and subscription of the person."""
    for report in Report.objects.filter(author=user).select_related("municipality", "category"):
        contact = Contact.objects.filter(report=report).first()
        yield {
            "number": report.number,
            "municipality": report.municipality.slug,
            "category": report.category.code if report.category else None,
            "text": report.text,
            "address": report.address,
            "latitude": report.latitude,
            "longitude": report.longitude,
            "status": report.status,
            "requested_at": report.requested_at,
            "contact": _contact(contact),
        }
    said = ReportUpdate.objects.filter(made_by=user, by_citizen=True, kind="comment")
    yield from said.values("report_id", "text", "made_at")
    yield from Support.objects.filter(user=user).values("report_id", "made_at")
    yield from Subscription.objects.filter(user=user).values("kind", "made_at", "ended_at")


def _contact(contact: Contact | None) -> Mapping[str, str] | None:
    try:
        return vars(opened(contact.sealed)) if contact else None
    except ContactUnreadable as fault:
        return {"unreadable": str(fault)}


def forget_reports(user: User) -> None:
    """Leave a tombstone of each report; supports stay counted, subscriptions go."""
    now = timezone.now()
    for report in Report.objects.filter(author=user, erased_at=None):
        erase_report(report=report, now=now)
    Report.objects.filter(author=user).update(author=None)
    ReportUpdate.objects.filter(made_by=user, by_citizen=True).update(text="", made_by=None)
    CategoryChoice.objects.filter(made_by=user, by_citizen=True).update(made_by=None)
    Support.objects.filter(user=user).delete()
    Subscription.objects.filter(user=user).delete()
