"""A citizen's report: an officer opens the contact of the sender, and the history says who."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from novator.accounts.models import User
from novator.reports.contacts import ContactDetails, opened
from novator.reports.models import Contact, Report, ReportUpdate


@transaction.atomic
def look_at_contact(*, report: Report, by: User, now: datetime) -> ContactDetails | None:
    """
    Decrypt the contact and write down who looked, in one transaction; None where there is none.

    :raises ContactUnreadable: it was encrypted with a key that is gone
    """
    contact = Contact.objects.filter(report=report).first()
    if contact is None:
        return None
    details = opened(contact.sealed)
    ReportUpdate.objects.create(report=report, kind="contact", made_by=by, made_at=now)
    return details
