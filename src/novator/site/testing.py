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
FIRST_QUESTION = "ямы на дороге, после ремонта всё разваливается за зиму"


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
    with copied_data_dir(_used_once() / "data") as folder:
        yield folder


def first_answer() -> str:
    """Return what `novator find FIRST_QUESTION --city Глазов` said in an empty data folder."""
    return (_used_once() / "said").read_text("utf-8")


@contextmanager
def copied_data_dir(pattern: Path) -> Iterator[Path]:
    """Yield a copy of a data folder in which nothing runs, its owners kept."""
    with temporary_data_dir() as folder:
        shutil.copytree(pattern, folder, dirs_exist_ok=True)
        for source in pattern.rglob("*") if os.name == "posix" else ():
            owner = source.stat()
            os.chown(folder / source.relative_to(pattern), owner.st_uid, owner.st_gid)
        yield folder


def _used_once() -> Path:
    """
    Ask in an empty data folder as a newcomer does, once for all workers of this run.

    What was said serves a test; the data, made ready for the site, in which nothing runs, many.
    """
    used = Path(os.environ["NOVATOR_DATA_DIR"]) / "used"
    said = used / "said"
    lock = FileLock(used.with_suffix(".lock"))
    lock.acquire(timeout=_LONGEST_START, words=str(os.getpid()))
    with lock:
        if not said.exists():
            data = used / "data"
            data.mkdir(parents=True)
            words = run_command("find", FIRST_QUESTION, "--city", "Глазов", data_dir=data)
            with running_database(data) as url:
                settings = {"DATABASE_URL": url, "NOVATOR_DATA_DIR": str(data)}
                command = [sys.executable, "-m", "novator.site.prepare"]
                subprocess.run(command, env=os.environ | settings, check=True, capture_output=True)
            said.write_text(words, "utf-8")
    return used


def run_command(*words: str, data_dir: Path) -> str:
    """
    Run a real command in Russian on its own embedded database; return its standard output.

    :raises AssertionError: it ends with an error
    """
    inherited = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    done = subprocess.run(
        [sys.executable, "-m", "novator.cli.main", *words],
        env=inherited | {"NOVATOR_LANGUAGE": "ru", "NOVATOR_DATA_DIR": str(data_dir)},
        capture_output=True,
        text=True,
        timeout=_LONGEST_START,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
