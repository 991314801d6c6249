"""A citizen's report: its date paused, resumed, and extended once with notice (rules C1, C3)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from novator.accounts.models import User
from novator.reports.deadlines import (
    after_working_days,
    working_day_before,
    working_days_between,
    working_days_of,
)
from novator.reports.holding import held, settle
from novator.reports.life import StepRefused, local_day, tell_of_update
from novator.reports.models import Channel, Report, ReportUpdate
from novator.reports.states import OPEN


@transaction.atomic
def pause(*, report: Report, text: str, by: User, now: datetime, seen: str = "") -> ReportUpdate:
    """
    Stop the count of days, with a reason that the sender reads.

    :raises StepRefused: the report is closed, paused already, or no reason is given
    """
    row = held(report, seen=seen)
    if row.status not in OPEN:
        raise StepRefused(_("The city has done with this report; its days no longer count."))
    if row.paused_on is not None:
        raise StepRefused(_("The count of days is paused already."))
    if not text.strip():
        raise StepRefused(_("Say to the sender what the city waits for."))
    row.paused_on, row.changed_at = local_day(_channel(row), now), now
    settle(row, report, "paused_on")
    return _told(report, "paused", text=text, by=by, now=now, details={})


@transaction.atomic
def resume(
    *, report: Report, by: User, now: datetime, text: str = "", seen: str = ""
) -> ReportUpdate:
    """
    Let the count go on: the working days of the pause are added to the date.

    :raises StepRefused: it is not paused
    """
    row = held(report, seen=seen)
    if row.paused_on is None:
        raise StepRefused(_("The count of days is not paused."))
    is_working = working_days_of(row.municipality)
    today = local_day(_channel(row), now)
    days = working_days_between(row.paused_on, today, is_working=is_working)
    details: dict[str, object] = {"days": days}
    if row.due_on is not None:
        later = after_working_days(row.due_on, days, is_working=is_working)
        details |= {"from": row.due_on.isoformat(), "until": later.isoformat()}
        row.due_on = later
    row.paused_on, row.changed_at = None, now
    settle(row, report, "paused_on", "due_on")
    return _told(report, "resumed", text=text, by=by, now=now, details=details)


def latest_extension(report: Report, channel: Channel) -> date | None:
    """Return the last day to which the date may be extended; None where it may not be."""
    if report.due_on is None or report.extended_on is not None or report.status not in OPEN:
        return None
    last = report.due_on + timedelta(days=channel.days_of_extension)
    return working_day_before(last, is_working=working_days_of(channel.municipality))


@transaction.atomic
def extend(
    *, report: Report, until: date, notice: str, by: User, now: datetime, seen: str = ""
) -> ReportUpdate:
    """
    Extend the date once; `notice` is stored in the history and sent to the sender.

    A day off becomes the working day before it.

    :raises StepRefused: no notice, extended before, the date has passed, or too far
    """
    row = held(report, seen=seen)
    channel = _channel(row)
    today = local_day(channel, now)
    _refuse_extension(row, channel, until=until, notice=notice, today=today)
    is_working = working_days_of(row.municipality)
    day = working_day_before(until, is_working=is_working)
    if row.due_on is None or day <= row.due_on:
        raise StepRefused(_("The new date has to be a working day after the present one."))
    details = {"from": row.due_on.isoformat(), "until": day.isoformat()}
    row.due_on, row.extended_on, row.changed_at = day, today, now
    settle(row, report, "due_on", "extended_on")
    return _told(report, "extended", text=notice, by=by, now=now, details=details)


def _refuse_extension(
    row: Report, channel: Channel, *, until: date, notice: str, today: date
) -> None:
    if not notice.strip():
        raise StepRefused(
            _("A date is extended only with a notice to the sender: write why and until when.")
        )
    if row.extended_on is not None:
        raise StepRefused(_("The date was extended once already; a second time is not allowed."))
    if row.status not in OPEN or row.due_on is None:
        raise StepRefused(_("This report has no date that could be extended."))
    if row.paused_on is None and row.due_on < today:
        raise StepRefused(_("The date has passed: it can no longer be extended."))
    last = row.due_on + timedelta(days=channel.days_of_extension)
    if until > last:
        raise StepRefused(
            _("The date can be extended to %(last)s at the latest.")
            % {"last": date_format(last, "DATE_FORMAT")}
        )


def _channel(row: Report) -> Channel:
    return Channel.objects.select_related("municipality").get(municipality=row.municipality_id)


def _told(
    report: Report,
    kind: str,
    *,
    text: str,
    by: User,
    now: datetime,
    details: Mapping[str, object],
) -> ReportUpdate:
    """Write it into the history that everybody reads, and queue the letter to the sender."""
    update = ReportUpdate.objects.create(
        report_id=report.pk,
        kind=kind,
        text=text.strip(),
        is_public=True,
        details=dict(details),
        made_by=by,
        made_at=now,
    )
    tell_of_update(update)
    return update
