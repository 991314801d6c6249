"""A backup is whole or not there; a restore replaces everything or changes nothing."""

import hashlib
import shutil
import tarfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from novator.site.backup import restore_backup, write_backup
from novator.site.backup_files import BackupFailed
from novator.site.lock import FileLock
from novator.site.postgres import running_database
from novator.site.prepared import all_ready
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
    write_backup(url=url, file=tmp_path / "novator.backup", data_dir=data_dir)
    with psycopg.connect(url) as connection:
        connection.execute("UPDATE city SET name = 'Stary Bor'")
        connection.execute("CREATE TABLE later AS SELECT 1")
    all_ready(data_dir).touch()

    restore_backup(url=url, file=tmp_path / "novator.backup", data_dir=data_dir)

    assert cities(url) == ["Глазов"]
    assert not all_ready(data_dir).exists()
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT to_regclass('later')").fetchone() == (None,)
    assert (tmp_path / "novator.backup").stat().st_mode & 0o777 == 0o600


@pytest.fixture
def attached(data_dir: Path) -> Iterator[Path]:
    content = b"%PDF-1.7 %%EOF"
    digest = hashlib.sha256(content).hexdigest()
    path = data_dir / "files" / digest[:2] / digest[2:4] / digest
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    yield path
    shutil.rmtree(data_dir / "files")


def test_brings_attached_files_back(
    url: str, data_dir: Path, attached: Path, tmp_path: Path
) -> None:
    write_backup(url=url, file=tmp_path / "whole", data_dir=data_dir)
    content = attached.read_bytes()
    attached.unlink()

    restore_backup(url=url, file=tmp_path / "whole", data_dir=data_dir)

    assert attached.read_bytes() == content
    assert [path.name for path in attached.parent.iterdir()] == [attached.name]


def test_a_file_that_is_not_what_its_name_says_changes_nothing(
    url: str, data_dir: Path, attached: Path, tmp_path: Path
) -> None:
    attached.write_bytes(b"something else")
    write_backup(url=url, file=tmp_path / "bent", data_dir=data_dir)
    attached.unlink()
    with psycopg.connect(url) as connection:
        connection.execute("UPDATE city SET name = 'Stary Bor'")

    with pytest.raises(BackupFailed, match="bent"):
        restore_backup(url=url, file=tmp_path / "bent", data_dir=data_dir)

    assert cities(url) == ["Stary Bor"]
    assert not attached.exists()


def test_brings_back_a_backup_of_before_there_were_files(
    url: str, data_dir: Path, tmp_path: Path
) -> None:
    write_backup(url=url, file=tmp_path / "whole", data_dir=data_dir)
    with tarfile.open(tmp_path / "whole") as archive:
        database = archive.extractfile("database")
        assert database is not None
        (tmp_path / "older").write_bytes(database.read())
    with psycopg.connect(url) as connection:
        connection.execute("DELETE FROM city")

    restore_backup(url=url, file=tmp_path / "older", data_dir=data_dir)

    assert cities(url) == ["Глазов"]


@pytest.mark.parametrize("share", [0.3, 0.9, 1.0])
def test_a_torn_file_changes_nothing(
    url: str, data_dir: Path, attached: Path, tmp_path: Path, share: float
) -> None:
    write_backup(url=url, file=tmp_path / "whole", data_dir=data_dir)
    torn = tmp_path / "torn"
    whole = (tmp_path / "whole").read_bytes()
    torn.write_bytes(whole[: round(share * whole.rindex(b"end\0"))])

    with pytest.raises(BackupFailed):
        restore_backup(url=url, file=torn, data_dir=data_dir)

    assert cities(url) == ["Глазов"]


def test_never_overwrites_a_file(url: str, data_dir: Path, tmp_path: Path) -> None:
    (tmp_path / "old").write_text("precious")

    with pytest.raises(BackupFailed, match="exists already"):
        write_backup(url=url, file=tmp_path / "old", data_dir=data_dir)

    assert (tmp_path / "old").read_text() == "precious"


def test_leaves_no_half_file(tmp_path: Path) -> None:
    nowhere = "postgresql://clerk:hush@127.0.0.1:1/novator"

    with pytest.raises(BackupFailed) as failed:
        write_backup(url=nowhere, file=tmp_path / "never", data_dir=tmp_path)

    assert "hush" not in str(failed.value)
    assert list(tmp_path.iterdir()) == []


def test_refuses_while_the_site_runs(url: str, data_dir: Path, tmp_path: Path) -> None:
    write_backup(url=url, file=tmp_path / "whole", data_dir=data_dir)

    with (
        FileLock(data_dir / "novator.lock"),
        pytest.raises(BackupFailed, match="Stop Novator"),
    ):
        restore_backup(url=url, file=tmp_path / "whole", data_dir=data_dir)
