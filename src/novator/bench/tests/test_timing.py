"""Times, sizes and memory that the bench of the pages reports."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import psutil
import pytest

from novator.bench.http import budgets, run_http_bench
from novator.bench.processes import memory_of, processes_of_site
from novator.bench.questions import LONG, long_questions, short_questions
from novator.bench.timing import Client, _loaded, _quantile, bytes_of_page, measure
from novator.site.testing import used_data_dir

PAGE = b"""<html><link rel="canonical" href="/ru/"><link rel="stylesheet" href="/a.css">
<link rel="alternate" href="/en/"><img src="pic.svg"><img src="data:x">
<a href="/far">far</a></html>"""


class _Site(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        if self.path == "/slow":
            time.sleep(0.6)
        body = {"/ru/": PAGE, "/a.css": b"a" * 100, "/ru/pic.svg": b"b" * 30}.get(self.path)
        self.send_response(404 if body is None else 200)
        self.send_header("Content-Length", str(len(body or b"")))
        self.end_headers()
        self.wfile.write(body or b"")

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


@pytest.fixture
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Site)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_quantile_is_a_value_that_was_seen():
    ordered = [float(number) for number in range(1, 101)]

    assert _quantile(ordered, 0.5) == 50
    assert _quantile(ordered, 0.95) == 95
    assert _quantile([7.0], 0.95) == 7


def test_a_page_loads_styles_scripts_and_pictures_of_its_own_host():
    assert set(_loaded(PAGE, "/ru/")) == {"/a.css", "/ru/pic.svg"}


def test_counts_the_bytes_of_a_first_visit(site: str):
    assert bytes_of_page(site, "/ru/") == len(PAGE) + 130


def test_measures_every_request_once(site: str):
    times = measure(site, ["/ru/", "/nowhere"], requests=9, clients=2)

    assert times.statuses == (200, 404)
    assert 0 < times.p50_ms <= times.p95_ms
    assert times.per_second > 0


def test_an_answer_that_does_not_come_is_counted_as_none(site: str):
    answer = Client(site, timeout=0.2).get("/slow")

    assert answer.status == 0
    assert answer.seconds >= 0.2


def test_finds_the_process_behind_a_port(site: str):
    found = processes_of_site(site, None)

    assert os.getpid() in {process.pid for process in found}


def test_memory_is_reported_for_each_process():
    memory = memory_of([psutil.Process()])

    [row] = memory["processes"]
    assert row["pid"] == os.getpid()
    assert row["own_mib"] > 1
    assert memory["total_mib"] == row["own_mib"]


def test_questions_are_different_and_of_the_length_that_the_budget_names():
    short, long = short_questions(200), long_questions(200)

    assert len(set(short)) == 200
    assert not set(short) & set(short_questions(200, start=201))
    assert {len(text) for text in long} == {LONG}
    assert len(set(long)) == 200


@pytest.mark.slow
def test_measures_a_scratch_site_from_end_to_end(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("novator.bench.scratch._own_folder", used_data_dir)

    figures = run_http_bench(practices=0, requests=2, clients=2)

    assert figures["practices"] > 200
    assert all(row["statuses"] == [200] for row in figures["targets"].values())
    assert figures["targets"]["floor"]["times_floor"] == 1
    assert any("postgres" in row["name"] for row in figures["memory"]["processes"])
    assert {check["what"] for check in figures["budgets"]} >= {"web process, MiB"}


def test_says_which_budget_is_not_kept():
    rows = {"home": {"p95_ms": 70.0, "budget_ms": 60, "page_bytes": 10}}
    memory = {
        "processes": [{"name": "novator.site.web", "own_mib": 300.0}],
        "total_mib": 700.0,
    }

    kept = {check["what"]: check["is_kept"] for check in budgets(rows, memory)}

    assert kept == {
        "home: p95, ms": False,
        "home: bytes of a first visit": True,
        "web process, MiB": True,
        "all processes, MiB": True,
    }
