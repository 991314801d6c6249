"""Sources are asked whether they answer; private networks never are."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from novator.core.outside import AddressRefused, public_address
from novator.practices import tasks
from novator.practices.addresses import answers
from novator.practices.models import Practice, Source
from novator.practices.testing import make_practice

NOW = datetime(2026, 11, 1, 3, 17, tzinfo=UTC)


class Site(BaseHTTPRequestHandler):
    def do_HEAD(self) -> None:
        status = {"/here": 200, "/no-head": 405, "/moved": 302, "/closed": 403, "/round": 302}
        self.send_response(status.get(self.path, 404))
        if self.path == "/moved":
            self.send_header("Location", "/here")
        if self.path == "/round":
            self.send_header("Location", "/round")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_GET(self) -> None:
        self.do_HEAD()

    def log_message(self, format: str, *args: object) -> None:
        """Keep the test quiet."""


@pytest.fixture
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.parametrize(
    ("path", "is_there"),
    [("/here", True), ("/no-head", True), ("/moved", True), ("/closed", True), ("/gone", False)],
)
def test_tells_whether_an_address_answers(site: str, path: str, is_there: bool) -> None:
    assert answers(site + path, may_be_private=True) is is_there


def test_an_endless_redirect_ends(site: str) -> None:
    assert answers(site + "/round", may_be_private=True)


def test_nobody_at_the_port_is_no_answer() -> None:
    assert not answers("http://127.0.0.1:9/", timeout=1, may_be_private=True)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://localhost/",
        "http://[::1]/",
        "http://10.0.0.1/",
        "http://192.168.1.1/",
        "http://169.254.169.254/latest/meta-data",
        "http://[::ffff:127.0.0.1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://0.0.0.0/",
        "http://2130706433/",
        "http://224.0.0.1/",
        "ftp://example.org/",
        "file:///etc/passwd",
    ],
)
def test_never_asks_our_own_walls(url: str) -> None:
    with pytest.raises(AddressRefused):
        answers(url, timeout=1)


def test_a_public_address_is_taken() -> None:
    assert public_address("93.184.216.34", 80) == "93.184.216.34"


@pytest.mark.django_db
def test_marks_sources_and_their_cards() -> None:
    make_practice("alive", source_url="https://alive.example/")
    make_practice("dead", source_url="https://dead.example/")
    before = Practice.objects.get(slug="dead").changed_at

    counts = tasks.mark_sources(now=NOW, ask=lambda url: "alive" in url, pause_seconds=0)

    assert counts == {"alive": 1, "dead": 1}
    states = dict(Source.objects.values_list("practice__slug", "state"))
    assert states == {"alive": "alive", "dead": "dead"}
    assert set(Source.objects.values_list("checked_at", flat=True)) == {NOW}
    assert Practice.objects.get(slug="dead").changed_at != before


@pytest.mark.django_db
def test_a_refused_address_is_marked_dead() -> None:
    make_practice(source_url="http://127.0.0.1/admin")

    assert tasks.mark_sources(now=NOW, pause_seconds=0) == {"alive": 0, "dead": 1}


def test_is_off_unless_the_operator_turns_it_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.conf.settings.CHECKS_SOURCES", False)

    assert tasks.check_sources(0) == "off"


def test_waits_between_two_requests_to_one_host(monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    monkeypatch.setattr("novator.practices.tasks.time.sleep", waits.append)
    asked_at: dict[str, float] = {}

    for host in ("a.example", "b.example", "a.example"):
        tasks._wait_for(host, asked_at, 2.0)

    assert waits[:2] == [0.0, 0.0]
    assert waits[2] > 1.5
