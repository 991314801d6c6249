"""The key that signs cookies is made once, whole, and for its owner's eyes only."""

from __future__ import annotations

from pathlib import Path

from novator.site.secret_key import secret_key


def test_makes_a_key_once(tmp_path: Path):
    first = secret_key(tmp_path / "var")

    assert len(first) >= 50
    assert secret_key(tmp_path / "var") == first
    assert (tmp_path / "var" / "secret_key").stat().st_mode & 0o077 == 0
    assert [path.name for path in (tmp_path / "var").iterdir()] == ["secret_key"]


def test_an_empty_key_left_by_a_kill_is_made_anew(tmp_path: Path):
    (tmp_path / "secret_key").touch()

    assert len(secret_key(tmp_path)) >= 50
