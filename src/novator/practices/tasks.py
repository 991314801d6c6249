"""Solutions found: jobs of the worker."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone
from procrastinate.contrib.django import app

from novator.core.outside import AddressRefused
from novator.practices.addresses import answers
from novator.practices.models import Practice, Source

_PAUSE_SECONDS = 2.0


@app.periodic(cron="17 3 1 * *")
@app.task(name="novator.practices.check_sources", queueing_lock="check_sources", pass_context=False)
def check_sources(timestamp: int) -> str:
    """Once a month, ask every source whether it answers; off unless NOVATOR_CHECK_SOURCES=1."""
    if not settings.CHECKS_SOURCES:
        return "off"
    counts = mark_sources(now=timezone.now())
    return f"alive {counts['alive']}, dead {counts['dead']}"


def mark_sources(
    *,
    now: datetime,
    ask: Callable[[str], bool] = answers,
    pause_seconds: float = _PAUSE_SECONDS,
) -> dict[str, int]:
    """
    Ask every source, politely, and mark it alive or dead with the moment; count both.

    A card whose source changed its state counts as changed.
    """
    counts = {"alive": 0, "dead": 0}
    asked_at: dict[str, float] = {}
    for source in Source.objects.order_by("id").iterator(chunk_size=200):
        _wait_for(urlsplit(source.url).hostname or "", asked_at, pause_seconds)
        state = "alive" if _is_alive(source.url, ask) else "dead"
        counts[state] += 1
        _mark(source, state, now)
    return counts


def _is_alive(url: str, ask: Callable[[str], bool]) -> bool:
    try:
        return ask(url)
    except (AddressRefused, OSError, UnicodeError, ValueError):
        return False


def _wait_for(host: str, asked_at: dict[str, float], pause_seconds: float) -> None:
    """Leave a pause between two requests to one host."""
    earliest = asked_at.get(host, 0.0) + pause_seconds
    time.sleep(max(0.0, min(earliest - time.monotonic(), pause_seconds)))
    asked_at[host] = time.monotonic()


def _mark(source: Source, state: str, now: datetime) -> None:
    has_changed = source.state != state
    Source.objects.filter(pk=source.pk).update(state=state, checked_at=now)
    if has_changed:
        Practice.objects.filter(pk=source.practice_id).update(changed_at=now)
