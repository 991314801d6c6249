"""A citizen's report: taken by telephone, written down by an officer."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from novator.accounts.models import User
from novator.reports.models import CategoryChoice, Channel, Report, ReportUpdate
from novator.reports.submitting import ReportRefused, SentReport, submit_report


@transaction.atomic
def take_call(*, channel: Channel, sent: SentReport, by: User, now: datetime) -> Report:
    """
    Store what somebody said on the telephone; an address for letters is not needed.

    The consents were spoken: the history says who heard them. A contact is kept only with the
    consent to its processing.

    :raises ReportRefused: as `submit_report`, or a contact without that consent
    """
    if sent.contact and "processing" not in sent.consents:
        raise ReportRefused(
            _("A contact may be kept only if the caller agreed to it: ask, or leave it out."),
            field="contact",
        )
    heard = replace(sent, source="telephone", is_address_confirmed=True, author=None)
    report = submit_report(channel=channel, sent=heard, now=now)
    if ReportUpdate.objects.filter(report=report, kind="note", details__call=True).exists():
        return report
    CategoryChoice.objects.filter(report=report).update(made_by=by)
    ReportUpdate.objects.create(
        report=report,
        kind="note",
        text=_("Taken by telephone."),
        details={"call": True, "spoken_consents": sorted(sent.consents)},
        made_by=by,
        made_at=now,
    )
    return report
