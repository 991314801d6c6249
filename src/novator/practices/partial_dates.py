"""Solutions found: dates that are known only to the month or the year, as two days."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

_PARTIAL = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


def earliest_and_latest(text: str) -> tuple[date, date]:
    """
    Read "2019", "2019-05" or "2019-05-03" as the first and the last day it can mean.

    :raises ValueError: it is no such date
    """
    found = _PARTIAL.fullmatch(text.strip())
    if found is None:
        raise ValueError(text)
    year, month, day = (int(part) if part else None for part in found.groups())
    assert year is not None
    if month is None:
        return date(year, 1, 1), date(year, 12, 31)
    if day is None:
        return date(year, month, 1), date(year, month, monthrange(year, month)[1])
    return date(year, month, day), date(year, month, day)


def as_text(earliest: date | None, latest: date | None) -> str:
    """Write the two days as the partial date they came from; nothing for no date."""
    if earliest is None or latest is None:
        return ""
    if earliest == latest:
        return earliest.isoformat()
    if earliest == date(earliest.year, 1, 1) and latest == date(earliest.year, 12, 31):
        return f"{earliest.year:04d}"
    return f"{earliest.year:04d}-{earliest.month:02d}"
