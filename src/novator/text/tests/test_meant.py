"""Words of another language find the words of an index that mean the same."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from novator.text.counts import words_counted
from novator.text.encoders import Encoder, Kind, Matrix, UniversalSentenceEncoder
from novator.text.meant import MEANINGS, MeantWords, likeliest_forms, word_encoder
from novator.text.testing import WordEncoder
from novator.text.words import stem

TEXTS = [
    "Река разлилась, и армия строит дамбу у университета.",
    "Фонари во дворе не горят, у школы темно; школа просит лампы.",
    "Собаки у рынка, дороги без асфальта, автобус опаздывает, река грязная.",
]


class Directions:
    """Each word has a direction of its own, as a dictionary would have it."""

    name, dimensions, knows_words = "directions-1", 8, True
    known = ("река", "дорога", "школа", "лампа", "собака", "рынок")
    english = ("river", "road", "school", "lamp", "dog", "market")

    def encode(self, texts: Sequence[str], *, kind: Kind) -> Matrix:
        rows = np.full((len(texts), self.dimensions), 0.01, dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for names in (self.known, self.english):
                if text in names:
                    row[names.index(text)] = 1
        return rows


def meant_words(encoder: Encoder, texts: Sequence[str]) -> MeantWords:
    stems, forms = likeliest_forms(words_counted(texts))
    arrays = MeantWords.to_arrays("meant", stems, encoder.encode(forms, kind="query"))
    return MeantWords(arrays, "meant", encoder)


@pytest.fixture(scope="module")
def by_sentences() -> MeantWords:
    return meant_words(UniversalSentenceEncoder(), TEXTS)


@pytest.mark.parametrize(
    ("english", "russian"),
    [("river", "река"), ("army", "армия"), ("dogs", "собаки"), ("schools", "школа")],
)
def test_the_nearest_stem_is_the_translation(
    by_sentences: MeantWords, english: str, russian: str
) -> None:
    found = by_sentences.meant_by(f"the {english}?")

    assert found[stem(russian)] == 1.0
    assert len(found) == MEANINGS


def test_each_word_of_a_question_brings_its_own_meaning() -> None:
    known = meant_words(Directions(), [" ".join(Directions.known)])

    found = known.meant_by("A lamp on the ROAD to the river")

    assert {meant for meant, surely in found.items() if surely == 1.0} == {
        stem(word) for word in ("лампа", "дорога", "река")
    }


def test_the_form_that_stands_in_most_texts_speaks_for_its_stem() -> None:
    stems, forms = likeliest_forms(words_counted(["школы", "школы и дворы", "школа"]))

    assert dict(zip(stems, forms, strict=True)) == {stem("школы"): "школы", stem("двор"): "дворы"}


def test_russian_short_and_idle_words_ask_for_no_translation() -> None:
    assert meant_words(Directions(), TEXTS).meant_by("река и the of 2015 ab") == {}


def test_too_few_words_translate_nothing() -> None:
    assert meant_words(Directions(), ["река"]).meant_by("river") == {}


def test_only_an_encoder_that_knows_words_is_asked() -> None:
    knowing = Directions()

    assert word_encoder([WordEncoder(), knowing]) is knowing
    assert word_encoder([WordEncoder()]) is None


@given(st.text(max_size=80))
def test_any_text_is_borne(text: str) -> None:
    found = meant_words(Directions(), TEXTS).meant_by(text)

    assert all(0 < surely <= 1 for surely in found.values())
