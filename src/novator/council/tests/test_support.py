"""Indices of unity, effective numbers and breadth against published figures and properties."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from novator.council.support import (
    Breadth,
    Group,
    Tally,
    agreement,
    breadth,
    golosov,
    laakso_taagepera,
    rice,
    voting_together,
)

# Golosov 2010, table of eight constellations: shares, Laakso-Taagepera, Golosov.
CONSTELLATIONS = [
    ([0.75, 0.25], 1.60, 1.33),
    ([0.75, 0.10, *[0.01] * 15], 1.74, 1.42),
    ([0.55, 0.45], 1.98, 1.82),
    ([0.55, *[0.10] * 3, *[0.01] * 15], 2.99, 2.24),
    ([0.35, 0.35, 0.30], 2.99, 2.90),
    ([0.35, *[0.10] * 5, *[0.01] * 15], 5.75, 4.49),
    ([*[0.15] * 6, 0.10], 6.90, 6.89),
    ([0.15, *[0.10] * 7, *[0.01] * 15], 10.64, 11.85),
]

counts = st.integers(0, 40)
tallies = st.builds(Tally, yes=counts, no=counts, abstain=counts)


@st.composite
def councils(draw):
    groups = []
    for key in range(draw(st.integers(1, 7))):
        tally = draw(st.builds(Tally, yes=st.integers(0, 9), no=st.integers(0, 9)))
        absent = draw(st.integers(0, 5))
        groups.append(Group(str(key), tally.all + absent, tally, draw(st.booleans())))
    return groups


def known(value: float | None) -> float:
    assert value is not None
    return value


def broad(groups: list[Group]) -> Breadth:
    found = breadth(groups)
    assert found is not None
    return found


@pytest.mark.parametrize(("shares", "by_laakso", "by_golosov"), CONSTELLATIONS)
def test_effective_numbers_are_the_published_ones(shares, by_laakso, by_golosov):
    assert round(known(laakso_taagepera(shares)), 2) == by_laakso
    assert round(known(golosov(shares)), 2) == by_golosov


def test_agreement_does_not_reduce_to_rice():
    split = Tally(yes=5, no=5)

    assert (rice(split), agreement(split)) == (0, 0.25)


def test_nothing_is_said_of_who_did_not_vote():
    assert rice(Tally()) is None
    assert rice(Tally(abstain=3)) is None
    assert agreement(Tally()) is None
    assert laakso_taagepera([]) is None
    assert golosov([0]) is None


@given(tallies.filter(lambda tally: tally.all))
def test_unity_lies_between_nought_and_one(tally):
    assert 0 <= known(agreement(tally)) <= 1
    assert rice(tally) is None or 0 <= known(rice(tally)) <= 1


@given(st.lists(st.integers(1, 50), min_size=1, max_size=12))
def test_effective_numbers_lie_between_one_and_the_number_of_groups(sizes):
    assert 1 - 1e-9 <= known(laakso_taagepera(sizes)) <= len(sizes) + 1e-9
    assert 1 - 1e-9 <= known(golosov(sizes)) <= len(sizes) + 1e-9


@given(st.lists(st.integers(1, 30), min_size=1, max_size=8))
def test_a_unanimous_vote_is_as_broad_as_can_be(sizes):
    groups = [Group(str(key), seats, Tally(yes=seats)) for key, seats in enumerate(sizes)]

    found = broad(groups)

    assert (found.factions, found.seats) == (1, 1)
    assert found.likeness == pytest.approx(1)
    assert found.variety == pytest.approx(1)


def test_the_biggest_of_three_factions_alone():
    groups = [
        Group("first", 20, Tally(yes=20)),
        Group("second", 10, Tally(no=10)),
        Group("third", 5, Tally(no=5)),
    ]

    found = broad(groups)

    assert found.factions == pytest.approx(1 / 3)
    assert found.seats == pytest.approx(20 / 35)
    assert found.likeness == pytest.approx(20 / 35)
    assert found.variety == pytest.approx((400 + 100 + 25) / 35**2)
    assert found.in_favour == ("first",)


def test_a_faction_that_stayed_away_was_not_in_favour():
    groups = [Group("here", 10, Tally(yes=10)), Group("away", 10, Tally(yes=2))]

    assert broad(groups).factions == 0.5


def test_a_deputy_of_no_faction_is_no_faction():
    groups = [Group("first", 10, Tally(yes=10)), Group("alone", 1, Tally(yes=1), is_faction=False)]

    assert (broad(groups).factions, broad(groups).seats) == (1, 1)


@given(councils())
def test_shares_of_support_are_shares(groups):
    found = breadth(groups)

    if found is None:
        assert not sum(group.tally.yes for group in groups)
    else:
        assert 0 <= found.seats <= 1
        assert -1e-9 <= found.likeness <= 1 + 1e-9
        assert found.variety > 0


def test_who_votes_with_whom_counts_common_votes_only():
    votes = [{1: "yes", 2: "yes", 3: "no"}, {1: "yes", 3: "yes"}, {2: "abstain"}]

    found = voting_together(votes)

    assert (found[1, 2].alike, found[1, 2].both) == (1, 1)
    assert (found[1, 3].share, found[2, 3].share) == (0.5, 0)
    assert set(found) == {(1, 2), (1, 3), (2, 3)}
