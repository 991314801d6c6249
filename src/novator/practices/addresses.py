"""Solutions found: does the address of a source still answer; never one inside our own walls."""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
from urllib.parse import SplitResult, urljoin, urlsplit

AGENT = "Novator (monthly check whether the sources of a public catalogue still answer)"
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MOST_REDIRECTS = 5
_EXISTS_THOUGH_CLOSED = frozenset({401, 403, 405, 406, 429, 451})


class AddressRefused(Exception):
    """The address leads to this machine, to a private network or to no web server at all."""


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
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise AddressRefused(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    address = public_address(parts.hostname, port, may_be_private=may_be_private)
    connection = _Pinned(parts, port, address, timeout)
    try:
        connection.request(method, _target(parts), headers={"User-Agent": AGENT, "Accept": "*/*"})
        response = connection.getresponse()
        return response.status, response.getheader("Location", "")
    finally:
        connection.close()


def public_address(host: str, port: int, *, may_be_private: bool = False) -> str:
    """
    One address of a host; all of them must be public.

    :raises AddressRefused: any of them is not
    """
    found = [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if not may_be_private and not all(_is_public(address) for address in found):
        raise AddressRefused(host)
    return found[0]


_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")


def _is_public(address: str) -> bool:
    parsed = ipaddress.ip_address(address.partition("%")[0])
    inner = getattr(parsed, "ipv4_mapped", None) or getattr(parsed, "sixtofour", None)
    if parsed in _TRANSLATED:  # a gateway would lead to the older address in its last four bytes
        inner = ipaddress.IPv4Address(int(parsed) & 0xFFFFFFFF)
    return parsed.is_global and not parsed.is_multicast and (inner is None or inner.is_global)


def _target(parts: SplitResult) -> str:
    path = parts.path or "/"
    target = f"{path}?{parts.query}" if parts.query else path
    return "".join(letter if letter.isascii() else _quoted(letter) for letter in target)


def _quoted(letter: str) -> str:
    return "".join(f"%{byte:02X}" for byte in letter.encode())


class _Pinned(http.client.HTTPConnection):
    """A connection to the address that was checked, whatever the name means a moment later."""

    def __init__(self, parts: SplitResult, port: int, address: str, timeout: float) -> None:
        host = (parts.hostname or "").encode("idna").decode("ascii")
        super().__init__(host, port, timeout=timeout)
        self._address = address
        self._is_secure = parts.scheme == "https"
        self.default_port = 443 if self._is_secure else 80

    def connect(self) -> None:
        """Connect to the address, with the certificate checked against the name."""
        plain = socket.create_connection((self._address, self.port), self.timeout)
        if not self._is_secure:
            self.sock = plain
            return
        context = ssl.create_default_context()
        self.sock = context.wrap_socket(plain, server_hostname=self.host)
