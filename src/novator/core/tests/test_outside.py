"""A question to an address outside: never into our own network, never without end."""

from __future__ import annotations

import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from novator.core import outside
from novator.core.outside import AddressRefused, NoAnswer, Question, ask_outside, public_address


class _Handler(BaseHTTPRequestHandler):
    def log_message(self, *_args: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        if self.path == "/around":
            self.send_response(302)
            self.send_header("Location", "/around")
            self.end_headers()
        elif self.path == "/slow":
            self.send_response(200)
            self.send_header("Content-Length", "1000")
            self.end_headers()
            for _turn in range(20):
                time.sleep(0.1)
                self.wfile.write(b"x")
        else:
            self.send_response(200)
            self.send_header("X-Told", self.path)
            self.end_headers()
            self.wfile.write(b"x" * 1000)

    def do_POST(self) -> None:
        self.send_response(307)
        self.send_header("Location", "/other")
        self.end_headers()


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    """A web server on this machine."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.handle_error = lambda *_args: None  # type: ignore[method-assign]
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def inside(url: str, **facts: object) -> Question:
    """A question that the operator allows."""
    return Question(url, may_be_private=True, **facts)  # type: ignore[arg-type]


def test_asks_and_answers(site: str):
    answer = ask_outside(inside(f"{site}/a b?q=ё"))

    assert (answer.status, len(answer.body)) == (200, 1000)
    assert answer.headers["x-told"] == "/a%20b?q=%D1%91"


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://[::1]/",
        "http://169.254.169.254/latest/meta-data",
        "http://10.0.0.1/",
        "http://0.0.0.0/",
        "file:///etc/passwd",
        "ftp://127.0.0.1/",
        "http://user:pass@127.0.0.1/",
        "http:///x",
    ],
)
def test_never_asks_inside(url: str):
    with pytest.raises(AddressRefused):
        ask_outside(Question(url))


def test_every_redirect_is_checked(site: str, monkeypatch: pytest.MonkeyPatch):
    checked: list[str] = []

    def once(host: str, port: int, *, may_be_private: bool = False) -> str:
        checked.append(host)
        return public_address(host, port, may_be_private=len(checked) == 1)

    monkeypatch.setattr(outside, "public_address", once)

    with pytest.raises(AddressRefused):
        ask_outside(Question(f"{site}/around"))
    assert len(checked) == 2


@pytest.mark.parametrize(
    ("path", "facts", "was_sent"),
    [
        ("/around", {}, False),
        ("/slow", {"seconds": 0.3}, True),
        ("/large", {"most_bytes": 500}, True),
    ],
)
def test_ends(site: str, path: str, facts: dict[str, object], was_sent: bool):
    with pytest.raises(NoAnswer) as fault:
        ask_outside(inside(site + path, **facts))

    assert fault.value.was_sent is was_sent


def test_writing_follows_no_redirect(site: str):
    assert ask_outside(inside(site, method="POST", body=b"a=1")).status == 307


def test_tells_that_nothing_was_sent():
    with pytest.raises(NoAnswer) as fault:
        ask_outside(inside("http://127.0.0.1:1/"))

    assert not fault.value.was_sent
