"""Who decides: what of a decision on a closed question everybody may read."""

from __future__ import annotations

from novator.council.models import Decision

PUBLISHED = frozenset({"published", "in_force", "amended", "repealed"})
"""States from which on the text of a decision is public, however it was decided."""


def is_closed(decision: Decision) -> bool:
    """Whether it was decided on a closed item; `item.session` joined."""
    item = decision.item
    return item is not None and item.is_behind_doors


def tells_text(decision: Decision) -> bool:
    """
    Whether everybody may read its text, summary and files; `item.session` joined.

    Decided on a closed question, that it is and its result are public at once, its text when the
    council publishes it.
    """
    return decision.state in PUBLISHED or not is_closed(decision)
