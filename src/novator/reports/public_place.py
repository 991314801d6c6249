"""A citizen's report: how much of its place everybody may read (C4)."""

from __future__ import annotations

import re

_LONGEST_PART = 80
_MOST_PARTS = 3
_DROPPED = re.compile(
    r"^(?:\d{6}|росси\w*|рф|russia|г\.?\s.*|город\s.*|city of\s.*|.*\b(?:обл|область|край)\.?|"
    r"(?:респ\.?|республика)\s.*|.*\sреспублика)$",
    re.IGNORECASE,
)
_HOUSE = re.compile(
    r"^(?:(?:д|дом|house|no|№)\.?\s*)?№?\s*(\d{1,4}(?:\s?[а-яa-z](?![а-яa-z]))?"
    r"(?:\s?(?:/|к|корп|корпус|стр|строение)\.?\s?\d{1,3})?)(?=$|\D)",
    re.IGNORECASE,
)
_AT_END = re.compile(rf"^(?P<street>.*?[^\W\d_].*?)\s+(?P<house>{_HOUSE.pattern[1:]}.*)$", re.I)
_PRIVATE = re.compile(r"\S+@\S+|\+?\d[\d\s()-]{5,}\d|\b\d{5,}\b")


def public_address(address: str) -> str:
    """
    Return street and house of an address as somebody typed it, and nothing that follows.

    Flats, names, telephones and whatever else stands behind the house are left out.
    """
    parts = [_PRIVATE.sub("", part).strip()[:_LONGEST_PART] for part in address.split(",")]
    kept = [part for part in parts if part and not _DROPPED.match(part)]
    for place, part in enumerate(kept[:_MOST_PARTS]):
        if place and (house := _HOUSE.match(part)):
            return ", ".join([*kept[:place], house.group(1).strip()])
        if inside := _AT_END.match(part):
            house = _HOUSE.match(inside.group("house"))
            number = house.group(1).strip() if house else ""
            return ", ".join([*kept[:place], f"{inside.group('street').strip()} {number}".strip()])
    return kept[0] if kept else ""
