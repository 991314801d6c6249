"""Every figure of the pages: the memory of each process of a running site."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil

_MIB = 2**20
_OURS = ("novator up", "novator.cli.main up", "novator.site.", "novator.bench.floor")


def processes_of_site(base_url: str, data_dir: Path | None) -> list[psutil.Process]:
    """
    Return the processes of the site that answers at an address of this computer.

    The web server is found by its port, its supervisor above it, the database by its own record.
    """
    roots = [_supervisor_of(web) for web in _listening_on(urlsplit(base_url).port or 80)]
    if data_dir is not None:
        for record in data_dir.glob("**/postmaster.pid"):
            with suppress(psutil.Error, OSError, ValueError, IndexError):
                roots.append(psutil.Process(int(record.read_text().splitlines()[0])))
    found: dict[int, psutil.Process] = {}
    for root in roots:
        for process in [root, *root.children(recursive=True)]:
            found.setdefault(process.pid, process)
    return [found[pid] for pid in sorted(found)]


@dataclass(frozen=True)
class ProcessMemory:
    """One process's memory in MiB."""

    pid: int
    name: str
    rss_mib: float
    own_mib: float


def memory_of(processes: Iterable[psutil.Process]) -> dict[str, Any]:
    """
    Return each process's memory in MiB and their sum.

    `rss_mib` counts pages shared with others in full; `own_mib` shares them out (Linux) or leaves
    them out (elsewhere), so that only its sum means something.
    """
    rows = []
    for process in processes:
        with suppress(psutil.Error):
            full = process.memory_full_info()
            rows.append(
                ProcessMemory(
                    pid=process.pid,
                    name=_name(process),
                    rss_mib=round(full.rss / _MIB, 1),
                    own_mib=round(getattr(full, "pss", full.uss) / _MIB, 1),
                )
            )
    total = round(sum(row.own_mib for row in rows), 1)
    return {"processes": [asdict(row) for row in rows], "total_mib": total}


def _listening_on(port: int) -> Iterable[psutil.Process]:
    with suppress(psutil.Error):
        for found in psutil.net_connections(kind="tcp"):
            is_it = found.status == psutil.CONN_LISTEN and found.laddr and found.laddr[1] == port
            if is_it and found.pid:
                yield psutil.Process(found.pid)


def _supervisor_of(web: psutil.Process) -> psutil.Process:
    """Return the uppermost of our own programs above a process."""
    top = web
    with suppress(psutil.Error):
        for parent in web.parents():
            words = " ".join(parent.cmdline())
            if not any(name in words for name in _OURS):
                break
            top = parent
    return top


def _name(process: psutil.Process) -> str:
    """Say which part of the site a process is; a worker of the web server goes by its parent."""
    own = _module(process)
    if own:
        return own
    parent = process.parent()
    above = _module(parent) if parent is not None else ""
    return f"{above}: worker" if above else process.name()


def _module(process: psutil.Process) -> str:
    return next((word for word in process.cmdline() if word.startswith("novator.")), "")
