"""Who decides: that an account is linked to a person of public office, told and forgotten (P4)."""

from __future__ import annotations

from typing import Any

import pghistory

from novator.accounts.models import User
from novator.accounts.own_data import Rows, tell_own_data
from novator.council.models import Person


def tell_of_links() -> None:
    """
    Register the person of public office to whom an account is linked.

    The person stays: councils are public. That the erased account was his is forgotten, in the
    trail too.
    """
    tell_own_data("council_person", _person, forgetting=_unlink)


def _person(user: User) -> Rows:
    for one in Person.objects.filter(user=user):
        yield {"person": one.slug, "name": one.name}


def _unlink(user: User) -> None:
    with pghistory.context(reason="учётная запись закрыта"):
        Person.objects.filter(user=user).update(user=None)
    events: Any = Person.pgh_event_model  # type: ignore[attr-defined]
    events.objects.filter(user=user).update(user=None)
