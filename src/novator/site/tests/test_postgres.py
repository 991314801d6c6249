"""The embedded server: shared while used, stopped after, healed after whatever happened."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from novator.site import cluster as clusters
from novator.site.cluster import SUPERUSER
from novator.site.postgres import DatabaseUnavailable, running_database, start_database
from novator.site.programs import Programs
from novator.site.strays import is_alive
from novator.site.testing import temporary_data_dir

pytestmark = pytest.mark.slow

USE_AND_WAIT = """
import sys, time
from pathlib import Path
from novator.site.postgres import start_database
server = start_database(Path(sys.argv[1]))
print(server.url, flush=True)
time.sleep(60)
"""


@pytest.fixture(scope="module")
def made() -> Iterator[Path]:
    """Make one database, which tests that damage it copy."""
    with temporary_data_dir() as folder:
        with running_database(folder) as url, psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 'Zarechny' AS city")
        yield folder


@pytest.fixture
def data_dir(made: Path) -> Iterator[Path]:
    """Give a data folder with a stopped database in it."""
    with temporary_data_dir() as folder:
        home = clusters.open_cluster(folder)
        subprocess.run(["cp", "-a", str(made / "postgres"), str(home.folder)], check=True)
        yield folder


@pytest.fixture
def empty_dir() -> Iterator[Path]:
    with temporary_data_dir() as folder:
        yield folder


def kept_city(url: str) -> str:
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT city FROM kept").fetchone()
    assert row is not None
    return str(row[0])


def postmaster_of(data_dir: Path) -> psutil.Process:
    lines = (data_dir / "postgres" / "postmaster.pid").read_text().splitlines()
    return psutil.Process(int(lines[0]))


def is_stopped(data_dir: Path) -> bool:
    return not (data_dir / "postgres" / "postmaster.pid").exists()


def test_keeps_what_was_written(data_dir: Path) -> None:
    with running_database(data_dir) as url:
        assert kept_city(url) == "Zarechny"

    assert is_stopped(data_dir)


def test_second_start_is_quick(data_dir: Path) -> None:
    times = []
    for _turn in range(3):
        began = time.monotonic()
        with running_database(data_dir):
            times.append(time.monotonic() - began)

    assert min(times) < 1.5


def test_speaks_russian_utf8_and_utc(data_dir: Path) -> None:
    question = """
        SELECT lower('ЁЛКА'), to_tsvector('russian', 'Ямы на дорогах') @@ 'дорог',
               current_setting('timezone'), current_setting('server_encoding')
    """
    with running_database(data_dir) as url, psycopg.connect(url) as connection:
        assert connection.execute(question).fetchone() == ("ёлка", True, "UTC", "UTF8")


def test_last_user_stops_it(data_dir: Path) -> None:
    first, second = start_database(data_dir), start_database(data_dir)

    first.stop()

    assert kept_city(second.url) == "Zarechny"
    second.stop()
    assert is_stopped(data_dir)


def test_adopts_the_server_of_a_killed_user(data_dir: Path) -> None:
    command = [sys.executable, "-c", USE_AND_WAIT, str(data_dir)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as user:
        assert user.stdout is not None
        user.stdout.readline()
        user.kill()
    left_running = postmaster_of(data_dir)

    with running_database(data_dir) as url:
        assert kept_city(url) == "Zarechny"
        assert postmaster_of(data_dir) == left_running

    assert not is_alive(left_running)


def test_ends_when_its_folder_was_removed(data_dir: Path) -> None:
    server = start_database(data_dir)
    postmaster = postmaster_of(data_dir)
    shutil.rmtree(data_dir)

    server.stop()

    assert not is_alive(postmaster)


def test_joins_a_server_that_is_only_starting(data_dir: Path) -> None:
    command = [sys.executable, "-c", USE_AND_WAIT, str(data_dir)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as user:
        wait_for((data_dir / "postgres" / "postmaster.pid").exists)
        user.kill()

    with running_database(data_dir) as url:
        assert kept_city(url) == "Zarechny"


def test_recovers_after_the_server_was_killed(data_dir: Path) -> None:
    server = start_database(data_dir)
    postmaster = postmaster_of(data_dir)
    postmaster.send_signal(signal.SIGKILL)

    with running_database(data_dir) as url:
        assert kept_city(url) == "Zarechny"
        assert postmaster_of(data_dir) != postmaster
        server.stop()


@pytest.mark.parametrize("pid", ["own", "4194303", "nonsense"])
def test_heals_a_stale_pid_file(data_dir: Path, pid: str) -> None:
    number = str(os.getpid()) if pid == "own" else pid
    stale = f"{number}\n{data_dir}/postgres\n1700000000\n5432\n/tmp\n\n  5432001  0\nready\n"
    (data_dir / "postgres" / "postmaster.pid").write_text(stale)

    with running_database(data_dir) as url:
        assert kept_city(url) == "Zarechny"


def test_makes_anew_what_a_killed_creation_left(empty_dir: Path) -> None:
    unfinished = empty_dir / "postgres.unfinished"
    (unfinished / "base").mkdir(parents=True)
    (unfinished / "PG_VERSION").write_text("18\n")

    with running_database(empty_dir) as url, psycopg.connect(url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)

    assert not unfinished.exists()


def test_starts_after_a_creation_was_killed(empty_dir: Path) -> None:
    command = [sys.executable, "-c", USE_AND_WAIT, str(empty_dir)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as user:
        wait_for(lambda: (empty_dir / "postgres.unfinished" / "global").exists())
        user.kill()
    assert not (empty_dir / "postgres").exists()

    with running_database(empty_dir) as url, psycopg.connect(url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_leaves_a_folder_that_is_no_database_alone(empty_dir: Path) -> None:
    (empty_dir / "postgres").mkdir()
    (empty_dir / "postgres" / "letters.txt").write_text("dear city")

    with pytest.raises(DatabaseUnavailable, match="not empty"):
        start_database(empty_dir)

    assert (empty_dir / "postgres" / "letters.txt").read_text() == "dear city"


def test_names_both_versions(data_dir: Path) -> None:
    (data_dir / "postgres" / "PG_VERSION").write_text("14\n")

    with pytest.raises(DatabaseUnavailable, match=r"PostgreSQL 14, this Novator brings 18"):
        start_database(data_dir)


def test_shows_the_log_of_a_damaged_database(data_dir: Path) -> None:
    (data_dir / "postgres" / "global" / "pg_control").unlink()

    with pytest.raises(DatabaseUnavailable) as refused:
        start_database(data_dir)

    assert "pg_control" in str(refused.value)
    assert str(data_dir / "log" / "database.log") in str(refused.value)


def test_says_that_the_disk_is_full(empty_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*arguments: object, **options: object) -> subprocess.CompletedProcess[str]:
        words = 'could not write to file "base/1/1255": No space left on device'
        return subprocess.CompletedProcess([], returncode=1, stdout=words)

    monkeypatch.setattr(Programs, "run", fail)

    with pytest.raises(DatabaseUnavailable, match="disk is full"):
        start_database(empty_dir)

    assert not (empty_dir / "postgres").exists()


def test_a_file_in_place_of_the_data_folder_is_named(empty_dir: Path) -> None:
    (empty_dir / "var").write_text("")

    with pytest.raises(DatabaseUnavailable, match="is a file"):
        start_database(empty_dir / "var")


def test_works_in_a_folder_with_a_long_name(empty_dir: Path) -> None:
    long = empty_dir / ("d" * 60) / ("e" * 60)

    with running_database(long) as url, psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 'Stary Bor' AS city")
    socket_folder = Path((long / "postgres.socket").read_text().strip())
    with running_database(long) as again:
        assert kept_city(again) == "Stary Bor"

    assert url == again
    assert socket_folder.stat().st_mode & 0o777 == 0o700
    shutil.rmtree(socket_folder)


def test_serves_a_port_with_a_password(empty_dir: Path) -> None:
    server = start_database(empty_dir, over_tcp=True)
    password = (empty_dir / "postgres.password").read_text()
    with psycopg.connect(server.url) as connection:
        assert connection.execute("SELECT current_user").fetchone() == (SUPERUSER,)

    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(server.url.replace(password, "guess"))

    server.stop()
    assert (empty_dir / "postgres.password").stat().st_mode & 0o777 == 0o600


def wait_for(happened: object, seconds: float = 10) -> None:
    assert callable(happened)
    until = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < until
        time.sleep(0.01)
