"""After every step: jobs of the worker that tell people what is new and what is due."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from novator.notices.digests import write_digests
from novator.notices.freshness import remind_to_confirm


@app.periodic(cron="35 4-9 * * *")
@app.task(name="novator.notices.write_digests", queueing_lock="write_digests")
def digests(timestamp: int) -> str:
    """Every morning, tell what is new; hours that follow make up for what did not come about."""
    return f"letters {write_digests(now=timezone.now())}"


@app.periodic(cron="50 5 * * *")
@app.task(name="novator.notices.remind_to_confirm", queueing_lock="remind_to_confirm")
def reminders(timestamp: int) -> str:
    """Every morning, remind cities of cards whose facts are to be confirmed."""
    return f"letters {remind_to_confirm(on=timezone.localdate())}"
