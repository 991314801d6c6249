"""Repair: a misspelt word becomes the word of the index that was meant."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from novator.text.repair import Vocabulary, one_edit_away

INDEX = Vocabulary({"освещение": 9, "фонарь": 4, "дороги": 7, "контейнер": 3, "lighting": 2})


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("освещенее", "освещение"),
        ("осещение", "освещение"),
        ("фонраь", "фонарь"),
        ("контенйр", "контейнер"),
        ("lihgting", "lighting"),
    ],
)
def test_a_slip_is_mended(written: str, meant: str) -> None:
    assert INDEX.repair_word(written) == meant


@pytest.mark.parametrize("word", ["кот", "корова", "2024", "и", "освещение", "щщщщщщ"])
def test_known_short_and_hopeless_words_stay(word: str) -> None:
    assert INDEX.repair_word(word) == word


@pytest.mark.parametrize(("latin", "mended"), [(1, "carolyna denvir"), (6, "carolina denver")])
def test_a_few_foreign_names_are_no_measure_of_names(latin: int, mended: str) -> None:
    russian = [f"слово{letter}" for letter in "абвгдежзиклмнопрстуфх"]
    names = ["carolina", "denver", "mary", "sachs", "oslo", "lima"]
    known = names if latin > 1 else names[:2]
    words = Vocabulary(dict.fromkeys([*russian, *known], 1))

    assert words.repair("carolyna denvir") == mended


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("many sacks in southern valleys", "many sacks in southern valleys"),
        ("Drought, then erosion", "Drought, then erosion"),
        ("the agenchy", "the agency"),
    ],
)
def test_english_words_that_no_card_holds_stay(written: str, kept: str) -> None:
    held = ["mary", "packs", "northern", "alleys", "bought", "evasion", "agency"]

    assert Vocabulary(dict.fromkeys(held, 1)).repair(written) == kept


def test_the_rest_of_the_text_stays_as_written() -> None:
    assert INDEX.repair("Где, простите, ОСВЕЩЕНЕЕ?!") == "Где, простите, освещение?!"


@given(st.text(alphabet="абвг", min_size=2, max_size=6))
def test_every_exchange_of_neighbours_is_one_edit(word: str) -> None:
    swapped = word[1] + word[0] + word[2:]

    assert swapped in one_edit_away(word) | {word}


def test_a_text_of_nonsense_costs_no_more_than_a_dozen_words() -> None:
    nonsense = " ".join(f"{word}освещенее" for word in ("ъ" * n for n in range(1, 9)))

    assert INDEX.repair(f"{'освещенее ' * 20}{nonsense}").count("освещение") == 12


@given(st.text(max_size=200))
def test_repair_never_fails(text: str) -> None:
    assert isinstance(INDEX.repair(text), str)
