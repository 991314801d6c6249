"""Two installations as users run them exchange cards and reports; one is killed in between."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest

from novator.interchange.testing import card
from novator.site.testing import child_that_runs, used_data_dir
from novator.site.tests.test_supervisor import free_port

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name == "nt", reason="there is no SIGKILL"),
]
LONG = 90.0
MANY = 250


@dataclass
class Site:
    """One installation that runs, with its own folder and database."""

    data_dir: Path
    port: int
    process: subprocess.Popen[str]

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def command(self, *words: str) -> subprocess.Popen[str]:
        env = environment() | {"NOVATOR_DATA_DIR": str(self.data_dir)}
        command = [sys.executable, "-m", "novator.cli.main", *words]
        return subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True)

    def run(self, *words: str) -> str:
        with self.command(*words) as process:
            said, _nothing = process.communicate(timeout=LONG)
        assert process.returncode == 0, said
        return said

    def pull(self, other: Site, *options: str) -> dict[str, Any]:
        told = json.loads(self.run("pull", "novator", other.address, "--json", *options))
        return {name: value for name, value in told.items() if value and name != "parts"}

    def code(self, code: str) -> subprocess.Popen[str]:
        """Act in this installation as its own code would."""
        return self.command("manage", "shell", "-v0", "-c", code)

    def told(self, code: str) -> Any:
        """What code of this installation says, as JSON."""
        return json.loads(self.run("manage", "shell", "-v0", "-c", code).splitlines()[-1])

    def web(self) -> list[psutil.Process]:
        """The web server with its processes."""
        part = child_that_runs("novator.site.web", parent=self.process.pid)
        return [part, *part.children(recursive=True)]

    def file(self, *rows: dict[str, Any]) -> subprocess.Popen[str]:
        path = self.data_dir / "rows.jsonl"
        lines = [json.dumps(row, ensure_ascii=False) for row in rows]
        path.write_text("\n".join(lines), encoding="utf-8")
        return self.command("import", "practices", str(path))

    def get(self, path: str) -> Any:
        with urllib.request.urlopen(self.address + path, timeout=30) as answer:
            return json.load(answer)

    def title(self, slug: str) -> str:
        return str(self.get(f"/api/v1/practices/{slug}?lang=ru")["title"])

    def has(self, slug: str) -> bool:
        try:
            self.get(f"/api/v1/practices/{slug}")
        except urllib.error.HTTPError as answer:
            answer.close()
            return False
        return True

    def ids(self) -> set[str]:
        rows: list[dict[str, Any]] = []
        while True:
            part = self.get(f"/api/v1/practices?limit=100&offset={len(rows)}")
            rows += part["results"]
            if not part["next"]:
                return {row["id"] for row in rows}


TAKES = """
import json
from novator.cities.models import Municipality
from novator.reports.keys import make_key
from novator.reports.opening import open_channel
from django.utils import timezone
city = Municipality.objects.get(slug="glazov")
open_channel(municipality=city, on=timezone.now().date())
print(json.dumps(make_key(municipality=city, name="First", may_update=True)[1]))
"""
GIVES = """
import json
from django.utils import timezone
from novator.cities.models import Municipality
from novator.reports.contacts import seal_text
from novator.reports.life import change_state
from novator.reports.models import Channel, Connection, Department
from novator.reports.opening import open_channel
from novator.reports.testing import make_report
city = Municipality.objects.get(slug="glazov")
if not Channel.objects.filter(municipality=city).exists():
    open_channel(municipality=city, on=timezone.now().date())
    body = Department.objects.create(municipality=city, name="Roads", kind="outside")
    Connection.objects.create(
        municipality=city, department=body, name="Second", jurisdiction="glazov",
        base_url=%r, sealed_key=seal_text(%r), speaks_updates=True,
    )
place = {"latitude": city.latitude, "longitude": city.longitude}
now = timezone.now()
report = make_report(Channel.objects.get(municipality=city), now=now, text=%r, **place)
body = Department.objects.get(municipality=city)
change_state(report=report, to="forwarded", now=now, text="Передано.", department=body)
print(json.dumps(report.number))
"""
ANSWERS = """
from django.utils import timezone
from novator.reports.life import change_state
from novator.reports.models import Report
change_state(report=Report.objects.get(), to="answered", now=timezone.now(), text="Засыпано.")
print("true")
"""
WAITS = """
from time import monotonic, sleep
from novator.reports.models import Forwarding
def until(state):
    end = monotonic() + 60
    while Forwarding.objects.latest("pk").state != state:
        assert monotonic() < end, state
        sleep(0.05)
"""
ASKS = """
from procrastinate.contrib.django import app
until("unknown")
app.configure_task("novator.reports.ask_other_systems", queue="outside").defer(timestamp=0)
until("sent")
print("true")
"""


def environment() -> dict[str, str]:
    own = {"DATABASE_URL", "NOVATOR_DATA_DIR", "NOVATOR_SECRET_KEY"}
    inherited = {name: value for name, value in os.environ.items() if name not in own}
    return inherited | {"NOVATOR_LANGUAGE": "en", "NOVATOR_OPEN311_PRIVATE_HOSTS": "127.0.0.1"}


@pytest.fixture(scope="module")
def sites() -> Iterator[tuple[Site, Site]]:
    """Two sites for all tests of the module: to start them takes longer than what they do."""
    with two_sites() as both:
        yield both


@contextmanager
def two_sites() -> Iterator[tuple[Site, Site]]:
    with ExitStack() as stack:
        sites = []
        for _name in ("first", "second"):
            folder = stack.enter_context(used_data_dir())
            port = free_port()
            command = [sys.executable, "-m", "novator.cli.main", "up", "--port", str(port)]
            process = subprocess.Popen(
                [*command, "--data-dir", str(folder)],
                env=environment(),
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
            stack.callback(end, process)
            sites.append(Site(folder, port, process))
        for site in sites:
            until_ready(site)
        yield sites[0], sites[1]


def end(process: subprocess.Popen[str]) -> None:
    process.terminate()
    process.wait(LONG)
    if process.stdout:
        process.stdout.close()


def until_ready(site: Site) -> None:
    heard = []
    assert site.process.stdout is not None
    for said in site.process.stdout:
        heard.append(said)
        if said.startswith("Novator: http"):
            return
    raise AssertionError("".join(heard))


def wait_for(fact: Callable[[], bool]) -> None:
    until = time.monotonic() + LONG
    while not fact():
        assert time.monotonic() < until
        time.sleep(0.05)


def test_two_installations_exchange_cards(sites: tuple[Site, Site]) -> None:
    first, second = sites
    at_once(
        first.file(
            card(id="first-lamps"),
            card(id="first-gone"),
            card(id="shared-id", title_ru="У первых"),
        ),
        second.file(card(id="second-bins"), card(id="shared-id", title_ru="У вторых")),
        second.code("from novator.interchange.operations import *; pass_on(is_wanted=True)"),
    )

    assert second.pull(first) == {"new": 3}
    assert second.title("shared-id") == "У вторых"
    assert second.title("127-0-0-1-shared-id") == "У первых"
    assert first.pull(second) == {"new": 2, "own": 3}
    assert first.title("127-0-0-1-shared-id") == "У вторых"

    many = [card(id=f"card-{number}") for number in range(MANY)]
    at_once(
        first.file(card(id="first-lamps", title_ru="Изменено у первых"), *many),
        first.code(
            "from novator.practices.models import Practice;"
            "from novator.practices.publishing import withdraw_card;"
            "withdraw_card(practice=Practice.objects.get(slug='first-gone'), because='конец')"
        ),
    )
    killed = second.command("pull", "novator", first.address)
    wait_for(lambda: any(second.has(f"card-{number}") for number in (0, MANY - 1)))
    killed.send_signal(signal.SIGKILL)
    with killed:
        killed.communicate(timeout=LONG)
    rest = second.pull(first)

    assert 0 < rest["new"] < MANY
    assert second.pull(first) == {}
    assert second.title("first-lamps") == "Изменено у первых"
    assert not second.has("first-gone")
    assert {row["id"] for row in many} <= second.ids()


def at_once(*processes: subprocess.Popen[str]) -> None:
    for process in processes:
        with process:
            said, _nothing = process.communicate(timeout=LONG)
        assert process.returncode == 0, said


def test_a_report_given_to_another_installation_comes_back_answered_and_is_there_once(
    sites: tuple[Site, Site],
) -> None:
    first, second = sites
    there = f"{second.address}/open311/v2"
    key = second.told(TAKES)
    before = first.told(GIVES % (there, key, "Яма у школы"))
    wait_for(lambda: len(taken_by(second)) == 1)

    stopped = second.web()
    for process in stopped:
        process.suspend()
    with ThreadPoolExecutor() as pool:
        answering = pool.submit(second.told, ANSWERS)
        first.told(GIVES % (there, key, "Яма у больницы") + WAITS + 'until("sending")\nprint(0)')
        answering.result()
    for process in stopped:
        process.kill()
    wait_for(lambda: len(taken_by(second)) == 1)
    first.told(WAITS + ASKS)

    assert len(taken_by(second)) == 2
    wait_for(lambda: report_at(first, before)["status"] == "closed")
    assert report_at(first, before)["status_notes"] == "Засыпано."


def taken_by(site: Site) -> list[dict[str, Any]]:
    """What came to a site by its interface; nothing while its web server starts anew."""
    try:
        rows: list[dict[str, Any]] = site.get("/open311/v2/requests.json?jurisdiction_id=glazov")
    except OSError:
        return []
    return rows


def report_at(site: Site, number: str) -> dict[str, Any]:
    row: dict[str, Any] = site.get(f"/open311/v2/requests/{number}.json?jurisdiction_id=glazov")[0]
    return row
