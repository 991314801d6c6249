"""Files of the package that are not as they were packed are named, whatever is wrong with them."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from novator.core.package import PackageDamaged, packaged_table

WHOLE = b"code,name,rate\nRU,\xd0\xa0\xd0\xbe\xd1\x81\xd1\x81\xd0\xb8\xd1\x8f,1.5\nDE,Germany,2\n"


def _read(file: Path) -> dict[str, Decimal]:
    with packaged_table(file) as rows:
        return {row["code"]: Decimal(row["rate"]) for row in rows}


def test_a_whole_table_is_read_by_its_columns(tmp_path: Path) -> None:
    file = tmp_path / "table.csv"
    file.write_bytes(WHOLE)

    assert _read(file) == {"RU": Decimal("1.5"), "DE": Decimal(2)}


@pytest.mark.parametrize(
    "damaged",
    [
        WHOLE[:-3],
        WHOLE.replace(b"code", b"c\x00de"),
        WHOLE.replace(b"\xd0\xa0", b"\xff\xff"),
        WHOLE.replace(b"1.5", b"1.5,more"),
        WHOLE.replace(b"Germany", b'"Germany'),
        WHOLE.replace(b"1.5", b"one"),
        b"\x00" * len(WHOLE),
        b"code,name,rate\n",
        b"",
    ],
)
def test_a_damaged_table_is_named(damaged: bytes, tmp_path: Path) -> None:
    file = tmp_path / "table.csv"
    file.write_bytes(damaged)

    with pytest.raises(PackageDamaged) as fault:
        _read(file)
    assert fault.value.file == file


def test_a_missing_table_is_named(tmp_path: Path) -> None:
    with pytest.raises(PackageDamaged):
        _read(tmp_path / "none.csv")
