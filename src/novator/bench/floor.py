"""
Every figure of the pages: the server they are measured on, with a bare view as its floor.

Run as a module it serves the whole site as `novator up` does, plus one Django view that only says
"ok": what that view takes is what Django, its middleware and the web server take by themselves.
"""

from __future__ import annotations

import os

from django.http import HttpRequest, HttpResponse
from django.urls import path

from novator.site.watch import end_with_supervisor

FLOOR_PATH = "/bench/ok"


def ok(request: HttpRequest) -> HttpResponse:
    """Answer as little as a view can."""
    return HttpResponse("ok", content_type="text/plain")


def serve(*, host: str, port: int) -> None:
    """Serve with the same settings as the site's own web server."""
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    from novator.site.web import WEB_THREADS

    Server(
        "novator.bench.floor_application:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=WEB_THREADS,
        log_level=LogLevels.warning,
    ).serve()


def urlpatterns_with_floor() -> list[object]:
    """Return the site's routes, the bare view first."""
    from novator.bench.floor_insert import INSERT_PATH, insert_row
    from novator.site import urls

    return [
        path(FLOOR_PATH.lstrip("/"), ok),
        path(INSERT_PATH.lstrip("/"), insert_row),
        *urls.urlpatterns,
    ]


if __name__ == "__main__":
    end_with_supervisor()
    serve(host=os.environ["NOVATOR_HOST"], port=int(os.environ["NOVATOR_PORT"]))
