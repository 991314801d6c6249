"""A citizen's report: erased on request or when its time is over; a tombstone stays (rule P4)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from novator.reports.models import (
    Contact,
    Report,
    ReportConsent,
    ReportPhoto,
    ReportUpdate,
    Subscription,
    Verdict,
)


@transaction.atomic
def erase_report(*, report: Report, now: datetime) -> None:
    """
    Remove text, photos, contact and words of the sender; number, city, category, dates stay.

    The place is rounded to about a kilometre. The bytes of the photos go with the daily cleaning
    of files. Erasing twice is once.
    """
    held = Report.objects.select_for_update().get(pk=report.pk)
    if held.erased_at is not None:
        return
    ReportPhoto.objects.filter(report=held).delete()
    Contact.objects.filter(report=held).delete()
    Subscription.objects.filter(report=held).delete()
    ReportConsent.objects.filter(report=held, withdrawn_at=None).update(withdrawn_at=now)
    ReportUpdate.objects.filter(report=held).exclude(text="").update(text="")
    Verdict.objects.filter(report=held).update(text="")
    Report.objects.filter(pk=held.pk).update(
        text="",
        shown_text="",
        is_text_shown=False,
        may_publish=False,
        address="",
        asset_number="",
        answers={},
        latitude=None if held.latitude is None else round(held.latitude, 2),
        longitude=None if held.longitude is None else round(held.longitude, 2),
        author=None,
        erased_at=now,
        changed_at=now,
    )
