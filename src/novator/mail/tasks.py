"""Beside the law: jobs of the worker that send letters and look after them."""

from __future__ import annotations

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from novator.mail.operations import (
    QUEUE,
    SEND_LETTER,
    flag_lost_letters,
    forget_old_letters,
    queue_forgotten_letters,
)
from novator.mail.sending import send

_DATABASE_AWAY = RetryStrategy(
    max_attempts=20, wait=15, retry_exceptions={OperationalError, InterfaceError}
)


@app.task(name=SEND_LETTER, queue=QUEUE, retry=_DATABASE_AWAY)
def send_letter(letter_id: int) -> str:
    """Send a letter unless somebody claimed it before; one that was claimed is left alone."""
    return send(letter_id)


@app.periodic(cron="*/5 * * * *")
@app.task(name="novator.mail.look_after_letters", queueing_lock="look_after_letters")
def look_after_letters(timestamp: int) -> str:
    """Flag letters whose sender died, and queue those whose job was lost."""
    now = timezone.now()
    return f"lost {flag_lost_letters(now=now)}, queued {queue_forgotten_letters(now=now)}"


@app.periodic(cron="41 2 * * *")
@app.task(name="novator.mail.forget_letters", queueing_lock="forget_letters")
def forget_letters(timestamp: int) -> str:
    """Delete address and text of letters that ended long ago."""
    days = settings.LETTERS_KEPT_DAYS
    return f"forgotten {forget_old_letters(now=timezone.now(), after_days=days)}"
