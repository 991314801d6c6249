"""Whether a problem grows or fades, with the season removed as soon as there are two years."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import poisson_means_test

from novator.problems.trend import has_subsided, trend_of

NOBODY_ELSE = [0] * 48
counts = st.lists(st.integers(0, 40), min_size=9, max_size=48)


def test_a_tenth_of_before_is_falling_and_over():
    trend = trend_of([10] * 9 + [1, 1, 1], NOBODY_ELSE[:12])

    assert (trend.direction, trend.recent, trend.before) == ("falling", 3, 90)
    assert trend.ratio == pytest.approx(0.1)
    assert has_subsided(trend)


def test_two_thirds_of_before_is_not_over():
    trend = trend_of([90] * 9 + [60, 60, 60], NOBODY_ELSE[:12])

    assert trend.direction == "falling"
    assert not has_subsided(trend)


def test_winter_is_measured_against_winter():
    year = [20, 20, 20, 1, 1, 1, 1, 1, 1, 1, 1, 1]  # snow from month 0 to 2
    summer_after = [*year, *year]

    trend = trend_of(summer_after, NOBODY_ELSE[:24])
    too_short = trend_of(summer_after[:21], NOBODY_ELSE[:21])

    assert (trend.direction, trend.is_season_removed) == ("steady", True)  # 3 against 3
    assert trend_of([*year, *year, 20, 20, 20], NOBODY_ELSE[:27]).direction == "steady"
    assert (too_short.direction, too_short.is_season_removed) == ("falling", False)


def test_a_silent_channel_is_no_trend():
    """All reports of the city fall to a tenth: the problem's share is what it was."""
    problem = [10] * 9 + [1, 1, 1]

    trend = trend_of(problem, [300] * 9 + [30, 30, 30])

    assert (trend.direction, trend.is_per_report) == ("steady", True)
    assert not has_subsided(trend)


@pytest.mark.parametrize("short", [[], [5] * 8, [0] * 12])
def test_says_nothing_of_too_little(short):
    trend = trend_of(short, [0] * len(short))

    assert (trend.direction, trend.ratio) == ("unknown", None)


@given(counts)
def test_interval_holds_the_ratio_and_agrees_with_the_direction(months):
    trend = trend_of(months, [0] * len(months))

    if trend.direction == "unknown" or trend.ratio is None:
        return
    assert trend.low is not None
    assert trend.low <= trend.ratio + 1e-9
    assert trend.high is None or trend.ratio <= trend.high + 1e-9
    if trend.direction == "falling":
        assert trend.ratio < 1


def test_agrees_with_another_test_of_two_rates():
    """The E-test of scipy (Krishnamoorthy, Thomson 2004) decides the same away from the border."""
    for now, then in ((3, 90), (30, 90), (60, 90), (12, 60)):
        months = [then // 9] * 9 + [now // 3] * 3
        other = poisson_means_test(sum(months[9:]), 3, sum(months[:9]), 9).pvalue

        is_sure = trend_of(months, NOBODY_ELSE[:12]).direction != "steady"

        assert is_sure == (other < 0.05)
