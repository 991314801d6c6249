"""
Every figure of duplicates: a city's published cases, and those that may repeat a given one.

Columns are those that Boston publishes; only what was known when the later of two cases was opened
is read: no queue, no outcome.
"""

from __future__ import annotations

import csv
import gzip
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from novator.reports.likeness.places import (
    METRES_AROUND,
    cell_of,
    cells_around,
    metres_between,
)
from novator.reports.likeness.sides import DAYS_APART, Side

ABSURD_SHARE = 0.01
"""A point that carries a greater share of all cases stands for "no place known"."""
_TIME = "%m/%d/%Y %I:%M:%S %p"
_DAY = 86_400


class Cases:
    """All cases of a file, and where each lies."""

    def __init__(self, sides: list[Side], ids: list[str], were_duplicates: list[bool]) -> None:
        self.sides = sides
        self.number_of = {case: number for number, case in enumerate(ids)}
        self.were_duplicates = were_duplicates
        self._in_cell: dict[int, list[int]] = defaultdict(list)
        self._at_address: dict[str, list[int]] = defaultdict(list)
        for number, side in enumerate(sides):
            if side.place is not None:
                self._in_cell[cell_of(*side.place)].append(number)
            elif side.address:
                self._at_address[side.address].append(number)

    def around(
        self, asked: int, *, metres: float = METRES_AROUND, days: int = DAYS_APART
    ) -> list[int]:
        """Other cases near in place and time, and those of no place that state its address."""
        side = self.sides[asked]
        found = [*self._near(side, metres), *self._at_address.get(side.address, ())]
        return [
            number
            for number in found
            if number != asked and abs(self.sides[number].at - side.at) <= days * _DAY
        ]

    def _near(self, side: Side, metres: float) -> Iterator[int]:
        if side.place is None:
            return
        for cell in cells_around(*side.place, metres=metres):
            for number in self._in_cell.get(cell, ()):
                there = self.sides[number].place
                if there is not None and metres_between(side.place, there) <= metres:
                    yield number


def read_cases(path: Path) -> Cases:
    """
    Read a file of cases (.csv or .csv.gz).

    :raises ValueError: a column is missing or a value is not what it should be
    """
    with _opened(path) as file:
        rows = list(csv.DictReader(file))
    try:
        points = [_point(row) for row in rows]
        counts = Counter(point for point in points if point is not None)
        most = ABSURD_SHARE * len(rows)
        absurd = {point for point, count in counts.items() if count > most}
        sides = [
            _side(row, None if point in absurd else point)
            for row, point in zip(rows, points, strict=True)
        ]
        ids = [row["CASE_ENQUIRY_ID"] for row in rows]
        return Cases(sides, ids, [row["CLOSED_AS"] == "duplicate" for row in rows])
    except KeyError as fault:
        raise ValueError(f"{path.name}: there is no column {fault}") from fault


def read_pairs(path: Path, cases: Cases) -> list[tuple[int, int]]:
    """
    Read which case (`id`) repeats which (`ref`), as numbers of the cases.

    :raises ValueError: a pair names a case that is not there
    """
    with _opened(path) as file:
        rows = list(csv.DictReader(file))
    try:
        return [(cases.number_of[row["id"]], cases.number_of[row["ref"]]) for row in rows]
    except KeyError as fault:
        raise ValueError(f"{path.name}: there is no column or case {fault}") from fault


def _opened(path: Path) -> TextIO:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8", newline="")
    return path.open(encoding="utf-8", newline="")


def _point(row: dict[str, str]) -> tuple[float, float] | None:
    if not row["LATITUDE"] or not row["LONGITUDE"]:
        return None
    return float(row["LATITUDE"]), float(row["LONGITUDE"])


def _side(row: dict[str, str], place: tuple[float, float] | None) -> Side:
    return Side(
        at=_moment(row["OPEN_DT"]),
        place=place,
        address=row["LOCATION_STREET_NAME"].strip().lower(),
        category=row["TYPE"],
        group=row["REASON"],
        topic=row["SUBJECT"],
        closed_at=_moment(row["CLOSED_DT"]) if row["CLOSED_DT"] else None,
    )


def _moment(text: str) -> float:
    """Moments are compared with each other only: the zone does not matter."""
    return datetime.strptime(text, _TIME).replace(tzinfo=UTC).timestamp()
