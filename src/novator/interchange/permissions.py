"""Solutions found elsewhere: who decides which catalogues are read, and what is taken from them."""

from __future__ import annotations

from datetime import date

from novator.accounts.queries import AnyUser, holds


def may_run_exchange(user: AnyUser, *, on: date) -> bool:
    """Tell whether the person may name other catalogues and settle conflicts: the office."""
    return holds(user, {"office"}, municipality=None, on=on)
