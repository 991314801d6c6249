"""Files of cards: what is read, and what each broken file says."""

import csv
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from novator.practices import reading
from novator.practices.reading import BrokenFile, RawRow, read_file
from novator.practices.tests.files import jsonl


def rows_of(path: Path) -> list[RawRow]:
    with translation.override("en"):
        return list(read_file(path))


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def xlsx(path: Path, *rows: list[Any]) -> Path:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    book.save(path)
    return path


def test_reads_lines_with_their_numbers(tmp_path: Path) -> None:
    path = written(tmp_path / "a.jsonl", b'\xef\xbb\xbf{"id": "a"}\n\n{"id": "b"}')

    assert rows_of(path) == [RawRow(1, {"id": "a"}), RawRow(3, {"id": "b"})]


@pytest.mark.parametrize(
    "line",
    [b"{", b"[1]", b'"text"', b"NaN", b'{"a": NaN}', b"[" * 50_000, b"1" * 5000, b'{"a": "\\ud8"}'],
)
def test_a_bad_line_is_a_bad_row(tmp_path: Path, line: bytes) -> None:
    found = rows_of(written(tmp_path / "a.jsonl", b'{"id": "a"}\n' + line))

    assert found[0] == RawRow(1, {"id": "a"})
    assert found[1].line == 2
    assert found[1].fault


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_reads_tables_with_each_delimiter(tmp_path: Path, delimiter: str) -> None:
    path = tmp_path / "a.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows([["id", "title_ru"], ["a", "Да; нет, да"]])

    assert rows_of(path) == [RawRow(2, {"id": "a", "title_ru": "Да; нет, да"})]


def test_takes_away_the_guard_of_formulas(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", "id,a,b,c\nx,'=1+1,''=x,'слово\n".encode())

    assert rows_of(path)[0].values == {"id": "x", "a": "=1+1", "b": "'=x", "c": "'слово"}


def test_reads_a_table_programs_book(tmp_path: Path) -> None:
    path = xlsx(
        tmp_path / "a.xlsx",
        ["id", "population", "source_date", "confidence"],
        ["a", 87000.0, datetime(2020, 2, 3), 0.8],
        [None, None, None, None],
        ["b"],
    )

    assert rows_of(path) == [
        RawRow(2, {"id": "a", "population": 87000, "source_date": "2020-02-03", "confidence": 0.8}),
        RawRow(4, {"id": "b", "population": None, "source_date": None, "confidence": None}),
    ]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.jsonl", b"", "is empty"),
        ("a.jsonl", b"\n\n  \n", "is empty"),
        ("a.csv", b"", "is empty"),
        ("a.csv", b"id,title_ru\n", "is empty"),
        ("a.csv", b"title_ru\nx\n", "must name the columns"),
        ("a.csv", b"id,id\nx,y\n", "must name the columns"),
        ("a.csv", b'id,a\nx,"y\n', "no CSV file"),
        ("a.csv", "id;имя\n1;Глазов\n".encode("cp1251"), "UTF-8"),
        ("a.csv", "id,a\n1,2\n".encode("utf-16"), "UTF-8"),
        ("a.jsonl", b"PK\x03\x04rest", "UTF-8"),
        ("a.xlsx", b"", "no readable XLSX"),
        ("a.xlsx", b"id,title_ru\n", "no readable XLSX"),
        ("a.xlsx", b"PK\x03\x04 broken", "no readable XLSX"),
        ("a.xls", b"old", "ending must be"),
        ("a", b"{}", "ending must be"),
    ],
)
def test_a_broken_file_says_what_it_is(
    tmp_path: Path, name: str, content: bytes, words: str
) -> None:
    with pytest.raises(BrokenFile, match=words):
        rows_of(written(tmp_path / name, content))


def test_a_missing_file_and_a_folder_are_said(tmp_path: Path) -> None:
    (tmp_path / "folder.jsonl").mkdir()

    with pytest.raises(BrokenFile, match="cannot be read"):
        rows_of(tmp_path / "nowhere.jsonl")
    with pytest.raises(BrokenFile, match="is no file"):
        rows_of(tmp_path / "folder.jsonl")


def test_another_package_is_no_book(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as package:
        package.writestr("readme.txt", "no book")

    with pytest.raises(BrokenFile, match="no readable XLSX"):
        rows_of(tmp_path / "a.xlsx")


def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("xl/worksheets/sheet1.xml", b"0" * 30_000_000)

    with pytest.raises(BrokenFile, match="unpacks to far too much"):
        rows_of(tmp_path / "a.xlsx")


def test_a_huge_line_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "LONGEST_LINE", 100)

    with pytest.raises(BrokenFile, match="line above"):
        rows_of(jsonl(tmp_path, {"id": "a" * 200}))


def test_a_huge_file_and_too_many_rows_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = jsonl(tmp_path, {"id": "a"}, {"id": "b"})

    monkeypatch.setattr(reading, "MOST_ROWS", 1)
    with pytest.raises(BrokenFile, match="too many rows"):
        rows_of(path)
    monkeypatch.setattr(reading, "LARGEST_FILE", 5)
    with pytest.raises(BrokenFile, match="larger than"):
        rows_of(path)


def test_more_cells_than_columns_are_a_fault(tmp_path: Path) -> None:
    found = rows_of(written(tmp_path / "a.csv", b"id,a\nx,1,2\ny,1,\n"))

    assert [bool(row.fault) for row in found] == [True, False]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=300), st.sampled_from(["a.jsonl", "a.csv", "a.xlsx"]))
def test_any_bytes_are_read_or_refused(tmp_path: Path, content: bytes, name: str) -> None:
    try:
        found = rows_of(written(tmp_path / name, content))
    except BrokenFile:
        return
    assert all(isinstance(row.values, dict) for row in found)
