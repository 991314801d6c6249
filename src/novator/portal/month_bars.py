"""Every page: counts by month as bars of an SVG, drawn by the server."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format

_STEP = 20.0
_HEIGHT = 90.0
_LONGEST = 24
_SHORTEST = 12


@dataclass(frozen=True)
class Bar:
    """One month: its bar in the units of the drawing, its name, short name, count."""

    x: float
    y: float
    width: float
    height: float
    name: str
    short: str
    count: int


@dataclass(frozen=True)
class MonthBars:
    """Bars from left to right; `most` is the highest count, `spare` the empty places."""

    bars: tuple[Bar, ...]
    width: float
    height: float
    most: int
    spare: tuple[int, ...]
    first: str
    last: str

    @property
    def is_many(self) -> bool:
        """Whether a phone has no room to name each."""
        return len(self.bars) > _SHORTEST


def month_bars(by_month: Sequence[tuple[str, int]]) -> MonthBars:
    """Draw the last 24 of the months ("2026-03", count), oldest first; room for a year at least."""
    shown = list(by_month)[-_LONGEST:]
    most = max(1, *(count for _month, count in shown))
    bars = []
    for place, (month, count) in enumerate(shown):
        height = count / most * _HEIGHT
        bars.append(
            Bar(
                x=round(place * _STEP + 2, 1),
                y=round(_HEIGHT - height, 1),
                width=_STEP - 4,
                height=round(height, 1),
                name=_name(month),
                short=_short(month, is_first=place == 0),
                count=count,
            )
        )
    return MonthBars(
        tuple(bars),
        max(len(shown), _SHORTEST) * _STEP,
        _HEIGHT,
        most,
        tuple(range(_SHORTEST - len(shown))),
        _name(shown[0][0]),
        _name(shown[-1][0]),
    )


def _name(month: str) -> str:
    year, number = month.split("-")
    return date_format(date(int(year), int(number), 1), "YEAR_MONTH_FORMAT")


def _short(month: str, *, is_first: bool) -> str:
    """The month in a few letters; the year where it begins."""
    year, number = month.split("-")
    name = date_format(date(int(year), int(number), 1), "M")
    return f"{name} {year}" if is_first or number == "01" else name
