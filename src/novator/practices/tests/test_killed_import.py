"""A killed import leaves nothing behind, and the next one takes all."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from novator.cities.models import Municipality
from novator.practices.models import Practice
from novator.practices.operations import import_practices
from novator.practices.tests.files import jsonl, row

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def same_database() -> dict[str, str]:
    """The environment in which another process uses the test's own database."""
    url, _, query = os.environ["DATABASE_URL"].partition("?")
    server = url.rpartition("/")[0]
    name = connection.settings_dict["NAME"]
    return {**os.environ, "DATABASE_URL": f"{server}/{name}" + (f"?{query}" if query else "")}


@pytest.mark.skipif(os.name == "nt", reason="there is no SIGKILL")
def test_leaves_nothing_half_written(tmp_path: Path) -> None:
    path = jsonl(tmp_path, *(row(id=f"card-{number}") for number in range(40)))
    jobs_before = ProcrastinateJob.objects.count()  # the queue outlives transactional tests
    command = [sys.executable, "-m", "novator.practices.tests.killing", str(path)]

    with subprocess.Popen(command, env=same_database(), stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"written\n"
        process.send_signal(signal.SIGKILL)

    assert not Practice.objects.exists()
    assert not Municipality.objects.exists()
    assert ProcrastinateJob.objects.count() == jobs_before

    report = import_practices(path=path)
    assert report.new == 40
