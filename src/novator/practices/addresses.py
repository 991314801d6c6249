"""Solutions found: does the address of a source still answer; never one inside our own walls."""

from __future__ import annotations

import http.client
from urllib.parse import SplitResult, urljoin, urlsplit

from novator.core.outside import Line, connection_to

AGENT = "Novator (monthly check whether the sources of a public catalogue still answer)"
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MOST_REDIRECTS = 5
_EXISTS_THOUGH_CLOSED = frozenset({401, 403, 405, 406, 429, 451})


def answers(url: str, *, timeout: float = 15.0, may_be_private: bool = False) -> bool:
    """
    Ask a web address whether it is there: HEAD, then GET where HEAD says no.

    Each redirect is checked anew, and the connection goes to the very address that was checked.

    :raises AddressRefused: it leads to loopback, a private or a reserved network, or is not HTTP
    """
    for method in ("HEAD", "GET"):
        try:
            status = _status(method, url, timeout=timeout, may_be_private=may_be_private)
        except (OSError, http.client.HTTPException, ValueError):
            continue
        if status < 400 or status in _EXISTS_THOUGH_CLOSED:
            return True
    return False


def _status(method: str, url: str, *, timeout: float, may_be_private: bool) -> int:
    for _turn in range(_MOST_REDIRECTS + 1):
        status, target = _ask(method, url, timeout=timeout, may_be_private=may_be_private)
        if status not in _REDIRECTS or not target:
            return status
        url = urljoin(url, target)
    return status


def _ask(method: str, url: str, *, timeout: float, may_be_private: bool) -> tuple[int, str]:
    line, parts = Line(), urlsplit(url)
    connection = connection_to(parts, line=line, timeout=timeout, may_be_private=may_be_private)
    try:
        connection.request(method, _target(parts), headers={"User-Agent": AGENT, "Accept": "*/*"})
        response = connection.getresponse()
        return response.status, response.getheader("Location", "")
    finally:
        connection.close()
        line.close()


def _target(parts: SplitResult) -> str:
    path = parts.path or "/"
    target = f"{path}?{parts.query}" if parts.query else path
    return "".join(letter if letter.isascii() else _quoted(letter) for letter in target)


def _quoted(letter: str) -> str:
    return "".join(f"%{byte:02X}" for byte in letter.encode())
