"""A citizen's report: what follows from a new report and from each step of its life."""

from __future__ import annotations

from django.utils import timezone

from novator.reports.confirming import ask_to_confirm
from novator.reports.duplicates import suggest_duplicates
from novator.reports.exchange.telling import ask_to_tell_there
from novator.reports.forwarding import ask_to_forward
from novator.reports.letters import ask_to_tell, tell_of_original
from novator.reports.models import Report, ReportUpdate
from novator.reports.officer_letters import tell_body, tell_of_danger, tell_of_handover
from novator.reports.proposing import sort_by_machine
from novator.reports.states import CLOSED


def follow_submission(*, report_id: int) -> None:
    """Do what follows from a new report; bears being repeated."""
    report = Report.objects.get(pk=report_id)
    tell_of_danger(report=report, now=timezone.now())
    ask_to_confirm(report=report)
    ask_to_tell(report)
    if sort_by_machine(report=report, now=timezone.now()):
        tell_of_danger(report=report, now=timezone.now())
    suggest_duplicates(report=report, now=timezone.now())


def follow_update(*, update_id: int) -> None:
    """Do what follows from a step; bears being repeated."""
    update = ReportUpdate.objects.select_related("report", "department").get(pk=update_id)
    if update.after == "forwarded":
        ask_to_forward(update)
    ask_to_tell_there(update)
    if update.after == "forwarded" or update.kind == "routed":
        tell_body(update=update)
    if update.kind == "handover":
        tell_of_handover(update=update)
    if update.kind == "facts":
        tell_of_danger(report=update.report, now=timezone.now())
    if update.is_public:
        ask_to_tell(update.report)
    if update.kind == "state" and update.after in CLOSED | {"reopened"}:
        tell_of_original(report=update.report, update=update)
