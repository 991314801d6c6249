"""A citizen's report: what speaks for and against two of them being one, as numbers."""

from __future__ import annotations

import math

from novator.reports.likeness.addresses import read_address
from novator.reports.likeness.places import metres_between
from novator.reports.likeness.sides import (
    Side,
    days_between,
    is_open_beside,
    photo_likeness,
    text_likeness,
)

PLACE_TIME_KIND = (
    "distance",
    "same_address",
    "same_street",
    "same_category",
    "same_group",
    "same_topic",
    "gap",
    "is_later",
    "was_open",
)
WORDS_AND_PHOTOS = ("text", "photo")
NAMES = PLACE_TIME_KIND + WORDS_AND_PHOTOS
UNKNOWN_METRES = 50.0
"""Taken as the distance where one of the two has no place, unless their address is the same."""

SAME_STREET_METRES = 25.0
"""Where one of the two states no address, points so near are taken to lie in one street."""

Features = tuple[float, ...]


def place_time_kind(asked: Side, other: Side) -> Features:
    """
    Return what place, time and category say, in the order of PLACE_TIME_KIND.

    `distance` is ln(1 + metres / 20), `gap` is ln(1 + hours between); the rest is 0 or 1.
    """
    days = days_between(asked, other)
    here, there = read_address(asked.address), read_address(other.address)
    is_same_address = bool(here.key) and here.key == there.key
    metres = _metres(asked, other, is_same_address)
    is_same_street = not here.streets.isdisjoint(there.streets)
    if not (here.key and there.key):
        is_same_street = metres <= SAME_STREET_METRES
    return (
        math.log1p(metres / 20),
        float(is_same_address),
        float(is_same_street and not is_same_address),
        *_kind(asked, other),
        math.log1p(abs(days) * 24),
        float(days < 0),
        float(is_open_beside(asked, other)),
    )


def _metres(asked: Side, other: Side, is_same_address: bool) -> float:
    if asked.place is None or other.place is None:
        return 0.0 if is_same_address else UNKNOWN_METRES
    return metres_between(asked.place, other.place)


def _kind(asked: Side, other: Side) -> tuple[float, float, float]:
    """Of the three widths of a category only the narrowest that both share counts."""
    if asked.category is not None and asked.category == other.category:
        return 1.0, 0.0, 0.0
    if asked.group is not None and asked.group == other.group:
        return 0.0, 1.0, 0.0
    return 0.0, 0.0, float(asked.topic is not None and asked.topic == other.topic)


def words_and_photos(asked: Side, other: Side) -> tuple[float | None, float | None]:
    """Return the likeness of texts and of photos; None where there is nothing to compare."""
    return text_likeness(asked.text, other.text), photo_likeness(asked.photos, other.photos)
