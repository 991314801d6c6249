"""What the model sees of a text."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from novator.reports.classifying.features import (
    letter_terms,
    readable,
    term_counts,
    term_key,
    weighing_of,
    word_terms,
)


@pytest.mark.parametrize(
    ("given", "seen"),
    [
        ("<p>Яма&nbsp;на дороге<br/>у дома</p>", "Яма на дороге у дома"),
        ("см. https://example.org/a?b и пишите mail@example.org", "см. и пишите"),
        ("[id123|Иван], когда уберут снег", "Иван, когда уберут снег"),
        ("давление < 3, а надо > 5", "давление < 3, а надо > 5"),
        ("\x00 \n\t ", ""),
    ],
)
def test_marks_and_addresses_are_not_read(given, seen):
    assert readable(given) == seen


def test_forms_of_a_word_are_one_and_any_number_is_one():
    assert word_terms("ямы на дорогах") == word_terms("яма и дорога")
    assert letter_terms("дом 15") == letter_terms("дом 8 (912) 345-67-89")


@given(st.text(max_size=300))
def test_rows_are_at_most_of_unit_length_and_repeatable(text):
    known = weighing_of("letters", ["яма на дороге", "яма во дворе"], most=100)

    places, values = known.row(term_counts("letters", readable(text)))

    assert values @ values <= 1 + 1e-9
    assert len(set(places.tolist())) == len(places)


def test_unknown_words_make_a_text_say_less():
    known = weighing_of("words", ["яма дорога", "яма двор"], most=100)

    _, alone = known.row(term_counts("words", "яма"))
    _, among = known.row(term_counts("words", "яма кашалот абракадабра"))

    assert np.linalg.norm(alone) == pytest.approx(1)
    assert 0 < np.linalg.norm(among) < 0.7


def test_the_most_frequent_terms_are_kept():
    known = weighing_of("words", ["яма дорога", "яма двор", "яма дом"], most=1)

    assert list(known.columns) == [term_key(word_terms("яма")[0])]
