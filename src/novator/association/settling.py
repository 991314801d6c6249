"""The association: what a poll decides of the position that it was held on."""

from __future__ import annotations

from datetime import date

from novator.association.models import POSITION_TRANSITIONS, Poll, Position
from novator.association.polls import FOR
from novator.core.holding import hold


def settle_position(poll: Poll, *, on: date) -> Position | None:
    """
    Adopt the position of a closed poll, or note that it was not adopted; in a transaction.

    None where the poll is on no position or unsound, or the position waits for no vote any more.
    Nothing but its state and the day of adoption is changed. It makes no duty for a member (L4).
    """
    if poll.position_id is None or poll.state != "closed" or poll.result["verdict"] == "unsound":
        return None
    position = hold(Position.objects.all(), poll.position_id)
    state = "adopted" if poll.result.get("winner") == FOR else "lost"
    if state not in POSITION_TRANSITIONS[position.state]:
        return None
    position.state = state
    position.adopted_on = on if state == "adopted" else None
    position.save(update_fields=["state", "adopted_on", "changed_at"])
    return position
