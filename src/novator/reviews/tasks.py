"""Solutions judged: jobs of the worker."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from novator.reviews.judging import remind_juries


@app.periodic(cron="20 6 * * *")
@app.task(name="novator.reviews.remind_juries", queueing_lock="remind_juries", pass_context=False)
def remind_juries_daily(timestamp: int) -> str:
    """Every morning, write to jurors whose work begins or whose last days run out."""
    return f"{remind_juries(on=timezone.localdate())} jurors"
