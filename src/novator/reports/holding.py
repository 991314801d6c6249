"""A citizen's report: held while an officer acts on it, so that nobody's work is overwritten."""

from __future__ import annotations

import hashlib

from django.utils.translation import gettext as _

from novator.reports.life import StepRefused
from novator.reports.models import Report

_SEEN = (
    "status",
    "category_id",
    "department_id",
    "assignee_id",
    "due_on",
    "paused_on",
    "extended_on",
    "is_danger",
    "is_hidden",
    "is_text_shown",
    "shown_text",
    "asset_number",
    "duplicate_of_id",
    "times_reopened",
    "erased_at",
)


class ChangedMeanwhile(StepRefused):
    """Somebody else changed the report after the page was opened; nothing was overwritten."""


def seen_as(report: Report) -> str:
    """
    Return a mark of all that an officer decides on, sent back with every form of the page.

    Supports and comments do not change it: they overwrite nobody's decision.
    """
    facts = "\x1f".join(f"{getattr(report, name)}" for name in _SEEN)
    return hashlib.sha256(facts.encode()).hexdigest()[:16]


def held(report: Report, *, seen: str = "") -> Report:
    """
    Lock the row within the caller's transaction and return it as it stands now.

    `seen`: the mark of what the officer had before the eyes; empty where it does not matter.

    :raises ChangedMeanwhile: it stands otherwise now
    :raises StepRefused: the report was erased
    """
    row = Report.objects.select_for_update().get(pk=report.pk)
    if seen and seen_as(row) != seen:
        raise ChangedMeanwhile(
            _(
                "A colleague has changed this report since you opened it. Nothing of yours was"
                " saved, nothing of theirs was lost: look at it as it stands now and decide again."
            )
        )
    if row.erased_at is not None:
        raise StepRefused(_("This report was erased; only its number and dates are left."))
    return row


def settle(row: Report, report: Report, *names: str) -> None:
    """Save the columns that changed and show them on the caller's object too."""
    row.save(update_fields=[*names, "changed_at"])
    report.refresh_from_db()
