"""What repeats near one place over weeks is found; chance, bursts and single voices are not."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from novator.problems.grouping import Reports, groups_of

TODAY = 1_000


def city(seed: int, *, extra: list[tuple[float, float, int, int]] = ()) -> Reports:  # type: ignore[assignment]
    """900 reports of six kinds at random over 6 × 6 km and a year, and those given besides."""
    chance = np.random.default_rng(seed)
    rows = [
        (*chance.uniform(0, 6_000, 2), TODAY - int(chance.integers(0, 365)), -1) for _ in range(900)
    ]
    kinds = [*chance.integers(0, 6, 900), *([0] * len(extra))]
    table = np.array([*rows, *extra], dtype=np.float64)
    return Reports(
        x=table[:, 0],
        y=table[:, 1],
        day=table[:, 2].astype(np.int64),
        kind=np.array(kinds, dtype=np.int64),
        sender=table[:, 3].astype(np.int64),
        makes_problems=np.ones(len(table), dtype=bool),
    )


def repeated(
    times: int, *, every: int, sender: int | None = None
) -> list[tuple[float, float, int, int]]:
    return [
        (3_000 + 7 * n, 3_000 - 5 * n, TODAY - 1 - n * every, -1 if sender is None else sender)
        for n in range(times)
    ]


def test_finds_what_repeats_at_one_place():
    reports = city(1, extra=repeated(8, every=9))

    groups = groups_of(reports, today=TODAY)

    assert len(groups) == 1
    assert set(range(900, 908)) <= set(groups[0].members)
    assert (groups[0].kind, groups[0].events >= 8, groups[0].chance <= 0.01) == (0, True, True)


@pytest.mark.parametrize(
    "extra",
    [
        repeated(12, every=0),  # one evening
        repeated(12, every=1),  # less than a month
        repeated(4, every=20),  # too few
        repeated(9, every=3, sender=7),  # one person who writes every three days for a month
        [(x, y, day - 200, who) for x, y, day, who in repeated(9, every=9)],  # long over
    ],
    ids=["one evening", "one fortnight", "four", "one voice", "long over"],
)
def test_no_problem(extra):
    assert groups_of(city(1, extra=extra), today=TODAY) == []


def test_chance_alone_gives_hardly_anything():
    found = sum(len(groups_of(city(seed), today=TODAY)) for seed in range(20))

    assert found <= 3  # 20 cities, six kinds each, at a level of 1 % for each kind


def test_busy_ground_is_no_reason_by_itself():
    """Where everything is reported often, a kind with its usual share is no problem of its own."""
    chance = np.random.default_rng(5)
    centre = [
        (*chance.uniform(2_900, 3_100, 2), TODAY - int(chance.integers(0, 365)), -1)
        for _ in range(300)
    ]
    table = np.array(
        [
            *(
                (*chance.uniform(0, 6_000, 2), TODAY - int(d), -1)
                for d in chance.integers(0, 365, 900)
            ),
            *centre,
        ]
    )
    kind = chance.integers(0, 60, len(table))
    reports = Reports(
        table[:, 0],
        table[:, 1],
        table[:, 2].astype(np.int64),
        kind.astype(np.int64),
        np.full(len(table), -1),
        np.ones(len(table), dtype=bool),
    )

    assert len(groups_of(reports, today=TODAY)) <= 2


@given(st.integers(0, 10_000))
@settings(max_examples=15, deadline=None)
def test_a_report_grounds_one_group_at_most(seed):
    extra = [*repeated(8, every=9), *((x + 300, y, d, s) for x, y, d, s in repeated(9, every=10))]

    groups = groups_of(city(seed, extra=list(extra)), today=TODAY)
    members = [one for group in groups for one in group.members]

    assert len(members) == len(set(members))
    assert all(group.events <= len(group.members) for group in groups)


def test_nothing_comes_of_nothing():
    empty = np.array([])
    none = np.array([], dtype=np.int64)

    assert groups_of(Reports(empty, empty, none, none, none, none.astype(bool)), today=1) == []
