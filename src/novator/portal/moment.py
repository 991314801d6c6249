"""Every page: whoever only reads sees what is kept in memory as of one moment."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from novator.cities.changes import asked_once

_READING = {"GET", "HEAD"}


def ask_once_for_changes(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: a request that only reads asks once whether what is kept is old."""

    def answered(request: HttpRequest) -> HttpResponse:
        if request.method not in _READING:
            return get_response(request)
        with asked_once():
            return get_response(request)

    return answered
