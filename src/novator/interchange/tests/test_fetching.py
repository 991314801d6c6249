"""Asking another site: limits, redirects, private networks, and every failure said in words."""

from __future__ import annotations

import gzip
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from novator.interchange import fetching
from novator.interchange.fetching import CannotRead, Fetched, fetch_part, site_address

Reply = tuple[int, dict[str, str], bytes]


class Site:
    """A web server on this machine that answers as it is told and keeps what it was asked."""

    def __init__(self) -> None:
        self.reply: Callable[[str], Reply] = lambda path: (200, {}, b"{}")
        self.asked: list[tuple[str, dict[str, str]]] = []
        site = self

        class Answering(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked.append((self.path, {k.lower(): v for k, v in self.headers.items()}))
                status, headers, body = site.reply(self.path)
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
        self.address = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()
    yield made
    made.server.shutdown()
    made.server.server_close()


def ask(address: str, **options: Any) -> Fetched:
    asked: dict[str, Any] = {"since": "", "limit": 100, "may_be_private": True}
    return fetch_part(address, **(asked | options))


def refused(address: str, **options: Any) -> str:
    with pytest.raises(CannotRead) as refusal:
        ask(address, **options)
    assert str(refusal.value)
    return refusal.value.code


def test_asks_behind_the_cursor_and_unpacks(site: Site):
    packed = gzip.compress(json.dumps({"a": "я"}).encode())
    site.reply = lambda path: (200, {"Content-Encoding": "gzip", "ETag": 'W/"x"'}, packed)

    assert ask(site.address, since="ab9") == Fetched({"a": "я"}, 'W/"x"')

    [(path, headers)] = site.asked
    assert path == "/api/v1/feed/practices?limit=100&since=ab9"
    assert headers["accept-encoding"] == "gzip"
    assert headers["host"] == site.address.removeprefix("http://")


def test_an_unchanged_answer_is_not_sent(site: Site):
    site.reply = lambda path: (304, {}, b"")

    assert ask(site.address, etag='W/"x"') == Fetched(None, 'W/"x"')
    assert site.asked[0][1]["if-none-match"] == 'W/"x"'


def test_follows_a_redirect_on_the_web_and_nowhere_else(site: Site):
    def moved(path: str) -> Reply:
        if path.startswith("/new"):
            return 200, {}, b'{"a": 1}'
        return 301, {"Location": "/new/feed"}, b""

    site.reply = moved
    assert ask(site.address).content == {"a": 1}

    site.reply = lambda path: (302, {"Location": "file:///etc/passwd"}, b"")
    assert refused(site.address) == "redirects"
    site.reply = lambda path: (302, {"Location": path}, b"")
    assert refused(site.address) == "redirects"


def test_from_a_secure_address_no_redirect_leads_to_an_open_one():
    with pytest.raises(CannotRead):
        fetching._followed("https://votkinsk.example/a", "http://votkinsk.example/a")

    assert fetching._followed("http://a.example/x", "https://b.example/y z") == (
        "https://b.example/y%20z"
    )


def test_our_own_network_is_closed_to_addresses_from_pages(site: Site):
    assert refused(site.address, may_be_private=False) == "private"
    assert site.asked == []


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        ((500, {}, b"oops"), "status"),
        ((404, {}, b""), "status"),
        ((200, {}, b"<html>"), "format"),
        ((200, {}, b'{"a": NaN}'), "format"),
        ((200, {}, b'{"a": "\xff"}'), "format"),
        ((200, {}, b"[" * 200_000), "format"),
        ((200, {"Content-Encoding": "gzip"}, b"not packed"), "unreachable"),
        ((200, {"Content-Encoding": "gzip"}, gzip.compress(b"{}", mtime=0)[:-5]), "unreachable"),
    ],
)
def test_a_bad_answer_is_said_in_words(site: Site, reply: Reply, code: str):
    site.reply = lambda path: reply

    assert refused(site.address) == code


def test_an_answer_has_bounds_packed_or_not(site: Site, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(fetching, "LARGEST_BYTES", 100_000)
    body = b'"' + b"a" * 200_000 + b'"'

    site.reply = lambda path: (200, {}, body)
    assert refused(site.address) == "size"
    site.reply = lambda path: (200, {"Content-Encoding": "gzip"}, gzip.compress(body))
    assert refused(site.address) == "size"


def test_whoever_answers_letter_by_letter_is_cut_off(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(fetching, "SECONDS_IN_ALL", 0.4)
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def drip() -> None:
            opened, _address = listening.accept()
            with suppress(OSError), opened:
                opened.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
                for _number in range(100):
                    opened.sendall(b"a")
                    time.sleep(0.1)

        threading.Thread(target=drip, daemon=True).start()
        began = time.monotonic()

        assert refused(f"http://127.0.0.1:{listening.getsockname()[1]}") == "slow"
        assert time.monotonic() - began < 4


def test_whoever_does_not_answer_is_named(site: Site):
    port = site.server.server_address[1]

    assert refused("http://127.0.0.1:9") == "unreachable"
    assert refused("http://nobody.invalid") == "name"
    assert refused(f"https://127.0.0.1:{port}") == "tls"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("novator.example", "https://novator.example"),
        (" HTTP://Novator.Example:80/ ", "http://novator.example"),
        ("https://novator.example:8443/города/", "https://novator.example:8443/"
         "%D0%B3%D0%BE%D1%80%D0%BE%D0%B4%D0%B0"),
        ("https://novator.example/api/v1/feed/practices?since=5", "https://novator.example"),
        ("http://[::1]:8000", "http://[::1]:8000"),
        ("https://новатор.рф", "https://xn--80ad6aecmm.xn--p1ai"),
    ],
)  # fmt: skip
def test_an_address_is_kept_in_one_form(typed: str, kept: str):
    assert site_address(typed) == kept


@pytest.mark.parametrize(
    "typed",
    ["", "ftp://a.example", "https://", "https://u:p@a.example", "http://a:port", "file:///x"],
)
def test_refuses_what_is_no_address(typed: str):
    with pytest.raises(CannotRead):
        site_address(typed)
