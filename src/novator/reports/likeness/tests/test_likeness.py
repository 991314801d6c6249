"""How likely two reports tell of one trouble: place, time, kind, words, photos."""

from dataclasses import replace

import numpy as np
import pytest

from novator.reports.likeness.addresses import read_address
from novator.reports.likeness.features import NAMES, PLACE_TIME_KIND, place_time_kind
from novator.reports.likeness.learning import (
    Choice,
    held_back,
    learned,
    mean_log_likelihood,
    rows_of,
    settled,
)
from novator.reports.likeness.places import cell_of, cells_around, metres_between
from novator.reports.likeness.scoring import Weights, score, shipped_weights
from novator.reports.likeness.sides import (
    Side,
    is_open_beside,
    photo_likeness,
    text_likeness,
)

DAY = 86_400.0
HOLE = Side(
    at=100 * DAY,
    place=(57.0, 53.0),
    address="улица Ленина, 5",
    category="potholes",
    group="roads",
    topic="roads",
    text="Большая яма на дороге, машины объезжают по тротуару",
)


def test_a_point_lies_in_one_of_the_cells_around_it():
    assert cell_of(57.0, 53.0) in cells_around(57.0, 53.0, metres=1)


def test_cells_around_hold_every_point_within_the_distance():
    cells = cells_around(57.0, 53.0, metres=100)

    assert cell_of(57.00089, 53.00163) in cells
    assert cell_of(56.99911, 52.99837) in cells
    assert len(cells) <= 16


def test_a_degree_of_latitude_is_a_hundred_and_eleven_kilometres():
    assert metres_between((57.0, 53.0), (58.0, 53.0)) == pytest.approx(111_195, rel=0.001)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("ул. Ленина, д. 5", "Улица Ленина 5"),
        ("INTERSECTION High St & Oliver St", "Oliver Street and High Street"),
    ],
)
def test_one_address_written_twice_is_one(first, second):
    assert read_address(first) == read_address(second)


def test_an_address_at_a_crossing_names_both_streets():
    streets = read_address("пер. Садовый / ул. Мира").streets

    assert streets == {"садовый", "мира"}


def test_the_earlier_of_two_was_open_when_the_later_came():
    closed = replace(HOLE, closed_at=HOLE.at + DAY)
    later = replace(HOLE, at=HOLE.at + 2 * DAY)

    assert not is_open_beside(later, closed)
    assert not is_open_beside(closed, later)
    assert is_open_beside(replace(later, at=HOLE.at + DAY / 2), closed)


def test_texts_of_one_trouble_are_more_alike_than_texts_of_two():
    same = text_likeness(HOLE.text, "Яма на дороге, объезжаем по тротуару")
    other = text_likeness(HOLE.text, "Не горит фонарь у школы")

    assert same is not None
    assert other is not None
    assert same > 0.5 > 0.1 > other
    assert text_likeness(HOLE.text, "") is None


def test_a_photo_packed_anew_stays_the_same_photo():
    assert photo_likeness([0x0F0F], [0x0F0E]) == 1
    assert photo_likeness([0], [-1]) == 0
    assert photo_likeness([], [1]) is None


def test_shipped_weights_know_every_feature_and_the_probabilities_sum_to_less_than_one():
    weights = shipped_weights()
    same = replace(HOLE, at=HOLE.at - DAY)
    far_in_kind = replace(same, category="lamps", group="light", topic="light", text="Темно")

    scored = score(HOLE, [same, far_in_kind], weights)

    assert set(weights.values) == set(NAMES)
    assert scored[0].probability > 0.5 > scored[1].probability
    assert sum(one.probability for one in scored) < 1


def test_like_words_make_a_likelier_duplicate():
    silent = replace(HOLE, at=HOLE.at - DAY, text="")
    alike = replace(silent, text="Яма на дороге, объезжают по тротуару")
    unlike = replace(silent, text="Прорвало трубу, вода во дворе")

    by_words = [
        score(HOLE, [one], shipped_weights())[0].probability for one in (alike, silent, unlike)
    ]

    assert by_words == sorted(by_words, reverse=True)


def test_learns_that_the_same_street_counts():
    choices = [_choice(number, HOLE) for number in range(60)]
    blank = Weights(dict.fromkeys(NAMES, 0.0), {"text": 0.2, "photo": 0.2}, none=-9.0)

    weights = settled(choices, learned(choices, prior=blank, pull=0.1))
    unseen = held_back(choices, lambda seen: learned(seen, prior=blank, pull=0.1))

    assert weights.values["distance"] < -0.5
    assert weights.values["photo"] == 0
    assert unseen > mean_log_likelihood(choices, blank)


def _choice(number: int, asked: Side) -> Choice:
    """The nearer of two was right in nine of ten."""
    near = replace(asked, place=(57.0, 53.0001))
    far = replace(asked, place=(57.0, 53.0015))
    rows = rows_of([place_time_kind(asked, one) for one in (near, far)], [(None, None)] * 2)
    assert rows.shape == (2, len(PLACE_TIME_KIND) + 2)
    assert np.isnan(rows[:, -1]).all()
    return Choice(rows, 1 if number % 10 == 0 else 0, group=number)
