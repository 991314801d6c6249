"""A citizen's report: the sender judges the answer, or does not object in the days given (C5)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from novator.files.models import StoredFile
from novator.reports.life import StepRefused, change_state, local_day
from novator.reports.models import Channel, Report, ReportPhoto, Verdict
from novator.reports.models.report import LONGEST_TEXT, MOST_PHOTOS

_AT_ONCE = 500


class VerdictRefused(Exception):
    """There is nothing to judge, or not so; the message is fit to show."""


@transaction.atomic
def judge(
    *,
    report: Report,
    kind: str,
    now: datetime,
    answered_at: datetime | None = None,
    text: str = "",
    photos: Sequence[StoredFile] = (),
) -> Verdict:
    """
    Record that the sender finds it solved ("confirmed") or not ("refuted"); each answer once.

    Refuted, the report is opened again with a new date. The sender's words are for the city, not
    for everybody. `answered_at` is the answer that the sender read.

    :raises VerdictRefused: judged already, answered anew meanwhile, or refuted without a word
    """
    held = Report.objects.select_for_update().get(pk=report.pk)
    if held.status != "answered" or held.answered_at is None or held.erased_at is not None:
        raise VerdictRefused(_("There is no answer that waits for your verdict."))
    if answered_at is not None and answered_at != held.answered_at:
        raise VerdictRefused(_("The city has answered anew meanwhile. Read its new answer first."))
    if kind == "refuted" and not (text.strip() or photos):
        raise VerdictRefused(_("Say in a few words, or show by a photo, what is not solved."))
    if len(text) > LONGEST_TEXT or len(photos) > MOST_PHOTOS:
        raise VerdictRefused(_("That is too long, or too many photos."))
    verdict = Verdict.objects.create(
        report=held, kind=kind, text=text.strip(), answered_at=held.answered_at, made_at=now
    )
    ReportPhoto.objects.bulk_create(
        ReportPhoto(report=held, original=file, is_of_verdict=True, position=100 + place)
        for place, file in enumerate(photos)
    )
    if kind == "confirmed":
        change_state(report=report, to="solved", now=now, by_citizen=True, details=_BY_SENDER)
        Report.objects.filter(pk=held.pk).update(is_confirmed=True)
    else:
        change_state(report=report, to="reopened", now=now, by_citizen=True, details=_BY_SENDER)
        Report.objects.filter(pk=held.pk).update(times_refuted=F("times_refuted") + 1)
    report.refresh_from_db()
    return verdict


_BY_SENDER = {"by": "sender"}
_BY_SILENCE = {"by": "silence"}


def close_unjudged(*, now: datetime) -> int:
    """
    Count answers as solved to which nobody objected within the days given.

    They stay unconfirmed: `is_confirmed` is for senders who said so.
    """
    count = 0
    latest = now.date() + timedelta(days=1)  # east of us the day may have ended already
    over = Report.objects.filter(status="answered", judge_by__lt=latest)
    channels = {each.municipality_id: each for each in Channel.objects.all()}
    for report in over.order_by("judge_by", "id")[:_AT_ONCE]:
        day = local_day(channels[report.municipality_id], now)
        if report.judge_by is not None and report.judge_by < day:
            count += _closed_by_silence(report, now)
    return count


def _closed_by_silence(report: Report, now: datetime) -> bool:
    try:
        with transaction.atomic():
            held = Report.objects.select_for_update().get(pk=report.pk)
            if held.answered_at != report.answered_at:
                return False
            change_state(report=report, to="solved", now=now, details=_BY_SILENCE)
    except StepRefused:  # judged or answered anew meanwhile
        return False
    return True
