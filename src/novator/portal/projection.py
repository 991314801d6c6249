"""Every map: where a place stands on the sheet; plain arithmetic, without Django."""

from __future__ import annotations

from dataclasses import dataclass
from math import asin, atan2, cos, degrees, hypot, radians, sin, sqrt

EARTH_KM = 6371.0


@dataclass(frozen=True)
class Sheet:
    """A drawing of a part of the Earth: its size in units of the drawing, x right, y down."""

    name: str
    width: int
    height: int
    km_per_unit: float
    left_km: float
    top_km: float


RUSSIA = Sheet("russia", 1000, 575, 8.4, -4600.0, 3680.0)
WORLD = Sheet("world", 1000, 460, 34.8, -17400.0, 8230.0)
SHEETS = {sheet.name: sheet for sheet in (RUSSIA, WORLD)}


def albers(latitude: float, longitude: float) -> tuple[float, float]:
    """
    Kilometres east and north of 56° N 100° E on the equal-area conic sheet of Albers.

    Standard parallels 52° and 64° N, as maps of Russia have them (Snyder 1987, p. 100).
    """
    first, second, origin = radians(52), radians(64), radians(56)
    n = (sin(first) + sin(second)) / 2
    c = cos(first) ** 2 + 2 * n * sin(first)
    angle = n * radians((longitude - 100 + 180) % 360 - 180)
    distance = EARTH_KM * sqrt(max(c - 2 * n * sin(radians(latitude)), 0)) / n
    to_origin = EARTH_KM * sqrt(c - 2 * n * sin(origin)) / n
    return distance * sin(angle), to_origin - distance * cos(angle)


def equal_earth(latitude: float, longitude: float) -> tuple[float, float]:
    """Kilometres on the Equal Earth sheet (Šavrič, Patterson, Jenny 2018), middle at 11° E."""
    a = (1.340264, -0.081106, 0.000893, 0.003796)
    east = radians((longitude - 11 + 180) % 360 - 180)
    t = asin(sqrt(3) / 2 * sin(radians(latitude)))
    slope = 9 * a[3] * t**8 + 7 * a[2] * t**6 + 3 * a[1] * t**2 + a[0]
    x = 2 * sqrt(3) * east * cos(t) / (3 * slope)
    y = a[3] * t**9 + a[2] * t**7 + a[1] * t**3 + a[0] * t
    return EARTH_KM * x, EARTH_KM * y


def from_albers(east: float, north: float) -> tuple[float, float]:
    """Latitude and longitude of a point of the sheet of Albers; inverse of `albers`."""
    first, second, origin = radians(52), radians(64), radians(56)
    n = (sin(first) + sin(second)) / 2
    c = cos(first) ** 2 + 2 * n * sin(first)
    down = EARTH_KM * sqrt(c - 2 * n * sin(origin)) / n - north
    sine = (c - (hypot(east, down) * n / EARTH_KM) ** 2) / (2 * n)
    return degrees(asin(max(-1.0, min(1.0, sine)))), 100 + degrees(atan2(east, down) / n)


def from_equal_earth(east: float, north: float) -> tuple[float, float] | None:
    """Latitude and longitude of a point of the Equal Earth sheet; None outside of the Earth."""
    a = (1.340264, -0.081106, 0.000893, 0.003796)
    t = y = north / EARTH_KM
    for _step in range(12):
        value = a[3] * t**9 + a[2] * t**7 + a[1] * t**3 + a[0] * t - y
        t -= value / (9 * a[3] * t**8 + 7 * a[2] * t**6 + 3 * a[1] * t**2 + a[0])
    slope = 9 * a[3] * t**8 + 7 * a[2] * t**6 + 3 * a[1] * t**2 + a[0]
    sine = 2 * sin(t) / sqrt(3)
    if abs(sine) > 1:
        return None
    longitude = degrees(sqrt(3) * slope * east / EARTH_KM / (2 * cos(t)))
    return (degrees(asin(sine)), 11 + longitude) if abs(longitude) <= 180 else None


def place_on(sheet: Sheet, latitude: float, longitude: float) -> tuple[float, float] | None:
    """Where a point of the Earth stands on a sheet, or None when it lies outside."""
    east, north = (albers if sheet is RUSSIA else equal_earth)(latitude, longitude)
    x = (east - sheet.left_km) / sheet.km_per_unit
    y = (sheet.top_km - north) / sheet.km_per_unit
    if not (0 <= x <= sheet.width and 0 <= y <= sheet.height):
        return None
    return round(x, 1), round(y, 1)


def apart(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Distance of two points of a sheet in its units."""
    return hypot(one[0] - other[0], one[1] - other[1])
