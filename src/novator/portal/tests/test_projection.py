"""Every map: places stand where they should, and the way back is the same way."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from novator.portal.outlines import is_inside, is_land, path, shapes
from novator.portal.projection import (
    RUSSIA,
    WORLD,
    albers,
    equal_earth,
    from_albers,
    from_equal_earth,
    place_on,
)


@given(st.floats(35, 82), st.floats(20, 190))
def test_albers_and_back(latitude: float, longitude: float) -> None:
    assert from_albers(*albers(latitude, longitude)) == pytest.approx(
        (latitude, longitude), abs=1e-6
    )


@given(st.floats(-80, 80), st.floats(-168, 189))
def test_equal_earth_and_back(latitude: float, longitude: float) -> None:
    assert from_equal_earth(*equal_earth(latitude, longitude)) == pytest.approx(
        (latitude, longitude), abs=1e-6
    )


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [(54.7, 20.5), (43.4, 39.9), (42.1, 48.3), (43.1, 131.9), (66.0, -170.0), (77.7, 104.3)],
)
def test_the_corners_of_russia_are_on_its_sheet(latitude: float, longitude: float) -> None:
    assert place_on(RUSSIA, latitude, longitude) is not None


def test_far_places_are_on_the_sheet_of_the_world_only() -> None:
    bogota = (4.6, -74.1)

    assert place_on(RUSSIA, *bogota) is None
    assert place_on(WORLD, *bogota) is not None


def test_west_is_left_and_north_is_up() -> None:
    kaliningrad = place_on(RUSSIA, 54.7, 20.5)
    vladivostok = place_on(RUSSIA, 43.1, 131.9)
    norilsk = place_on(RUSSIA, 69.3, 88.2)

    assert kaliningrad
    assert vladivostok
    assert norilsk
    assert kaliningrad[0] < norilsk[0] < vladivostok[0]
    assert norilsk[1] < vladivostok[1]


def test_water_inside_land_is_no_land() -> None:
    outlines = shapes("# drawn\n\nLand\n0 0, 10 0, 10 10, 0 10\n\n-Lake\n4 4, 6 4, 6 6, 4 6\n")

    assert is_land(2, 2, outlines)
    assert not is_land(5, 5, outlines)
    assert not is_land(20, 20, outlines)


def test_a_point_is_inside_or_not() -> None:
    square = [(0.0, 0.0), (2.0, 0.0), (2.0, 2.0), (0.0, 2.0)]

    assert is_inside(1, 1, square)
    assert not is_inside(3, 1, square)


def test_neighbouring_dots_are_one_stroke() -> None:
    assert path({5.0: [1.0, 3.0, 5.0, 11.0]}, 2.0) == "M1 5h4M11 5h0"
