"""Words: folding, stems, sentences, set phrases."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from novator.text.words import (
    fold,
    ngrams,
    sentences,
    share_of_scripts,
    shortened,
    stems,
    without_formal_phrases,
    words,
)


def test_yo_and_case_do_not_matter() -> None:
    assert fold("ЁЛКА") == fold("елка")


@pytest.mark.parametrize(
    ("one", "other"),
    [("ямы", "яма"), ("дороги", "дорог"), ("шёл", "идти"), ("lamps", "lamp"), ("люди", "человек")],
)
def test_forms_of_a_word_have_one_stem(one: str, other: str) -> None:
    assert stems(one) == stems(other)


def test_words_without_content_have_no_stem() -> None:
    assert stems("и в на the of") == []


def test_set_phrases_of_letters_are_no_content() -> None:
    text = "Прошу рассмотреть возможность ремонта дороги"

    assert without_formal_phrases(text) == "ремонта дороги"


def test_a_text_of_set_phrases_alone_stays() -> None:
    assert without_formal_phrases("доводим до вашего сведения") == "доводим до вашего сведения"


def test_shares_of_scripts() -> None:
    assert share_of_scripts("да no") == (0.5, 0.5)
    assert share_of_scripts("😀 12") == (0.0, 0.0)


@given(st.text(max_size=300))
def test_any_text_can_be_read(text: str) -> None:
    for piece in (words(text), stems(text), ngrams(text), sentences(text)):
        assert all(piece)
    assert isinstance(without_formal_phrases(text), str)


@given(st.text(max_size=200), st.integers(min_value=1, max_value=50))
def test_what_is_shortened_is_the_beginning(text: str, limit: int) -> None:
    short = shortened(text, limit)

    assert len(short) <= limit
    assert text.startswith(short)
