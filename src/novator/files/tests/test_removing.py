"""What nothing points to is removed after a day, and nothing else."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from novator.files import disk, links
from novator.files.models import StoredFile
from novator.files.operations import remove_unlinked_files
from novator.files.testing import PDF, make_file, photo

pytestmark = pytest.mark.django_db
NOW = timezone.now()
YESTERDAY = NOW - timedelta(hours=25)


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path: Path) -> None:
    settings.FILES_DIR = tmp_path / "files"


def aged(file: StoredFile) -> StoredFile:
    StoredFile.objects.filter(pk=file.pk).update(created_at=YESTERDAY)
    for digest in filter(None, [file.digest, file.small_digest]):
        os.utime(disk.path_of(digest), (YESTERDAY.timestamp(), YESTERDAY.timestamp()))
    return file


def test_removes_what_nothing_points_to() -> None:
    picture = aged(make_file(photo(), "a.jpg"))

    assert remove_unlinked_files(now=NOW) == 1

    assert not StoredFile.objects.exists()
    assert not disk.path_of(picture.digest).exists()
    assert not disk.path_of(picture.small_digest).exists()


def test_leaves_what_is_young() -> None:
    kept = make_file()

    assert remove_unlinked_files(now=NOW) == 0

    assert disk.path_of(kept.digest).exists()


def test_leaves_what_a_package_registered(monkeypatch) -> None:
    kept = aged(make_file())
    monkeypatch.setattr(links, "_REGISTERED", [lambda ids: {kept.pk} & set(ids)])

    assert remove_unlinked_files(now=NOW) == 0


def test_leaves_bytes_that_another_row_needs() -> None:
    aged(make_file(name="old.pdf"))
    young = make_file(name="young.pdf")
    os.utime(disk.path_of(young.digest), (YESTERDAY.timestamp(), YESTERDAY.timestamp()))

    assert remove_unlinked_files(now=NOW) == 1

    assert disk.path_of(young.digest).read_bytes() == PDF


def test_removes_bytes_without_a_row_and_half_files(settings) -> None:
    lost = make_file()
    StoredFile.objects.all().delete()
    half = Path(settings.FILES_DIR) / "incoming" / "half"
    half.write_bytes(b"%PDF")
    for path in (half, disk.path_of(lost.digest)):
        os.utime(path, (YESTERDAY.timestamp(), YESTERDAY.timestamp()))

    remove_unlinked_files(now=NOW)

    assert not half.exists()
    assert not disk.path_of(lost.digest).exists()
