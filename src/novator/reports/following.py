"""A citizen's report: what follows from a new report and from each step of its life."""

from __future__ import annotations

from django.utils import timezone

from novator.reports.confirming import ask_to_confirm
from novator.reports.duplicates import suggest_duplicates
from novator.reports.forwarding import ask_to_forward
from novator.reports.letters import ask_to_tell, tell_of_original
from novator.reports.models import Report, ReportUpdate
from novator.reports.states import CLOSED


def follow_submission(*, report_id: int) -> None:
    """Do what follows from a new report; bears being repeated."""
    report = Report.objects.get(pk=report_id)
    ask_to_confirm(report=report)
    ask_to_tell(report)
    suggest_duplicates(report=report, now=timezone.now())


def follow_update(*, update_id: int) -> None:
    """Do what follows from a step; bears being repeated."""
    update = ReportUpdate.objects.select_related("report", "department").get(pk=update_id)
    if update.after == "forwarded":
        ask_to_forward(update)
    if update.is_public:
        ask_to_tell(update.report)
    if update.kind == "state" and update.after in CLOSED | {"reopened"}:
        tell_of_original(report=update.report, update=update)
