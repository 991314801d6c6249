"""A worker that is killed while it sends a letter leaves one letter at most, and a note of it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from novator.mail.models import Letter
from novator.mail.operations import flag_lost_letters
from novator.mail.testing import make_letter, post_office

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@contextmanager
def worker(port: int) -> Iterator[subprocess.Popen[bytes]]:
    """A worker of its own, without the search, killed at the end."""
    url, _, query = os.environ["DATABASE_URL"].partition("?")
    name = connection.settings_dict["NAME"]
    variables = {
        "DATABASE_URL": f"{url.rpartition('/')[0]}/{name}" + (f"?{query}" if query else ""),
        "NOVATOR_MAIL_URL": f"smtp://127.0.0.1:{port}",
        "NOVATOR_LETTERS_A_MINUTE": "60000",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "novator.site.tests.bare_worker"], env=os.environ | variables
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def wait_until(is_so: Callable[[], bool], *, seconds: float = 120) -> None:
    until = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < until, "it did not come about in time"
        time.sleep(0.1)


def put_interrupted_jobs_back() -> None:
    """What the worker does every minute once the heartbeat of the dead one is old enough."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'todo', worker_id = NULL, scheduled_at = NULL"
            " WHERE status = 'doing'"
        )
        cursor.execute("SET session_replication_role = DEFAULT")


def no_job_left() -> bool:
    jobs = ProcrastinateJob.objects.filter(task_name="novator.mail.send_letter")
    return not jobs.filter(status__in=["todo", "doing"]).exists()


def test_a_letter_whose_sender_was_killed_is_not_sent_again() -> None:
    letter = make_letter()
    with post_office("hangs") as (silent, port), worker(port):
        wait_until(silent.begun.is_set)

    put_interrupted_jobs_back()
    with post_office() as (post, port), worker(port):
        wait_until(no_job_left)
        flagged = flag_lost_letters(now=timezone.now() + timedelta(minutes=16))

    letter.refresh_from_db()
    assert (silent.texts, post.texts, flagged) == (1, 0, 1)
    assert letter.state == "unknown"
    assert list(Letter.objects.for_the_office()) == [letter]


def test_letters_that_waited_are_sent_by_the_next_worker() -> None:
    first = make_letter()
    with post_office("hangs") as (silent, port), worker(port):
        wait_until(silent.begun.is_set)
    second = make_letter()

    with post_office() as (post, port), worker(port):
        wait_until(lambda: Letter.objects.filter(state="sent").exists())

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state, post.texts) == ("claimed", "sent", 1)


def test_a_worker_ends_in_order_when_asked() -> None:
    letter = make_letter()
    with post_office() as (_post, port), worker(port) as process:
        wait_until(lambda: Letter.objects.filter(state="sent").exists())

        process.terminate()

        assert process.wait(timeout=60) in {0, -15}
    letter.refresh_from_db()
    assert letter.state == "sent"
