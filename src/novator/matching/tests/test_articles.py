"""Cards that are one text, and catalogues in one language asked in another."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from novator.matching.fields import CardText, SearchCard, passages
from novator.matching.mixture import Weights, meaning
from novator.matching.question import question_from
from novator.matching.ranking import rank
from novator.matching.testing import make_index, starter_cards
from novator.text.encoders import UniversalSentenceEncoder

ARTICLE = (
    "Город стоит на берегу. Зимой здесь холодно. Жители жаловались на стаи собак у рынка."
    " Потом построили приют. Рынок закрыли."
)


def windows_of(card: SearchCard) -> list[str]:
    return [piece.text for piece in passages(card) if piece.kind == "window"]


def test_a_text_without_parts_is_read_two_sentences_at_a_time() -> None:
    windows = windows_of(SearchCard("article", (CardText("ru", "", "", ARTICLE),)))

    assert len(windows) == 4
    assert windows[1] == "Зимой здесь холодно. Жители жаловались на стаи собак у рынка."


def test_cards_with_parts_and_texts_of_two_sentences_have_no_windows() -> None:
    short = SearchCard("short", (CardText("ru", "", "", "Темно. Поставили фонари."),))

    assert not any(map(windows_of, [short, *starter_cards()]))


def test_the_nearest_window_counts_as_the_text_and_leaves_other_cards_as_they_are() -> None:
    values = np.array([0.1, 0.2, 0.3, 0.0, -1.0, 2.0])
    owners = np.array([0, 1, 2, 0, 1, 1])
    kinds = (np.zeros(6, dtype=np.bool_), np.arange(6) >= 3)
    everybody = np.ones(3, dtype=np.bool_)

    close, _plain = meaning(
        [values], owners, kinds, everybody, shares=[1.0], weights=Weights(windows=1.0)
    )

    spread = np.sqrt(1.5)
    assert close == pytest.approx([(-spread - 1) / 2, (0 + 1) / 2, spread])


def test_english_words_find_a_card_that_has_none(tmp_path: Path) -> None:
    texts = {
        "dogs": "Стаи собак у рынка. Отловили и построили приют.",
        "lamps": "Во дворах темно, фонари не горят. Поставили новые светильники.",
        "library": "В библиотеку никто не ходит. Открыли кружки по вечерам.",
        "roads": "Ямы на дорогах после зимы. Асфальт положили заново.",
    }
    cards = [SearchCard(slug, (CardText("ru", "", "", text),)) for slug, text in texts.items()]
    index = make_index(tmp_path, cards, encoders=[UniversalSentenceEncoder()])
    question = question_from("stray dogs near the market", index.vocabulary)
    only_words = Weights(text=0.0, meant=1.0)

    ranking = rank(question, index, np.ones(4, dtype=np.bool_), weights=only_words)

    assert index.slugs[int(ranking.places[0])] == "dogs"
    assert ranking.total[0] > 1 > ranking.total[1:].max()
