"""A citizen's report: the cell of its place, reckoned by the database so that nobody forgets it."""

from __future__ import annotations

from math import pi

from django.db.models import BigIntegerField, F, FloatField, Value
from django.db.models.expressions import Expression
from django.db.models.functions import Cast, Cos, Floor, Greatest, Least, Ln, Radians, Tan

from novator.reports.likeness.places import MOST_NORTH, ZOOM

_SIDE = float(2**ZOOM)


def cell_expression() -> Expression:
    """Return `likeness.places.cell_of` in SQL; null where there is no place."""
    kept = Least(Greatest(F("latitude"), _number(-MOST_NORTH)), _number(MOST_NORTH))
    angle = Radians(kept)
    north = Ln(Tan(angle) + _number(1.0) / Cos(angle))
    row = Floor((_number(1.0) - north / _number(pi)) * _number(_SIDE / 2))
    column = Floor((F("longitude") + _number(180.0)) * _number(_SIDE / 360))
    return Cast(row * _number(_SIDE) + column, BigIntegerField())


def _number(value: float) -> Value:
    return Value(value, output_field=FloatField())
