"""Figures of the category model, and files that are not what they should be."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from novator.bench.reports import CannotRead, labelled_texts, run_reports_bench

TAUGHT = """text,category
Яма на дороге у дома 5,roads
"Разбит асфальт, яма, колея",roads
На дороге глубокая яма,roads
Не горит фонарь во дворе,light
Фонарь мигает и не горит,light
"Темно, фонарь погас",light
"""
ASKED = "text,category\nЯма в асфальте,roads\nФонарь погас,light\n,light\nЛось,animals\n"
KEYS = {"accuracy", "accuracy_surest_70", "macro_f1", "ece", "ms_per_text"}


def _file(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_both_are_told_with_the_same_keys(tmp_path, monkeypatch):
    monkeypatch.setattr("novator.bench.reports.quick_encoders", lambda: ())

    told = run_reports_bench(
        _file(tmp_path, "train.csv", TAUGHT), _file(tmp_path, "test.csv", ASKED)
    )

    assert set(told) >= KEYS
    assert set(told["baseline"]) == KEYS
    assert told["accuracy"] >= 0.5
    assert all(0 <= told[name] <= 1 for name in KEYS - {"ms_per_text"})


def test_a_set_of_one_category_is_always_right(tmp_path, monkeypatch):
    monkeypatch.setattr("novator.bench.reports.quick_encoders", lambda: ())
    path = _file(tmp_path, "one.csv", "text,category\nЯма,roads\nКолея,roads\n")

    told = run_reports_bench(path, path)

    assert told["accuracy"] == told["baseline"]["accuracy"] == 1


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("plain.csv", "text,category\nЯма,roads\n"),
        ("packed.csv.gz", gzip.compress("text,category\nЯма,roads\n".encode(), mtime=0)),
        ("marked.csv", "\ufeffText;Category\r\nЯма;roads\r\n"),
        ("old.csv", "category;text\nroads;Яма\n".encode("cp1251")),
        ("more.csv", "id,text,category,reply\n1,Яма,roads,\n2,Лось,,\n"),
    ],
)
def test_files_as_people_have_them_are_read(tmp_path, name, content):
    rows = labelled_texts(_file(tmp_path, name, content))

    assert [(row.text, row.code) for row in rows] == [("Яма", "roads")]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "no column"),
        ("text,kind\nЯма,roads\n", "no column category"),
        ("text,category\n", "no row"),
        ("text,category\nЯма,\n", "no row"),
        (b"\x1f\x8b\x08broken", "bad.csv"),
    ],
)
def test_a_bad_file_is_told_in_words(tmp_path, content, words):
    with pytest.raises(CannotRead, match=words):
        labelled_texts(_file(tmp_path, "bad.csv", content))


def test_a_missing_file_is_told_in_words(tmp_path):
    with pytest.raises(CannotRead, match="nowhere"):
        labelled_texts(tmp_path / "nowhere.csv")
