"""
Beside the law: one question to a web address outside, with limits of time, size and place.

Addresses come from people and other systems, so they must not become a way into our own network:
every host on the way (redirects too) is looked up once, all its addresses must be public, and the
connection goes to the very address that was checked.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import SplitResult, quote, urljoin, urlsplit

AGENT = "Novator"
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MOST_REDIRECTS = 5
_PIECE = 65_536
_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")


class AddressRefused(Exception):
    """The address leads to this machine, to a private network or to no web server at all."""


class NoAnswer(Exception):
    """
    Nobody answered as a web server does, in time and within the size.

    `was_sent`: the question may have reached the other side, so what it did with it is not known.
    """

    def __init__(self, reason: str, *, was_sent: bool) -> None:
        super().__init__(reason)
        self.was_sent = was_sent


@dataclass(frozen=True)
class Answer:
    """What came back; the names of `headers` are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Question:
    """What is asked; `seconds` hold for all redirects together."""

    url: str
    method: str = "GET"
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 30.0
    most_bytes: int = 20_000_000
    may_be_private: bool = False


def ask_outside(question: Question) -> Answer:
    """
    Ask, and follow redirects of reading; a writing question is sent once and to one address only.

    :raises AddressRefused: it leads to loopback, a private or a reserved network, or is not HTTP
    :raises NoAnswer: nobody answered in time, or too much
    """
    url, until = question.url, time.monotonic() + question.seconds
    for _turn in range(_MOST_REDIRECTS + 1):
        answer = _asked(question, url, until)
        target = answer.headers.get("location", "")
        if question.method != "GET" or answer.status not in _REDIRECTS or not target:
            return answer
        was_secure = urlsplit(url).scheme == "https"
        url = urljoin(url, target)
        if was_secure and urlsplit(url).scheme != "https":
            raise AddressRefused(url)
    raise NoAnswer("redirects without end", was_sent=False)


def public_address(host: str, port: int, *, may_be_private: bool = False) -> str:
    """
    One address of a host; all of them must be public.

    :raises AddressRefused: any of them is not
    """
    found = [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if not may_be_private and not all(_is_public(address) for address in found):
        raise AddressRefused(host)
    return found[0]


def _is_public(address: str) -> bool:
    parsed = ipaddress.ip_address(address.partition("%")[0])
    inner = getattr(parsed, "ipv4_mapped", None) or getattr(parsed, "sixtofour", None)
    if parsed in _TRANSLATED:  # a gateway would lead to the older address in its last four bytes
        inner = ipaddress.IPv4Address(int(parsed) & 0xFFFFFFFF)
    return parsed.is_global and not parsed.is_multicast and (inner is None or inner.is_global)


def _asked(question: Question, url: str, until: float) -> Answer:
    line, parts = Line(), urlsplit(url)
    if parts.username:
        raise AddressRefused(url)
    try:
        connection = connection_to(
            parts,
            line=line,
            timeout=max(0.1, until - time.monotonic()),
            may_be_private=question.may_be_private,
        )
        connection.connect()
    except (OSError, http.client.HTTPException, ValueError) as fault:
        line.close()
        raise NoAnswer(_reason(fault), was_sent=False) from fault
    watch = threading.Timer(max(0.0, until - time.monotonic()), line.hang_up)
    watch.daemon = True
    watch.start()
    try:
        body = question.body if question.method == "POST" else None
        connection.request(question.method, _target(parts), body, _headers(question))
        with connection.getresponse() as response:
            return _read(response, question.most_bytes, until)
    except (OSError, http.client.HTTPException, ValueError, zlib.error) as fault:
        reason = "too slow" if line.is_hung_up else _reason(fault)
        raise NoAnswer(reason, was_sent=True) from fault
    finally:
        watch.cancel()
        connection.close()
        line.close()


class Line:
    """
    A second hold on a connection, by which it is cut when the time in all is over.

    Each piece of an answer has a time of its own; who sends one letter of a header after another
    would keep within it for days.
    """

    def __init__(self) -> None:
        self.is_hung_up = False
        self._held: list[socket.socket] = []

    def hold(self, opened: socket.socket) -> socket.socket:
        """Remember a connection that was just opened."""
        self._held.append(opened.dup())
        return opened

    def hang_up(self) -> None:
        """Cut it, whatever it is waiting for."""
        self.is_hung_up = True
        for held in self._held:
            with suppress(OSError):
                held.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Let go."""
        for held in self._held:
            held.close()


def connection_to(
    parts: SplitResult, *, line: Line, timeout: float, may_be_private: bool = False
) -> http.client.HTTPConnection:
    """
    A connection to the very address that was checked, whatever the name means later.

    :raises AddressRefused: no web address, or one of a network that is not public
    """
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise AddressRefused(parts.geturl())
    host, is_secure = parts.hostname.encode("idna").decode("ascii"), parts.scheme == "https"
    port = parts.port or (443 if is_secure else 80)
    address = public_address(host, port, may_be_private=may_be_private)
    made: http.client.HTTPConnection
    if is_secure:
        context = ssl.create_default_context()
        made = http.client.HTTPSConnection(host, port, timeout=timeout, context=context)
    else:
        made = http.client.HTTPConnection(host, port, timeout=timeout)

    def connect_there(_place: object, timeout: float, *_rest: object) -> socket.socket:
        return line.hold(socket.create_connection((address, port), timeout))

    made._create_connection = connect_there  # type: ignore[attr-defined]
    return made


def _headers(question: Question) -> dict[str, str]:
    return {"User-Agent": AGENT, "Accept-Encoding": "gzip"} | dict(question.headers)


def _target(parts: SplitResult) -> str:
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    return f"{path}?{quote(parts.query, safe='/%:@!$&()*+,;=~-._?[]')}" if parts.query else path


def _read(response: http.client.HTTPResponse, most: int, until: float) -> Answer:
    headers = {name.lower(): value for name, value in response.getheaders()}
    is_packed = headers.get("content-encoding", "").lower() == "gzip"
    unpacker = zlib.decompressobj(wbits=31) if is_packed else None
    pieces, size, received = [], 0, 0
    while piece := response.read1(_PIECE):
        received += len(piece)
        while piece:
            plain = unpacker.decompress(piece, _PIECE) if unpacker else piece
            piece = unpacker.unconsumed_tail if unpacker else b""
            pieces.append(plain)
            size += len(plain)
            if size > most:
                raise ValueError("too large")
        if time.monotonic() > until:
            raise TimeoutError
    is_short = response.status != 304 and received < _stated_length(headers)
    if is_short or (unpacker and size and not unpacker.eof):
        raise http.client.IncompleteRead(b"")
    return Answer(response.status, headers, b"".join(pieces))


def _stated_length(headers: Mapping[str, str]) -> int:
    """What must have been received at least; `read1` does not say that a line broke."""
    text = headers.get("content-length", "")
    return int(text) if text.isascii() and text.isdecimal() else 0


def _reason(fault: Exception) -> str:
    if isinstance(fault, TimeoutError):
        return "too slow"
    if isinstance(fault, socket.gaierror):
        return "no such host"
    return str(fault)[:200] or type(fault).__name__
