"""A citizen's report: given to another system; the interface sends what waits here."""

from __future__ import annotations

from novator.reports.exchange.sending import ask_to_send, send_again
from novator.reports.models import Connection, Forwarding, ReportUpdate


def ask_to_forward(update: ReportUpdate) -> Forwarding | None:
    """
    Queue a report for the system of the body it was given to; None where that has none.

    A system that has it already does not get it again.
    """
    connection = Connection.objects.filter(
        department=update.department_id, is_active=True, department__isnull=False
    ).first()
    if connection is None:
        return None
    forwarding, is_new = Forwarding.objects.get_or_create(
        report_id=update.report_id,
        connection=connection,
        defaults={"made_at": update.made_at, "changed_at": update.made_at},
    )
    if is_new:
        ask_to_send(forwarding)
    elif forwarding.state == "refused":
        send_again(forwarding=forwarding, now=update.made_at)
    return forwarding
