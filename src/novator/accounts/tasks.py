"""Who acts at every step: jobs of the worker."""

from __future__ import annotations

from datetime import UTC, datetime

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from procrastinate.contrib.django import app

from novator.accounts.attempts import KEPT, forget_attempts


@app.periodic(cron="41 2 * * *")
@app.task(name="novator.accounts.tidy", queueing_lock="accounts_tidy", pass_context=False)
def tidy(timestamp: int) -> str:
    """Every night forget sessions that have ended and counts of the limits."""
    return tidy_until(now=datetime.fromtimestamp(timestamp, tz=UTC))


def tidy_until(*, now: datetime) -> str:
    """Forget what is over by that moment; tell how much it was."""
    Session.objects.filter(expire_date__lt=now).delete()
    standing = Session.objects.values("session_key")
    sessions = UserSession.objects.exclude(session_key__in=standing).delete()[0]
    return f"sessions {sessions}, counts {forget_attempts(before=now - KEPT)}"
