"""Who decides: who may keep a council's records, and read what is closed; one function a rule."""

from __future__ import annotations

from datetime import date

from novator.accounts.queries import AnyUser, holds, roles_on
from novator.cities.models import Municipality

KEEPERS = frozenset({"secretary", "head"})


def may_keep_council(user: AnyUser, municipality: Municipality, *, on: date) -> bool:
    """
    Enter people, sessions, votes, decisions: the secretary and the head of that municipality.

    The association's office keeps the councils of municipalities that have nobody of their own
    here. One query more for the office, none for others.
    """
    if holds(user, KEEPERS, municipality=municipality, on=on):
        return True
    return holds(user, {"office"}, municipality=None, on=on) and not _has_keepers(municipality, on)


def may_read_closed(user: AnyUser, municipality: Municipality, *, on: date) -> bool:
    """Read the texts of closed sessions and items: whoever keeps that council."""
    return may_keep_council(user, municipality, on=on)


def _has_keepers(municipality: Municipality, on: date) -> bool:
    return roles_on(on).filter(municipality=municipality, kind__in=KEEPERS).exists()
