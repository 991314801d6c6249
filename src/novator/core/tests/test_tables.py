"""Tables as CSV: no program reckons with a cell, and nothing is lost."""

import csv
import io

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from novator.core.tables import csv_pieces, guarded, unguarded

ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))


@example("''=")
@given(st.one_of(ANY_TEXT, st.text("=+-@\t\r'a1", max_size=5)))
def test_no_text_begins_like_a_formula_and_every_text_comes_back(text: str) -> None:
    cell = guarded(text)

    assert cell[:1] not in set("=+-@\t\r") - {""}
    assert unguarded(cell) == text


@pytest.mark.parametrize("number", [-1, 0.5, None])
def test_what_is_no_text_stays(number: float | None) -> None:
    assert guarded(number) is number


@given(st.lists(st.lists(ANY_TEXT, min_size=1, max_size=4), max_size=20))
def test_a_reader_of_csv_finds_the_same_cells(rows: list[list[str]]) -> None:
    written = b"".join(csv_pieces(rows)).decode("utf-8-sig")

    read = list(csv.reader(io.StringIO(written, newline="")))

    assert [[unguarded(cell) for cell in row] for row in read] == rows


def test_a_long_table_comes_in_pieces_with_one_mark_at_its_beginning() -> None:
    pieces = list(csv_pieces(["x" * 1000] for _line in range(200)))

    assert len(pieces) > 2
    assert max(map(len, pieces)) < 1 << 17
    assert b"".join(pieces).count("\ufeff".encode()) == 1
