"""Killed at any moment, the site loses no text that it said was saved and sends no letter twice."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest

from novator.bench.editors import STEPS, Editor, fields_of
from novator.mail.testing import Post, post_office
from novator.site.testing import child_that_runs, used_data_dir
from novator.site.tests.test_supervisor import free_port

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name == "nt", reason="there is no SIGKILL"),
]
LONG = 180.0
EDITORS = 3
LETTERS = 40
PREPARE = f"""
import json
from novator.bench.editors import make_people
print(json.dumps(make_people({EDITORS})))
"""
QUEUE = """
from novator.mail.operations import queue_letter
for number in range(%d, %d):
    queue_letter(to=f"clerk-{number}@zarechny.example", kind="role", subject="Роль",
                 body="Вам дали роль.", language="ru", key=f"letter {number}")
print("true")
"""
LOOK = """
import json
from novator.drafts.models import Draft
from novator.mail.models import Letter
print(json.dumps({
    "letters": {letter.key: letter.state for letter in Letter.objects.all()},
    "drafts": {str(draft.public_id): draft.content for draft in Draft.objects.all()},
}))
"""


@dataclass
class Site:
    """A site that runs as its users run it."""

    data_dir: Path
    port: int
    process: subprocess.Popen[str]

    def told(self, code: str) -> Any:
        """What code of the site itself says, as JSON."""
        command = [sys.executable, "-m", "novator.cli.main", "manage", "shell", "-v0", "-c", code]
        env = environment(self.data_dir)
        said = subprocess.run(command, env=env, check=True, stdout=subprocess.PIPE, text=True)
        return json.loads(said.stdout.splitlines()[-1])

    def kill(self, module: str) -> None:
        """Kill a part of the site, and whatever it has started, at once."""
        part = child_that_runs(module, parent=self.process.pid)
        for victim in (part, *part.children(recursive=True)):
            victim.kill()


def environment(data_dir: Path, **more: str) -> dict[str, str]:
    own = {"DATABASE_URL", "NOVATOR_SECRET_KEY"}
    inherited = {name: value for name, value in os.environ.items() if name not in own}
    return inherited | {"NOVATOR_LANGUAGE": "en", "NOVATOR_DATA_DIR": str(data_dir), **more}


@contextmanager
def running_site(mail_port: int) -> Iterator[Site]:
    with used_data_dir() as folder:
        port = free_port()
        settings = {
            "NOVATOR_MAIL_URL": f"smtp://127.0.0.1:{mail_port}",
            "NOVATOR_LETTERS_A_MINUTE": "300",
            "NOVATOR_PROXIES": "1",
        }
        process = subprocess.Popen(
            [sys.executable, "-m", "novator.cli.main", "up", "--port", str(port)],
            env=environment(folder, **settings),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            until_ready(process)
            yield Site(folder, port, process)
        finally:
            process.terminate()
            process.wait(LONG)
            assert process.stdout is not None
            process.stdout.close()


def until_ready(process: subprocess.Popen[str]) -> None:
    heard = []
    assert process.stdout is not None
    for said in process.stdout:
        heard.append(said)
        if said.startswith("Novator: http"):
            return
    raise AssertionError("".join(heard))


class Writer(threading.Thread):
    """An editor who saves again and again, and tries anew when the site does not answer."""

    def __init__(self, site: Site, person: dict[str, str]) -> None:
        super().__init__()
        self.editor = Editor(f"http://127.0.0.1:{site.port}", person["email"], person["draft"], 0)
        self.acknowledged: dict[str, int] = {}
        self.saves = self.refusals = 0
        self.is_over = threading.Event()

    def run(self) -> None:
        number = 0
        while not self.is_over.wait(0.3):
            number += 1
            for step, name in list(STEPS.items())[:3]:
                self.save(step, name, number)
        self.editor.connection.close()

    def save(self, step: str, name: str, number: int) -> None:
        path = f"/ru/my/drafts/{self.editor.draft}/{step}/"
        form = fields_of(self.editor.ask("open", path).text, "revision")
        if name not in form:
            self.refusals += 1
            time.sleep(0.1)
            return
        form |= {name: f"Раз {number}.", "go": "leave"}
        if self.editor.ask("save", path, form).status == 302:
            self.acknowledged[name] = number
            self.saves += 1
        else:
            self.refusals += 1


def wait_for(fact: Callable[[], bool]) -> None:
    until = time.monotonic() + LONG
    while not fact():
        assert time.monotonic() < until
        time.sleep(0.02)


def wait_for_saves(writers: list[Writer], more: int) -> None:
    enough = sum(writer.saves for writer in writers) + more
    wait_for(lambda: sum(writer.saves for writer in writers) >= enough)


def kill_in_between(site: Site, writers: list[Writer], post: Post) -> None:
    """Kill web and worker twice each, while letters go out and people save."""
    for turn in (0, 1):
        taken, half = len(post.taken), LETTERS // 2
        site.told(QUEUE % (turn * half, (turn + 1) * half))
        wait_for(lambda enough=taken + 4: len(post.taken) >= enough)  # type: ignore[misc]
        site.kill("novator.site.worker")
        wait_for_saves(writers, 6)
        site.kill("novator.site.web")
        wait_for_saves(writers, 6)


def test_a_killed_site_loses_no_text_and_sends_no_letter_twice() -> None:
    with post_office() as (post, mail_port), running_site(mail_port) as site:
        writers = [Writer(site, person) for person in site.told(PREPARE)]
        for writer in writers:
            writer.editor.sign_in()
            writer.start()
        try:
            kill_in_between(site, writers, post)
        finally:
            for writer in writers:
                writer.is_over.set()
                writer.join(LONG)
        wait_for(lambda: len(post.taken) >= LETTERS - 2)
        found = site.told(LOOK)

    arrived = Counter(str(message_from_bytes(letter)["To"]) for letter in post.taken)
    assert max(arrived.values()) == 1
    for number in range(LETTERS):
        state = found["letters"][f"letter {number}"]
        is_there = f"clerk-{number}@zarechny.example" in arrived
        assert is_there or state in {"claimed", "unknown", "queued"}
        assert not is_there or state in {"sent", "claimed", "unknown"}
    assert sum(writer.refusals for writer in writers) > 0
    for writer in writers:
        content = found["drafts"][writer.editor.draft]
        assert set(writer.acknowledged) == set(list(STEPS.values())[:3])
        for name, number in writer.acknowledged.items():
            stored = re.search(r"\d+", content[name])
            assert stored is not None
            assert int(stored[0]) >= number
