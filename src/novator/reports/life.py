"""A citizen's report: one step from a state to the next, with what it changes besides."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from novator.accounts.models import User
from novator.reports.deadlines import after_working_days, working_days_of
from novator.reports.models import Channel, Department, Report, ReportUpdate
from novator.reports.states import CLOSED, REASON_NEEDED, STATES, is_allowed

AFTER_UPDATE = "novator.reports.after_update"
STEPS_FIRST = 1
"""Priority of what follows from a step: somebody waits for it, while new reports come in."""


class StepRefused(Exception):
    """The report may not take this step; the message is fit to show."""


@transaction.atomic
def change_state(
    *,
    report: Report,
    to: str,
    now: datetime,
    text: str = "",
    by: User | None = None,
    by_citizen: bool = False,
    department: Department | None = None,
    duplicate_of: Report | None = None,
    origin: str = "",
    external_id: str = "",
    details: dict[str, Any] | None = None,
) -> ReportUpdate:
    """
    Take one step of the table in `states`, write it into the history, queue what follows.

    `text` is read by the sender and, on the report's page, by everybody. The row is locked: of two
    people who act at once the second is measured by the state that the first left.

    :raises StepRefused: the table does not allow it, or words or the body are missing
    """
    held, original = _locked(report, duplicate_of)
    _refuse_step(held, to, text=text, department=department, duplicate_of=original)
    update = ReportUpdate.objects.create(
        report=held,
        kind="state",
        before=held.status,
        after=to,
        text=text.strip(),
        is_public=True,
        made_by=by,
        by_citizen=by_citizen,
        department=department,
        details=details or {},
        origin=origin,
        external_id=external_id,
        made_at=now,
    )
    changes = _changes(held, to, now=now, department=department, duplicate_of=duplicate_of)
    Report.objects.filter(pk=held.pk).update(**changes)
    report.refresh_from_db()
    tell_of_update(update)
    return update


def _locked(report: Report, other: Report | None) -> tuple[Report, Report | None]:
    """Lock a report, and the one that it repeats, in one order: two that cross wait, not break."""
    keys = {report.pk} if other is None else {report.pk, other.pk}
    rows = Report.objects.select_for_update().filter(pk__in=keys).order_by("pk")
    found = {row.pk: row for row in rows}
    return found[report.pk], found[other.pk] if other else None


def tell_of_update(update: ReportUpdate) -> None:
    """Queue letters and forwarding that follow from an update, in the caller's transaction."""
    from procrastinate.contrib.django import app

    app.configure_task(AFTER_UPDATE, priority=STEPS_FIRST).defer(update_id=update.pk)


def local_day(channel: Channel, moment: datetime) -> Any:
    """Return the day on which a moment falls in the city."""
    return moment.astimezone(ZoneInfo(channel.time_zone)).date()


def _refuse_step(
    report: Report,
    to: str,
    *,
    text: str,
    department: Department | None,
    duplicate_of: Report | None,
) -> None:
    if not is_allowed(report.status, to):
        raise StepRefused(
            _("From “%(before)s” a report cannot become “%(after)s”.")
            % {"before": STATES[report.status], "after": STATES[to]}
        )
    if to in REASON_NEEDED and not text.strip():
        raise StepRefused(_("Say to the sender in words what was decided and why."))
    if to == "forwarded" and department is None:
        raise StepRefused(_("Name the body to which the report goes."))
    if to == "duplicate" and (duplicate_of is None or duplicate_of.pk == report.pk):
        raise StepRefused(_("Name the report that this one repeats."))
    if to == "duplicate" and duplicate_of and duplicate_of.duplicate_of_id == report.pk:
        raise StepRefused(_("That report repeats this one already."))


def _changes(
    report: Report,
    to: str,
    *,
    now: datetime,
    department: Department | None,
    duplicate_of: Report | None,
) -> dict[str, Any]:
    channel = Channel.objects.select_related("municipality").get(
        municipality=report.municipality_id
    )
    changes: dict[str, Any] = {"status": to, "changed_at": now}
    if department is not None:
        changes["department"] = department
    if to in CLOSED:
        changes |= {"closed_at": now, "paused_on": None}
    if to == "answered":
        judge_by = local_day(channel, now) + timedelta(days=channel.days_to_judge)
        changes |= {"answered_at": now, "judge_by": judge_by}
    if to == "duplicate":
        changes["duplicate_of"] = duplicate_of
    if to == "reopened":
        changes |= _opened_again(report, channel, now)
    return changes


def _opened_again(report: Report, channel: Channel, now: datetime) -> dict[str, Any]:
    days = (report.category and report.category.days_to_work) or channel.days_to_work
    is_working = working_days_of(channel.municipality)
    return {
        "closed_at": None,
        "answered_at": None,
        "judge_by": None,
        "duplicate_of": None,
        "extended_on": None,
        "paused_on": None,
        "is_confirmed": False,
        "times_reopened": F("times_reopened") + 1,
        "due_on": after_working_days(local_day(channel, now), days, is_working=is_working),
    }
