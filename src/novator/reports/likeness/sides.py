"""A citizen's report: what of a report counts when it is compared with another one."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from novator.text.words import STOP_WORDS, words

DAYS_APART = 180
"""How long after each other two reports of one trouble may come."""
_DAY = 86_400.0
_START = 5
"""Letters of a word that count: endings of Russian words carry no topic, and it is quick."""


@dataclass(frozen=True, slots=True)
class Side:
    """
    One of two reports. `at` and `closed_at` are seconds of the epoch.

    `category`, `group` and `topic` are names of kinds of trouble, from narrow to wide; None where
    unknown. Photos are 64-bit perceptual hashes, signed or not.
    """

    at: float
    place: tuple[float, float] | None = None
    address: str = ""
    category: Hashable | None = None
    group: Hashable | None = None
    topic: Hashable | None = None
    closed_at: float | None = None
    text: str = ""
    photos: Sequence[int] = ()


def days_between(asked: Side, other: Side) -> float:
    """Return how many days the other came before; negative where it came later."""
    return (asked.at - other.at) / _DAY


def is_open_beside(asked: Side, other: Side) -> bool:
    """Whether the earlier of the two was still open when the later one came."""
    earlier, later = (other, asked) if other.at <= asked.at else (asked, other)
    return earlier.closed_at is None or earlier.closed_at > later.at


def text_likeness(a: str, b: str) -> float | None:
    """
    Return the share of beginnings of words that two texts have in common, from 0 to 1.

    Dice's coefficient (Dice 1945). None where one of them says nothing.
    """
    first, second = _starts(a), _starts(b)
    if not first or not second:
        return None
    return 2 * len(first & second) / (len(first) + len(second))


def says_the_same(a: str, b: str) -> bool:
    """Whether two texts have half of their words in common, and three at least."""
    first, second = _starts(a), _starts(b)
    common = len(first & second)
    return common >= 3 and 4 * common >= len(first) + len(second)


def _starts(text: str) -> frozenset[str]:
    return frozenset(word[:_START] for word in words(text) if word not in STOP_WORDS)


def photo_likeness(a: Sequence[int], b: Sequence[int]) -> float | None:
    """
    Return how like the most similar photos of two reports are, from 0 to 1.

    One for hashes that differ in at most 4 of 64 bits, nothing from 24 on: two unlike photos
    differ in 32 on average, with a spread of 4. None where one side has no photo.
    """
    if not a or not b:
        return None
    bits = min(((x ^ y) & 0xFFFF_FFFF_FFFF_FFFF).bit_count() for x in a for y in b)
    return min(1.0, max(0.0, (24 - bits) / 20))
