"""Names and borrowed words are heard across the two scripts; chance likeness is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from novator.text.romanised import SoundingWords, consonants, sounding, sounds_of
from novator.text.words import stem


@pytest.mark.parametrize(
    ("russian", "english"),
    [
        ("бронкос", "broncos"),
        ("денвер", "denver"),
        ("каролина", "carolina"),
        ("джексон", "jackson"),
        ("филип", "phillip"),
        ("вебер", "weber"),
    ],
)
def test_names_sound_alike_in_both_scripts(russian: str, english: str) -> None:
    assert consonants(sounding(russian)) == consonants(sounding(english))


def test_a_name_in_a_question_is_found_in_whatever_case_it_stands() -> None:
    known = SoundingWords(sounds_of(["бронкоса", "глазове", "дорога"]))

    assert set(known.meant_by("Who beat the Broncos in Glazov?")) == {
        stem("бронкоса"),
        stem("глазове"),
    }


def test_plain_english_words_are_not_heard_as_russian_ones() -> None:
    known = SoundingWords(sounds_of(["вино", "пункция", "спор", "лист"]))

    assert known.meant_by("who won points for super tests in the last list") == {stem("лист"): 0.7}


def test_numbers_stand_for_themselves() -> None:
    assert SoundingWords([]).meant_by("in 2015") == {"2015": 1.0}


@given(st.text(max_size=80))
def test_any_text_is_borne(text: str) -> None:
    found = SoundingWords(sounds_of(["глаз", "дорога"])).meant_by(text)

    assert all(0 < surely <= 1 for surely in found.values())
