"""A citizen's report: what two addresses, as people write them, have in common."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from novator.text.words import words

_CROSSING = re.compile(r"\s+(?:&|and|at|и|угол)\s+|[/&]", re.IGNORECASE)
_KINDS = frozenset(
    words(
        """ул улица пр просп проспект пер переулок пл площадь ш шоссе б р бул бульвар наб набережная
        проезд тупик аллея мкр микрорайон д дом корп корпус к стр строение кв г город пересечение
        перекресток st street ave av avenue rd road blvd boulevard sq square plz plaza pl place ct
        court ter terrace ln lane dr drive pkwy hwy highway intersection of"""
    )
)


@dataclass(frozen=True, slots=True)
class Address:
    """`key` is equal for one address written twice; `streets` are the streets it names."""

    key: str
    streets: frozenset[str]


@lru_cache(maxsize=1 << 14)
def read_address(text: str) -> Address:
    """Read an address; kinds of streets, points and the order of a crossing do not count."""
    parts = [[word for word in words(part) if word not in _KINDS] for part in _CROSSING.split(text)]
    key = "|".join(sorted(" ".join(part) for part in parts if part))
    streets = {" ".join(word for word in part if not word[0].isdecimal()) for part in parts}
    return Address(key, frozenset(streets - {""}))
