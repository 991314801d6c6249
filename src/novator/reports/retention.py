"""A citizen's report: erased when the months are over for which the city keeps it (P4)."""

from __future__ import annotations

from datetime import datetime

from novator.reports.erasing import erase_report
from novator.reports.models import Channel, Report

_AT_ONCE = 2_000


def erase_old_reports(*, now: datetime) -> int:
    """
    Leave a tombstone of reports that were closed so many months ago as their city states.

    Each one in its own transaction, at most two thousand of a city a night: an interrupted run
    goes on the next night. An open report is never erased by its age.
    """
    count = 0
    for channel in Channel.objects.order_by("pk"):
        before = months_before(now, channel.months_kept)
        old = Report.objects.filter(
            municipality=channel.municipality_id,
            requested_at__lt=before,
            closed_at__lt=before,
            erased_at=None,
        ).exclude(status="answered")
        for report in old.order_by("id")[:_AT_ONCE]:
            erase_report(report=report, now=now)
            count += 1
    return count


def months_before(moment: datetime, months: int) -> datetime:
    """Return the same hour of the same day so many months ago; of the 28th where there is none."""
    year, month = divmod(moment.year * 12 + moment.month - 1 - months, 12)
    return moment.replace(year=year, month=month + 1, day=min(moment.day, 28))
