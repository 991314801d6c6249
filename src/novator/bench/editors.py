"""
Every figure of the pages: many editors write at once, as people do, on a site of its own.

Each signs in, opens the steps of a draft of hers, types (which saves by itself) and saves. What was
saved must be there at the end. Run as a module it makes the people and their drafts.
"""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import cycle, islice
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import numpy as np
import psutil

from novator.bench.processes import processes_of_site

BUDGET_MS = 300
PASSWORD = "words of the bench"  # noqa: S105 - of invented people on a scratch site
CITIES = 10
PROPER = {200, 302}
STEPS = {
    "problem": "problem_ru",
    "done": "solution_ru",
    "people": "participants_ru",
    "money": "cost_note",
    "result": "how_measured_ru",
    "lessons": "lessons_ru",
    "copying": "conditions_ru",
    "english": "problem_en",
}
_TIMEOUT = 60
_MOST_ERRORS = 10


@dataclass(frozen=True)
class Reply:
    """What a browser got, and how long that took."""

    kind: str
    status: int
    seconds: float
    text: str
    location: str


@dataclass
class Editor:
    """One person: her browser, what she saved last in each step, how long each request took."""

    base_url: str
    email: str
    draft: str
    pause: float
    replies: list[Reply] = field(default_factory=list)
    saved: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(self, kind: str, path: str, fields: dict[str, str] | None = None) -> Reply:
        """Ask for a page, or send a form, over the one connection that is kept open."""
        body = urlencode(fields) if fields is not None else None
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        headers["X-Forwarded-For"] = self.address
        if body is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded"}
        began = time.perf_counter()
        try:
            response = self._answer(path, body, headers)
            text = response.read().decode("utf-8", "replace")
        except (OSError, http.client.HTTPException) as fault:
            self.connection.close()
            reply = Reply(kind, 0, time.perf_counter() - began, str(fault), "")
        else:
            self._keep_cookies(response)
            place = urlsplit(response.headers.get("Location", "")).path
            reply = Reply(kind, response.status, time.perf_counter() - began, text, place)
        self.replies.append(reply)
        return reply

    def _answer(
        self, path: str, body: str | None, headers: dict[str, str]
    ) -> http.client.HTTPResponse:
        """Ask; as browsers do, ask for a page anew where the site had hung up meanwhile."""
        method = "GET" if body is None else "POST"
        was_open = self.connection.sock is not None
        try:
            self.connection.request(method, path, body, headers)
            return self.connection.getresponse()
        except (http.client.RemoteDisconnected, ConnectionError):
            self.connection.close()
            if body is not None or not was_open:
                raise
        self.connection.request(method, path, body, headers)
        return self.connection.getresponse()

    def __post_init__(self) -> None:
        parts = urlsplit(self.base_url)
        self.number = int(self.email.partition("@")[0].rpartition("-")[2])
        self.address = f"192.0.2.{self.number % 250 + 1}"
        self.connection = http.client.HTTPConnection(
            parts.hostname or "127.0.0.1", parts.port or 80, timeout=_TIMEOUT
        )

    def _keep_cookies(self, response: http.client.HTTPResponse) -> None:
        for line in response.headers.get_all("Set-Cookie") or ():
            name, _equals, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value

    def sign_in(self) -> None:
        """Sign in by the form, as everybody does."""
        page = self.ask("sign-in page", "/ru/account/login/")
        form = fields_of(page.text, "password")
        self.ask(
            "sign in", "/ru/account/login/", form | {"login": self.email, "password": PASSWORD}
        )

    def write(self, until: float, offset: float) -> None:
        """Open, type and save step after step until the time is over."""
        time.sleep(offset)
        begins_at = self.number % len(STEPS)  # people are not all at the same step
        steps = islice(cycle(STEPS.items()), begins_at, None)
        for turn, (step, name) in enumerate(steps, start=1):
            if time.monotonic() >= until:
                return
            self._write_step(step, name, f"Слова {self.email}, раз {turn}.")

    def _write_step(self, step: str, name: str, words: str) -> None:
        path = f"/ru/my/drafts/{self.draft}/{step}/"
        form = fields_of(self.ask("open a step", path).text, "revision")
        if name not in form:
            return
        time.sleep(self.pause)
        told = self.ask("save by itself", f"{path}autosave/", form | {name: words + " Начато."})
        form |= fields_of(told.text, "") | {name: words, "go": "next"}
        time.sleep(self.pause)
        if self.ask("save", path, form).status in PROPER:
            self.saved[step] = words
        time.sleep(self.pause)

    def taken_replies(self) -> list[Reply]:
        """What she was answered since this was last asked."""
        taken, self.replies = self.replies, []
        return taken

    def lost(self) -> list[str]:
        """Steps whose last saved words are not there any more."""
        pages = {
            step: self.ask("look again", f"/ru/my/drafts/{self.draft}/{step}/") for step in STEPS
        }
        return [step for step, words in self.saved.items() if words not in pages[step].text]


class _Fields(HTMLParser):
    """Gathers what a browser would send of every form of a page, form by form."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[dict[str, str]] = [{}]
        self._open = ""
        self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        name = told.get("name") or ""
        if tag == "form":
            self.forms.append({})
        elif tag == "input" and name and told.get("type") not in {"checkbox", "radio", "submit"}:
            self.forms[-1][name] = told.get("value") or ""
        elif tag in {"textarea", "select"}:
            self._open, self._text = name, ""
            self.forms[-1].setdefault(name, "")
        elif tag == "option" and "selected" in told and self._open:
            self.forms[-1][self._open] = told.get("value") or ""

    def handle_data(self, data: str) -> None:
        self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.forms[-1][self._open] = self._text.removeprefix("\n")
        if tag in {"textarea", "select"}:
            self._open = ""
        if tag == "form":
            self.forms.append({})


def fields_of(page: str, holding: str) -> dict[str, str]:
    """Fields of the form that has this field; "": of the whole page."""
    reader = _Fields()
    reader.feed(page)
    if not holding:
        return {name: value for form in reader.forms for name, value in form.items()}
    return next((form for form in reader.forms if holding in form), {})


def run_editors_bench(*, editors: int, seconds: float, pause: float) -> dict[str, Any]:
    """
    Let so many people write for so long, with a pause before each act of theirs.

    :raises CannotMeasure: the scratch site does not start
    """
    from novator.bench.scratch import scratch_site

    with _behind_a_proxy(), scratch_site(practices=300) as (base_url, folder):
        people = [
            Editor(base_url, one["email"], one["draft"], pause) for one in _made_people(editors)
        ]
        load = os.getloadavg()[0]
        for person in people:
            person.sign_in()
        for step in STEPS:  # what only the first visitor of a page waits for
            people[0].ask("first", f"/ru/my/drafts/{people[0].draft}/{step}/")
        signing = [reply for person in people for reply in person.taken_replies()]
        began, processor_time = time.monotonic(), _processor_seconds(base_url, folder)
        _all_write(people, seconds=seconds, pause=pause)
        elapsed = time.monotonic() - began
        processor_time = _processor_seconds(base_url, folder) - processor_time
        written = [reply for person in people for reply in person.taken_replies()]
        lost = [f"{person.email}: {step}" for person in people for step in person.lost()]
    return {
        "editors": editors,
        "pause, s": pause,
        "processors": os.cpu_count(),
        "load of the machine before": round(load, 2),
        "load of the machine at the end": round(os.getloadavg()[0], 2),
        "requests a second": round(len(written) / elapsed, 1),
        "processor time of the site, ms a request": round(1000 * processor_time / len(written), 1),
        "processors that the site used": round(processor_time / elapsed, 2),
        "signing in": _times([reply for reply in signing if reply.kind == "sign in"]),
        **_told(written),
        "texts lost": lost,
    }


def _processor_seconds(base_url: str, folder: Path) -> float:
    """Processor time that web server, jobs and database of the site have used so far."""
    used = 0.0
    for process in processes_of_site(base_url, folder):
        with suppress(psutil.Error):
            times = process.cpu_times()
            used += times.user + times.system
    return used


@contextmanager
def _behind_a_proxy() -> Iterator[None]:
    """Let each editor have an address of her own, as in life: attempts to sign in are counted."""
    before = os.environ.get("NOVATOR_PROXIES")
    os.environ["NOVATOR_PROXIES"] = "1"
    try:
        yield
    finally:
        os.environ.pop("NOVATOR_PROXIES")
        if before is not None:
            os.environ["NOVATOR_PROXIES"] = before


def _made_people(count: int) -> list[dict[str, str]]:
    command = [sys.executable, "-m", "novator.bench.editors", str(count)]
    said = subprocess.run(command, check=True, capture_output=True, text=True)
    return [json.loads(line) for line in said.stdout.splitlines() if line.startswith("{")]


def _all_write(people: Sequence[Editor], *, seconds: float, pause: float) -> None:
    until = time.monotonic() + seconds
    threads = [
        threading.Thread(target=person.write, args=(until, pause * place / len(people)))
        for place, person in enumerate(people)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _told(replies: Sequence[Reply]) -> dict[str, Any]:
    kinds = sorted({reply.kind for reply in replies})
    errors = [f"{r.kind}: {r.status} {r.text[:200]}" for r in replies if r.status not in PROPER]
    whole = _times(replies)
    return {
        **{kind: _times([r for r in replies if r.kind == kind]) for kind in kinds},
        "all": whole,
        "budget, ms": BUDGET_MS,
        "is kept": not errors and whole["p95_ms"] <= BUDGET_MS,
        "errors": len(errors),
        "first errors": errors[:_MOST_ERRORS],
    }


def _times(replies: Sequence[Reply]) -> dict[str, Any]:
    milliseconds = [reply.seconds * 1000 for reply in replies] or [0.0]
    half, most, worst = np.quantile(milliseconds, [0.5, 0.95, 1.0], method="higher").round(1)
    return {
        "count": len(replies),
        "p50_ms": float(half),
        "p95_ms": float(most),
        "worst_ms": float(worst),
    }


def make_people(count: int) -> list[dict[str, str]]:
    """Make so many editors in a few cities, each with a draft of her own."""
    from allauth.account.models import EmailAddress
    from django.contrib.auth.hashers import make_password
    from django.utils import timezone

    from novator.accounts.models import Role, User
    from novator.cities.models import Municipality
    from novator.drafts.writing import begin_draft

    cities = list(Municipality.objects.filter(country="RU").order_by("pk")[:CITIES])
    secret = make_password(PASSWORD)
    made = []
    for number in range(count):
        email = f"editor-{number}@bench.example"
        user = User.objects.create(email=email, name=f"Редактор {number}", password=secret)
        EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
        city = cities[number % len(cities)]
        today = timezone.localdate()
        Role.objects.create(user=user, municipality=city, kind="editor", starts_on=today)
        draft = begin_draft(municipality=city, by=user)
        made.append({"email": email, "draft": str(draft.public_id)})
    return made


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "novator.site.settings")
    django.setup()
    for person in make_people(int(sys.argv[1])):
        print(json.dumps(person))
