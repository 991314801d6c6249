"""A citizen's report: jobs of the worker."""

from __future__ import annotations

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from novator.reports.life import AFTER_UPDATE
from novator.reports.submitting import AFTER_SUBMIT

_RETRY = RetryStrategy(max_attempts=5, exponential_wait=4)


@app.task(name=AFTER_SUBMIT, retry=_RETRY)
def after_submit(report_id: int) -> None:
    """Everything that follows from a new report: suggestions, letters, forwarding."""
    from novator.reports.following import follow_submission

    follow_submission(report_id=report_id)


@app.task(name=AFTER_UPDATE, retry=_RETRY)
def after_update(update_id: int) -> None:
    """Everything that follows from a step: letters to sender and subscribers, forwarding."""
    from novator.reports.following import follow_update

    follow_update(update_id=update_id)
