"""
Before the law's first step: PostgreSQL's processes that work in a folder, wanted or left behind.
"""

import signal
import time
from contextlib import suppress
from pathlib import Path

import psutil

_PROGRAMS = ("postgres", "initdb")
_GRACE_SECONDS = 1
_WAIT_SECONDS = 10
_TURN_SECONDS = 0.01


def serves(pid: int, folder: Path) -> bool:
    """Tell whether this process is a living PostgreSQL that works in this folder."""
    try:
        process = psutil.Process(pid)
        return is_alive(process) and _works_in(process, folder)
    except psutil.Error:
        return False


def is_alive(process: psutil.Process) -> bool:
    """Tell whether a process runs; one that only waits to be buried does not."""
    with suppress(psutil.Error):
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    return False


def await_end(pid: int, *, seconds: float) -> None:
    """Wait until this process is gone, for so long at most; it need not be a child."""
    until = time.monotonic() + seconds
    with suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        while is_alive(process) and time.monotonic() < until:
            time.sleep(_TURN_SECONDS)


def end_strays(folder: Path) -> None:
    """
    End what works in the folder without a parent: the orphans of a killed server or creation.

    Ending them at once costs no data: the server recovers as after a power cut, and a creation
    starts anew. Left alone, they would write beside their successors.
    """
    strays = [process for process in psutil.process_iter() if _works_in(process, folder)]
    _send(strays, getattr(signal, "SIGQUIT", signal.SIGTERM))
    _gone, left = psutil.wait_procs(strays, timeout=_GRACE_SECONDS)
    _send(left, getattr(signal, "SIGKILL", signal.SIGTERM))
    psutil.wait_procs(left, timeout=_WAIT_SECONDS)


def _send(processes: list[psutil.Process], number: signal.Signals) -> None:
    for process in processes:
        with suppress(psutil.Error):
            process.send_signal(number)


def _works_in(process: psutil.Process, folder: Path) -> bool:
    with suppress(psutil.Error, OSError):
        if not process.name().startswith(_PROGRAMS):
            return False
        return str(folder) in process.cmdline() or Path(process.cwd()) == folder
    return False
