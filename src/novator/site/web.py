"""After the law's last step: the web server that shows it, one process beside its parent."""

import os

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from novator.site.watch import end_with_supervisor

APPLICATION = "novator.site.web_application:application"
WEB_THREADS = 8


def serve(*, host: str, port: int) -> None:
    """Answer requests until asked to end; requests that are being answered are finished first."""
    Server(
        APPLICATION,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=WEB_THREADS,
        workers_kill_timeout=4,
        log_level=LogLevels.error,
    ).serve()


if __name__ == "__main__":
    end_with_supervisor()
    serve(host=os.environ["NOVATOR_HOST"], port=int(os.environ["NOVATOR_PORT"]))
