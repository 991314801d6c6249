"""Solutions judged: jobs of the worker."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from novator.reviews.judging import remind_juries
from novator.reviews.telling import tell_moderators


@app.periodic(cron="20 6 * * *")
@app.task(name="novator.reviews.remind_juries", queueing_lock="remind_juries", pass_context=False)
def remind_juries_daily(timestamp: int) -> str:
    """Every morning, write to jurors whose work begins or whose last days run out."""
    return f"{remind_juries(on=timezone.localdate())} jurors"


@app.periodic(cron="*/10 * * * *")
@app.task(name="novator.reviews.tell_moderators", queueing_lock="moderators", pass_context=False)
def tell_moderators_soon(timestamp: int) -> str:
    """Within ten minutes, write to moderators whom today's drafts still have to be told."""
    return f"{tell_moderators(now=timezone.now())} moderators"
