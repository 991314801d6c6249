"""A citizen's report: the outline of a district, read from GeoJSON as map programs write it."""

from __future__ import annotations

import json
import math
from typing import Any

from django.utils.translation import gettext as _

Rings = list[list[list[float]]]
MOST_POINTS = 20_000
_DIGITS = 6


class OutlineRefused(Exception):
    """The text is no outline; the message is fit to show."""


def rings_of(text: str) -> Rings:
    """
    Return the outer rings of polygons as [latitude, longitude]; holes are left out.

    Takes a Polygon or MultiPolygon, a Feature, or a collection of features.

    :raises OutlineRefused: no JSON, no polygon, no degrees, or too many points
    """
    try:
        told = json.loads(text)
    except (ValueError, RecursionError) as fault:
        raise OutlineRefused(_("This is no GeoJSON: the text cannot be read.")) from fault
    rings = [_ring(ring) for ring in _outer(told)]
    if not rings:
        raise OutlineRefused(_("The GeoJSON holds no polygon."))
    if sum(len(ring) for ring in rings) > MOST_POINTS:
        raise OutlineRefused(
            _("The outline has more than %(most)s points: simplify it first.")
            % {"most": MOST_POINTS}
        )
    return rings


def as_geojson(rings: Rings) -> str:
    """Write an outline as GeoJSON, so that it can be changed elsewhere."""
    if not rings:
        return ""
    parts = [[[[lon, lat] for lat, lon in [*ring, ring[0]]]] for ring in rings]
    return json.dumps({"type": "MultiPolygon", "coordinates": parts})


def _outer(told: Any) -> list[Any]:
    if not isinstance(told, dict):
        return []
    kind = told.get("type")
    if kind == "FeatureCollection":
        features = told.get("features")
        if not isinstance(features, list):
            return []
        return [ring for feature in features for ring in _outer(feature)]
    if kind == "Feature":
        return _outer(told.get("geometry"))
    places = told.get("coordinates")
    if not isinstance(places, list):
        return []
    if kind == "Polygon":
        return places[:1]
    if kind == "MultiPolygon":
        return [part[0] for part in places if isinstance(part, list) and part]
    return []


def _ring(points: Any) -> list[list[float]]:
    wrong = OutlineRefused(_("A point of the outline is no pair of degrees, longitude first."))
    if not isinstance(points, list):
        raise wrong
    ring = []
    for point in points:
        if not (isinstance(point, list) and len(point) >= 2):
            raise wrong
        longitude, latitude = point[0], point[1]
        if not all(isinstance(n, int | float) and math.isfinite(n) for n in (longitude, latitude)):
            raise wrong
        if abs(latitude) > 90 or abs(longitude) > 180:
            raise wrong
        ring.append([round(latitude, _DIGITS), round(longitude, _DIGITS)])
    if len(ring) > 1 and ring[0] == ring[-1]:
        ring.pop()
    if len(ring) < 3:
        raise OutlineRefused(_("A ring of the outline has fewer than three points."))
    return ring
