"""Run by a test in a process of its own: an import that never ends, until it is killed."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import django


def run(path: str) -> None:
    """Write the first batch, say so, and wait."""
    django.setup()

    from novator.practices import importing
    from novator.practices.operations import import_practices

    importing.BATCH = 10

    def wait(done: int, total: int) -> None:
        print("written", flush=True)
        time.sleep(120)

    import_practices(path=Path(path), progress=wait)


if __name__ == "__main__":
    run(sys.argv[1])
