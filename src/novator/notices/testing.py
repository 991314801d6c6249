"""After every step: builders of follows for tests."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from novator.accounts.models import User
from novator.notices.models import Follow


def make_follow(
    user: User, kind: str = "topic", key: str = "transport", *, told_at: datetime, **facts: Any
) -> Follow:
    """Something that a person follows and was told of last at this moment."""
    return Follow.objects.create(
        user=user, kind=kind, key=key, created_at=told_at, last_told_at=told_at, **facts
    )
