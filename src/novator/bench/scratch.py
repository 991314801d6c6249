"""Every figure of the pages: a site of its own in a scratch folder, with any number of cards."""

from __future__ import annotations

import os
import socket
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from novator.bench.timing import ask_once

_READY_SECONDS = 120


class CannotMeasure(Exception):
    """The site cannot be measured; the message says why."""


@contextmanager
def scratch_site(*, practices: int) -> Iterator[tuple[str, Path]]:
    """
    Start a site of its own in a scratch folder; yield its address and the folder.

    :raises CannotMeasure: it does not start
    """
    from novator.site import children
    from novator.site.postgres import running_database

    before = dict(os.environ)
    with _own_folder() as folder:
        (folder / "log").mkdir(exist_ok=True)
        try:
            with running_database(folder) as url:
                port = _free_port()
                os.environ |= {
                    "DATABASE_URL": url,
                    "NOVATOR_DATA_DIR": str(folder),
                    "NOVATOR_HOST": "127.0.0.1",
                    "NOVATOR_PORT": str(port),
                }
                _run_to_end("novator.site.prepare")
                _run_to_end("novator.bench.synthetic", str(practices))
                with (folder / "log" / "web.log").open("wb") as log:
                    web = children.start_module("novator.bench.floor", output=log.fileno())
                    try:
                        address = f"http://127.0.0.1:{port}"
                        wait_for(address)
                        yield address, folder
                    finally:
                        children.end_all([web], seconds=10)
        finally:
            os.environ.clear()
            os.environ.update(before)


@contextmanager
def _own_folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="novator-bench-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


def _run_to_end(module: str, *arguments: str) -> None:
    from novator.site import children

    process = children.start_module(module, *arguments, output=sys.stderr.fileno())
    if process.wait() != 0:
        raise CannotMeasure(f"{module} failed")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for(base_url: str) -> None:
    until = time.monotonic() + _READY_SECONDS
    while time.monotonic() < until:
        try:
            if ask_once(base_url, "/healthz").status == 200:
                return
        except OSError:
            time.sleep(0.2)
    raise CannotMeasure(f"{base_url} does not answer")


@contextmanager
def worker_of(folder: Path) -> Iterator[None]:
    """Let the worker of a scratch site do its jobs as long as the block runs."""
    from novator.site import children

    with (folder / "log" / "worker.log").open("wb") as log:
        worker = children.start_module("novator.site.worker", output=log.fileno())
        try:
            yield
        finally:
            children.end_all([worker], seconds=10)
