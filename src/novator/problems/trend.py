"""Reports to problems: whether a problem grows or fades, and how sure that is; pure arithmetic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from scipy.stats import binomtest

Direction = Literal["rising", "steady", "falling", "unknown"]

RECENT = 3
"""Months that are compared with those before."""
SEASONAL_FROM = 24
"""Months of data from which on the season can be removed."""
LEAST_BEFORE = 6
LEAST_EVENTS = 5
"""Below so many reports in both periods together nothing is said."""
SURE = 0.05


@dataclass(frozen=True)
class Trend:
    """
    How the last `RECENT` months compare with those before.

    `ratio`: rate of reports now to rate before, `low`–`high` its 95 % interval (None where nothing
    can be said). `is_season_removed`: the same calendar months of earlier years were compared, so
    that winter is measured against winter; otherwise all months before. `is_per_report`: rates are
    shares of all other reports of the city, so that a quieter or louder channel is no trend.
    """

    direction: Direction
    ratio: float | None
    low: float | None
    high: float | None
    recent: int
    before: int
    is_season_removed: bool
    is_per_report: bool
    months: int


def trend_of(counts: Sequence[int], others: Sequence[int]) -> Trend:
    """
    Compare the last three whole months with earlier ones.

    :param counts: reports of the problem for each whole month, oldest first
    :param others: all other reports of the city in the same months; zeros where not known

    Given both periods together, the recent number is binomial with the recent share of the
    exposure; test and interval are exact (Przyborowski, Wilenski 1940, Biometrika 31; Clopper,
    Pearson 1934, Biometrika 26).
    """
    months = len(counts)
    if months < RECENT + LEAST_BEFORE:
        return _unknown(counts, False, False)
    is_seasonal = months >= SEASONAL_FROM
    before = _same_months(months) if is_seasonal else list(range(months - RECENT))
    recent = list(range(months - RECENT, months))
    is_per_report = all(_sum(others, part) >= 50 for part in (before, recent))
    exposure = (
        (_sum(others, recent), _sum(others, before))
        if is_per_report
        else (len(recent), len(before))
    )
    now, then = _sum(counts, recent), _sum(counts, before)
    if now + then < LEAST_EVENTS:
        return _unknown(counts, is_seasonal, is_per_report)
    share = exposure[0] / (exposure[0] + exposure[1])
    test = binomtest(now, now + then, share)
    interval = test.proportion_ci(0.95, method="exact")
    ratio = _odds(now / (now + then), share)
    direction: Direction = "steady"
    if test.pvalue < SURE:
        direction = "rising" if now / (now + then) > share else "falling"
    return Trend(
        direction=direction,
        ratio=ratio,
        low=_odds(interval.low, share),
        high=_odds(interval.high, share),
        recent=now,
        before=then,
        is_season_removed=is_seasonal,
        is_per_report=is_per_report,
        months=months,
    )


def has_subsided(trend: Trend) -> bool:
    """Whether a problem may be called over: surely falling, and to half or less."""
    return trend.direction == "falling" and trend.ratio is not None and trend.ratio <= 0.5


def _same_months(months: int) -> list[int]:
    """The calendar months of the recent ones in all earlier years."""
    recent = range(months - RECENT, months)
    return sorted(m - 12 * years for m in recent for years in range(1, m // 12 + 1))


def _odds(proportion: float, share: float) -> float | None:
    """Turn the recent share of reports into the ratio of the two rates; None: without bound."""
    if proportion >= 1:
        return None
    return proportion / (1 - proportion) * (1 - share) / share


def _sum(values: Sequence[int], places: Sequence[int]) -> int:
    return sum(values[place] for place in places)


def _unknown(counts: Sequence[int], is_seasonal: bool, is_per_report: bool) -> Trend:
    recent = sum(counts[-RECENT:])
    return Trend(
        direction="unknown",
        ratio=None,
        low=None,
        high=None,
        recent=recent,
        before=sum(counts) - recent,
        is_season_removed=is_seasonal,
        is_per_report=is_per_report,
        months=len(counts),
    )
