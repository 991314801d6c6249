"""Who acts at every step: how often somebody acted within the hour, known to all processes."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection

from novator.accounts.models import Attempt

_COUNT_UP = """
    INSERT INTO accounts_attempt (key, hour, made) VALUES (%s, %s, 1)
    ON CONFLICT (key, hour) DO UPDATE SET made = accounts_attempt.made + 1
    RETURNING made
"""
KEPT = timedelta(days=1)


def seconds_to_wait(*, key: str, most: int, now: datetime) -> int:
    """
    Count one attempt; 0 where it is allowed, else the seconds until the next hour begins.

    One query.
    """
    hour = now.replace(minute=0, second=0, microsecond=0)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT_UP, [key, hour])
        row = cursor.fetchone()
    made: int = row[0]
    return 0 if made <= most else max(1, int((hour + timedelta(hours=1) - now).total_seconds()))


def forget_attempts(*, before: datetime) -> int:
    """Delete old counts; return how many."""
    return Attempt.objects.filter(hour__lt=before).delete()[0]
