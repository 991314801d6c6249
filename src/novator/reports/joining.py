"""A citizen's report: two that tell of one trouble are joined; everybody's voice counts on."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F

from novator.accounts.models import User
from novator.reports.duplicates import confirm_duplicate
from novator.reports.holding import held
from novator.reports.models import Contact, DuplicateSuggestion, Report, Support


@transaction.atomic
def join_pair(
    *,
    suggestion: DuplicateSuggestion,
    by: User,
    now: datetime,
    text: str,
    keep_the_later: bool = False,
    seen: str = "",
    seen_of: Report | None = None,
) -> Report:
    """
    Close one of a pair as a repeat; its sender and supporters count for the one that is kept.

    Return the kept one. `seen` is the mark of `seen_of`, the report on whose page it was decided.

    :raises CannotDecide: decided already
    :raises StepRefused: the report can become no repeat any more, or words are missing
    :raises ChangedMeanwhile: a colleague was quicker
    """
    if seen_of is not None:
        held(seen_of, seen=seen)
    closed = suggestion.other if keep_the_later else suggestion.report
    kept = confirm_duplicate(
        suggestion=suggestion, by=by, now=now, text=text, keep_the_later=keep_the_later
    )
    count_over(closed=closed, kept=kept, now=now)
    return kept


def count_over(*, closed: Report, kept: Report, now: datetime) -> int:
    """Add the people of one report to another, each once; return how many were new."""
    known = Support.objects.filter(report=kept)
    before = known.count()
    people = [
        Support(report=kept, user=one.user, address_digest=one.address_digest, made_at=now)
        for one in Support.objects.filter(report=closed).select_related("user")
    ]
    own = _digest(kept)
    sender = Support(report=kept, user=closed.author, address_digest=_digest(closed), made_at=now)
    is_same = (closed.author_id is not None and closed.author_id == kept.author_id) or (
        sender.address_digest != "" and sender.address_digest == own
    )
    if not is_same:
        people.append(sender)
    others = [
        one
        for one in people
        if (one.user_id is None or one.user_id != kept.author_id)
        and (not one.address_digest or one.address_digest != own)
    ]
    Support.objects.bulk_create(others, ignore_conflicts=True)
    added = known.count() - before
    Report.objects.filter(pk=kept.pk).update(supports=F("supports") + added, changed_at=now)
    kept.refresh_from_db()
    return added


def _digest(report: Report) -> str:
    found = Contact.objects.filter(report=report).values_list("digest", flat=True).first()
    return found or ""
