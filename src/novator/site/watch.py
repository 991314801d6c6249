"""
Before the law's first step: every child of the supervisor notices its death and ends.

Each process that the supervisor started, however indirectly, asks twice a second whether the
supervisor and its own parent still live. The kernel's own signal for a parent's death would not
reach the workers that the web server starts by itself, and exists on one system only.

Run as a program, this is the one who stops the database after the supervisor was killed.
"""

import os
import signal
import sys
import threading
import time
from pathlib import Path

import psutil

from novator.site.strays import is_alive

SUPERVISOR = "NOVATOR_SUPERVISOR"
_POLL_SECONDS = 0.5


def end_with_supervisor(*, grace: float = 4.0) -> None:
    """Ask this process to end when its supervisor or parent is gone, end it after `grace`."""
    if SUPERVISOR in os.environ:
        threading.Thread(target=_end_when_gone, args=(grace,), daemon=True).start()


def wait_for_supervisor_to_end() -> None:
    """Return when the supervisor is gone."""
    _wait_for_one_to_end(int(os.environ[SUPERVISOR]))


def _wait_for_one_to_end(*numbers: int) -> None:
    try:
        known = [psutil.Process(number) for number in numbers]
    except psutil.NoSuchProcess:
        return
    while all(is_alive(process) for process in known):
        time.sleep(_POLL_SECONDS)


def _end_when_gone(grace: float) -> None:
    _wait_for_one_to_end(int(os.environ[SUPERVISOR]), os.getppid())
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(grace)
    os._exit(1)


def _stop_database_afterwards(data_dir: Path) -> None:
    wait_for_supervisor_to_end()
    from novator.site.postgres import stop_if_unused

    stop_if_unused(data_dir)


if __name__ == "__main__":
    _stop_database_afterwards(Path(sys.argv[1]))
