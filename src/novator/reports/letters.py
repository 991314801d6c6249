"""A citizen's report: letters to its sender; no words of other people's reports stand in them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from novator.mail.operations import queue_letter
from novator.reports.links import author_link
from novator.reports.models import Channel, Report, ReportUpdate
from novator.reports.public_place import public_address
from novator.reports.reaching import Reach, sender_of
from novator.reports.states import OPEN, STATES

TELL_SENDER = "novator.reports.tell_sender"
GATHERING = timedelta(minutes=5)
"""Steps that follow each other within this time are told in one letter."""
OLDEST = timedelta(days=3)
"""What is older was told otherwise, or never: an import brings no letters."""
REMIND_DAYS = 3
_SILENT_STATES = frozenset({"unconfirmed", "moderated"})
_TOLD_KINDS = frozenset({"state", "reply", "extended", "paused", "resumed", "update", "routed"})


def ask_to_tell(report: Report) -> None:
    """Queue the letter about the steps of a report, once for all that gather meanwhile."""
    from procrastinate.contrib.django import app
    from procrastinate.exceptions import AlreadyEnqueued

    task = app.configure_task(
        TELL_SENDER,
        queueing_lock=f"tell_sender:{report.pk}",
        priority=-1,
        schedule_in={"seconds": int(GATHERING.total_seconds())},
    )
    try:
        with transaction.atomic():
            task.defer(report_id=report.pk)
    except AlreadyEnqueued:
        pass


@transaction.atomic
def tell_sender(*, report_id: int, now: datetime) -> bool:
    """
    Write the sender one letter about all public steps that were not told yet.

    The steps are marked in the same transaction: run twice, it tells once.
    """
    report = Report.objects.select_for_update().filter(pk=report_id, erased_at=None).first()
    if report is None:
        return False
    fresh = ReportUpdate.objects.filter(report=report, is_public=True, told_at=None)
    updates = list(fresh.select_related("department").order_by("made_at", "id"))
    fresh.update(told_at=now)
    told = [step for step in updates if _is_told(step, now)]
    reach = sender_of(report)
    if reach is None or all(step.after in _SILENT_STATES for step in told):
        return False
    with override(reach.language):
        subject, body = _news(report, told)
    _queue(reach, key=f"report-news:{report.pk}:{told[-1].pk}", subject=subject, body=body)
    return True


def _is_told(step: ReportUpdate, now: datetime) -> bool:
    return step.kind in _TOLD_KINDS and step.made_at > now - OLDEST


def remind_to_judge(*, now: datetime) -> int:
    """Remind senders, once for each answer, that their verdict is awaited until a day."""
    count = 0
    first = now.date()
    waiting = Report.objects.filter(
        status="answered",
        judge_by__range=(first, first + timedelta(days=REMIND_DAYS)),
        erased_at=None,
    ).select_related("municipality", "category", "author")
    for report in waiting.order_by("judge_by", "id").iterator(chunk_size=500):
        reach = sender_of(report)
        if reach is None or report.answered_at is None:
            continue
        with override(reach.language):
            subject = _("Is it solved? Report № %(number)s") % {"number": report.number}
            body = "\n\n".join([_headline(report), *_verdict_words(report), _where_to_act(report)])
        key = f"report-judge:{report.pk}:{report.answered_at.isoformat()}"
        _queue(reach, key=key, subject=subject, body=body)
        count += 1
    return count


def tell_of_original(*, report: Report, update: ReportUpdate) -> int:
    """Tell those whose reports repeat this one what became of it; no word of it is quoted."""
    count = 0
    repeats = Report.objects.filter(duplicate_of=report, status="duplicate", erased_at=None)
    for repeat in repeats.select_related("municipality", "category", "author").order_by("id"):
        reach = sender_of(repeat)
        if reach is None:
            continue
        with override(reach.language):
            facts = {"number": repeat.number, "other": report.number}
            subject = _("Report № %(number)s: news of № %(other)s, which it repeats") % facts
            state = _("Report № %(other)s is now: %(state)s.") % {
                "other": report.number,
                "state": STATES[update.after],
            }
            address = f"{settings.SITE_ADDRESS}{reverse('report', args=[report.number])}"
            parts = [_headline(repeat), state, _("Its page: %(address)s") % {"address": address}]
            body = "\n\n".join([*parts, _where_to_act(repeat)])
        _queue(reach, key=f"report-repeat:{repeat.pk}:{update.pk}", subject=subject, body=body)
        count += 1
    return count


def _news(report: Report, told: Sequence[ReportUpdate]) -> tuple[str, str]:
    last = next((step for step in reversed(told) if step.kind == "state"), told[-1])
    is_new = any(step.after == "received" for step in told) and report.status == "received"
    if is_new:
        subject = _("We have your report № %(number)s") % {"number": report.number}
    else:
        facts = {"number": report.number, "what": what_happened(last)}
        subject = _("Report № %(number)s: %(what)s") % facts
    zone = ZoneInfo(Channel.objects.get(municipality=report.municipality_id).time_zone)
    parts = [_headline(report), *(_step_words(step, zone) for step in told)]
    if report.status in OPEN and report.due_on and report.paused_on is None:
        day = date_format(report.due_on, "DATE_FORMAT")
        parts.append(_("The city is to answer by %(day)s.") % {"day": day})
    if report.status == "answered":
        parts.extend(_verdict_words(report))
    return subject, "\n\n".join([*parts, _where_to_act(report)])


def what_happened(step: ReportUpdate) -> str:
    """Name a step in a few words, in the language now spoken."""
    if step.kind == "state" and step.after in STATES:
        return str(STATES[step.after])
    return str(step.get_kind_display())


def _step_words(step: ReportUpdate, zone: ZoneInfo) -> str:
    moment = date_format(step.made_at.astimezone(zone), "DATETIME_FORMAT")
    head = f"{moment} — {what_happened(step)}"
    if step.department is not None:
        head = f"{head} ({step.department.name})"
    return f"{head}\n{step.text}" if step.text and not step.by_citizen else head


def _headline(report: Report) -> str:
    place = ", ".join(filter(None, [report.municipality.name, public_address(report.address)]))
    category = report.category.name if report.category else _("category not chosen yet")
    return _("Your report № %(number)s: %(category)s. %(place)s") % {
        "number": report.number,
        "category": category,
        "place": place,
    }


def _verdict_words(report: Report) -> list[str]:
    day = date_format(report.judge_by, "DATE_FORMAT") if report.judge_by else ""
    return [
        _("Is it really solved? You can say so until %(day)s.") % {"day": day},
        _("Yes, it is solved: %(address)s")
        % {"address": author_link(report, name="report_confirmed")},
        _("No, it is not: %(address)s") % {"address": author_link(report, name="report_refuted")},
        _("Without a word from you it counts as solved without objection after that day."),
    ]


def _where_to_act(report: Report) -> str:
    return _(
        "History, your own words, corrections and withdrawal: %(address)s\n"
        "Whoever has this link acts in your name: do not pass it on."
    ) % {"address": author_link(report)}


def _queue(reach: Reach, *, key: str, subject: str, body: str) -> None:
    queue_letter(
        to=reach.email,
        kind="report_news",
        subject=subject,
        body=body,
        language=reach.language,
        key=key,
    )
