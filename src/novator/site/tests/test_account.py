"""As root the server is another user; an ordinary user does not notice that root was there."""

import os
import pwd
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from novator.site import cluster as clusters
from novator.site import programs
from novator.site.account import SYSTEM_USER, Account, server_account
from novator.site.postgres import DatabaseUnavailable, running_database
from novator.site.testing import temporary_data_dir

needs_root = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can become another user"
)
pytestmark = pytest.mark.slow

ORDINARY_USER = "nobody"


@pytest.fixture
def data_dir() -> Iterator[Path]:
    with temporary_data_dir() as folder:
        yield folder


def as_ordinary_user(act: Callable[[], object]) -> None:
    """Run a function in a forked process that has given up root's rights."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            entry = pwd.getpwnam(ORDINARY_USER)
            os.setgroups([])
            os.setgid(entry.pw_gid)
            os.setuid(entry.pw_uid)
            act()
            code = 0
        except BaseException:
            traceback.print_exc()
        os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def count_rows(data_dir: Path) -> None:
    with running_database(data_dir) as url, psycopg.connect(url) as connection:
        assert connection.execute("SELECT count(*) FROM pg_database").fetchone() == (4,)


def owner_of_server(data_dir: Path) -> str:
    lines = (data_dir / "postgres" / "postmaster.pid").read_text().splitlines()
    return psutil.Process(int(lines[0])).username()


@needs_root
def test_root_hands_the_server_to_its_own_user(data_dir: Path) -> None:
    with running_database(data_dir):
        assert owner_of_server(data_dir) == SYSTEM_USER

    assert (data_dir / "postgres").stat().st_mode & 0o777 == 0o700


@needs_root
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_ordinary_user_works_after_root(data_dir: Path) -> None:
    with temporary_data_dir() as theirs:
        os.chown(theirs, *pwd.getpwnam(ORDINARY_USER)[2:4])
        count_rows(data_dir)

        as_ordinary_user(lambda: count_rows(theirs))

        count_rows(theirs)
        as_ordinary_user(lambda: count_rows(theirs))


@needs_root
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_ordinary_user_is_told_whose_folder_it_is(data_dir: Path) -> None:
    count_rows(data_dir)

    def refused() -> None:
        with pytest.raises(DatabaseUnavailable, match="No permission for"):
            count_rows(data_dir)

    as_ordinary_user(refused)


@needs_root
def test_a_closed_folder_keeps_its_mode(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clusters, "SHELTER", data_dir / "shelter")
    closed = data_dir / "closed"
    closed.mkdir(mode=0o700)

    with running_database(closed / "var") as url, psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 'Glazov' AS city")
    with running_database(closed / "var") as url, psycopg.connect(url) as connection:
        assert connection.execute("SELECT city FROM kept").fetchone() == ("Glazov",)

    home = Path((closed / "var" / "postgres.location").read_text().strip())
    assert home.parent == data_dir / "shelter"
    assert closed.stat().st_mode & 0o777 == 0o700
    assert not (closed / "var" / "postgres").exists()


@needs_root
def test_a_lost_shelter_is_named(data_dir: Path) -> None:
    (data_dir / "postgres.location").write_text(f"{data_dir}/gone\n")

    with pytest.raises(DatabaseUnavailable, match="gone"):
        count_rows(data_dir)


@needs_root
def test_copies_programs_out_of_a_closed_folder(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def open_only_outside(account: Account | None, folder: Path, *, write: bool = False) -> bool:
        return data_dir in folder.parents

    monkeypatch.setattr(clusters, "SHELTER", data_dir / "shelter")
    monkeypatch.setattr(programs, "may_use", open_only_outside)

    count_rows(data_dir / "var")

    copies = [copy.name for copy in (data_dir / "shelter").iterdir()]
    assert len(copies) == 1
    assert copies[0].startswith("postgresql-")


def test_says_when_no_user_can_be_had(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 0)
    monkeypatch.setattr("novator.site.account._account_named", lambda name: None)
    monkeypatch.setattr("novator.site.account._add_system_user", lambda: None)

    with pytest.raises(DatabaseUnavailable, match=SYSTEM_USER):
        server_account(data_dir / "postgres")
