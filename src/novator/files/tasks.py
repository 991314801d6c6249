"""Beside the law: jobs of the worker that remove files nobody uses."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from novator.files.operations import remove_unlinked_files


@app.periodic(cron="7 * * * *")
@app.task(name="novator.files.remove_unlinked", queueing_lock="remove_unlinked_files")
def remove_unlinked(timestamp: int) -> str:
    """Every hour, remove files to which nothing has pointed for a day."""
    return f"removed {remove_unlinked_files(now=timezone.now())}"
