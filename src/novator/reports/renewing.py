"""A citizen's report: a link of the sender that has ended is made anew by a letter."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import override

from novator.mail.operations import queue_letter
from novator.reports.asking import AskedTooOften, count_letter
from novator.reports.links import author_link
from novator.reports.models import Report
from novator.reports.reaching import sender_of


class CannotRenew(Exception):
    """No new link can be sent; the message is fit to show."""


def send_new_link(*, report: Report, now: datetime) -> None:
    """
    Send the sender a letter with a link of today, at most one a day for a report.

    Whoever holds an old link learns nothing by it, not even the address.

    :raises CannotRenew: no confirmed address is known, or enough letters went there
    """
    reach = sender_of(report)
    if reach is None:
        raise CannotRenew(_("No address is known to which a new link could go."))
    try:
        count_letter(email=reach.email, now=now)
    except AskedTooOften as refusal:
        raise CannotRenew(str(refusal)) from refusal
    with override(reach.language):
        facts = {"number": report.number, "address": author_link(report)}
        subject = _("A new link to your report № %(number)s") % facts
        words = _(
            "With this link you judge the answer, add words, correct or withdraw report № "
            "%(number)s: %(address)s\n"
            "Whoever has it acts in your name: do not pass it on."
        )
        body = "\n\n".join([words % facts, _("If you did not ask for it, do nothing.")])
    queue_letter(
        to=reach.email,
        kind="report",
        subject=subject,
        body=body,
        language=reach.language,
        key=f"report-link:{report.pk}:{now.date()}",
    )
