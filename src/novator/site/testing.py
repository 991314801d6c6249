"""Builders for tests that start a database or the whole site."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_ENOUGH_BYTES = 2_000_000_000


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
