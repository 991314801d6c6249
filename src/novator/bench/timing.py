"""Every figure of the pages: requests sent by one or several clients, their times and sizes."""

from __future__ import annotations

import http.client
import re
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import cycle, islice
from urllib.parse import urljoin, urlsplit

_TAG = re.compile(r"<(?:link|script|img)\b[^>]*>")
_ADDRESS = re.compile(r'\b(?:href|src)="([^"]+)"')
_TIMEOUT = 60


@dataclass(frozen=True)
class Answer:
    """
    One answer as a client saw it; `size` is what went over the wire as its body.

    Status 0: no answer within a minute.
    """

    status: int
    seconds: float
    size: int
    body: bytes


class Client:
    """One connection that is kept open, as a browser does."""

    def __init__(self, base_url: str, *, timeout: float = _TIMEOUT) -> None:
        parts = urlsplit(base_url)
        self._connection = http.client.HTTPConnection(
            parts.hostname or "127.0.0.1", parts.port or 80, timeout=timeout
        )

    def get(self, path: str, *, is_packed: bool = True) -> Answer:
        """Ask for a page and wait for its last byte."""
        headers = {"Accept-Encoding": "gzip"} if is_packed else {}
        began = time.perf_counter()
        try:
            self._connection.request("GET", path, headers=headers)
            response = self._connection.getresponse()
            body = response.read()
        except TimeoutError:
            self._connection.close()
            return Answer(0, time.perf_counter() - began, 0, b"")
        return Answer(response.status, time.perf_counter() - began, len(body), body)

    def close(self) -> None:
        """Hang up."""
        self._connection.close()


@dataclass(frozen=True)
class Times:
    """Times of many requests in milliseconds, and how many a second were answered."""

    p50_ms: float
    p95_ms: float
    per_second: float
    statuses: tuple[int, ...]
    size: int


def measure(base_url: str, paths: Sequence[str], *, requests: int, clients: int) -> Times:
    """Send `requests` requests over the paths in turn, from `clients` clients at once."""
    turns = list(islice(cycle(paths), requests))
    shares = [turns[start::clients] for start in range(clients)]
    began = time.perf_counter()
    with ThreadPoolExecutor(max_workers=clients) as threads:
        answers = [a for share in threads.map(lambda s: _ask(base_url, s), shares) for a in share]
    elapsed = time.perf_counter() - began
    seconds = sorted(answer.seconds for answer in answers)
    return Times(
        p50_ms=_quantile(seconds, 0.5) * 1000,
        p95_ms=_quantile(seconds, 0.95) * 1000,
        per_second=len(answers) / elapsed,
        statuses=tuple(sorted({answer.status for answer in answers})),
        size=max(answer.size for answer in answers),
    )


def ask_once(base_url: str, path: str) -> Answer:
    """Ask for one page, unpacked, and hang up."""
    client = Client(base_url)
    try:
        return client.get(path, is_packed=False)
    finally:
        client.close()


def _ask(base_url: str, paths: Sequence[str]) -> list[Answer]:
    client = Client(base_url)
    try:
        return [client.get(path) for path in paths]
    finally:
        client.close()


def _quantile(ordered: Sequence[float], share: float) -> float:
    """Return the smallest value that at least `share` of the values do not exceed."""
    rank = -(-len(ordered) * share // 1)
    return ordered[max(int(rank), 1) - 1]


def bytes_of_page(base_url: str, path: str) -> int:
    """Return what a first visit transfers: the page and all that it loads from its own host."""
    client = Client(base_url)
    try:
        packed = client.get(path).size
        page = client.get(path, is_packed=False).body
        return packed + sum(client.get(each).size for each in sorted(set(_loaded(page, path))))
    finally:
        client.close()


def _loaded(page: bytes, path: str) -> Iterator[str]:
    """Addresses of style sheets, icons, scripts and pictures; other links load nothing."""
    for tag in _TAG.findall(page.decode("utf-8", "replace")):
        is_loaded = 'rel="stylesheet"' in tag or 'rel="icon"' in tag or not tag.startswith("<link")
        address = _ADDRESS.search(tag)
        if is_loaded and address and not address.group(1).startswith(("http", "data:", "//")):
            yield urljoin(path, address.group(1))
