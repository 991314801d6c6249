"""After every step: one letter with all that is new in what a person follows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Min, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, override

from novator.accounts.models import User
from novator.mail.operations import address_digest, is_stopped, queue_letter
from novator.notices.changes import CannotSearch, Changes, Item, news_of
from novator.notices.models import FREQUENCIES, Follow
from novator.notices.naming import names_of

SETTLING = timedelta(minutes=5)
"""What changed just now waits for the next letter: its transaction may not have ended yet."""
MOST_EACH = 10
WHAT = {
    "new": gettext_lazy("New practice"),
    "changed": gettext_lazy("Practice renewed"),
    "question": gettext_lazy("Question"),
    "reply": gettext_lazy("Reply"),
    "request": gettext_lazy("A city asks all"),
    "answer": gettext_lazy("Answer to a request"),
    "session": gettext_lazy("Session of a council"),
    "decision": gettext_lazy("Decision of a council"),
}
Section = tuple[str, list[Item]]


def write_digests(*, now: datetime) -> int:
    """
    Queue a letter for everybody who is due and for whom there is news; returns how many.

    Each person's letter and the note that the person was told are of one transaction: killed in
    between, the next run writes exactly those that are missing.
    """
    written = 0
    for frequency in FREQUENCIES:
        begins_on = period_of(frequency, on=timezone.localdate(now))
        due = _due(frequency, begins_on)
        since = due.aggregate(at=Min("last_told_at"))["at"]
        if since is None:
            continue
        changes = Changes(since=since, until=now - SETTLING)
        for user in User.objects.filter(pk__in=due.values("user")).order_by("pk"):
            written += _write_digest(user, frequency, begins_on, changes)
    return written


def period_of(frequency: str, *, on: date) -> date:
    """Return the day with which the day or week begins that a letter on this day closes."""
    return on - timedelta(days=on.weekday()) if frequency == "weekly" else on


def _due(frequency: str, begins_on: date) -> QuerySet[Follow]:
    begin = timezone.make_aware(datetime.combine(begins_on, datetime.min.time()))
    return Follow.objects.filter(
        Q(user__is_active=True), frequency=frequency, last_told_at__lt=begin
    )


@transaction.atomic
def _write_digest(user: User, frequency: str, begins_on: date, changes: Changes) -> bool:
    """Write one person's letter, if there is anything to tell; note that it was told."""
    due = list(_due(frequency, begins_on).filter(user=user).select_for_update())
    if not due:
        return False
    with override(user.language):
        sections, told = _sections(due, changes, user.language)
        if sections and not is_stopped(digest=address_digest(user.email), kind="digest"):
            queue_letter(
                to=user.email,
                kind="digest",
                subject=_subject(sections),
                body=_body(sections),
                language=user.language,
                key=f"digest {frequency} {begins_on} {user.pk}",
            )
    Follow.objects.filter(pk__in=told).update(last_told_at=changes.until)
    return bool(sections)


def _sections(
    due: Iterable[Follow], changes: Changes, language: str
) -> tuple[list[Section], list[int]]:
    """
    Return the parts of the letter, and what was asked successfully.

    Nothing is told twice; what is only counted in one part (“and 2 more”) is told in another.
    """
    follows = list(due)
    names = names_of(follows)
    seen: set[str] = set()
    sections, told = [], []
    for follow in follows:
        try:
            items = news_of(follow, changes, language=language)
        except CannotSearch:
            continue
        told.append(follow.pk)
        fresh = [item for item in items if item.key not in seen]
        seen.update(item.key for item in fresh[:MOST_EACH])
        if fresh:
            sections.append((_heading(follow, names[follow.pk]), fresh))
    return sections, told


def _heading(follow: Follow, name: str) -> str:
    return f"{str(follow.get_kind_display()).capitalize()}: {name}"


def _subject(sections: list[Section]) -> str:
    number = sum(len(items) for _heading, items in sections)
    return ngettext(
        "%(number)s piece of news in what you follow",
        "%(number)s pieces of news in what you follow",
        number,
    ) % {"number": number}


def _body(sections: list[Section]) -> str:
    parts = [_("What is new in what you follow in Novator:")]
    for heading, items in sections:
        lines = [heading.upper(), *(_line(item) for item in items[:MOST_EACH])]
        if len(items) > MOST_EACH:
            lines.append(_("and %(number)s more") % {"number": len(items) - MOST_EACH})
        parts.append("\n\n".join(lines))
    address = f"{settings.SITE_ADDRESS}{reverse('following')}"
    parts.append(
        _("What you follow, and how often you are told: %(address)s") % {"address": address}
    )
    return "\n\n".join(parts)


def _line(item: Item) -> str:
    place = f" ({item.place})" if item.place else ""
    return f"{WHAT[item.what]}: {item.title}{place}\n{settings.SITE_ADDRESS}{item.path}"
