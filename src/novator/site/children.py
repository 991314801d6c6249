"""Beside the law: the supervisor's children, started, restarted with back-off and ended."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from novator.site.watch import SUPERVISOR

QUICK_SECONDS = 10.0
MOST_QUICK_DEATHS = 5
LONGEST_PAUSE = 8.0
_LOG_LIMIT = 1_000_000
_SAME_START_SECONDS = 2.0

FRUGAL = {"MALLOC_ARENA_MAX": "2"}
"""Eight threads need no arena of memory each: a fifth of the web process, measured."""


@dataclass
class Child:
    """A program that has to run for as long as the supervisor does."""

    name: str
    module: str
    log: Path
    arguments: tuple[str, ...] = ()
    process: subprocess.Popen[bytes] | None = None
    quick_deaths: int = 0
    _started_at: float = 0.0
    _restart_at: float = field(default=0.0)

    @property
    def keeps_dying(self) -> bool:
        return self.quick_deaths >= MOST_QUICK_DEATHS

    def start(self) -> None:
        """Start it in a process group of its own, writing to its log."""
        with self.log.open("ab") as log:
            self.process = start_module(self.module, *self.arguments, output=log.fileno())
        self._started_at = time.monotonic()

    def tend(self) -> bool:
        """Note a death and start the child again when its pause is over; tell if it did."""
        now = time.monotonic()
        if self.process is not None and self.process.poll() is not None:
            was_quick = now - self._started_at < QUICK_SECONDS
            self.quick_deaths = self.quick_deaths + 1 if was_quick else 1
            self._restart_at = now + min(0.25 * 2**self.quick_deaths, LONGEST_PAUSE)
            self.process = None
        if self.process is None and not self.keeps_dying and now >= self._restart_at:
            self.start()
            return True
        return False


def start_module(
    module: str, *arguments: str, output: int | None = None
) -> subprocess.Popen[bytes]:
    """Start one of our modules apart from the terminal's signals, told who its supervisor is."""
    environment = FRUGAL | os.environ | {SUPERVISOR: str(os.getpid()), "PYTHONUNBUFFERED": "1"}
    return subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        env=environment,
        start_new_session=os.name == "posix",
        creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
    )


def end_all(processes: Iterable[subprocess.Popen[bytes]], *, seconds: float) -> None:
    """Ask all to end, wait together, then end those that did not, with all they started."""
    asked = list(processes)
    descendants = [found for process in asked for found in _descendants(process.pid)]
    for process in asked:
        process.terminate()
    until = time.monotonic() + seconds
    for process in asked:
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=max(until - time.monotonic(), 0.05))
    for left in descendants:
        with suppress(psutil.Error):
            left.kill()
    for process in asked:
        process.kill()
        process.wait()


def _descendants(pid: int) -> list[psutil.Process]:
    with suppress(psutil.Error):
        return list(psutil.Process(pid).children(recursive=True))
    return []


def record(children: Iterable[Child], path: Path) -> None:
    """Write down which processes run, for the start after a kill."""
    running = []
    for child in children:
        if child.process is not None:
            with suppress(psutil.NoSuchProcess):
                began = psutil.Process(child.process.pid).create_time()
                running.append({"pid": child.process.pid, "began": began})
    unfinished = path.with_suffix(".tmp")
    unfinished.write_text(json.dumps(running), encoding="ascii")
    unfinished.replace(path)


def end_leftovers(path: Path) -> None:
    """End what a killed supervisor left running and what has not noticed yet."""
    try:
        recorded = json.loads(path.read_text(encoding="ascii"))
        known = [(int(entry["pid"]), float(entry["began"])) for entry in recorded]
    except (OSError, ValueError, KeyError, TypeError):
        return
    for pid, began in known:
        with suppress(psutil.Error):
            leftover = psutil.Process(pid)
            if abs(leftover.create_time() - began) < _SAME_START_SECONDS:
                family = [leftover, *leftover.children(recursive=True)]
                for process in family:
                    process.kill()
                psutil.wait_procs(family, timeout=5)
    path.unlink(missing_ok=True)


def turn_log(log: Path) -> None:
    """Put a log that has grown long aside, keeping one older."""
    if log.exists() and log.stat().st_size > _LOG_LIMIT:
        log.replace(log.with_suffix(".log.1"))


def last_lines(log: Path, count: int = 12) -> str:
    """Return the end of a log."""
    with log.open("rb") as file:
        file.seek(max(log.stat().st_size - 8000, 0))
        return "\n".join(file.read().decode(errors="replace").splitlines()[-count:])
