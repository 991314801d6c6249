"""`novator up` as a user runs it: killed during its first start, it heals and searches."""

import json
import os
import subprocess
import sys
import urllib.parse
import urllib.request
from collections.abc import Iterator
from http.client import HTTPException
from pathlib import Path

import pytest

from novator.site.testing import temporary_data_dir, used_data_dir
from novator.site.tests.test_supervisor import LONGEST_END, free_port, wait_for

pytestmark = pytest.mark.slow


@pytest.fixture
def data_dir() -> Iterator[Path]:
    with temporary_data_dir() as folder:
        yield folder


def start(data_dir: Path, port: int) -> subprocess.Popen[str]:
    inherited = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    options = ["--data-dir", str(data_dir), "--port", str(port)]
    return subprocess.Popen(
        [sys.executable, "-m", "novator.cli.main", "up", *options],
        env=inherited | {"NOVATOR_LANGUAGE": "en"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def read_until(process: subprocess.Popen[str], beginning: str) -> None:
    assert process.stdout is not None
    heard = []
    for said in process.stdout:
        heard.append(said)
        if said.strip().startswith(beginning):
            return
        if said.startswith("Novator: http"):
            process.terminate()
    raise AssertionError("".join(heard))


def found(port: int, question: str) -> list[object]:
    address = f"http://127.0.0.1:{port}/api/v1/search?{urllib.parse.urlencode({'q': question})}"
    with urllib.request.urlopen(address, timeout=60) as answer:
        return list(json.load(answer)["results"])


def test_a_first_start_that_was_killed_twice_ends_with_a_working_search(data_dir: Path) -> None:
    for step in ("Files of the pages", "Starter catalogue"):
        with start(data_dir, free_port()) as process:
            read_until(process, step)
            process.kill()

    port = free_port()
    with start(data_dir, port) as process:
        read_until(process, "Novator: http")
        results = found(port, "ямы на дороге")
        process.terminate()
        code = process.wait(LONGEST_END)

    assert results
    assert code == 0


def test_a_damaged_index_heals_while_the_site_runs() -> None:
    port = free_port()
    with used_data_dir() as folder, start(folder, port) as process:
        read_until(process, "Novator: http")
        assert found(port, "ямы на дороге")
        for file in (folder / "index").glob("*/*.npy"):
            os.truncate(file, 100)

        wait_for(lambda: finds_something(port), 60.0)
        process.terminate()
        process.wait(LONGEST_END)


def finds_something(port: int) -> bool:
    try:
        return bool(found(port, "бродячие собаки"))
    except (OSError, HTTPException):
        return False
