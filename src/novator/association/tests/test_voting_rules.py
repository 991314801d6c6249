"""The association: what follows from ballots, whatever they are."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from novator.association.voting_rules import (
    Choice,
    FaultyRule,
    Rules,
    checked_weights,
    outcome_of,
    telling_weights,
    weight_of,
)

CHOICES = (Choice("for"), Choice("against"), Choice("abstain", is_abstention=True))
HALF = Fraction(1, 2)
fractions = st.tuples(st.integers(0, 12), st.integers(1, 12)).map(
    lambda pair: Fraction(min(pair), max(pair))
)
ballots_of_any = st.lists(
    st.tuples(st.sampled_from(["for", "against", "abstain"]), st.integers(1, 5)), max_size=30
)
TIERS = {"kind": "population", "tiers": [[0, 1], [100_000, 2], [500_000, 3]]}


def _outcome(ballots, *, entitled=20, rules=None):
    return outcome_of(ballots, choices=CHOICES, rules=rules or Rules(HALF, HALF), entitled=entitled)


@pytest.mark.parametrize(
    ("yes", "no", "abstain", "rules", "verdict"),
    [
        (6, 4, 0, Rules(HALF, HALF), "carried"),
        (5, 5, 0, Rules(HALF, HALF), "tie"),
        (5, 5, 0, Rules(HALF, HALF, is_over=False), "tie"),
        (5, 4, 0, Rules(HALF, HALF), "no_quorum"),
        (2, 1, 7, Rules(HALF, HALF), "carried"),
        (0, 0, 12, Rules(HALF, HALF), "no_majority"),
        (8, 4, 0, Rules(HALF, Fraction(2, 3)), "no_majority"),
        (8, 4, 0, Rules(HALF, Fraction(2, 3), is_over=False), "carried"),
        (9, 4, 0, Rules(HALF, Fraction(2, 3)), "carried"),
        (0, 0, 0, Rules(Fraction(0), Fraction(0)), "no_ballots"),
        (1, 0, 0, Rules(Fraction(0), Fraction(0)), "carried"),
        (20, 0, 0, Rules(Fraction(1), Fraction(1), is_over=False), "carried"),
    ],
)
def test_verdict_follows_from_quorum_and_majority(yes, no, abstain, rules, verdict):
    ballots = [("for", 1)] * yes + [("against", 1)] * no + [("abstain", 1)] * abstain

    assert _outcome(ballots, rules=rules).verdict == verdict


def test_of_several_options_the_most_votes_win_or_a_fraction_is_needed():
    choices = [Choice("a"), Choice("b"), Choice("c")]
    ballots = [("a", 1)] * 4 + [("b", 1)] * 3 + [("c", 1)] * 3

    most = outcome_of(ballots, choices=choices, rules=Rules(HALF, Fraction(0)), entitled=20)
    half = outcome_of(ballots, choices=choices, rules=Rules(HALF, HALF), entitled=20)

    assert (most.verdict, most.winner) == ("carried", "a")
    assert (half.verdict, half.winner, half.leaders) == ("no_majority", None, ("a",))


@given(ballots=ballots_of_any, quorum=fractions, majority=fractions, spare=st.integers(0, 40))
def test_whatever_is_cast_the_sums_are_right_and_the_order_tells_nothing(
    ballots, quorum, majority, spare
):
    rules = Rules(quorum, majority, is_over=False)
    entitled = sum(weight for _code, weight in ballots) + spare

    found = _outcome(ballots, rules=rules, entitled=entitled)

    assert found == _outcome(ballots[::-1], rules=rules, entitled=entitled)
    assert found.cast == sum(tally.weight for tally in found.tallies)
    assert found.ballots == len(ballots)
    assert found.counted <= found.cast <= found.entitled
    assert sum(tally.share or 0 for tally in found.tallies) in {0, 1}
    assert (found.winner is not None) == (found.verdict == "carried")
    if found.winner:
        won = next(tally for tally in found.tallies if tally.code == found.winner)
        assert won.weight >= majority * found.counted
        assert found.cast >= quorum * entitled
        assert all(won.weight > other.weight for other in found.tallies[:2] if other != won)


@given(ballots=ballots_of_any)
def test_one_more_vote_for_the_winner_keeps_it(ballots):
    before = _outcome(ballots, entitled=200, rules=Rules(Fraction(0), HALF))
    if before.winner is None:
        return

    after = _outcome([*ballots, (before.winner, 1)], entitled=200, rules=Rules(Fraction(0), HALF))

    assert after.winner == before.winner


@given(population=st.integers(0, 2_000_000), more=st.integers(0, 2_000_000))
def test_a_bigger_city_never_weighs_less(population, more):
    assert weight_of(TIERS, population) <= weight_of(TIERS, population + more)
    assert weight_of({"kind": "equal"}, None) == 1


@pytest.mark.parametrize(
    "rule",
    [
        {"kind": "by_luck"},
        {"kind": "population"},
        {"kind": "population", "tiers": []},
        {"kind": "population", "tiers": [[5, 1]]},
        {"kind": "population", "tiers": [[0, 1], [0, 2]]},
        {"kind": "population", "tiers": [[0, 0]]},
        {"kind": "population", "tiers": [[0, True]]},
        {"kind": "population", "tiers": [[0, 1.5]]},
        {"kind": "population", "tiers": [[0]]},
    ],
)
def test_refuses_weights_that_are_no_rule(rule):
    with pytest.raises(FaultyRule):
        checked_weights(rule)


def test_refuses_what_no_poll_can_have():
    with pytest.raises(FaultyRule):
        weight_of(TIERS, None)
    with pytest.raises(FaultyRule):
        Rules(Fraction(3, 2), HALF)
    with pytest.raises(FaultyRule):
        Rules(HALF, Fraction(1))
    with pytest.raises(FaultyRule):
        _outcome([("maybe", 1)])
    with pytest.raises(FaultyRule):
        _outcome([("for", 21)])


def test_a_weight_that_few_hold_tells_the_city():
    assert telling_weights([1] * 5 + [2] * 3) == []
    assert telling_weights([1] * 5 + [2] * 2 + [3]) == [3, 2]
    assert telling_weights([1, 1]) == [1]
