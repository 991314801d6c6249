"""The association: a secret ballot is cast by a request that nobody is behind."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections import Counter
from collections.abc import Callable
from datetime import datetime

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from novator.portal.appearance import COOKIE

WRONG_CODES_AN_HOUR = 30
MOST_KEPT = 50_000
_CASTING = re.compile(r"/(?:[a-z]{2}/)?association/polls/[0-9a-f-]{36}/cast/")
_SALT = secrets.token_bytes(32)
_wrong: Counter[bytes] = Counter()
_hour: datetime | None = None


def forget_who_asks(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """
    Middleware: where a secret ballot is cast, the browser's session is not looked at.

    The cookie of the session is dropped before anything can read it: no account, nothing written
    to a session, no author for the trail of changes. Only the cookies of the form's protection,
    the language and the look of the pages stay.
    """
    kept = {settings.CSRF_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME, COOKIE}

    def forgetful(request: HttpRequest) -> HttpResponse:
        if not _CASTING.fullmatch(request.path_info):
            return get_response(request)
        request.COOKIES = {name: said for name, said in request.COOKIES.items() if name in kept}
        response = get_response(request)
        response.headers["Cache-Control"] = "no-store"
        return response

    return forgetful


def has_tried_too_often(request: HttpRequest, *, now: datetime) -> bool:
    """
    Whether too many wrong codes came from this address within the hour.

    Counted in the memory of this process alone, by a digest whose salt nobody knows; right codes
    are not counted, so that nothing is kept of a ballot.
    """
    if request.method != "POST":
        return False
    _forget_last_hour(now)
    return _wrong[_sender(request)] >= WRONG_CODES_AN_HOUR


def count_wrong_code(request: HttpRequest, *, now: datetime) -> None:
    """Remember that a wrong code came from this address."""
    _forget_last_hour(now)
    _wrong[_sender(request)] += 1


def _forget_last_hour(now: datetime) -> None:
    global _hour
    hour = now.replace(minute=0, second=0, microsecond=0)
    if hour != _hour or len(_wrong) > MOST_KEPT:
        _wrong.clear()
        _hour = hour


def _sender(request: HttpRequest) -> bytes:
    address = str(get_adapter(request).get_client_ip(request))
    return hashlib.blake2b(address.encode(), key=_SALT, digest_size=16).digest()
