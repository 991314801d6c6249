"""A citizen's report: one letter a day to whoever follows, with all that is new in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from novator.mail.operations import queue_letter
from novator.reports.models import Report, ReportUpdate, Subscription
from novator.reports.places import metres_between
from novator.reports.public_place import public_address
from novator.reports.reaching import subscriber_of
from novator.reports.states import STATES
from novator.reports.subscribing import name_of, stop_link, street_key

SETTLING = timedelta(minutes=5)
LEAST_BETWEEN = timedelta(hours=20)
OLDEST = timedelta(days=7)
MOST_EACH = 20
_TOLD = frozenset(STATES) - {"unconfirmed", "received"}


@dataclass(frozen=True)
class Change:
    """That a report which everybody may know of took a step; nothing of its text."""

    report: Report
    after: str
    at: datetime


def write_news(*, now: datetime) -> int:
    """
    Queue a letter for every follower for whom there is news; returns how many.

    A follower's letter and the note of what was told are of one transaction.
    """
    until = now - SETTLING
    standing = Subscription.objects.filter(
        ended_at=None, confirmed_at__isnull=False, told_until__lt=now - LEAST_BETWEEN
    )
    owners: dict[tuple[int | None, str], list[int]] = defaultdict(list)
    for pk, user, digest in standing.order_by("id").values_list("pk", "user_id", "digest"):
        owners[(user, digest)].append(pk)
    changes = _Changes(since=now - OLDEST, until=until)
    return sum(_write(keys, changes, now) for keys in owners.values())


class _Changes:
    """What happened in each city, read once."""

    def __init__(self, *, since: datetime, until: datetime) -> None:
        self.since, self.until = since, until
        self._known: dict[int, list[Change]] = {}

    def of(self, subscription: Subscription) -> list[Change]:
        """Steps that concern a subscription and were not told, one for each report."""
        city = subscription.municipality_id
        if city not in self._known:
            self._known[city] = changes_in(city, since=self.since, until=self.until)
        since = max(subscription.told_until or self.since, self.since)
        found: dict[int, Change] = {}
        for change in self._known[city]:
            if change.at > since and concerns(subscription, change.report):
                found[change.report.pk] = change
        return list(found.values())


def changes_in(municipality_id: int, *, since: datetime, until: datetime) -> list[Change]:
    """Steps of a city's reports that everybody may know of, the earliest first."""
    steps = ReportUpdate.objects.filter(
        kind="state",
        after__in=_TOLD,
        made_at__gt=since,
        made_at__lte=until,
        report__municipality=municipality_id,
        report__in=Report.objects.shown(),
        report__erased_at=None,
    ).select_related("report__category", "report__municipality")
    return [
        Change(step.report, step.after, step.made_at) for step in steps.order_by("made_at", "id")
    ]


def concerns(subscription: Subscription, report: Report) -> bool:
    """Whether a report is what somebody follows."""
    if subscription.kind == "report":
        return subscription.report_id == report.pk
    if subscription.kind == "category":
        return subscription.category_id == report.category_id
    if subscription.kind == "street":
        address = f" {street_key(public_address(report.address))} "
        return f" {subscription.street_key} " in address
    return (
        subscription.latitude is not None
        and subscription.longitude is not None
        and report.latitude is not None
        and report.longitude is not None
        and metres_between(
            (subscription.latitude, subscription.longitude), (report.latitude, report.longitude)
        )
        <= (subscription.radius or 0)
    )


@transaction.atomic
def _write(keys: Sequence[int], changes: _Changes, now: datetime) -> bool:
    known = Subscription.objects.select_for_update(of=("self",)).select_related(
        "user", "municipality", "category", "report"
    )
    due = list(known.filter(pk__in=keys, ended_at=None, told_until__lt=now - LEAST_BETWEEN))
    found = [(each, news) for each in due if (news := changes.of(each))]
    Subscription.objects.filter(pk__in=[each.pk for each in due]).update(told_until=changes.until)
    reach = subscriber_of(found[0][0]) if found else None
    if reach is None:
        return False
    with override(reach.language):
        subject, body = _words(found)
    queue_letter(
        to=reach.email,
        kind="report_news",
        subject=subject,
        body=body,
        language=reach.language,
        key=f"report-following:{found[0][0].public_id}:{changes.until.date()}",
    )
    return True


def _words(found: Iterable[tuple[Subscription, Sequence[Change]]]) -> tuple[str, str]:
    parts, seen = [_("What is new in the reports that you follow:")], set[int]()
    for subscription, changes in found:
        fresh = [change for change in changes if change.report.pk not in seen]
        seen.update(change.report.pk for change in changes)
        lines = [name_of(subscription).upper(), *(_line(change) for change in fresh[:MOST_EACH])]
        if len(fresh) > MOST_EACH:
            lines.append(_("and %(number)s more") % {"number": len(fresh) - MOST_EACH})
        stop = _("No more letters about this: %(address)s") % {"address": stop_link(subscription)}
        parts.append("\n\n".join([*lines, stop]))
    subject = ngettext("%(number)s report with news", "%(number)s reports with news", len(seen)) % {
        "number": len(seen)
    }
    return subject, "\n\n".join(parts)


def _line(change: Change) -> str:
    report = change.report
    category = report.category.name if report.category else _("category not chosen yet")
    place = ", ".join(filter(None, [category, public_address(report.address)]))
    address = f"{settings.SITE_ADDRESS}{reverse('report', args=[report.number])}"
    return f"№ {report.number}. {place}: {STATES[change.after]}\n{address}"
