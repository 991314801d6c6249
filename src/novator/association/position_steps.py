"""The association: what every step of a position begins with — who leads it, where it stands."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from novator.accounts.models import User
from novator.association.common_permissions import may_lead_position
from novator.association.models import POSITION_STATES, POSITION_TRANSITIONS, Position
from novator.core.holding import hold

LONGEST = timedelta(days=90)


class CannotMove(Exception):
    """The position is not where this can be done, or something is missing; fit to show."""


def held(position: Position) -> Position:
    """The position, held against others until the transaction ends."""
    return hold(Position.objects.select_related("group"), position.pk)


def led(position: Position, by: User, on: date) -> Position:
    """The position, held; refused to whoever does not lead it."""
    found = held(position)
    if not may_lead_position(by, found.group, on=on):
        raise CannotMove(_("This is done by the office or by the chair of the working group."))
    return found


def refuse_far(until: datetime, now: datetime) -> None:
    """Refuse a deadline that lies further away than a consultation or a signing may last."""
    if until - now > LONGEST:
        raise CannotMove(_("It ends in %(days)s days at the latest.") % {"days": LONGEST.days})


def move(position: Position, state: str) -> None:
    """Put it into another state, where the states allow that."""
    if state not in POSITION_TRANSITIONS[position.state]:
        raise not_now(position)
    position.state = state
    position.revision += 1


def not_now(position: Position) -> CannotMove:
    """The refusal of what its state does not allow."""
    words = _("This cannot be done now: the position is “%(state)s”.")
    return CannotMove(words % {"state": POSITION_STATES[position.state]})
