"""Councils' pages: the seats of a council in an arc, by faction or by vote, drawn by the server."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, pi, sin
from string import ascii_uppercase

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from novator.council.models import OPTIONS, Organization

COLOURS = 8
"""How many groups differ by colour and pattern; further ones begin anew with another letter."""
NONE = "none"
"""The `colour_key` of seats in no group."""
WIDTH = 480.0
_OUTER = 190.0
_LETTERS = 24.0
_INNER_SHARES = {1: 0.95, 2: 0.62, 3: 0.5}
_INNER_SHARE = 0.38
_LARGE = 13.5
_FILL = 0.84


@dataclass(frozen=True)
class SeatMark:
    """One seat: `colour_key` names its group (faction), `label` whoever sits there."""

    colour_key: str
    label: str
    option: str | None = None


@dataclass(frozen=True)
class DrawnSeat:
    """A seat in the units of the drawing; `tone` is its colour and pattern, `form` its mark."""

    x: float
    y: float
    radius: float
    tone: str
    form: str
    mark: str
    title: str


@dataclass(frozen=True)
class Group:
    """Seats of one colour: letter, name, how many; `counts` are by the drawing's options."""

    key: str
    letter: str
    name: str
    tone: str
    count: int
    share: float
    x: float
    y: float
    mark: str
    counts: tuple[int, ...]


@dataclass(frozen=True)
class Option:
    """One way to vote: its code, name, how many, and the mark by which it is drawn."""

    code: str
    name: str
    count: int
    mark: str


@dataclass(frozen=True)
class Hemicycle:
    """What the template draws: seats, groups, forms of the vote, and the same in words."""

    seats: tuple[DrawnSeat, ...]
    groups: tuple[Group, ...]
    options: tuple[Option, ...]
    width: float
    height: float
    total: int
    summary: str

    @property
    def is_vote(self) -> bool:
        """Whether seats show how they voted."""
        return bool(self.options)

    @property
    def seats_svg(self) -> SafeString:
        """All seats as elements of the drawing: hundreds of small parts, not worth a template."""
        return format_html_join(
            "\n",
            '<g class="seat seat-{} seat-is-{}" transform="translate({} {})"><title>{}</title>'
            '<circle r="{}"/>{}</g>',
            (
                (seat.tone, seat.form, str(seat.x), str(seat.y), seat.title, str(seat.radius), path)
                for seat in self.seats
                for path in [format_html('<path d="{}"/>', seat.mark) if seat.mark else ""]
            ),
        )


def hemicycle(seats: Sequence[SeatMark], *, names: dict[str, str] | None = None) -> Hemicycle:
    """
    Place the seats: groups in the order in which they first come, from left to right.

    `names` says what a `colour_key` is called; without it the key is its name.
    """
    called = {NONE: _("of no faction")} | (names or {})
    keys = list(dict.fromkeys(seat.colour_key for seat in seats))
    tones = _tones(keys)
    letters = _letters(keys)
    ordered = sorted(seats, key=lambda seat: keys.index(seat.colour_key))
    places, radius = seat_places(len(ordered))
    options = _options(ordered)
    groups = []
    start = 0
    for key in keys:
        own = [seat for seat in ordered if seat.colour_key == key]
        angle = _middle([place[2] for place in places[start : start + len(own)]])
        start += len(own)
        group = Group(
            key=key,
            letter=letters[key],
            name=called.get(key, key),
            tone=tones[key],
            count=len(own),
            share=100 * len(own) / len(ordered),
            x=_x(angle, _OUTER + _LETTERS),
            y=_y(angle, _OUTER + _LETTERS),
            mark=mark_of(f"tone-{tones[key]}", 8.0),
            counts=tuple(sum(seat.option == one.code for seat in own) for one in options),
        )
        groups.append(group)
    drawn = [
        _drawn(seat, place, radius, tones[seat.colour_key], called)
        for seat, place in zip(ordered, places, strict=True)
    ]
    height = round(_OUTER + 2 * _LETTERS + 8, 1)
    words = _summary(len(ordered), groups, options)
    return Hemicycle(tuple(drawn), tuple(groups), options, WIDTH, height, len(ordered), words)


def _drawn(
    seat: SeatMark,
    place: tuple[float, float, float],
    radius: float,
    tone: str,
    called: dict[str, str],
) -> DrawnSeat:
    parts = [seat.label, called.get(seat.colour_key, seat.colour_key)]
    if seat.option:
        parts.append(str(OPTIONS[seat.option]))
    title = " — ".join(part for part in parts if part)
    form = seat.option or "seat"
    mark = mark_of(seat.option or f"tone-{tone}", radius)
    return DrawnSeat(place[0], place[1], radius, tone, form, mark, title)


def mark_of(name: str, radius: float) -> str:
    """
    The path inside a seat of that radius: the pattern of a group, or the form of an option.

    Colour alone says nothing: groups differ by it, options too, as do their places and letters.
    """
    inner = round(radius * 0.52, 2)
    dot = round(radius * 0.3, 2)
    across = f"M{-inner} 0H{inner}"
    upright = f"M0 {-inner}V{inner}"
    falling = f"M{-inner} {-inner}L{inner} {inner}"
    rising = f"M{-inner} {inner}L{inner} {-inner}"
    point = f"M{-dot} 0a{dot} {dot} 0 1 0 {2 * dot} 0a{dot} {dot} 0 1 0 {-2 * dot} 0z"
    square = f"M{-dot} {-dot}H{dot}V{dot}H{-dot}z"
    return {
        "tone-2": point,
        "tone-3": across,
        "tone-4": upright,
        "tone-5": f"{across}{upright}",
        "tone-6": falling,
        "tone-7": f"{falling}{rising}",
        "tone-8": square,
        "no": f"{falling}{rising}",
        "abstain": across,
        "not_voting": point,
        "recused": rising,
    }.get(name, "")


def key_of(faction: Organization | None) -> str:
    """The `colour_key` of a faction."""
    return str(faction.pk) if faction else NONE


def seat_places(count: int) -> tuple[list[tuple[float, float, float]], float]:
    """
    Places (x, y, angle from the left) of so many seats by angle, and the radius of a seat.

    Rows are the fewest that give large seats, else as many as give the largest that do not touch;
    each row holds seats by its length.
    """
    if not count:
        return [], 0.0
    tried = [(_radius(count, rows), rows) for rows in range(1, 13)]
    radius, rows = next((one for one in tried if one[0] >= _LARGE), max(tried))
    placed = []
    for distance, seats in zip(_distances(rows), _by_row(count, rows), strict=True):
        for place in range(seats):
            angle = pi * (place + 0.5) / seats
            placed.append((_x(angle, distance), _y(angle, distance), angle, -distance))
    placed.sort(key=lambda place: (round(place[2], 6), place[3]))
    return [place[:3] for place in placed], round(radius, 2)


def _distances(rows: int) -> list[float]:
    """How far each row is from the middle, the nearest first."""
    inner = _OUTER * _INNER_SHARES.get(rows, _INNER_SHARE)
    if rows == 1:
        return [inner]
    return [inner + (_OUTER - inner) * row / (rows - 1) for row in range(rows)]


def _by_row(count: int, rows: int) -> list[int]:
    """Seats of each row by its length, together exactly so many."""
    distances = _distances(rows)
    exact = [count * distance / sum(distances) for distance in distances]
    whole = [int(number) for number in exact]
    by_rest = sorted(range(rows), key=lambda row: whole[row] - exact[row])
    for row in by_rest[: count - sum(whole)]:
        whole[row] += 1
    return whole


def _radius(count: int, rows: int) -> float:
    """The largest radius at which seats of so many rows do not touch."""
    distances = _distances(rows)
    between_rows = (distances[1] - distances[0]) if rows > 1 else _OUTER
    within = [
        pi * distance / seats
        for distance, seats in zip(distances, _by_row(count, rows), strict=True)
        if seats
    ]
    return min(between_rows, *within, 52.0) / 2 * _FILL


def _x(angle: float, distance: float) -> float:
    return round(WIDTH / 2 - distance * cos(angle), 1)


def _y(angle: float, distance: float) -> float:
    return round(_OUTER + 2 * _LETTERS - 12 - distance * sin(angle), 1)


def _middle(angles: Sequence[float]) -> float:
    return (min(angles) + max(angles)) / 2


def _tones(keys: Sequence[str]) -> dict[str, str]:
    named = [key for key in keys if key != NONE]
    return {key: str(place % COLOURS + 1) for place, key in enumerate(named)} | {NONE: NONE}


def _letters(keys: Sequence[str]) -> dict[str, str]:
    named = [key for key in keys if key != NONE]
    found = {}
    for place, key in enumerate(named):
        again, letter = divmod(place, len(ascii_uppercase))
        found[key] = ascii_uppercase[letter] + (str(again + 1) if again else "")
    return found | {NONE: "–"}


def _options(seats: Sequence[SeatMark]) -> tuple[Option, ...]:
    """Options that somebody took, in the order in which they are told."""
    counts = {code: sum(seat.option == code for seat in seats) for code in OPTIONS}
    return tuple(
        Option(code, str(OPTIONS[code]), count, mark_of(code, 8.0))
        for code, count in counts.items()
        if count
    )


def _summary(total: int, groups: Sequence[Group], options: Sequence[Option]) -> str:
    """The drawing in words."""
    seats = ngettext("%(count)s seat", "%(count)s seats", total) % {"count": total}
    if options:
        said = ", ".join(f"{one.name} {one.count}" for one in options)
    else:
        said = ", ".join(f"{group.name} {group.count}" for group in groups)
    return f"{seats}: {said}." if said else f"{seats}."
