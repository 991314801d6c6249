"""One supervisor runs the site, ends it in order, and leaves nothing behind when it is killed."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
import psycopg
import pytest

from novator.site import children, supervisor
from novator.site.children import Child
from novator.site.postgres import running_database
from novator.site.prepare import SCHEMA_LOCK
from novator.site.prepared import DAMAGED, all_ready, fingerprint, tables_ready
from novator.site.strays import is_alive
from novator.site.supervisor import CannotRun, refuse_taken_port
from novator.site.testing import child_that_runs, copied_data_dir, temporary_data_dir

pytestmark = pytest.mark.slow

WEB = "novator.site.tests.bare_web"
LONGEST_START = 180.0
LONGEST_END = 10.0


@dataclass
class RunningSite:
    """A site under test and everything that belongs to it."""

    data_dir: Path
    port: int
    process: subprocess.Popen[str]

    def get(self, page: str) -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/{page}", timeout=10) as answer:
            return str(answer.read().decode())

    def family(self) -> list[psutil.Process]:
        """Return the supervisor, all its descendants and the database server with its own."""
        roots = [psutil.Process(self.process.pid), self.postmaster()]
        return [*roots, *(found for root in roots for found in root.children(recursive=True))]

    def postmaster(self) -> psutil.Process:
        lines = (self.data_dir / "postgres" / "postmaster.pid").read_text().splitlines()
        return psutil.Process(int(lines[0]))

    def part(self, module: str) -> psutil.Process:
        """Return the child that runs one of our modules."""
        return child_that_runs(module, parent=self.process.pid)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def launch(data_dir: Path, port: int, *more: str, **environment: str) -> subprocess.Popen[str]:
    inherited = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return subprocess.Popen(
        [sys.executable, "-m", "novator.site.tests.bare_site", str(data_dir), str(port), *more],
        env=inherited | {"NOVATOR_LANGUAGE": "en"} | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@contextmanager
def running_site(data_dir: Path) -> Iterator[RunningSite]:
    port = free_port()
    with launch(data_dir, port) as process:
        try:
            wait_for_line(process, f"Novator: http://127.0.0.1:{port}/")
            yield RunningSite(data_dir=data_dir, port=port, process=process)
        finally:
            process.terminate()
            process.wait(LONGEST_START)


def wait_for_line(process: subprocess.Popen[str], line: str) -> None:
    assert process.stdout is not None
    heard = []
    for said in process.stdout:
        heard.append(said)
        if said.strip() == line:
            return
    raise AssertionError("".join(heard))


def wait_for(happened: Callable[[], bool], seconds: float) -> None:
    until = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < until
        time.sleep(0.05)


def all_gone(family: list[psutil.Process]) -> bool:
    return not any(is_alive(process) for process in family)


def outcome(process: subprocess.Popen[str]) -> tuple[int, str]:
    said, _nothing = process.communicate(timeout=LONGEST_START)
    return process.returncode, said


@pytest.fixture
def data_dir() -> Iterator[Path]:
    with temporary_data_dir() as folder:
        yield folder


@pytest.fixture(scope="module")
def started_once() -> Iterator[Path]:
    """The folder of a bare site that was prepared; nothing runs in it."""
    with temporary_data_dir() as folder:
        with running_database(folder) as url:
            settings = {"DATABASE_URL": url, "NOVATOR_DATA_DIR": str(folder)}
            settings["DJANGO_SETTINGS_MODULE"] = "novator.site.tests.bare_settings"
            command = [sys.executable, "-m", "novator.site.tests.bare_prepare"]
            subprocess.run(command, env=os.environ | settings, check=True, capture_output=True)
        (folder / "static").mkdir()
        tables_ready(folder).touch()
        all_ready(folder).write_text(fingerprint(), "ascii")
        yield folder


@pytest.fixture
def used_dir(started_once: Path) -> Iterator[Path]:
    """The folder of a site that was started before: the tables are there."""
    with copied_data_dir(started_once) as folder:
        yield folder


def test_runs_and_ends_in_order(data_dir: Path) -> None:
    with running_site(data_dir) as site:
        family = site.family()
        answers: list[str] = []
        asked = threading.Thread(target=lambda: answers.append(site.get("slow")))
        asked.start()
        time.sleep(0.5)

        began = time.monotonic()
        site.process.send_signal(signal.SIGTERM)
        site.process.wait(LONGEST_END)
        asked.join()

        assert time.monotonic() - began < LONGEST_END
        assert answers == ["patience"]
        assert site.process.returncode == 0
        assert all_gone(family)
    assert (data_dir / "secret_key").stat().st_mode & 0o777 == 0o600


def test_the_address_is_the_last_that_a_start_tells(used_dir: Path) -> None:
    port = free_port()
    with launch(used_dir, port) as process:
        assert process.stdout is not None
        heard = []
        for said in process.stdout:
            heard.append(said.strip())
            if heard[-1].startswith("Novator: "):
                break
        time.sleep(1)
        process.terminate()
        rest = process.stdout.read()

    assert any(said.startswith("No mail server is set") for said in heard)
    assert rest.split("\n")[0] == "Novator has stopped."


@pytest.mark.parametrize(("code", "helps"), [(1, True), (DAMAGED, False)])
def test_starting_again_is_advised_only_where_it_helps(code: int, helps: bool) -> None:
    with subprocess.Popen([sys.executable, "-c", f"raise SystemExit({code})"]) as preparation:
        preparation.wait(LONGEST_START)

    assert ("Start again" in str(supervisor._unprepared(preparation))) is helps


def test_second_one_on_the_same_folder_is_refused(used_dir: Path) -> None:
    with running_site(used_dir) as site, launch(used_dir, free_port()) as second:
        code, said = outcome(second)

        assert code == 1
        assert f"http://127.0.0.1:{site.port}/" in said
        assert f"PID {site.process.pid}" in said
        assert site.get("healthz") == "ok"


def test_children_end_when_it_is_killed_and_the_next_start_heals(used_dir: Path) -> None:
    with running_site(used_dir) as site:
        family = site.family()
        with running_database(used_dir) as url, psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 'Zarechny' AS city")
        site.process.kill()
        wait_for(lambda: all_gone(family), LONGEST_START)

    with running_site(used_dir) as healed, running_database(used_dir) as url:
        assert healed.get("healthz") == "ok"
        with psycopg.connect(url) as connection:
            assert connection.execute("SELECT city FROM kept").fetchone() == ("Zarechny",)


def test_next_start_ends_what_was_left_running(used_dir: Path) -> None:
    with running_site(used_dir) as site:
        family = site.family()
        site.part(WEB).suspend()
        site.part("novator.site.watch").kill()
        site.process.kill()

        with running_site(used_dir) as healed:
            assert healed.get("healthz") == "ok"

    assert all_gone(family)


def test_restarts_a_part_that_died(used_dir: Path) -> None:
    with running_site(used_dir) as site:
        web = site.part(WEB)
        for process in [web, *web.children()]:
            process.kill()

        wait_for(lambda: answers(site), LONGEST_START)

        assert site.part(WEB) != web


def test_no_web_server_outlives_the_one_that_started_it(used_dir: Path) -> None:
    with running_site(used_dir) as site:
        web = site.part(WEB)
        family = [web, *web.children(recursive=True)]
        assert len(family) > 1
        web.kill()

        wait_for(lambda: all_gone(family), LONGEST_START)
        wait_for(lambda: answers(site), LONGEST_START)


def test_restarts_a_database_that_died(used_dir: Path) -> None:
    with running_site(used_dir) as site:
        postmaster = site.postmaster()
        postmaster.kill()
        wait_for(lambda: not answers(site), LONGEST_START)

        wait_for(lambda: answers(site), LONGEST_START)

        assert site.postmaster() != postmaster


def test_restarts_a_database_that_died_while_the_site_was_still_being_prepared(
    used_dir: Path,
) -> None:
    with running_database(used_dir) as url, closing(psycopg.connect(url)) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [SCHEMA_LOCK])
        with running_site(used_dir) as site:
            preparation = site.part("novator.site.tests.bare_prepare")
            postmaster = site.postmaster()
            postmaster.kill()

            wait_for(lambda: not is_alive(preparation), LONGEST_START)
            wait_for(lambda: answers(site), LONGEST_START)
            assert site.postmaster() != postmaster


def answers(site: RunningSite) -> bool:
    try:
        return site.get("healthz") == "ok"
    except OSError:
        return False


def test_gives_up_when_a_part_keeps_dying(used_dir: Path) -> None:
    with launch(used_dir, free_port(), "novator.site.tests.dying") as process:
        code, said = outcome(process)

    assert code == 1
    assert "out of candles" in said
    assert str(used_dir / "log" / "worker.log") in said
    assert not (used_dir / "postgres" / "postmaster.pid").exists()


def test_names_a_taken_port_before_anything_is_started(data_dir: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        with launch(data_dir, port) as process:
            code, said = outcome(process)

    assert code == 1
    assert f"Port {port} on 127.0.0.1 is taken" in said
    assert f"PID {os.getpid()}" in said
    assert not (data_dir / "postgres").exists()


def test_says_that_the_own_database_does_not_answer(data_dir: Path) -> None:
    url = "postgresql://clerk:hush@127.0.0.1:1/novator"
    with launch(data_dir, free_port(), DATABASE_URL=url) as process:
        code, said = outcome(process)

    assert code == 1
    assert "127.0.0.1:1/novator" in said
    assert "hush" not in said


def test_uses_the_own_database(data_dir: Path) -> None:
    with temporary_data_dir() as elsewhere, running_database(elsewhere) as url:
        port = free_port()
        with launch(data_dir, port, DATABASE_URL=url) as process:
            wait_for_line(process, f"Novator: http://127.0.0.1:{port}/")
            process.terminate()
            assert process.wait(LONGEST_START) == 0

        assert not (data_dir / "postgres").exists()
        with psycopg.connect(url) as connection:
            row = connection.execute("SELECT to_regclass('procrastinate_jobs')").fetchone()
    assert row == ("procrastinate_jobs",)


@pytest.mark.parametrize("host", ["no.such.host.invalid", "203.0.113.7"])
def test_says_that_there_is_no_such_address(host: str) -> None:
    with pytest.raises(CannotRun, match=host):
        refuse_taken_port(host, 8000)


def test_a_child_that_lives_long_is_forgiven(tmp_path: Path) -> None:
    child = Child(name="part", module="novator.site.tests.dying", log=tmp_path / "part.log")
    child.quick_deaths = children.MOST_QUICK_DEATHS - 1
    child.start()
    assert child.process is not None
    child.process.wait()
    child._started_at -= children.QUICK_SECONDS

    child.tend()

    assert not child.keeps_dying
