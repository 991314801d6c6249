"""The association: who leads and writes positions, groups and events."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from novator.accounts.models import User
from novator.accounts.permissions import is_office
from novator.accounts.queries import AnyUser
from novator.association.models import GroupMember, Position, WorkingGroup


def may_lead_position(user: AnyUser, group: WorkingGroup | None, *, on: date) -> bool:
    """Begin a position, move it on, answer remarks: the office, and the chair of its group."""
    return is_office(user, on=on) or (group is not None and _is_in(user, group, on, chair=True))


def may_write_position(user: AnyUser, position: Position, *, on: date) -> bool:
    """Write its text: the office, and everybody in its group."""
    group = position.group
    return is_office(user, on=on) or (group is not None and _is_in(user, group, on))


def may_see_position(user: AnyUser, position: Position, *, on: date) -> bool:
    """Read it: everybody from the consultation on; before it whoever may write it."""
    return position.state not in {"draft", "withdrawn"} or may_write_position(user, position, on=on)


def may_keep_groups(user: AnyUser, *, on: date) -> bool:
    """Make working groups and events, name people: the office."""
    return is_office(user, on=on)


def groups_led_by(user: AnyUser, *, on: date) -> list[WorkingGroup]:
    """Working groups that the person chairs on a day."""
    if not isinstance(user, User):
        return []
    rows = _standing(on).filter(user=user, is_chair=True).select_related("group")
    return [row.group for row in rows.order_by("group__name", "group")]


def _is_in(user: AnyUser, group: WorkingGroup, on: date, *, chair: bool = False) -> bool:
    if not isinstance(user, User):
        return False
    rows = _standing(on).filter(group=group, user=user)
    return (rows.filter(is_chair=True) if chair else rows).exists()


def _standing(on: date) -> QuerySet[GroupMember]:
    return GroupMember.objects.filter(starts_on__lte=on).exclude(Q(ends_on__lt=on))
