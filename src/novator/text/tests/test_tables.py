"""Tables: strings, 8-bit vectors and postings survive being arrays."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from novator.text import tables as tables_module
from novator.text.counts import counted
from novator.text.rows import RowsInFile
from novator.text.tables import Postings, Texts, Vectors


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=20), max_size=8))
def test_strings_come_back(texts: list[str]) -> None:
    assert list(Texts(Texts.to_arrays("t", texts), "t")) == texts


def test_strings_come_back_from_their_file(tmp_path: Path) -> None:
    arrays = Texts.to_arrays("t", ["яма", "", "a pothole", "😀"])
    np.save(tmp_path / "bytes.npy", arrays["t.bytes"])
    texts = Texts(arrays, "t")
    texts.read_from(tmp_path / "bytes.npy")

    assert list(texts) == texts[:] == ["яма", "", "a pothole", "😀"]
    assert texts[::-2] == ["😀", ""]


def test_a_place_beyond_the_end_is_refused() -> None:
    with pytest.raises(IndexError):
        Texts(Texts.to_arrays("t", ["a"]), "t")[1]


@given(st.integers(min_value=1, max_value=1100), st.integers(min_value=0, max_value=9))
def test_products_are_near_those_of_floats(count: int, seed: int) -> None:
    chance = np.random.default_rng(seed)
    rows = chance.standard_normal((count, 16)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    question = rows[:2]

    found = Vectors(Vectors.to_arrays("v", rows), "v").scores(question)

    assert np.abs(found - question @ rows.T).max() < 0.02


def test_rows_are_read_from_their_file_as_from_memory(tmp_path: Path) -> None:
    rows = np.random.default_rng(2).standard_normal((50, 8)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    arrays = Vectors.to_arrays("v", rows)
    np.save(tmp_path / "rows.npy", arrays["v.rows"])
    mapped, read = Vectors(arrays, "v"), Vectors(arrays, "v")
    read.read_from(tmp_path / "rows.npy")

    assert len(read) == 50
    for places in ([3, 4, 5, 9, 2, 2, 49], [0], []):
        where = np.array(places, dtype=np.int64)
        assert (
            read.scores_at(where, rows[:2]).tolist() == mapped.scores_at(where, rows[:2]).tolist()
        )
    assert read.scores(rows[:2]).tolist() == mapped.scores(rows[:2]).tolist()


@given(
    count=st.integers(0, 30),
    wanted=st.one_of(st.slices(30), st.lists(st.integers(0, 29), max_size=20)),
)
def test_any_choice_of_rows_is_that_of_the_array(
    count: int, wanted: Any, tmp_path_factory: pytest.TempPathFactory
) -> None:
    stored = np.arange(count * 3, dtype=np.int16).reshape(count, 3)
    path = tmp_path_factory.mktemp("rows") / "rows.npy"
    np.save(path, stored)
    if isinstance(wanted, list):
        wanted = np.array([place for place in wanted if place < count], dtype=np.int64)

    rows = RowsInFile.of_array(path)

    assert np.array_equal(rows[wanted], stored[wanted])


def test_rows_of_a_cut_file_are_a_fault(tmp_path: Path) -> None:
    path = tmp_path / "rows.npy"
    np.save(path, np.ones((50, 8), dtype=np.int8))
    rows = RowsInFile.of_array(path)
    with path.open("r+b") as stream:
        stream.truncate(200)

    with pytest.raises(ArithmeticError):
        rows[np.array([40, 41])]


def test_rows_are_mapped_where_a_system_cannot_read_at_a_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = np.arange(400, dtype=np.int8).reshape(50, 8)
    np.save(tmp_path / "rows.npy", stored)
    monkeypatch.delattr(os, "preadv", raising=False)

    rows = RowsInFile.of_array(tmp_path / "rows.npy")

    assert np.array_equal(rows[np.array([40, 3])], stored[[40, 3]])
    assert np.array_equal(rows[7:9], stored[7:9])


def test_some_rows_have_the_scores_they_have_among_all() -> None:
    rows = np.eye(6, dtype=np.float32)
    table = Vectors(Vectors.to_arrays("v", rows), "v")
    places = np.array([4, 1])

    assert np.allclose(table.scores_at(places, rows), table.scores(rows)[:, places], atol=1e-6)


def test_rare_words_count_more_and_weights_scale() -> None:
    tokens = [["a", "b"], ["a", "c"], ["a"], []]
    table = Postings(Postings.to_arrays("p", counted(tokens)), "p", 4)

    common, rare = table.scores({"a": 1.0})[0], table.scores({"b": 1.0})[0]

    assert 0 < common < rare
    assert np.allclose(table.scores({"b": 0.5}), table.scores({"b": 1.0}) / 2)
    assert not table.scores({"unknown": 1.0}).any()


def test_which_texts_hold_a_word() -> None:
    tokens = [["a", "b"], ["c"], ["a"], []]
    table = Postings(Postings.to_arrays("p", counted(tokens)), "p", 4)

    assert table.held_in("a", np.array([3, 2, 0, 1])).tolist() == [False, True, True, False]
    assert table.holds("c", 1)
    assert not table.holds("c", 3)
    assert not table.holds("unknown", 0)


def test_long_lists_are_added_up_as_short_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    tokens = [["a", "b", "a"], ["a", "c"], ["b"], []]
    table = Postings(Postings.to_arrays("p", counted(tokens)), "p", 4)
    short = table.scores({"a": 1.0, "b": 0.5, "c": 2.0})

    monkeypatch.setattr(tables_module, "MANY_POSTINGS", 0)
    monkeypatch.setattr(tables_module, "AT_ONCE", 2)

    assert table.scores({"a": 1.0, "b": 0.5, "c": 2.0}).tolist() == short.tolist()


def test_no_words_at_all_is_no_fault() -> None:
    table = Postings(Postings.to_arrays("p", counted([[], []])), "p", 2)

    assert table.scores({"a": 1.0}).tolist() == [0.0, 0.0]
