"""A preparation that fails says in words what a person can mend."""

import errno
import logging
from pathlib import Path

import pytest
from django.db import OperationalError

from novator.core.package import PackageDamaged
from novator.site import prepare
from novator.site.prepared import DAMAGED

FULL = "could not extend file: No space left on device"


@pytest.mark.parametrize("fault", [OSError(errno.ENOSPC, "full", "a.npy"), OperationalError(FULL)])
@pytest.mark.parametrize("has_room_for_log", [True, False])
def test_a_full_disk_is_named(
    fault: Exception,
    has_room_for_log: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fail() -> None:
        raise fault

    if has_room_for_log:
        (tmp_path / "log").mkdir()
    monkeypatch.setenv("NOVATOR_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("NOVATOR_LANGUAGE", "en")
    monkeypatch.setattr(prepare, "prepare", fail)
    monkeypatch.setattr(logging, "captureWarnings", lambda capture: None)

    code = prepare._main()

    said = capsys.readouterr().err
    assert code == 1
    assert "The disk is full" in said
    assert ("prepare.log" in said) is has_room_for_log


@pytest.mark.parametrize(
    ("language", "expected"), [("en", "Install Novator again"), ("ru", "make install")]
)
def test_a_damaged_file_of_the_installation_is_named(
    language: str,
    expected: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fail() -> None:
        raise PackageDamaged(Path("data/practices.jsonl"), "line 284 cannot be read")

    monkeypatch.setenv("NOVATOR_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("NOVATOR_LANGUAGE", language)
    monkeypatch.setattr(prepare, "prepare", fail)
    monkeypatch.setattr(logging, "captureWarnings", lambda capture: None)

    code = prepare._main()

    said = capsys.readouterr().err
    assert code == DAMAGED
    assert "data/practices.jsonl" in said
    assert "line 284" in said
    assert expected in said
