"""Builders for tests that start a database or the whole site."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

from novator.site.lock import FileLock
from novator.site.postgres import running_database

_ENOUGH_BYTES = 2_000_000_000
_LONGEST_START = 300.0


def _memory() -> str | None:
    """Return a folder in memory if the system has a roomy one: disks make such tests slow."""
    memory = Path("/dev/shm")
    is_roomy = memory.is_dir() and shutil.disk_usage(memory).free > _ENOUGH_BYTES
    return str(memory) if is_roomy else None


@contextmanager
def temporary_data_dir() -> Iterator[Path]:
    """
    Yield an empty data folder that the database's user can reach too, and remove it at the end.

    pytest's own temporary folders are closed to others, so that for root the database would
    land in /var/lib/novator.
    """
    folder = Path(tempfile.mkdtemp(prefix="novator-test-", dir=_memory()))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def child_that_runs(module: str, *, parent: int) -> psutil.Process:
    """
    Return the child of a process that runs one of our modules; others may end meanwhile.

    :raises AssertionError: there is none
    """
    for found in psutil.Process(parent).children():
        with suppress(psutil.Error):
            if module in found.cmdline():
                return found
    raise AssertionError(f"{module} does not run")


@contextmanager
def used_data_dir() -> Iterator[Path]:
    """Yield the data folder of a site that was started before: its second start is a quick one."""
    with copied_data_dir(_started_once()) as folder:
        yield folder


@contextmanager
def copied_data_dir(pattern: Path) -> Iterator[Path]:
    """Yield a copy of a data folder in which nothing runs, its owners kept."""
    with temporary_data_dir() as folder:
        shutil.copytree(pattern, folder, dirs_exist_ok=True)
        for source in pattern.rglob("*") if os.name == "posix" else ():
            owner = source.stat()
            os.chown(folder / source.relative_to(pattern), owner.st_uid, owner.st_gid)
        yield folder


def _started_once() -> Path:
    """Prepare a site in the folder of this run, once for all its workers; nothing runs in it."""
    run = Path(os.environ["NOVATOR_DATA_DIR"])
    pattern, whole = run / "started", run / "started.whole"
    lock = FileLock(run / "started.lock")
    lock.acquire(timeout=_LONGEST_START, words=str(os.getpid()))
    with lock:
        if not whole.exists():
            pattern.mkdir()
            with running_database(pattern) as url:
                settings = {"DATABASE_URL": url, "NOVATOR_DATA_DIR": str(pattern)}
                command = [sys.executable, "-m", "novator.site.prepare"]
                subprocess.run(command, env=os.environ | settings, check=True, capture_output=True)
            whole.touch()
    return pattern
