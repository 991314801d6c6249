"""A citizen's report: what follows from a new report and from each step of its life."""

from __future__ import annotations

from novator.reports.forwarding import ask_to_forward
from novator.reports.models import ReportUpdate


def follow_submission(*, report_id: int) -> None:
    """Do what follows from a new report; bears being repeated."""


def follow_update(*, update_id: int) -> None:
    """Do what follows from a step; bears being repeated."""
    update = ReportUpdate.objects.select_related("report", "department").get(pk=update_id)
    if update.after == "forwarded":
        ask_to_forward(update)
