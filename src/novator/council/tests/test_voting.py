"""Rule K3: when a vote carries, and what cannot be true of it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from novator.council.voting import (
    Counts,
    FactionVoices,
    Recorded,
    Rule,
    Voice,
    counts_of,
    faults_of_vote,
    is_quorate,
    result_of,
)

SIMPLE = Rule(1, 2, "established")
OF_PRESENT = Rule(1, 2, "present")
OF_VOTED = Rule(1, 2, "voted")
TWO_THIRDS = Rule(2, 3, "established", is_over=False)
QUORUM = Rule(1, 2, "elected", is_over=False)


@pytest.mark.parametrize(
    ("counts", "rule", "present", "result"),
    [
        (Counts(18, 10, 2), SIMPLE, 30, "carried"),
        (Counts(17, 0, 0, 13), SIMPLE, 30, "lost"),
        (Counts(16, 14, 0), OF_PRESENT, 30, "carried"),
        (Counts(15, 15, 0), OF_PRESENT, 30, "lost"),
        (Counts(15, 15, 0), Rule(1, 2, "present", is_over=False), 30, "carried"),
        (Counts(10, 9, 1, 10), OF_VOTED, 30, "lost"),
        (Counts(10, 9, 0, 11), OF_VOTED, 30, "carried"),
        (Counts(24, 0, 0, 6), TWO_THIRDS, 30, "carried"),
        (Counts(23, 0, 0, 7), TWO_THIRDS, 30, "lost"),
        (Counts(17, 0, 0), OF_PRESENT, 17, "carried"),
        (Counts(16, 0, 0), OF_PRESENT, 16, "no_quorum"),
        (Counts(16, 0, 0, recused=1), OF_PRESENT, 16, "carried"),
        (Counts(0, 0, 0, 30), Rule(0, 1, "voted", is_over=False), 30, "lost"),
    ],
)
def test_results_follow_from_counts_and_the_required_majority(counts, rule, present, result):
    assert (
        result_of(counts, rule, present=present, elected=34, established=35, quorum=QUORUM)
        == result
    )


def test_a_base_that_is_not_recorded_gives_no_result():
    assert result_of(Counts(18, 1, 1), SIMPLE, present=20, elected=34, established=None) is None
    assert is_quorate(QUORUM, present=None, elected=34, established=35) is None


small = st.integers(0, 60)
rules = st.builds(
    lambda top, bottom, base, over: Rule(min(top, bottom), bottom, base, over),
    st.integers(0, 5),
    st.integers(1, 5),
    st.sampled_from(["present", "elected", "established", "voted"]),
    st.booleans(),
)


@given(small, small, small, small, rules)
def test_one_voice_more_in_favour_never_loses(yes, no, abstain, silent, rule):
    """Moved from silence or from the other side, with the same people in the room."""
    room = yes + no + abstain + silent
    numbers = {"present": room, "elected": room, "established": room}

    before = result_of(Counts(yes, no, abstain, silent), rule, **numbers)

    if no:
        assert before == "lost" or (
            result_of(Counts(yes + 1, no - 1, abstain, silent), rule, **numbers) == "carried"
        )
    if silent and rule.base != "voted":
        assert before == "lost" or (
            result_of(Counts(yes + 1, no, abstain, silent - 1), rule, **numbers) == "carried"
        )


@given(small, rules)
def test_the_least_number_is_enough_and_one_less_is_not(of, rule):
    least = rule.least(of)

    assert rule.is_met(least, of)
    assert not rule.is_met(least - 1, of)


@given(st.lists(st.sampled_from(["yes", "no", "abstain", "not_voting", "absent"]), min_size=1))
def test_what_is_counted_from_voices_has_no_fault(options):
    voices = [Voice(voter=at, option=option) for at, option in enumerate(options)]
    counts = counts_of(voices)

    vote = Recorded(
        "by_name",
        counts,
        OF_VOTED,
        present=counts.in_the_room,
        elected=len(options),
        established=len(options),
        voices=voices,
    )

    assert faults_of_vote(vote) == []


@given(st.lists(st.sampled_from(["yes", "no", "abstain"]), min_size=1), st.integers(1, 3))
def test_counts_that_are_not_the_voices_are_refused(options, more):
    voices = [Voice(voter=at, option=option) for at, option in enumerate(options)]
    counts = counts_of(voices)

    wrong = replace(counts, yes=counts.yes + more)

    assert "K3.counts" in rules_broken(Recorded("by_name", wrong, OF_VOTED, voices=voices))


def rules_broken(vote: Recorded) -> set[str]:
    return {fault.rule for fault in faults_of_vote(vote)}


WHOLE = Recorded("counts", Counts(18, 10, 2), SIMPLE, 30, 34, 35, QUORUM)
BY_NAME = Recorded("by_name", None, OF_VOTED, voices=[Voice(1, "yes", "Anna")])


@pytest.mark.parametrize(
    ("vote", "rule"),
    [
        (replace(WHOLE, present=29), "K3.present"),
        (replace(WHOLE, present=31), "K3.present"),
        (replace(WHOLE, elected=29), "K3.seats"),
        (replace(WHOLE, result="lost"), "K3.result"),
        (replace(WHOLE, rule=None), "K3.result"),
        (replace(WHOLE, counts=Counts(10, 0, 0), present=10, result="carried"), "K3.quorum"),
        (replace(WHOLE, counts=Counts(-1, 31, 0)), "K3.counts"),
        (replace(WHOLE, counts=None, result="carried"), "K3.method"),
        (replace(WHOLE, voices=[Voice(1, "yes")]), "K3.method"),
        (replace(WHOLE, method="show_of_hands", voices=[Voice(1, "yes")]), "K3.method"),
        (replace(BY_NAME, voices=[]), "K3.method"),
        (replace(BY_NAME, voices=[Voice(1, "yes"), Voice(1, "no")]), "K3.one_voice"),
        (replace(BY_NAME, voices=[Voice(1, "yes", is_member=False)]), "K3.member"),
        (replace(BY_NAME, voices=[Voice(1, "yes", faction=3, faction_of_day=4)]), "K3.faction"),
        (replace(BY_NAME, voices=[Voice(1, "yes", was_present=False)]), "K3.attendance"),
        (replace(BY_NAME, voices=[Voice(1, "recused")]), "K3.reason"),
        (
            replace(
                WHOLE,
                method="by_faction",
                factions=[
                    FactionVoices("Gardens", Counts(18, 9, 2)),
                ],
            ),
            "K3.counts",
        ),
        (
            replace(
                WHOLE,
                method="by_faction",
                factions=[FactionVoices("Gardens", Counts(18, 10, 2), seats=20)],
            ),
            "K3.counts",
        ),
        (
            replace(
                WHOLE,
                method="by_faction",
                factions=[FactionVoices("Nobody", Counts(18, 10, 2), is_known=False)],
            ),
            "K3.faction",
        ),
    ],
)
def test_what_cannot_be_true_is_named_by_its_rule(vote, rule):
    found = faults_of_vote(vote)

    assert rule in {fault.rule for fault in found}
    assert all(fault.message and fault.mend for fault in found)


def test_a_show_of_hands_needs_no_counts_but_a_stated_result():
    shown = Recorded("show_of_hands", None, None, result="carried")

    assert faults_of_vote(shown) == []
    assert rules_broken(replace(shown, result=None)) == {"K3.result"}
