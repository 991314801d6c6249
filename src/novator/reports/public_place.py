"""A citizen's report: how much of its place everybody may read (C4)."""

from __future__ import annotations

import re

_LONGEST_PART = 80
_MOST_PARTS = 4
_KINDS = (
    "улица|улице|улицы|ул|проспект|проспекте|просп|пр-т|пр-кт|пр|переулок|переулке|пер|площадь|"
    "площади|пл|шоссе|бульвар|бульваре|б-р|бул|набережная|набережной|наб|проезд|проезде|пр-д|тупик|"
    "аллея|аллее|тракт|микрорайон|микрорайоне|мкр|мкрн|квартал|квартале|линия|проулок"
)
_WORD = r"[^\W\d_][\w.’'-]*"
_OF_KIND = re.compile(rf"(?<!\w)(?:{_KINDS})(?!\w)\.?", re.IGNORECASE)
_NAMED_AFTER = re.compile(rf"\s*(?:\d{{1,3}}-\w+\s+)?{_WORD}(?:\s+{_WORD}){{0,2}}")
_NAMED_BEFORE = re.compile(rf"(?:{_WORD}\s+)?{_WORD}\s*$")
_LATIN = re.compile(
    r"(?:\b\d{1,5}(?:-\d{1,5})?[A-Za-z]?\s+)?(?:\b(?!INTERSECTION\b)[A-Z][\w.'’-]*\s+){1,3}"
    r"(?:St|Street|Ave|Avenue|Rd|Road|Blvd|Boulevard|Dr|Drive|Ln|Lane|Pl|Place|Sq|Square|Ct|Court|"
    r"Way|Ter|Terrace|Pkwy|Parkway|Hwy|Highway)\b(?:,?\s+\d{1,4}[a-z]?\b)?"
)
_HOUSE = re.compile(
    r"^\s*(?:(?:д|дом|house|no|№)\.?\s*)?№?\s*(\d{1,4}(?:\s?[а-яa-z](?![а-яa-z]))?"
    r"(?:\s?(?:/|к|корп|корпус|стр|строение)\.?\s?\d{1,3})?)(?=$|\D)",
    re.IGNORECASE,
)
_BARE = re.compile(rf"^({_WORD})\s*(?:,|\s)\s*(.*)$")


def public_address(address: str) -> str:
    """
    Return street and house of an address as somebody typed it, and nothing besides.

    Shown is what a word for a kind of street stands at ("ул.", "проспект", "St"), else one word
    with a house number behind it. Whatever stands before or behind – names, flats, telephones,
    "at the house of …" – is left out; what is no such address is empty: the map tells the place.
    """
    parts = [part.strip()[:_LONGEST_PART] for part in address.split(",")][:_MOST_PARTS]
    for place, part in enumerate(parts):
        if latin := _LATIN.findall(part):
            return " & ".join(" ".join(street.split()) for street in latin[:2])
        if found := _street(part):
            street, rest = found
            return _with_house(street, rest, parts[place + 1 :])
    for place, part in enumerate(parts):
        if (bare := _BARE.match(f"{part},")) and (
            house := _house_behind(bare.group(2), parts, place)
        ):
            return f"{bare.group(1)}{house}"
    return ""


def _street(part: str) -> tuple[str, str] | None:
    """A street with its kind, and what stands behind it in the same part."""
    kind = _OF_KIND.search(part)
    if kind is None:
        return None
    if after := _NAMED_AFTER.match(part, kind.end()):
        return part[kind.start() : after.end()].strip(), part[after.end() :]
    if before := _NAMED_BEFORE.search(part[: kind.start()]):
        return f"{before.group().strip()} {kind.group()}", part[kind.end() :]
    return None


def _with_house(street: str, rest: str, behind: list[str]) -> str:
    if house := _HOUSE.match(rest):
        return f"{street} {house.group(1).strip()}"
    if not rest.strip() and behind and (house := _HOUSE.match(behind[0])):
        return f"{street}, {house.group(1).strip()}"
    return street


def _house_behind(rest: str, parts: list[str], place: int) -> str:
    """The number behind a single word: in the same part, or as the next part."""
    inside = rest.removesuffix(",").strip()
    if house := _HOUSE.match(inside):
        return f" {house.group(1).strip()}"
    if not inside and place + 1 < len(parts) and (house := _HOUSE.match(parts[place + 1])):
        return f", {house.group(1).strip()}"
    return ""
