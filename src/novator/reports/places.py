"""A citizen's report: whether a point is a place in the city, and in which of its areas."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from novator.reports.models import Area, Channel

_EARTH = 6_371_008.8
"""Mean radius in metres (IUGG)."""
_SAME_POINT = 1e-4
"""Degrees: about ten metres."""

Ring = Sequence[Sequence[float]]


class PlaceRefused(Exception):
    """The point is no place in this city; the message is fit to show."""


def check_place(channel: Channel, latitude: float, longitude: float) -> None:
    """
    Refuse points that cannot be a place of this city.

    :raises PlaceRefused: not a number, (0, 0), outside the box, or a known default point
    """
    if not (math.isfinite(latitude) and math.isfinite(longitude)):
        raise PlaceRefused(_("The coordinates are not numbers."))
    if abs(latitude) < _SAME_POINT and abs(longitude) < _SAME_POINT:
        raise PlaceRefused(_("The point 0, 0 lies in the ocean: the device knows no place."))
    if not channel.contains(latitude, longitude):
        raise PlaceRefused(
            _("This point lies outside %(city)s. Choose a place in the city.")
            % {"city": channel.municipality.name}
        )
    if is_default_point(channel, latitude, longitude):
        raise PlaceRefused(
            _("This point is a stand-in for “no place known”. Choose the place itself.")
        )


def is_default_point(channel: Channel, latitude: float, longitude: float) -> bool:
    """Whether a point is one that systems put where they know no place."""
    return any(
        abs(latitude - known[0]) < _SAME_POINT and abs(longitude - known[1]) < _SAME_POINT
        for known in channel.default_points
    )


def metres_between(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Return the great-circle distance of two points (latitude, longitude), in metres."""
    (lat_a, lon_a), (lat_b, lon_b) = a, b
    phi_a, phi_b = math.radians(lat_a), math.radians(lat_b)
    half = math.sin((phi_b - phi_a) / 2) ** 2 + math.cos(phi_a) * math.cos(phi_b) * (
        math.sin(math.radians(lon_b - lon_a) / 2) ** 2
    )
    return 2 * _EARTH * math.asin(min(1.0, math.sqrt(half)))


def area_at(areas: Iterable[Area], latitude: float, longitude: float) -> Area | None:
    """Return the first area in which a point lies."""
    return next((area for area in areas if _is_in(area.outline, latitude, longitude)), None)


def _is_in(rings: Sequence[Ring], latitude: float, longitude: float) -> bool:
    return any(_is_in_ring(ring, latitude, longitude) for ring in rings)


def _is_in_ring(ring: Ring, latitude: float, longitude: float) -> bool:
    """Even–odd rule: count the edges that a ray to the east crosses."""
    is_in = False
    for (lat_a, lon_a), (lat_b, lon_b) in zip(ring, [*ring[1:], ring[0]], strict=True):
        if (lat_a > latitude) != (lat_b > latitude):
            crossing = lon_a + (latitude - lat_a) / (lat_b - lat_a) * (lon_b - lon_a)
            is_in ^= longitude < crossing
    return is_in
