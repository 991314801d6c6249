"""Who decides: how a thing stood when its page was shown, so that nobody overwrites unseen."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from novator.council.refusals import CannotRecord


class ChangedMeanwhile(CannotRecord):
    """Somebody else changed the same thing after it was shown."""


def mark_of(*facts: Any) -> str:
    """Tell how a thing stands in a few signs, to see whether it was changed meanwhile."""
    written = json.dumps(facts, ensure_ascii=False, default=str)
    return hashlib.sha256(written.encode()).hexdigest()[:16]


def mark_of_row(row: Model | None) -> str:
    """Tell how a whole row stands; empty where there is none yet."""
    if row is None:
        return ""
    return mark_of({one.attname: one.value_from_object(row) for one in row._meta.concrete_fields})


def must_be_as_seen(stands: str, seen: str | None) -> None:
    """
    Refuse to write over what somebody else wrote after the page was shown (None: no page).

    :raises ChangedMeanwhile: it stands otherwise
    """
    if seen is not None and seen != stands:
        raise ChangedMeanwhile(
            "changed_meanwhile",
            _("Somebody else changed this while you were writing. Nothing of theirs was lost."),
            _("What you typed is below: compare it with what is stored, then save again."),
        )
