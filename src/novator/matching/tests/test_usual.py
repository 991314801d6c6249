"""What any question holds says nothing of one of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from novator.matching.catalogue import PracticeIndex
from novator.matching.fields import CardText, SearchCard, SearchQuestion
from novator.matching.mixture import Weights
from novator.matching.question import question_from
from novator.matching.ranking import Ranking, rank
from novator.matching.testing import make_index
from novator.matching.usual import LEAST_USUAL, script_of, usual_questions
from novator.text.encoders import Encoder, Kind, Matrix
from novator.text.testing import WordEncoder

ALWAYS_SAID = "подскажите соседи жители почему никто давно обещали"
CARDS = [
    SearchCard("answer", (CardText("ru", "Ремонт моста за одно лето"),)),
    SearchCard("hub", (CardText("ru", f"{ALWAYS_SAID} терпеть"),)),
    SearchCard("other", (CardText("ru", "Бассейн при школе"),)),
]


def encoded(texts: Sequence[str], encoder: Encoder, kind: Kind) -> Matrix:
    """Vectors computed now."""
    return encoder.encode(texts, kind=kind)


def index_with(folder: Path, questions: int) -> PracticeIndex:
    """Three cards, and so many known questions that all begin with the same words."""
    known = [
        SearchQuestion(f"q{number}", "other", (f"{ALWAYS_SAID} предмет{number}",))
        for number in range(questions)
    ]
    encoders = [WordEncoder(dimensions=512)]
    return make_index(folder, CARDS, known, encoders=encoders, vectors_of=encoded)


def ranked(text: str, index: PracticeIndex) -> Ranking:
    """The ranking of all three cards."""
    question = question_from(text, index.vocabulary)
    return rank(question, index, np.ones(index.cards, dtype=np.bool_), weights=Weights())


def test_a_card_near_to_every_question_does_not_come_before_the_answer(tmp_path: Path) -> None:
    asked = f"{ALWAYS_SAID} ремонт моста"
    few = index_with(tmp_path / "few", LEAST_USUAL - 1)
    many = index_with(tmp_path / "many", LEAST_USUAL)

    as_it_stands, set_apart = (ranked(asked, index).close for index in (few, many))

    assert few.slugs[int(as_it_stands.argmax())] == "hub"
    assert many.slugs[int(set_apart.argmax())] == "answer"


def test_nearness_to_the_catalogue_is_that_of_the_whole_question(tmp_path: Path) -> None:
    asked = f"{ALWAYS_SAID} ремонт моста"
    few = ranked(asked, index_with(tmp_path / "few", 0))
    many = ranked(asked, index_with(tmp_path / "many", LEAST_USUAL))

    assert many.near == pytest.approx(few.near, abs=1e-4)


def test_each_script_has_its_own_usual_question() -> None:
    texts = ["яма"] * LEAST_USUAL + ["pothole"] * LEAST_USUAL
    vectors = np.array([[1, 0]] * LEAST_USUAL + [[0, 1]] * LEAST_USUAL, dtype=np.float32)

    rows = usual_questions(texts, vectors)

    assert rows[script_of("дороги и pothole")].tolist() == [1, 0]
    assert rows[script_of("roads, 2026")].tolist() == [0, 1]
    assert not usual_questions(texts[1:], vectors[1:])[0].any()
    assert not usual_questions([], np.zeros((0, 2), dtype=np.float32)).any()
