"""Problem to practices: keep what a reader says of an answer, without anything about the reader."""

from __future__ import annotations

from datetime import date

from novator.matching.models import Judgement
from novator.practices.models import Practice

LONGEST_QUERY = 500


def keep_judgement(*, practice: Practice, is_helpful: bool, query: str, made_on: date) -> Judgement:
    """Record one answer to "did this help?"; a long question is cut at 500 characters."""
    return Judgement.objects.create(
        practice=practice,
        is_helpful=is_helpful,
        query=" ".join(query.replace("\0", " ").split())[:LONGEST_QUERY],
        made_on=made_on,
    )
