"""
Every figure of reports: many people send reports at once, through the form as its script does.

The peer in the same run is a bare view that inserts one row. At the end every report whose number
was told must be in the database. Run as a module it opens the channel of a city.
"""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

import numpy as np

from novator.bench.floor_insert import CREATE, INSERT_PATH
from novator.bench.synthetic_reports import TEXTS

LEAST_SHARE, MOST_P95_MS = 1 / 6, 1_000
FIRST_SECONDS = 3.0
"""The first requests, whose time nobody counts, load what a server loads once."""
_TIMEOUT = 60
_DRAIN_SECONDS = 120
Draw = Callable[[int, int], dict[str, str]]


@dataclass
class Sender:
    """One connection that sends one form after another; what it was answered."""

    base_url: str
    place: int
    path: str
    draw: Draw
    cookie: str = ""
    seconds: list[float] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)
    faults: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        parts = urlsplit(self.base_url)
        self._connection = http.client.HTTPConnection(
            parts.hostname or "127.0.0.1", parts.port or 80, timeout=_TIMEOUT
        )

    def send_until(self, until: float) -> None:
        """Send form after form, each as another person elsewhere, until the time is over."""
        turn = 0
        while time.monotonic() < until:
            self._send(turn)
            turn += 1

    def _send(self, turn: int) -> None:
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Accept": "application/json",
            "Cookie": self.cookie,
            "X-Forwarded-For": f"10.{self.place}.{turn // 250 % 250}.{turn % 250 + 1}",
        }
        body = urlencode(self.draw(self.place, turn))
        began = time.perf_counter()
        try:
            self._connection.request("POST", self.path, body, headers)
            response = self._connection.getresponse()
            told = response.read()
        except (OSError, http.client.HTTPException) as fault:
            self._connection.close()
            self.faults[type(fault).__name__] += 1
            return
        self.seconds.append(time.perf_counter() - began)
        if response.status == 200:
            self.numbers.append(str(json.loads(told)["number"]))
        else:
            self.faults[f"{response.status} {told[:200].decode('utf-8', 'replace')}"] += 1


def run_load_bench(*, connections: int, seconds: float) -> dict[str, Any]:
    """
    Send from so many connections for so long, first to the bare view, then to the form.

    The worker runs all the time and scores what was sent; its lag is told.

    :raises CannotMeasure: the scratch site does not start
    """
    from novator.bench.scratch import scratch_site, worker_of

    with _behind_a_proxy(), scratch_site(practices=300) as (base_url, folder):
        channel = _opened_channel()
        _execute(CREATE)
        with worker_of(folder):
            path = f"/ru/report/{channel['slug']}/"
            token, cookie = _token(base_url, path)
            draw = _form(channel, token)
            _warm_up(base_url, path, draw, cookie)
            bare = _phase(base_url, INSERT_PATH, _bare, connections, seconds)
            load = os.getloadavg()[0]
            with _watched() as ages:
                sent = _phase(base_url, path, draw, connections, seconds, cookie=cookie)
            lag = _lag(ages)
        lost = _lost(sent)
    rate = len(_numbers(sent)) / seconds
    bare_rate = len(_numbers(bare)) / seconds
    times = [1000 * one for sender in sent for one in sender.seconds] or [0.0]
    p95 = round(float(np.quantile(times, 0.95)), 1)
    faults = sum((sender.faults for sender in sent), Counter[str]())
    return {
        "connections": connections,
        "seconds": seconds,
        "processors": os.cpu_count(),
        "load": round(load, 1),
        "reports_sent": len(_numbers(sent)),
        "per_second": round(rate, 1),
        "bare_per_second": round(bare_rate, 1),
        "ratio": round(rate / bare_rate, 3) if bare_rate else None,
        "p50_ms": round(float(np.quantile(times, 0.5)), 1),
        "p95_ms": p95,
        "bare_p95_ms": round(1000 * float(np.quantile(_seconds(bare), 0.95)), 1),
        "lost": lost,
        "refused": dict(faults.most_common(5)),
        "scoring": lag,
        "budgets": {
            "ratio": bool(bare_rate) and rate / bare_rate >= LEAST_SHARE,
            "lost": lost == 0,
            "p95_ms": p95 <= MOST_P95_MS,
        },
    }


def _phase(
    base_url: str, path: str, draw: Draw, connections: int, seconds: float, *, cookie: str = ""
) -> list[Sender]:
    senders = [Sender(base_url, place, path, draw, cookie) for place in range(connections)]
    until = time.monotonic() + seconds
    threads = [threading.Thread(target=one.send_until, args=(until,)) for one in senders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return senders


def _warm_up(base_url: str, path: str, draw: Draw, cookie: str) -> None:
    """Send a little and wait until the worker has done it: it loads much when it starts."""
    for place, where, fields in ((251, INSERT_PATH, _bare), (252, path, draw)):
        first = Sender(base_url, place, where, fields, cookie)
        first.send_until(time.monotonic() + FIRST_SECONDS)
    _drained()


def _numbers(senders: Sequence[Sender]) -> list[str]:
    return [number for sender in senders for number in sender.numbers]


def _seconds(senders: Sequence[Sender]) -> list[float]:
    return [one for sender in senders for one in sender.seconds] or [0.0]


def _bare(place: int, turn: int) -> dict[str, str]:
    return {"text": _words(place, turn)}


def _words(place: int, turn: int) -> str:
    """Words of one of the kinds, and a number, so that no two texts are equal."""
    kinds = list(TEXTS.values())
    return f"{kinds[(place + turn) % len(kinds)][turn % 3]} Дом {place * 1000 + turn}."


def _form(channel: dict[str, Any], token: str) -> Draw:
    """The fields as the script of the page sends them; each place lies a little apart."""
    codes = list(TEXTS)

    def fields(place: int, turn: int) -> dict[str, str]:
        return {
            "csrfmiddlewaretoken": token,
            "key": str(uuid4()),
            "text": _words(place, turn),
            "address": f"улица {place + 1}-я, {turn % 200 + 1}",
            "latitude": f"{channel['latitude'] + (place - 25) * 0.002:.6f}",
            "longitude": f"{channel['longitude'] + (turn % 200 - 100) * 0.002:.6f}",
            "placed_by": "pin",
            "category": codes[(place + turn) % len(codes)],
            "email": f"citizen-{place}-{turn}@bench.example",
            "processing": "on",
            "age": "1.5",
        }

    return fields


def _token(base_url: str, path: str) -> tuple[str, str]:
    parts = urlsplit(base_url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=_TIMEOUT)
    connection.request("GET", f"{path}ready.json")
    response = connection.getresponse()
    cookie = (response.headers.get("Set-Cookie") or "").partition(";")[0]
    told = json.loads(response.read())
    connection.close()
    return told["token"], cookie


@contextmanager
def _behind_a_proxy() -> Iterator[None]:
    """Let each report come from an address of its own, as in life: they are counted."""
    before = os.environ.get("NOVATOR_PROXIES")
    os.environ["NOVATOR_PROXIES"] = "1"
    try:
        yield
    finally:
        os.environ.pop("NOVATOR_PROXIES")
        if before is not None:
            os.environ["NOVATOR_PROXIES"] = before


def _opened_channel() -> dict[str, Any]:
    command = [sys.executable, "-m", "novator.bench.load_reports"]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    told: dict[str, Any] = json.loads(said.splitlines()[-1])
    return told


def _execute(query: str, facts: Sequence[Any] = ()) -> list[Any]:
    import psycopg

    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        found = connection.execute(query.encode(), facts or None)
        return found.fetchall() if found.description else []


def _lost(senders: Sequence[Sender]) -> int:
    """Reports whose number was told and that are not in the database."""
    from novator.reports.numbers import key_of

    told = [key_of(number) for number in _numbers(senders)]
    [(there,)] = _execute("SELECT count(*) FROM reports_report WHERE id = ANY (%s)", [told])
    return len(set(told)) - int(there) + len(told) - len(set(told))


def _drained() -> int:
    """Wait a while until no report waits for the worker; return the seconds."""
    began = time.monotonic()
    while _waiting()[0] and time.monotonic() - began < _DRAIN_SECONDS:
        time.sleep(1)
    return round(time.monotonic() - began)


@contextmanager
def _watched() -> Iterator[list[float]]:
    """Ask every second how old the oldest report is that waits for the worker."""
    ages: list[float] = []
    is_over = threading.Event()

    def watch() -> None:
        while not is_over.wait(1):
            ages.append(_waiting()[1])

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield ages
    finally:
        is_over.set()
        watcher.join()


def _lag(ages: Sequence[float]) -> dict[str, Any]:
    """How far the scoring was behind, waiting a while for what is left."""
    left, oldest = _waiting()
    waited = _drained()
    return {
        "waiting_at_the_end": left,
        "lag_at_the_end_seconds": round(oldest, 1),
        "lag_worst_seconds": round(max([*ages, oldest]), 1),
        "done_after_seconds": waited,
        "left_then": _waiting()[0],
    }


def _waiting() -> tuple[int, float]:
    [(count, oldest)] = _execute(_WAITING)
    return int(count), float(oldest or 0.0)


_WAITING = """
    SELECT count(*), extract(epoch FROM now() - min(
        (SELECT min(e.at) FROM procrastinate_events AS e WHERE e.job_id = j.id)
    ))
    FROM procrastinate_jobs AS j
    WHERE task_name = 'novator.reports.after_submit' AND status IN ('todo', 'doing')"""


def open_city() -> dict[str, Any]:
    """Let the first Russian city with a place take reports."""
    from django.utils import timezone

    from novator.cities.models import Municipality
    from novator.reports.opening import open_channel

    cities = Municipality.objects.filter(country="RU", latitude__isnull=False).order_by("pk")
    city = cities[0]
    open_channel(municipality=city, on=timezone.localdate())
    return {"slug": city.slug, "latitude": city.latitude, "longitude": city.longitude}


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "novator.site.settings")
    django.setup()
    print(json.dumps(open_city()))
