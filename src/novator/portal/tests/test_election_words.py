"""How a seat was won, in the language of the reader."""

from __future__ import annotations

import pytest
from django.utils import translation

from novator.portal.council_words import election_in_words


@pytest.mark.parametrize(
    ("language", "stated", "words"),
    [
        ("en", "выборы 2015 года", "election of 2015"),
        ("ru", "выборы 2015 года", "выборы 2015 года"),
        ("en", "округ № 5", "округ № 5"),
        ("en", "", ""),
    ],
)
def test_the_election_of_a_year_is_told_in_english_too(
    language: str, stated: str, words: str
) -> None:
    with translation.override(language):
        assert election_in_words(stated) == words
