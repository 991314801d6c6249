"""Beside the law: the process that does the jobs which pages and commands leave in the queue."""

import asyncio
import os
import sys

from novator.site.watch import end_with_supervisor

_GRACE_SECONDS = 4.0
_EVERY_FIVE_MINUTES = "*/5 * * * *"


def work() -> None:
    """Do jobs until asked to end; a job that does not end in time is taken up again later."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "novator.site.settings")
    django.setup()
    loop = asyncio.SelectorEventLoop if sys.platform == "win32" else None
    with asyncio.Runner(loop_factory=loop) as runner:
        runner.run(_work())


async def _work() -> None:
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.django_connector import DjangoConnector

    assert isinstance(app.connector, DjangoConnector)
    with app.replace_connector(app.connector.get_worker_connector()):

        @app.periodic(cron=_EVERY_FIVE_MINUTES)
        @app.task(name="novator.site.worker.retry_interrupted", queueing_lock="retry_interrupted")
        async def retry_interrupted(timestamp: int) -> None:
            """Put jobs back whose worker was killed."""
            for job in await app.job_manager.get_stalled_jobs():
                await app.job_manager.retry_job(job)

        async with app.open_async():
            await app.run_worker_async(
                concurrency=1,
                shutdown_graceful_timeout=_GRACE_SECONDS,
                delete_jobs="successful",
            )


if __name__ == "__main__":
    end_with_supervisor(grace=_GRACE_SECONDS + 2)
    work()
