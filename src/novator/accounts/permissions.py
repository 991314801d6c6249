"""Who acts at every step: who gives and ends which roles, who reads the trail of changes."""

from __future__ import annotations

from datetime import date

from novator.accounts.models import ASSOCIATION_ROLES, MUNICIPAL_ROLES, Role
from novator.accounts.queries import AnyUser, holds
from novator.cities.models import Municipality

GIVEN_BY_HEAD = ("approver", "editor", "secretary", "reports_officer")


def is_office(user: AnyUser, *, on: date) -> bool:
    """Whether the person works in the office of the association."""
    return holds(user, {"office"}, municipality=None, on=on)


def roles_to_grant(
    user: AnyUser, *, municipality: Municipality | None, on: date
) -> tuple[str, ...]:
    """Kinds of roles that the person may give and end there (None: in the association)."""
    if is_office(user, on=on):
        return tuple(ASSOCIATION_ROLES if municipality is None else MUNICIPAL_ROLES)
    if municipality is not None and holds(user, {"head"}, municipality=municipality, on=on):
        return GIVEN_BY_HEAD
    return ()


def may_grant(user: AnyUser, kind: str, *, municipality: Municipality | None, on: date) -> bool:
    """Whether the person may give this role to somebody else."""
    return kind in roles_to_grant(user, municipality=municipality, on=on)


def may_end(user: AnyUser, role: Role, *, on: date) -> bool:
    """Whether the person may end this role; everybody may lay down his own."""
    return role.user_id == user.pk or may_grant(
        user, role.kind, municipality=role.municipality, on=on
    )


def may_see_team(user: AnyUser, municipality: Municipality, *, on: date) -> bool:
    """Whether the person may see who works for this city: its own people and the office."""
    return is_office(user, on=on) or holds(
        user, set(MUNICIPAL_ROLES), municipality=municipality, on=on
    )


def may_read_trail(user: AnyUser, *, on: date) -> bool:
    """Whether the person may see who changed what."""
    return is_office(user, on=on)
