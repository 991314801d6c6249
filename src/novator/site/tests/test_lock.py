"""A lock has one holder, and a dead holder holds nothing."""

import subprocess
import sys
from pathlib import Path

import pytest

from novator.site.lock import FileLock, LockHeld, is_held

HOLD_AND_WAIT = """
import sys, time
from pathlib import Path
from novator.site.lock import FileLock
FileLock(Path(sys.argv[1])).acquire(words="a neighbour")
print("held", flush=True)
time.sleep(60)
"""


def test_has_one_holder(tmp_path: Path) -> None:
    first, second = FileLock(tmp_path / "lock"), FileLock(tmp_path / "lock")
    first.acquire(words="first")

    with pytest.raises(LockHeld):
        second.acquire()

    assert is_held(tmp_path / "lock")
    assert (tmp_path / "lock").read_text() == "first"


def test_is_free_after_release(tmp_path: Path) -> None:
    lock = FileLock(tmp_path / "lock")

    with lock:
        assert is_held(lock.path)

    assert not is_held(lock.path)


@pytest.mark.slow
def test_is_free_when_its_holder_is_killed(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    command = [sys.executable, "-c", HOLD_AND_WAIT, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        assert is_held(path)
        holder.kill()

    FileLock(path).acquire(timeout=1)
