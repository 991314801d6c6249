"""Reports to problems: what repeats near one place over weeks, by a scan statistic; pure."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree
from scipy.stats import poisson

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_BLOCK = 120.0
RADII = (60.0, _BLOCK, 250.0)
"""Metres: a house, a block, a few blocks."""
_CELL = 100.0
"""Metres: the side of the squares by which inhabited ground is counted."""
_ENOUGH = 1_000
"""So many reports give where people report at all a weight of one third."""


@dataclass(frozen=True)
class Rules:
    """
    From when on repeated reports are suggested as a problem.

    `least_events`, `least_weeks`, `least_days`: on how many separate days something happened, in
    how many weeks, over how many days from the first to the last; one storm, one round of an
    inspector or one angry evening is no lasting problem.
    `least_returning`: what part of the events has another within `near` metres `return_days` or
    more before or after, in circles up to a block and in wider ones; single matters all over a
    quarter are many, and no problem of a place.
    `most_chance`: the probability, corrected for all circles tried, that so many fall there by
    chance. `recent_days`: the last event is not older, and `recent_events` fall into that time.
    """

    least_events: int = 5
    least_weeks: int = 4
    least_days: int = 28
    most_chance: float = 0.01
    recent_days: int = 90
    recent_events: int = 2
    near: tuple[float, float] = (50.0, 30.0)
    least_returning: tuple[float, float] = (2 / 3, 3 / 4)
    return_days: int = 7


USUAL = Rules()


@dataclass(frozen=True)
class Reports:
    """
    Reports of a city: metres east and north of any point, day numbers, kinds, senders.

    All arrays have one length. `kind`: a number for each category. `sender`: a number for each
    person, below 0 where unknown. `makes_problems`: whether reports of this kind may ground one.
    """

    x: Floats
    y: Floats
    day: Ints
    kind: Ints
    sender: Ints
    makes_problems: NDArray[np.bool_]


@dataclass(frozen=True)
class Group:
    """
    Reports (positions in `Reports`) that ground one problem.

    `events`: reports without repetitions of one day and place or of one sender within a week.
    `expected`: how many events chance would put there. `excess`: log likelihood ratio of the circle
    (Kulldorff 1997, "A spatial scan statistic", Communications in Statistics 26(6), eq. for the
    Poisson model). `chance`: probability of so many by chance, times the circles tried. `is_wide`:
    the circle is wider than a block.
    """

    kind: int
    members: tuple[int, ...]
    x: float
    y: float
    radius: float
    events: int
    weeks: int
    expected: float
    excess: float
    chance: float
    is_wide: bool = False


def groups_of(
    reports: Reports, *, today: int, inhabited: int = 0, rules: Rules = USUAL
) -> list[Group]:
    """
    Find the groups of all kinds, the least likely by chance first.

    A scan statistic: circles of `RADII` around every event; what chance would put there is the
    city's number of the kind, spread evenly over inhabited ground and, the more reports there are
    (up to one half), by where people report anything at all. Inhabited are the hectares from which
    anything was reported, and no fewer than `inhabited`. Of overlapping circles the one with the
    largest excess is taken, its events are set aside, and so on. A report grounds one group at
    most.
    """
    if not len(reports.x):
        return []
    ground = _Ground.of(reports, inhabited)
    found = [
        group
        for kind in np.unique(reports.kind[reports.makes_problems])
        for group in _groups_of_kind(reports, int(kind), ground, today, rules)
    ]
    return sorted(found, key=lambda group: (-group.excess, group.members))


def returning(xy: Floats, days: Ints, *, is_wide: bool, rules: Rules = USUAL) -> NDArray[np.bool_]:
    """Whether each event has another close to it in another week. `xy`: metres, shape (n, 2)."""
    found = np.zeros(len(days), dtype=bool)
    if len(days):
        pairs = cKDTree(xy).query_pairs(rules.near[is_wide], output_type="ndarray")
        apart = np.abs(days[pairs[:, 0]] - days[pairs[:, 1]]) >= rules.return_days
        found[pairs[apart].ravel()] = True
    return found


def lasts(
    days: Ints,
    returns: NDArray[np.bool_],
    *,
    is_wide: bool,
    today: int,
    rules: Rules = USUAL,
) -> bool:
    """Whether events are on many days, spread over weeks, not over, and come back to places."""
    return (
        len(np.unique(days)) >= rules.least_events
        and float(returns.mean()) >= rules.least_returning[is_wide]
        and len(np.unique(days // 7)) >= rules.least_weeks
        and int(days.max() - days.min()) >= rules.least_days
        and int((days >= today - rules.recent_days).sum()) >= rules.recent_events
    )


@dataclass(frozen=True)
class _Ground:
    """Where people report at all: all points, and the middles of the squares that hold one."""

    points: cKDTree
    cells: cKDTree
    inhabited: int

    @classmethod
    def of(cls, reports: Reports, inhabited: int) -> _Ground:
        xy = np.column_stack([reports.x, reports.y])
        cells = np.unique(np.floor(xy / _CELL), axis=0) * _CELL + _CELL / 2
        return cls(cKDTree(xy), cKDTree(cells), max(inhabited, len(cells)))

    def share(self, centres: Floats, radius: float) -> Floats:
        """What part of the city's reports chance puts into each circle."""
        by_points = self.points.query_ball_point(centres, radius, return_length=True)
        by_cells = self.cells.query_ball_point(centres, radius + _CELL / 2, return_length=True)
        weight = self.points.n / (2 * self.points.n + _ENOUGH)
        share = weight * np.asarray(by_points) / self.points.n
        share += (1 - weight) * np.asarray(by_cells) / self.inhabited
        return np.asarray(share, dtype=np.float64)


def _groups_of_kind(
    reports: Reports, kind: int, ground: _Ground, today: int, rules: Rules
) -> Iterator[Group]:
    members = np.flatnonzero(reports.kind == kind)
    events = _events(reports, members)
    if len(events) < rules.least_events:
        return
    scan = _Scan(reports, events, ground, today, rules)
    while (circle := scan.best()) is not None:
        yield scan.group(circle, members, kind)


@dataclass(frozen=True)
class _Circle:
    centre: int
    radius: float
    inside: Ints
    expected: float
    excess: float
    chance: float


class _Scan:
    """
    The circles of one kind, the largest excess first; the events of one taken are set aside.

    What is set aside only lowers the excess of other circles, so a circle is reckoned anew when it
    comes to the head of the queue, and taken if it stays there (lazy greedy choice: exact).
    """

    def __init__(
        self, reports: Reports, events: Ints, ground: _Ground, today: int, rules: Rules
    ) -> None:
        self.reports, self.events, self.today, self.rules = reports, events, today, rules
        self.xy = np.column_stack([reports.x[events], reports.y[events]])
        self.free = np.ones(len(events), dtype=bool)
        days = reports.day[events]
        self.returns = [
            returning(self.xy, days, is_wide=wide, rules=rules) for wide in (False, True)
        ]
        self.circles = len(events) * len(RADII)
        self.queue: list[tuple[float, int, int]] = []
        tree = cKDTree(self.xy)
        counts = [tree.query_ball_point(self.xy, radius, return_length=True) for radius in RADII]
        self.tree = tree
        self.expected = [ground.share(self.xy, radius) * len(events) for radius in RADII]
        for place in range(len(RADII)):
            for centre in self._worth_a_look(np.asarray(counts[place]), place):
                self._put(int(centre), place)

    def _worth_a_look(self, counts: Ints, place: int) -> Ints:
        """Circles with enough events, and too many for chance."""
        chance = poisson.sf(counts - 1, np.maximum(self.expected[place], 1e-9)) * self.circles
        enough = counts >= self.rules.least_events
        return np.flatnonzero(enough & (chance <= self.rules.most_chance))

    def _put(self, centre: int, place: int) -> None:
        circle = self._circle(centre, place)
        if circle is not None:
            heapq.heappush(self.queue, (-circle.excess, centre, place))

    def best(self) -> _Circle | None:
        """The circle with the largest excess that fulfils the rules; None when there is none."""
        while self.queue:
            excess, centre, place = heapq.heappop(self.queue)
            circle = self._circle(centre, place)
            if circle is None:
                continue
            if -circle.excess > excess:
                heapq.heappush(self.queue, (-circle.excess, centre, place))
                continue
            self.free[circle.inside] = False
            return circle
        return None

    def _circle(self, centre: int, place: int) -> _Circle | None:
        """A circle as it is now; None where it does not fulfil the rules (any more)."""
        if not self.free[centre]:
            return None
        radius = RADII[place]
        inside = np.array(self.tree.query_ball_point(self.xy[centre], radius), dtype=np.int64)
        held = np.sort(inside[self.free[inside]])
        count, expected = len(held), max(float(self.expected[place][centre]), 1e-9)
        if not self._lasts(held, is_wide=radius > _BLOCK) or count <= expected:
            return None
        chance = min(1.0, float(poisson.sf(count - 1, expected)) * self.circles)
        if chance > self.rules.most_chance:
            return None
        total = len(self.events)
        excess = count * np.log(count / expected)
        if count < total:
            excess += (total - count) * np.log((total - count) / max(total - expected, 1e-9))
        return _Circle(centre, radius, held, expected, float(excess), chance)

    def _lasts(self, held: Ints, *, is_wide: bool) -> bool:
        days, returns = self.reports.day[self.events[held]], self.returns[is_wide][held]
        return lasts(days, returns, is_wide=is_wide, today=self.today, rules=self.rules)

    def group(self, circle: _Circle, members: Ints, kind: int) -> Group:
        """The group of a circle, with the repetitions that were set apart before."""
        reports, xy = self.reports, self.xy[circle.inside]
        middle = xy.mean(axis=0)
        away = np.hypot(reports.x[members] - middle[0], reports.y[members] - middle[1])
        reach = float(np.hypot(*(xy - middle).T).max())
        near = {int(one) for one in members[away <= reach]}
        taken = {int(one) for one in self.events[~self.free]}
        own = {int(one) for one in self.events[circle.inside]}
        all_events = {int(one) for one in self.events}
        repeats = near - all_events
        days = reports.day[self.events[circle.inside]]
        return Group(
            kind=kind,
            members=tuple(sorted(own | (repeats - taken))),
            x=float(middle[0]),
            y=float(middle[1]),
            radius=max(reach, 25.0),
            events=len(own),
            weeks=len(np.unique(days // 7)),
            expected=circle.expected,
            excess=circle.excess,
            chance=circle.chance,
            is_wide=circle.radius > _BLOCK,
        )


def _events(reports: Reports, members: Ints) -> Ints:
    """
    Reports without repetitions: one of a day within 30 m, one of a sender within seven days.

    Somebody who writes every evening is one voice; a burst about one lamp on one day one event.
    """
    kept: list[int] = []
    last_of_sender: dict[int, int] = {}
    seen: dict[tuple[int, int, int], int] = {}
    for one in members[np.argsort(reports.day[members], kind="stable")]:
        day, sender = int(reports.day[one]), int(reports.sender[one])
        place = (int(reports.x[one] // 30), int(reports.y[one] // 30), day)
        if place in seen or (sender >= 0 and day - last_of_sender.get(sender, day - 99) < 7):
            continue
        seen[place] = int(one)
        last_of_sender[sender] = day
        kept.append(int(one))
    return np.array(kept, dtype=np.int64)
