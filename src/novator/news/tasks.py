"""What the association tells: jobs of the worker."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from novator.news.operations import publish_due


@app.periodic(cron="*/5 * * * *")
@app.task(name="novator.news.publish", queueing_lock="publish_news", pass_context=False)
def publish(timestamp: int) -> str:
    """Every five minutes: publish what was scheduled for now."""
    return f"{publish_due(now=timezone.now())} published"
