"""
Solutions found elsewhere: one answer fetched over the web, with limits of time, size and place.

The address comes from a person of the office, so it must not become a way into our own network:
every host on the way (redirects too) is looked up once, all its addresses must be public, and the
connection goes to the very address that was checked. Only the operator at the command line may
name a neighbour in a private network.
"""

from __future__ import annotations

import http.client
import json
import socket
import ssl
import threading
import time
import zlib
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, quote, urljoin, urlsplit, urlunsplit

from django.utils.translation import gettext as _

from novator.core.outside import AddressRefused, Line, connection_to

FEED_PATH = "/api/v1/feed/practices"
AGENT = "Novator (exchange of practices between catalogues)"
LARGEST_BYTES = 20_000_000
SECONDS = 30.0
SECONDS_IN_ALL = 120.0
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MOST_REDIRECTS = 5
_PIECE = 65_536


class CannotRead(Exception):
    """Another catalogue cannot be read; `code` says why to programs, the message to people."""

    def __init__(self, code: str, message: str, detail: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.detail = detail[:300]


@dataclass(frozen=True)
class Fetched:
    """What was answered; `content` is None where nothing changed since the known ETag."""

    content: Any
    etag: str = ""


def site_address(text: str) -> str:
    """
    The address of an installation as it is kept: scheme, host and path of the site.

    :raises CannotRead: it is none
    """
    text = text.strip()
    text = text if "://" in text else f"https://{text}"
    try:
        parts = urlsplit(text)
        host = (parts.hostname or "").encode("idna").decode("ascii")
        port = parts.port
    except (ValueError, UnicodeError):
        host, port, parts = "", None, urlsplit("")
    if parts.scheme not in {"http", "https"} or not host or parts.username or parts.password:
        words = _("“%(address)s” is no address of a site, such as https://novator.example.")
        raise CannotRead("address", words % {"address": text[:200]}, text)
    place = f"[{host}]" if ":" in host else host
    standard = {"http": 80, "https": 443}[parts.scheme]
    place += f":{port}" if port and port != standard else ""
    path = parts.path.rstrip("/").removesuffix(FEED_PATH).removesuffix("/api/v1")
    return urlunsplit((parts.scheme, place, quote(path, safe="/%"), "", "")).rstrip("/")[:300]


def fetch_part(
    site: str, *, since: str, etag: str = "", limit: int, may_be_private: bool = False
) -> Fetched:
    """
    Ask a site for its changes behind a cursor.

    :raises CannotRead: it does not answer, or not as it should
    """
    query = f"limit={limit}" + (f"&since={quote(since, safe='')}" if since else "")
    url = f"{site}{FEED_PATH}?{query}"
    until = time.monotonic() + SECONDS_IN_ALL
    try:
        for _turn in range(_MOST_REDIRECTS + 1):
            answer = _ask(url, etag=etag, until=until, may_be_private=may_be_private)
            if isinstance(answer, Fetched):
                return answer
            url = _followed(url, answer)
    except AddressRefused as fault:
        words = _("%(site)s lies in a private network; only the command line may name such a site.")
        raise CannotRead("private", words % {"site": site}) from fault
    except (OSError, http.client.HTTPException, ValueError, zlib.error) as fault:
        raise _refusal_of(fault, site) from fault
    raise CannotRead("redirects", _("The address leads from one to another without end."), url)


def _ask(url: str, *, etag: str, until: float, may_be_private: bool) -> Fetched | str:
    """Ask one address; return the answer, or where it leads."""
    line, parts = Line(), urlsplit(url)
    connection = connection_to(parts, line=line, timeout=SECONDS, may_be_private=may_be_private)
    watch = threading.Timer(max(0.0, until - time.monotonic()), line.hang_up)
    watch.daemon = True
    watch.start()
    try:
        connection.request("GET", _target(parts), headers=_headers(etag))
        with connection.getresponse() as response:
            return _read(response, etag=etag, until=until)
    except (CannotRead, OSError, http.client.HTTPException, ValueError) as fault:
        if line.is_hung_up:  # whatever it looks like, it was cut
            raise TimeoutError from fault
        raise
    finally:
        watch.cancel()
        connection.close()
        line.close()


def _read(response: http.client.HTTPResponse, *, etag: str, until: float) -> Fetched | str:
    if response.status in _REDIRECTS:
        return response.getheader("Location", "")
    if response.status == 304 and etag:
        return Fetched(None, etag)
    if response.status != 200:
        words = _("The other catalogue answers with status %(status)s.")
        status = str(response.status)
        raise CannotRead("status", words % {"status": status}, status)
    body = _body(response, until)
    return Fetched(_json(body), response.getheader("ETag", "")[:120])


def _headers(etag: str) -> dict[str, str]:
    asked = {"User-Agent": AGENT, "Accept": "application/json", "Accept-Encoding": "gzip"}
    return asked | ({"If-None-Match": etag} if etag else {})


def _target(parts: SplitResult) -> str:
    path = parts.path or "/"
    return f"{path}?{parts.query}" if parts.query else path


def _followed(url: str, target: str) -> str:
    """
    Where a redirect leads: to a web address, and never from https to http.

    :raises CannotRead: elsewhere
    """
    followed = urljoin(url, target)
    parts = urlsplit(followed)
    was_secure = urlsplit(url).scheme == "https"
    allowed = {"https"} if was_secure else {"http", "https"}
    if not target or parts.scheme not in allowed or not parts.hostname or parts.username:
        words = _("The address leads to a place that is not followed: %(address)s")
        raise CannotRead("redirects", words % {"address": followed[:200]}, followed)
    return urlunsplit((*parts[:2], quote(parts.path, safe="/%"), parts.query, ""))


def _body(response: http.client.HTTPResponse, until: float) -> bytes:
    """The whole answer, unpacked, as far as it keeps to size and time."""
    is_packed = response.getheader("Content-Encoding", "").lower() == "gzip"
    unpacker = zlib.decompressobj(wbits=31) if is_packed else None
    pieces, size = [], 0
    while piece := response.read1(_PIECE):
        while piece:
            plain = unpacker.decompress(piece, _PIECE) if unpacker else piece
            piece = unpacker.unconsumed_tail if unpacker else b""
            pieces.append(plain)
            size += len(plain)
            if size > LARGEST_BYTES:
                raise CannotRead("size", _("The answer of the other catalogue is too large."))
        if time.monotonic() > until:
            raise TimeoutError
    if unpacker is not None and not unpacker.eof:
        raise http.client.IncompleteRead(b"")
    return b"".join(pieces)


def _json(body: bytes) -> Any:
    try:
        return json.loads(body.decode("utf-8"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as fault:
        words = _("This address does not answer as a catalogue of Novator.")
        raise CannotRead("format", words, str(fault)) from fault


def _refuse_constant(name: str) -> float:
    raise ValueError(name)


def _refusal_of(fault: Exception, site: str) -> CannotRead:
    """Say in words why the other side could not be asked."""
    facts = {"site": site, "reason": str(fault)[:200] or type(fault).__name__}
    if isinstance(fault, ssl.SSLCertVerificationError):
        facts["reason"] = fault.verify_message or facts["reason"]
        words = _("The certificate of %(site)s cannot be trusted: %(reason)s")
        return CannotRead("certificate", words % facts, facts["reason"])
    if isinstance(fault, ssl.SSLError):
        words = _("No secure connection with %(site)s: %(reason)s")
        return CannotRead("tls", words % facts, facts["reason"])
    if isinstance(fault, TimeoutError):
        return CannotRead("slow", _("%(site)s does not answer in time.") % facts)
    if isinstance(fault, socket.gaierror):
        return CannotRead("name", _("There is no site of this name: %(site)s") % facts)
    words = _("%(site)s cannot be reached: %(reason)s")
    return CannotRead("unreachable", words % facts, facts["reason"])
