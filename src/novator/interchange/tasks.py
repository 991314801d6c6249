"""Solutions found elsewhere: jobs of the worker."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone
from procrastinate.contrib.django import app

from novator.interchange.fetching import CannotRead
from novator.interchange.models import Neighbour
from novator.interchange.operations import READ_NEIGHBOUR, ask_to_read, read_neighbour

PARTS_OF_A_JOB = 20  # then other jobs, letters among them, have their turn
_EVERY = {"hourly": timedelta(minutes=50), "daily": timedelta(hours=23)}


@app.periodic(cron="11 * * * *")
@app.task(
    name="novator.interchange.read_neighbours", queueing_lock="read_neighbours", pass_context=False
)
def read_neighbours(timestamp: int) -> int:
    """Every hour, have those catalogues read whose turn it is; returns how many."""
    due = due_neighbours(now=timezone.now())
    for neighbour in due:
        ask_to_read(neighbour=neighbour)
    return len(due)


@app.task(name=READ_NEIGHBOUR, pass_context=False)
def read_one_neighbour(neighbour_id: int) -> str:
    """Take over what changed in one catalogue; goes on in a job of its own if there is much."""
    neighbour = Neighbour.objects.filter(pk=neighbour_id).first()
    if neighbour is None:
        return "forgotten"
    try:
        report = read_neighbour(neighbour=neighbour, most_parts=PARTS_OF_A_JOB)
    except CannotRead as refusal:
        return f"failed: {refusal.code}"
    neighbour.refresh_from_db()
    if neighbour.outcome == "unfinished":
        ask_to_read(neighbour=neighbour)
    return ", ".join(f"{name} {count}" for name, count in report.counts.items() if count)


def due_neighbours(*, now: datetime) -> list[Neighbour]:
    """Catalogues that are to be read by themselves and have not been for long enough."""
    rows = Neighbour.objects.exclude(rhythm="never").order_by("pk")
    return [
        neighbour
        for neighbour in rows
        if neighbour.read_at is None or now - neighbour.read_at >= _EVERY[neighbour.rhythm]
    ]
