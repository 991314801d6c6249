"""Who acts at every step: what begins when somebody has signed in."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from novator.accounts.models import User
from novator.accounts.operations import begin_waiting_roles


def begin_roles(sender: object, user: object, **_facts: Any) -> None:
    """
    Begin the roles that wait for the person's addresses, however the account was opened.

    A provider of sign-in confirms an address too, and so no letter of ours ever does.
    """
    if isinstance(user, User):
        begin_waiting_roles(user=user, on=timezone.localdate())
