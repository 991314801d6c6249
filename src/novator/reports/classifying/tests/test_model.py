"""A model learns from few and odd rows, is written and opened, and is never quietly wrong."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from novator.reports.classifying.model import Model, ModelDamaged, encoder_names, open_model
from novator.reports.classifying.starting import CategoryText, start_model
from novator.reports.classifying.training import MOST_ROWS, LabelledText, _used, train_model
from novator.text.testing import WordEncoder

CATEGORIES = (
    CategoryText("roads", "Дороги", "Яма, выбоина, разбитый асфальт", ("колея", "асфальт")),
    CategoryText("light", "Освещение", "Не горит фонарь, тёмная улица", ("лампа",)),
    CategoryText("waste", "Мусор", "Не вывозят мусор, контейнер полон", ("бак", "свалка")),
)
PLACES = ("на улице Ленина", "во дворе", "у школы", "возле дома 5", "за магазином", "у парка")
COMPLAINTS = {
    "roads": ("глубокая яма", "разбит асфальт", "провал и колея", "выбоины, бьём машины"),
    "light": ("не горит фонарь", "темно вечером", "лампа мигает", "погасло освещение"),
    "waste": ("мусор не вывозят", "контейнер переполнен", "свалка растёт", "бак опрокинут"),
}
ROWS = [
    LabelledText(f"{words} {place}", code)
    for place in PLACES
    for code, complaints in COMPLAINTS.items()
    for words in complaints
]


@pytest.fixture(scope="module")
def trained() -> Model:
    return train_model(ROWS, CATEGORIES, [WordEncoder()])


def test_what_was_taught_is_known_and_probabilities_sum_to_one(trained):
    proposals = trained.propose("Во дворе третий день темно, не горит ни один фонарь")

    assert proposals[0].code == "light"
    assert [each.probability for each in proposals] == sorted(
        (each.probability for each in proposals), reverse=True
    )
    assert sum(each.probability for each in proposals) == pytest.approx(1)


@settings(max_examples=30, deadline=None)
@given(st.text(max_size=200))
def test_any_text_gets_probabilities(trained, text):
    proposals = trained.propose(text)

    assert {each.code for each in proposals} == {"roads", "light", "waste"}
    assert sum(each.probability for each in proposals) == pytest.approx(1)


def test_a_text_that_says_nothing_makes_nobody_sure(trained):
    assert not trained.is_sure(trained.propose(""))
    assert not trained.is_sure(trained.propose("абырвалг ъъъ"))


def test_it_is_written_and_opened_as_it_was(trained):
    encoder = WordEncoder()

    opened = open_model(trained.to_bytes(), [encoder])

    texts = [row.text for row in ROWS[::7]]
    assert np.allclose(opened.probabilities(texts), trained.probabilities(texts), atol=5e-3)
    assert opened.codes == trained.codes
    assert opened.sure_at == trained.sure_at
    assert opened.facts["rows"] == len(ROWS)
    assert encoder_names(trained.to_bytes()) == (encoder.name,)


def test_it_holds_no_word_that_anybody_wrote(trained):
    opened = open_model(trained.to_bytes(), [WordEncoder()])

    assert all(isinstance(term, int) for block in opened.terms for term in block.weighing.columns)


@pytest.mark.parametrize("damage", ["cut", "changed", "foreign", "empty", "pickle"])
def test_a_damaged_model_is_refused_with_words(trained, damage):
    blob = trained.to_bytes()
    middle = len(blob) // 2
    damaged = {
        "cut": blob[:-100],
        "changed": blob[:middle] + bytes([blob[middle] ^ 1]) + blob[middle + 1 :],
        "foreign": b"PK\x03\x04" + blob,
        "empty": b"",
        "pickle": b"\x80\x04K\x01.",
    }[damage]

    with pytest.raises(ModelDamaged, match="model"):
        open_model(damaged, [WordEncoder()])


def test_a_model_of_an_encoder_that_is_not_here_is_refused(trained):
    with pytest.raises(ModelDamaged, match="words-1"):
        open_model(trained.to_bytes(), [])


@pytest.mark.parametrize("rows", [[], [LabelledText("яма", "roads")], [LabelledText("", "light")]])
def test_without_rows_it_is_the_model_of_the_start(rows):
    model = train_model(rows, CATEGORIES, [WordEncoder()])

    assert model.propose("разбитый асфальт, колея")[0].code == "roads"
    assert not model.is_sure(model.propose("разбитый асфальт, колея"))


def test_the_start_knows_what_the_thesaurus_knows():
    started = start_model(
        (CategoryText("light", "Уличное освещение"), CategoryText("roads", "Дороги")), ()
    )

    assert started.propose("опять не горят фонари")[0].code == "light"


def test_a_few_rows_move_the_start_a_little_and_many_move_it_far():
    meant = [LabelledText(row.text, "waste" if row.code == "roads" else row.code) for row in ROWS]

    def probability(rows: list[LabelledText]) -> float:
        told = train_model(rows, CATEGORIES, [WordEncoder()]).propose("разбит асфальт, яма")
        return next(each.probability for each in told if each.code == "waste")

    none, few, many = probability([]), probability(meant[:3]), probability(meant)
    assert none < few < many
    assert many > 0.6
    assert few - none < 0.5


def test_odd_sets_are_borne():
    twice = [*ROWS, *ROWS]
    one_row_each = [LabelledText("яма", "roads"), LabelledText("фонарь", "light")]
    one_class = [LabelledText(f"яма {n}", "roads") for n in range(5)]
    contradicting = [LabelledText("яма", "roads"), LabelledText("яма", "light")] * 3

    for rows in (twice, one_row_each, one_class, contradicting):
        model = train_model(rows, CATEGORIES, [WordEncoder()])
        assert sum(each.probability for each in model.propose("яма")) == pytest.approx(1)


def test_a_code_that_only_the_rows_know_is_learned():
    rows = [*ROWS, *(LabelledText(f"бродячие собаки {place}", "animals") for place in PLACES)]

    model = train_model(rows, CATEGORIES, ())

    assert model.propose("стая собак у школы")[0].code == "animals"


def test_of_too_many_rows_the_last_count_and_no_category_is_lost():
    rows = [LabelledText("фонарь", "light")] * 3
    rows += [LabelledText(f"яма {number}", "roads") for number in range(MOST_ROWS + 500)]

    used = _used(rows)

    assert len(used) <= MOST_ROWS + 2
    assert used[-1] == rows[-1]
    assert {row.code for row in used} == {"roads", "light"}
