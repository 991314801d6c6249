"""Councils' pages: seats do not touch, groups stand together, nothing is told by colour alone."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from math import dist

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from novator.portal.hemicycle import NONE, SeatMark, hemicycle, seat_places


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.mark.parametrize("count", [1, 2, 5, 9, 35, 110])
def test_all_seats_have_places_that_do_not_touch(count: int):
    places, radius = seat_places(count)

    assert len(places) == count
    assert all(angle <= later + 1e-6 for (*_, angle), (*_, later) in pairwise(places))
    spots = [place[:2] for place in places]
    near = [dist(one, other) for i, one in enumerate(spots) for other in spots[i + 1 :]]
    assert min(near, default=1000) > 2 * radius - 0.2
    assert all(0 < x < 480 and 0 < y < 260 for x, y in spots)


def test_seats_of_a_faction_stand_together_with_a_letter_and_a_pattern():
    seats = [SeatMark(key, f"Deputy {key}") for key in ("garden", "field", "garden", NONE)]

    drawing = hemicycle(seats, names={"garden": "Сад", "field": "Поле"})

    assert [(group.letter, group.name, group.count) for group in drawing.groups] == [
        ("A", "Сад", 2),
        ("B", "Поле", 1),
        ("–", "of no faction", 1),
    ]
    assert [seat.tone for seat in drawing.seats] == ["1", "1", "2", "none"]
    assert drawing.summary == "4 seats: Сад 2, Поле 1, of no faction 1."
    assert drawing.groups[0].mark != drawing.groups[1].mark


def test_a_vote_is_told_by_the_form_of_the_mark_and_in_words():
    seats = [
        SeatMark("garden", "Anna", "yes"),
        SeatMark("garden", "Boris", "no"),
        SeatMark("field", "Vera", "abstain"),
        SeatMark("field", "Gleb", "absent"),
    ]

    drawing = hemicycle(seats)
    page = render_to_string("portal/council/parts/hemicycle.html", {"drawing": drawing})

    assert drawing.summary == "4 seats: for 1, against 1, abstained 1, absent 1."
    assert drawing.groups[0].counts == (1, 1, 0, 0)
    assert len({option.mark for option in drawing.options if option.code != "absent"}) == 3
    assert "<title>Boris — garden — against</title>" in page
    assert 'class="seat seat-1 seat-is-no"' in page


def test_a_council_without_deputies_is_no_drawing():
    drawing = hemicycle([])

    assert drawing.total == 0
    assert (
        render_to_string("portal/council/parts/hemicycle.html", {"drawing": drawing}).strip() == ""
    )
