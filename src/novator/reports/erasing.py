"""A citizen's report: erased on request or when its time is over; a tombstone stays (rule P4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.apps import apps
from django.db import transaction
from django.db.models import Q

from novator.mail.operations import forget_letters_with_keys
from novator.reports.models import (
    CategoryChoice,
    Contact,
    Report,
    ReportConsent,
    ReportPhoto,
    ReportUpdate,
    Subscription,
    Verdict,
)


@dataclass(frozen=True)
class Holder:
    """Somebody outside who got the report, and when: erasing here does not reach there."""

    name: str
    at: datetime


def holders_of(report: Report) -> list[Holder]:
    """Return bodies that got it by letter and systems that took it over, in order; two queries."""
    given = report.updates.filter(Q(kind="routed") | Q(after="forwarded")).exclude(
        department__email=""
    )
    letters = given.filter(department__isnull=False).select_related("department")
    sent = report.forwardings.exclude(state__in=("waiting", "refused")).select_related("connection")
    found = [Holder(str(step.department), step.made_at) for step in letters]
    found += [Holder(row.connection.name, row.made_at) for row in sent]
    first: dict[str, Holder] = {}
    for holder in sorted(found, key=lambda holder: holder.at):
        first.setdefault(holder.name, holder)
    return list(first.values())


@transaction.atomic
def erase_report(*, report: Report, now: datetime) -> None:
    """
    Remove text, photos, contact and words of the sender; number, city, category, dates stay.

    The place is rounded to about a kilometre, in the trail too; letters about it that are kept or
    wait lose address and words. The bytes of the photos go with the daily cleaning of files.
    Erasing twice is once.
    """
    held = Report.objects.select_for_update().get(pk=report.pk)
    if held.erased_at is not None:
        return
    _forget_letters(held)
    ReportPhoto.objects.filter(report=held).delete()
    Contact.objects.filter(report=held).delete()
    Subscription.objects.filter(report=held).delete()
    ReportConsent.objects.filter(report=held, withdrawn_at=None).update(withdrawn_at=now)
    updates = ReportUpdate.objects.filter(report=held)
    updates.exclude(text="").update(text="")
    updates.filter(by_citizen=True).update(made_by=None)
    updates.filter(kind="facts").update(details={})
    CategoryChoice.objects.filter(report=held, by_citizen=True).update(made_by=None)
    Verdict.objects.filter(report=held).update(text="")
    place = {
        "latitude": None if held.latitude is None else round(held.latitude, 2),
        "longitude": None if held.longitude is None else round(held.longitude, 2),
    }
    Report.objects.filter(pk=held.pk).update(
        text="",
        shown_text="",
        is_text_shown=False,
        may_publish=False,
        address="",
        asset_number="",
        answers={},
        author=None,
        erased_at=now,
        changed_at=now,
        **place,
    )
    trail = apps.get_model("reports", "ReportEvent")._default_manager
    trail.filter(pgh_obj_id=held.pk).update(asset_number="", **place)


def _forget_letters(report: Report) -> None:
    """Forget what was written about a report to its sender, followers, officers and bodies."""
    keys = [f"report-confirm-{report.pk}-"]
    keys += [
        f"report-{name}:{report.pk}:" for name in ("news", "judge", "repeat", "address", "link")
    ]
    keys.append(f"report_danger:{report.pk}:")
    exact = [f"report_given:{pk}" for pk in report.updates.values_list("pk", flat=True)]
    exact += [f"report_work:handover:{key.rpartition(':')[2]}" for key in exact]
    wishes = Subscription.objects.filter(report=report).values_list("public_id", flat=True)
    keys += [f"report-subscription:{public_id}:" for public_id in wishes]
    forget_letters_with_keys(exact, begins=keys)
