"""Two installations as users run them exchange cards both ways; a reading is killed in between."""

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
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from novator.interchange.testing import card
from novator.site.testing import used_data_dir
from novator.site.tests.test_supervisor import free_port

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name == "nt", reason="there is no SIGKILL"),
]
LONG = 90.0


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


def environment() -> dict[str, str]:
    own = {"DATABASE_URL", "NOVATOR_DATA_DIR", "NOVATOR_SECRET_KEY"}
    inherited = {name: value for name, value in os.environ.items() if name not in own}
    return inherited | {"NOVATOR_LANGUAGE": "en"}


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


def test_two_installations_exchange_cards() -> None:
    with two_sites() as (first, second):
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

        many = [card(id=f"card-{number}") for number in range(450)]
        at_once(
            first.file(card(id="first-lamps", title_ru="Изменено у первых"), *many),
            first.code(
                "from novator.practices.models import Practice;"
                "from novator.practices.publishing import withdraw_card;"
                "withdraw_card(practice=Practice.objects.get(slug='first-gone'), because='конец')"
            ),
        )
        killed = second.command("pull", "novator", first.address)
        wait_for(lambda: any(second.has(f"card-{number}") for number in (0, 449)))
        killed.send_signal(signal.SIGKILL)
        with killed:
            killed.communicate(timeout=LONG)
        rest = second.pull(first)

        assert 0 < rest["new"] < 450
        assert second.pull(first) == {}
        assert second.title("first-lamps") == "Изменено у первых"
        assert not second.has("first-gone")
        assert {row["id"] for row in many} <= second.ids()


def at_once(*processes: subprocess.Popen[str]) -> None:
    for process in processes:
        with process:
            said, _nothing = process.communicate(timeout=LONG)
        assert process.returncode == 0, said
