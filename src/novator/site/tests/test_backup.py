"""A backup is whole or not there; a restore replaces everything or changes nothing."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from novator.site.backup import BackupFailed, restore_backup, write_backup
from novator.site.lock import FileLock
from novator.site.postgres import running_database
from novator.site.testing import temporary_data_dir

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def data_dir() -> Iterator[Path]:
    with temporary_data_dir() as folder:
        yield folder


@pytest.fixture
def url(data_dir: Path) -> Iterator[str]:
    with running_database(data_dir) as address:
        with psycopg.connect(address) as connection:
            connection.execute("DROP SCHEMA public CASCADE")
            connection.execute("CREATE SCHEMA public")
            connection.execute("CREATE TABLE city AS SELECT 'Глазов' AS name")
        yield address


def cities(url: str) -> list[str]:
    with psycopg.connect(url) as connection:
        return [str(row[0]) for row in connection.execute("SELECT name FROM city ORDER BY name")]


def test_brings_back_what_was_there(url: str, data_dir: Path, tmp_path: Path) -> None:
    write_backup(url=url, file=tmp_path / "novator.backup")
    with psycopg.connect(url) as connection:
        connection.execute("UPDATE city SET name = 'Stary Bor'")
        connection.execute("CREATE TABLE later AS SELECT 1")

    restore_backup(url=url, file=tmp_path / "novator.backup", data_dir=data_dir)

    assert cities(url) == ["Глазов"]
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT to_regclass('later')").fetchone() == (None,)
    assert (tmp_path / "novator.backup").stat().st_mode & 0o777 == 0o600


def test_a_torn_file_changes_nothing(url: str, data_dir: Path, tmp_path: Path) -> None:
    write_backup(url=url, file=tmp_path / "whole")
    torn = tmp_path / "torn"
    whole = (tmp_path / "whole").read_bytes()
    torn.write_bytes(whole[: len(whole) // 2])

    with pytest.raises(BackupFailed):
        restore_backup(url=url, file=torn, data_dir=data_dir)

    assert cities(url) == ["Глазов"]


def test_never_overwrites_a_file(url: str, tmp_path: Path) -> None:
    (tmp_path / "old").write_text("precious")

    with pytest.raises(BackupFailed, match="exists already"):
        write_backup(url=url, file=tmp_path / "old")

    assert (tmp_path / "old").read_text() == "precious"


def test_leaves_no_half_file(tmp_path: Path) -> None:
    nowhere = "postgresql://clerk:hush@127.0.0.1:1/novator"

    with pytest.raises(BackupFailed) as failed:
        write_backup(url=nowhere, file=tmp_path / "never")

    assert "hush" not in str(failed.value)
    assert list(tmp_path.iterdir()) == []


def test_refuses_while_the_site_runs(url: str, data_dir: Path, tmp_path: Path) -> None:
    write_backup(url=url, file=tmp_path / "whole")

    with (
        FileLock(data_dir / "novator.lock"),
        pytest.raises(BackupFailed, match="Stop Novator"),
    ):
        restore_backup(url=url, file=tmp_path / "whole", data_dir=data_dir)
