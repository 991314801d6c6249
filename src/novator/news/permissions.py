"""What the association tells: who writes it."""

from __future__ import annotations

from datetime import date

from novator.accounts.permissions import is_office
from novator.accounts.queries import AnyUser


def may_write_news(user: AnyUser, *, on: date) -> bool:
    """Whether the person writes news and the association's own pages: the office does."""
    return is_office(user, on=on)
