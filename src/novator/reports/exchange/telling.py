"""A citizen's report: what its sender decided after it was forwarded, told to the other system."""

from __future__ import annotations

from django.utils import translation
from django.utils.translation import gettext as _

from novator.reports.exchange.client import PAUSES, QUEUE, CannotAsk, post_form, system_of
from novator.reports.exchange.coming_back import origin_of
from novator.reports.models import Forwarding, ReportUpdate

TELL = "novator.reports.tell_other_system"
_WORDS = {"reopened": "REOPEN", "withdrawn": "CANCELLED"}


def ask_to_tell_there(update: ReportUpdate) -> int:
    """
    Queue the telling of a step to every system that has the report and takes updates.

    Only what the sender decides: opened again, withdrawn. Nobody is told what it told us.
    """
    if not _is_news(update):
        return 0
    rows = Forwarding.objects.filter(report=update.report_id, state="sent")
    return sum(_queued(update, row) for row in rows.select_related("connection"))


def tell_what_waited(forwarding: Forwarding) -> bool:
    """
    Queue the telling of what its sender decided while the number there was not known yet.

    Only the last step: what was undone meanwhile is nobody's news.
    """
    steps = ReportUpdate.objects.filter(report=forwarding.report_id, kind="state")
    last = steps.filter(made_at__gte=forwarding.made_at).order_by("-made_at", "-pk").first()
    return last is not None and _is_news(last) and _queued(last, forwarding)


def _is_news(update: ReportUpdate) -> bool:
    return update.kind == "state" and update.after in _WORDS


def _queued(update: ReportUpdate, forwarding: Forwarding) -> bool:
    connection = forwarding.connection
    takes_it = connection.speaks_updates and connection.is_active
    if not takes_it or update.origin == origin_of(connection):
        return False
    _defer(update.pk, forwarding.pk, attempt=1)
    return True


def tell_update(*, update_id: int, forwarding_id: int, attempt: int) -> str:
    """Tell one step; again later where it is not sure, because its id makes a repeat harmless."""
    update = ReportUpdate.objects.select_related("report").get(pk=update_id)
    forwarding = Forwarding.objects.select_related("connection").get(pk=forwarding_id)
    with translation.override(update.report.language):
        text = {
            "reopened": _("The sender says that it is not solved."),
            "withdrawn": _("The sender has withdrawn the report."),
        }[update.after]
    fields = [
        ("service_request_id", forwarding.external_id),
        ("update_id", str(update.public_id)),
        ("status", _WORDS[update.after]),
        ("updated_datetime", update.made_at.isoformat(timespec="seconds")),
        ("description", text),
    ]
    try:
        system = system_of(forwarding.connection)
        post_form(system, "servicerequestupdates", item="request_update", fields=fields)
    except CannotAsk as refusal:
        if refusal.kind in {"busy", "away", "unknown"} and attempt <= len(PAUSES):
            seconds = max(refusal.seconds, 60 * PAUSES[attempt - 1])
            _defer(update_id, forwarding_id, attempt=attempt + 1, seconds=seconds)
        return refusal.kind
    return "told"


def _defer(update_id: int, forwarding_id: int, *, attempt: int, seconds: int = 0) -> None:
    from procrastinate.contrib.django import app

    wait = {"seconds": seconds} if seconds else None
    task = app.configure_task(TELL, queue=QUEUE, schedule_in=wait)
    task.defer(update_id=update_id, forwarding_id=forwarding_id, attempt=attempt)
