"""Places of a contest: by hand, and what must hold for every jury there could be."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from novator.reviews.ranking import Ballot, Ranking, ballot_total, criteria_by_weight, ranking

RULE = ("criteria_by_weight", "first_places", "shared")
WEIGHTS = {"effect": 3, "cost": 2}


def ballot(juror: str, entry: str, effect: int, cost: int) -> Ballot:
    return Ballot(juror, entry, {"effect": effect, "cost": cost})


def places(result: Ranking) -> dict[str, int]:
    return {placed.entry: placed.place for placed in result.placed}


def ranked(ballots: list[Ballot], **more: object) -> Ranking:
    values: dict[str, Any] = {
        "entries": sorted({one.entry for one in ballots}),
        "ballots": ballots,
        "weights": WEIGHTS,
        "tie_rule": RULE,
        "least_scores": 1,
    }
    return ranking(**(values | more))


def test_totals_and_places_reckoned_by_hand():
    result = ranked(
        [
            ballot("J1", "a", 10, 5),  # (30 + 10) / 5 = 8
            ballot("J2", "a", 8, 8),  # 8
            ballot("J1", "b", 6, 9),  # (18 + 18) / 5 = 7.2
            ballot("J2", "b", 9, 9),  # 9
            ballot("J1", "c", 1, 1),
            ballot("J2", "c", 1, 1),
        ]
    )

    assert [(one.entry, one.place, one.total) for one in result.placed] == [
        ("b", 1, Fraction(81, 10)),
        ("a", 2, Fraction(8)),
        ("c", 3, Fraction(1)),
    ]
    assert all(not one.tie for one in result.placed)


def test_equal_totals_are_parted_by_the_heaviest_criterion():
    result = ranked([ballot("J1", "a", 4, 9), ballot("J1", "b", 6, 6)])  # both 6
    first, second = result.placed

    assert (first.entry, second.entry) == ("b", "a")
    assert [(step.kind, step.code, step.value) for step in first.tie] == [
        ("criterion", "effect", Fraction(6))
    ]
    assert second.tie[0].value == 4


def test_then_by_jurors_who_put_it_first():
    ballots = [
        *(ballot("J1", "a", 9, 9), ballot("J2", "a", 5, 5), ballot("J3", "a", 4, 4)),
        *(ballot("J1", "b", 6, 6), ballot("J2", "b", 6, 6), ballot("J3", "b", 6, 6)),
    ]
    result = ranked(ballots)

    assert places(result) == {"b": 1, "a": 2}
    assert [step.kind for step in result.placed[0].tie] == [
        "criterion",
        "criterion",
        "first_places",
    ]
    assert [step.value for step in result.placed[0].tie][-1] == 2


def test_what_is_still_equal_shares_the_place():
    result = ranked([ballot("J1", "a", 5, 5), ballot("J1", "b", 5, 5), ballot("J1", "c", 1, 1)])

    assert places(result) == {"a": 1, "b": 1, "c": 3}
    assert result.placed[0].tie[-1].kind == "shared"
    assert result.placed[0].tie[-1].with_entries == ("b",)


def test_three_equal_totals_parted_into_two_and_one():
    result = ranked([ballot("J1", "a", 4, 9), ballot("J1", "b", 6, 6), ballot("J1", "c", 4, 9)])

    assert places(result) == {"b": 1, "a": 2, "c": 2}


def test_too_few_scores_give_no_place():
    result = ranked(
        [ballot("J1", "a", 9, 9), ballot("J2", "a", 9, 9), ballot("J1", "b", 10, 10)],
        least_scores=2,
    )

    assert places(result) == {"a": 1}
    assert result.too_few == (("b", 1),)


def test_an_entry_nobody_scored_gets_no_place():
    result = ranked([ballot("J1", "a", 9, 9)], entries=["a", "b"])

    assert result.too_few == (("b", 0),)


def test_a_juror_who_gave_no_score_changes_nothing():
    own = [ballot("J1", "a", 9, 9), ballot("J1", "b", 8, 8)]
    result = ranked([*own, ballot("J2", "b", 8, 8)])

    assert {one.entry: one.total for one in result.placed} == {"a": 9, "b": 8}


def test_equal_weights_keep_the_order_of_the_contest():
    assert criteria_by_weight({"x": 1, "y": 5, "z": 1}) == ["y", "x", "z"]


points = st.integers(min_value=0, max_value=10)
entry_names = st.sampled_from("abcde")
juror_names = st.sampled_from(["J1", "J2", "J3", "J4"])


@st.composite
def juries(draw: st.DrawFn) -> list[Ballot]:
    pairs = draw(st.sets(st.tuples(juror_names, entry_names), min_size=1, max_size=20))
    return [ballot(j, e, draw(points), draw(points)) for j, e in sorted(pairs)]


@given(juries(), st.randoms())
@settings(max_examples=150, deadline=None)
def test_the_order_of_ballots_and_entries_changes_nothing(ballots, random):
    shuffled = random.sample(ballots, len(ballots))
    entries = sorted({one.entry for one in ballots})

    assert ranked(shuffled, entries=random.sample(entries, len(entries))) == ranked(ballots)


@given(juries(), st.integers(min_value=1, max_value=50))
@settings(max_examples=100, deadline=None)
def test_larger_weights_in_the_same_proportion_change_nothing(ballots, times):
    scaled = {code: weight * times for code, weight in WEIGHTS.items()}

    assert ranked(ballots, weights=scaled) == ranked(ballots)


@given(juries(), st.integers(min_value=1, max_value=9), st.integers(min_value=-20, max_value=20))
@settings(max_examples=100, deadline=None)
def test_another_scale_of_points_gives_the_same_places(ballots, times, more):
    moved = [
        Ballot(o.juror, o.entry, {c: times * p + more for c, p in o.points.items()})
        for o in ballots
    ]

    assert places(ranked(moved)) == places(ranked(ballots))


@given(juries())
@settings(max_examples=150, deadline=None)
def test_places_are_those_of_sport(ballots):
    result = ranked(ballots)
    given_places = [one.place for one in result.placed]

    assert given_places == sorted(given_places)
    for one in result.placed:
        assert one.place == 1 + sum(other < one.place for other in given_places)
    totals = [one.total for one in result.placed]
    assert totals == sorted(totals, reverse=True)


@given(juries())
@settings(max_examples=150, deadline=None)
def test_a_place_is_shared_only_after_every_comparison(ballots):
    result = ranked(ballots)
    for one in result.placed:
        equals = {o.entry for o in result.placed if o.place == one.place and o.entry != one.entry}
        shared = [step for step in one.tie if step.kind == "shared"]

        assert bool(shared) == bool(equals)
        if shared:
            assert set(shared[0].with_entries) == equals
            assert len(one.tie) == len(WEIGHTS) + 2


@given(juries(), st.data())
@settings(max_examples=150, deadline=None)
def test_better_points_never_worsen_a_place(ballots, data):
    chosen = data.draw(st.integers(min_value=0, max_value=len(ballots) - 1))
    lifted = list(ballots)
    old = lifted[chosen]
    lifted[chosen] = Ballot(old.juror, old.entry, {c: p + 1 for c, p in old.points.items()})

    assert places(ranked(lifted))[old.entry] <= places(ranked(ballots))[old.entry]


@given(st.dictionaries(st.sampled_from("abc"), st.tuples(points, st.integers(1, 9)), min_size=1))
def test_a_total_lies_between_the_least_and_the_most_points(given_points):
    own = {code: pair[0] for code, pair in given_points.items()}
    weights = {code: pair[1] for code, pair in given_points.items()}

    assert min(own.values()) <= ballot_total(own, weights) <= max(own.values())
