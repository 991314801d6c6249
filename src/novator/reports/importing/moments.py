"""A citizen's report: moments as other systems write them, read quickly."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime

_PARTS = {
    "%Y": r"(?P<Y>\d{4})",
    "%m": r"(?P<m>\d{1,2})",
    "%d": r"(?P<d>\d{1,2})",
    "%H": r"(?P<H>\d{1,2})",
    "%I": r"(?P<I>\d{1,2})",
    "%M": r"(?P<M>\d{2})",
    "%S": r"(?P<S>\d{2})(?:\.\d+)?",
    "%p": r"(?P<p>[AaPp])\.?[Mm]\.?",
}


def reader_of(formats: Sequence[str]) -> Callable[[str], str]:
    """
    Return a function that turns a moment into ISO 8601, without a zone unless one was stated.

    Formats are as in `strptime`, of the parts above; ISO 8601 is always understood. The function
    raises ValueError.
    """
    patterns = [re.compile(_pattern(stated)) for stated in formats]

    def read(text: str) -> str:
        for pattern in patterns:
            found = pattern.fullmatch(text)
            if found:
                return _moment(found.groupdict())
        return datetime.fromisoformat(text).isoformat(sep=" ")

    return read


def _pattern(stated: str) -> str:
    pieces = re.split(r"(%[a-zA-Z])", stated)
    return "".join(_PARTS[piece] if piece in _PARTS else re.escape(piece) for piece in pieces)


def _moment(parts: dict[str, str | None]) -> str:
    hour = int(parts.get("H") or parts.get("I") or 0)
    if parts.get("p"):
        if not 1 <= hour <= 12:
            raise ValueError(hour)
        hour = hour % 12 + (12 if parts["p"] in {"p", "P"} else 0)
    return datetime(  # noqa: DTZ001 - the database puts it into the zone of the mapping
        int(parts["Y"] or 0),
        int(parts["m"] or 0),
        int(parts["d"] or 0),
        hour,
        int(parts.get("M") or 0),
        int(parts.get("S") or 0),
    ).isoformat(sep=" ")
