"""Who acts at every step: how often somebody acted within the hour, known to all processes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import connection

from novator.accounts.models import Attempt

_COUNT_UP = """
    INSERT INTO accounts_attempt (key, hour, made)
    SELECT key, %s, 1 FROM unnest(%s::text[]) AS asked (key) ORDER BY key
    ON CONFLICT (key, hour) DO UPDATE SET made = accounts_attempt.made + 1
    RETURNING key, made
"""
KEPT = timedelta(days=1)


def seconds_to_wait(*, key: str, most: int, now: datetime) -> int:
    """
    Count one attempt; 0 where it is allowed, else the seconds until the next hour begins.

    One query.
    """
    return seconds_to_wait_by({key: most}, now=now)


def seconds_to_wait_by(limits: Mapping[str, int], *, now: datetime) -> int:
    """
    Count one attempt by several keys at once, each with how often it is allowed.

    0 where all allow it, else the seconds until the next hour begins. One query; the rows are
    taken in one order, so that two who count at once never wait for each other in a ring.
    """
    hour = now.replace(minute=0, second=0, microsecond=0)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT_UP, [hour, list(limits)])
        made = dict(cursor.fetchall())
    if all(made[key] <= most for key, most in limits.items()):
        return 0
    return max(1, int((hour + timedelta(hours=1) - now).total_seconds()))


def forget_attempts(*, before: datetime) -> int:
    """Delete old counts; return how many."""
    return Attempt.objects.filter(hour__lt=before).delete()[0]
