"""Beside the law: the process that does the jobs which pages and commands leave in the queue."""

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Coroutine
from contextlib import suppress

from novator.site.watch import end_with_supervisor

_GRACE_SECONDS = 4.0
_NICENESS = 10
_EVERY_MINUTE = "* * * * *"
_QUEUES = (["default"], ["index"], ["mail"], ["outside"])
"""A slow mail server, a slow system of another city or a long reading holds up no other queue."""


def work() -> None:
    """Do jobs until asked to end; a job that does not end in time is taken up again later."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "novator.site.settings")
    django.setup()
    _give_way()
    threading.Thread(target=_warm_up, daemon=True).start()
    loop = asyncio.SelectorEventLoop if sys.platform == "win32" else None
    with asyncio.Runner(loop_factory=loop) as runner:
        runner.run(_work())


def _give_way() -> None:
    """Let whoever waits before a page have the processor first."""
    with suppress(AttributeError, OSError):  # Windows knows no such order
        os.nice(_NICENESS)


def _warm_up() -> None:
    """Load what the first job of the index needs; what cannot be loaded is told by that job."""
    from novator.matching.operations import warm_up
    from novator.text.encoders import EncoderUnavailable

    with suppress(EncoderUnavailable):
        warm_up()


async def _work() -> None:
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.django_connector import DjangoConnector

    assert isinstance(app.connector, DjangoConnector)
    with app.replace_connector(app.connector.get_worker_connector()):

        @app.periodic(cron=_EVERY_MINUTE)
        @app.task(name="novator.site.worker.retry_interrupted", queueing_lock="retry_interrupted")
        async def retry_interrupted(timestamp: int) -> None:
            """Put jobs back whose worker was killed."""
            for job in await app.job_manager.get_stalled_jobs():
                await app.job_manager.retry_job(job)

        async with app.open_async():
            await _until_asked_to_end(*(_one_worker(queues) for queues in _QUEUES))


async def _one_worker(queues: list[str]) -> None:
    from procrastinate.contrib.django import app

    await app.run_worker_async(
        queues=queues,
        concurrency=1,
        shutdown_graceful_timeout=_GRACE_SECONDS,
        delete_jobs="successful",
        install_signal_handlers=False,
    )


async def _until_asked_to_end(*workers: Coroutine[None, None, None]) -> None:
    """Run all until a signal ends them; if one ends by itself, so do the others."""
    tasks = [asyncio.create_task(worker) for worker in workers]
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):  # Windows ends a process without asking
            loop.add_signal_handler(number, tasks[0].cancel)
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in tasks:
        task.cancel()
    ends = await asyncio.gather(*tasks, return_exceptions=True)
    for end in ends:
        if isinstance(end, Exception):
            raise end


if __name__ == "__main__":
    end_with_supervisor(grace=_GRACE_SECONDS + 2)
    work()
