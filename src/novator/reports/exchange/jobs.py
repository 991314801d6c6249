"""A citizen's report: jobs of the worker that speak with other systems."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone
from procrastinate.contrib.django import app

from novator.reports.exchange import media, sending, telling
from novator.reports.exchange.client import QUEUE, CannotAsk
from novator.reports.exchange.coming_back import take_what_came_back
from novator.reports.exchange.pulling import pull_requests
from novator.reports.models import Connection

PAGES_OF_A_JOB = 50  # then other jobs have their turn; the next hour goes on
PAUSE = 2.0
LEFT_ALONE = timedelta(minutes=30)
"""How long a system that does not answer is not asked again."""
_log = logging.getLogger(__name__)


@app.task(name=media.FETCH_PHOTO, queue=QUEUE)
def fetch_photo(report_id: int, url: str, attempt: int = 1) -> None:
    """Fetch one photo that another system named by its address."""
    media.fetch_photo(report_id=report_id, url=url, attempt=attempt)


@app.task(name=sending.FORWARD, queue=QUEUE)
def forward(forwarding_id: int, attempt: int = 1) -> str:
    """Send one report to another system."""
    return sending.send_forwarding(forwarding_id=forwarding_id, attempt=attempt, now=timezone.now())


@app.task(name=telling.TELL, queue=QUEUE)
def tell_there(update_id: int, forwarding_id: int, attempt: int = 1) -> str:
    """Tell another system of a step that the sender took here."""
    return telling.tell_update(update_id=update_id, forwarding_id=forwarding_id, attempt=attempt)


@app.periodic(cron="*/10 * * * *")
@app.task(name="novator.reports.ask_other_systems", queue=QUEUE, queueing_lock="ask_other_systems")
def ask_other_systems(timestamp: int) -> str:
    """Every ten minutes, ask for numbers that are to come and for updates of what was sent."""

    def ask(connection: Connection) -> int:
        now = timezone.now()
        numbers = sending.look_after_forwardings(connection=connection, now=now)
        return numbers + take_what_came_back(connection=connection, now=now)

    return f"new {_each(ask)}"


@app.periodic(cron="41 * * * *")
@app.task(
    name="novator.reports.pull_other_systems", queue=QUEUE, queueing_lock="pull_other_systems"
)
def pull_other_systems(timestamp: int) -> str:
    """Every hour, take over what changed in those systems that were pulled before."""

    def pull(connection: Connection) -> int:
        if not (connection.cursor.get("mode") or connection.cursor.get("updated_until")):
            return 0
        done = pull_requests(
            connection=connection,
            now=timezone.now(),
            wait=_wait_a_little,
            pause=PAUSE,
            most_pages=PAGES_OF_A_JOB,
        )
        return done.new + done.changed

    return f"taken {_each(pull)}"


def _each(act: Callable[[Connection], int]) -> int:
    """Do something with each connected system; note in its row whether it answered."""
    taken = 0
    for connection in Connection.objects.filter(is_active=True).order_by("pk"):
        now = timezone.now()
        if connection.failed_at is not None and now - connection.failed_at < LEFT_ALONE:
            continue
        facts = {"asked_at": now, "failed_at": None, "failure": ""}
        try:
            taken += act(connection)
        except CannotAsk as refusal:
            facts |= {"failed_at": now, "failure": str(refusal)[:300]}
            _log.warning("Connection %s: %s", connection.pk, refusal.kind)
        Connection.objects.filter(pk=connection.pk).update(**facts)
    return taken


def _wait_a_little(seconds: float) -> None:
    """
    Wait between two pages; where longer is asked for, the next hour goes on.

    :raises CannotAsk: longer than a minute is asked for
    """
    if seconds > 60:
        raise CannotAsk("busy", f"{seconds:.0f} s", seconds=int(seconds))
    time.sleep(seconds)
