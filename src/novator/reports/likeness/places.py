"""
A citizen's report: the cell of the earth in which a place lies, and the cells around it.

A cell is a tile of the Web Mercator map at zoom 18, as one number: 153 m wide at the equator, 80 m
at 58° north. The database reckons the same by `novator.reports.cells`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

ZOOM = 18
MOST_NORTH = 85.0
METRES_AROUND = 100.0
"""How far from each other two reports of one trouble may lie, to north or east."""
_SIDE = 2**ZOOM
_METRES_OF_DEGREE = 111_195.0


def cell_of(latitude: float, longitude: float) -> int:
    """Return the cell in which a point (degrees of WGS 84) lies."""
    column, row = _column_and_row(latitude, longitude)
    return (row << ZOOM) | column


def cells_around(latitude: float, longitude: float, *, metres: float) -> list[int]:
    """Return all cells that a square of so many metres to each side touches."""
    north, east = degrees_of(latitude, metres)
    first_column, last_row = _column_and_row(latitude - north, longitude - east)
    last_column, first_row = _column_and_row(latitude + north, longitude + east)
    return [
        (row << ZOOM) | column
        for row in range(first_row, last_row + 1)
        for column in range(first_column, last_column + 1)
    ]


@dataclass(frozen=True)
class CellBox:
    """Rows and columns of the cells at a zoom that a box touches, all of them counted in."""

    zoom: int
    north: int
    south: int
    west: int
    east: int

    @classmethod
    def of(cls, box: tuple[float, float, float, float], zoom: int) -> CellBox:
        """Return the cells of a box: south, west, north, east in degrees."""
        south, west, north, east = box
        first_column, last_row = _column_and_row(max(south, -MOST_NORTH), max(west, -180.0))
        last_column, first_row = _column_and_row(min(north, MOST_NORTH), min(east, 179.9999))
        coarser = ZOOM - zoom
        return cls(
            zoom,
            first_row >> coarser,
            last_row >> coarser,
            first_column >> coarser,
            last_column >> coarser,
        )

    @classmethod
    def within(cls, cell: int, zoom: int, finer: int) -> CellBox:
        """Return the cells that are `finer` zooms nearer and lie within a cell."""
        row, column = cell >> zoom, cell & ((1 << zoom) - 1)
        return cls(
            zoom + finer,
            row << finer,
            ((row + 1) << finer) - 1,
            column << finer,
            ((column + 1) << finer) - 1,
        )

    @property
    def count(self) -> int:
        """How many cells there are."""
        return (self.south - self.north + 1) * (self.east - self.west + 1)

    def numbers(self) -> list[int]:
        """Return all cells, as numbers."""
        return [
            (row << self.zoom) | column
            for row in range(self.north, self.south + 1)
            for column in range(self.west, self.east + 1)
        ]


def point_of(column: float, row: float, zoom: int) -> tuple[float, float]:
    """Return latitude and longitude of a place of the grid; fractions lie within a cell."""
    side = 2**zoom
    latitude = math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * row / side))))
    return round(latitude, 6), round(column / side * 360 - 180, 6)


def degrees_of(latitude: float, metres: float) -> tuple[float, float]:
    """Return how many degrees of latitude and of longitude so many metres are there."""
    north = metres / _METRES_OF_DEGREE
    return north, north / max(0.01, math.cos(math.radians(latitude)))


def metres_between(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Return the distance of two near points; the earth counts as flat between them."""
    north = (a[0] - b[0]) * _METRES_OF_DEGREE
    east = (a[1] - b[1]) * _METRES_OF_DEGREE * math.cos(math.radians(a[0]))
    return math.hypot(north, east)


def _column_and_row(latitude: float, longitude: float) -> tuple[int, int]:
    angle = math.radians(min(max(latitude, -MOST_NORTH), MOST_NORTH))
    north = math.log(math.tan(angle) + 1 / math.cos(angle))
    return (
        math.floor((longitude + 180) / 360 * _SIDE),
        math.floor((1 - north / math.pi) / 2 * _SIDE),
    )
