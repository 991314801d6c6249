"""Beside the law: dates that are known only to the month or the year, as two days."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from typing import NamedTuple

_YEARS = range(1000, 3000)
"""Beyond them a moment leaves what the database and Python can tell each other."""
_PARTIAL = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_MONTHS = (
    "январь января январе january",
    "февраль февраля феврале february",
    "март марта марте march",
    "апрель апреля апреле april",
    "май мая мае may",
    "июнь июня июне june",
    "июль июля июле july",
    "август августа августе august",
    "сентябрь сентября сентябре september",
    "октябрь октября октябре october",
    "ноябрь ноября ноябре november",
    "декабрь декабря декабре december",
)
"""Each month as it is called where a date is written out, in Russian and English."""
_SHORTEST_MONTH = 3
_IN_WORDS = (
    re.compile(r"(?:(?P<day>\d{1,2})\s+)?(?P<month>[^\W\d_]+)\.?,?\s+(?P<year>\d{4})"),
    re.compile(r"(?P<month>[^\W\d_]+)\.?\s+(?P<day>\d{1,2}),?\s+(?P<year>\d{4})"),
)
_OF_THE_YEAR = re.compile(r"(?<=\d)\s*(?:года|году|год|гг?)\b\.?")
_NOT_LATER = re.compile(r"(?:не позднее|не позже|not later than)\s+")
_NOT_EARLIER = re.compile(r"(?:не ранее|не раньше|not earlier than)\s+")


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


class Partial(NamedTuple):
    """The first and the last day that a date can mean; None: unbounded on that side."""

    earliest: date | None
    latest: date | None

    def is_over(self, day: date) -> bool:
        """Whether it has certainly been before that day."""
        return self.latest is not None and self.latest < day


UNKNOWN = Partial(None, None)


def read_partial(text: str) -> Partial:
    """
    Read "2016", "2016-05", "2016-05-05", "05.05.2016", "../2016-05-05" (not later),
    "2016-04-27/2016-05-05" (between), nothing.

    The open interval is that of ISO 8601-2 (EDTF).

    :raises ValueError: it is no such date
    """
    written = text.strip()
    if not written:
        return UNKNOWN
    if written.startswith("../"):
        return Partial(None, earliest_and_latest(written[3:])[1])
    if written.endswith("/.."):
        return Partial(earliest_and_latest(written[:-3])[0], None)
    if "/" in written:
        first, last = written.split("/", 1)
        return Partial(earliest_and_latest(first)[0], earliest_and_latest(last)[1])
    return Partial(*earliest_and_latest(_turned(written)))


def read_stated(text: str) -> Partial:
    """
    Read what somebody types: as `read_partial` or in words, in order and within reach.

    In words: "октябрь 2022", "5 октября 2022 г.", "Oct. 5, 2022", "не позднее 5 мая 2016".

    :raises ValueError: it is no such date, ends before it begins, or is of a year out of reach
    """
    found = within_reach(read_partial(_without_words(text)))
    first, last = found
    if first is not None and last is not None and last < first:
        raise ValueError(text)
    return found


def _without_words(text: str) -> str:
    """What is typed in words as `read_partial` reads it; all else as it stands."""
    typed = _OF_THE_YEAR.sub("", " ".join(text.casefold().split()))
    if found := _NOT_LATER.match(typed):
        return f"../{_in_numbers(typed[found.end() :])}"
    if found := _NOT_EARLIER.match(typed):
        return f"{_in_numbers(typed[found.end() :])}/.."
    return "/".join(_in_numbers(end) for end in re.split(r" [—–-] |/", typed))


def _in_numbers(text: str) -> str:
    """One date typed in words, in numbers; all else as it stands, dots and zeros put right."""
    typed = text.strip().removeprefix("в ").removeprefix("in ").strip()
    for form in _IN_WORDS:
        if found := form.fullmatch(typed):
            parts = found.groupdict()
            month = _month_called(parts["month"])
            if month is None:
                return text
            day = f"-{int(parts['day']):02d}" if parts["day"] else ""
            return f"{parts['year']}-{month:02d}{day}"
    return _turned(re.sub(r"\s*\.\s*", ".", typed))


def _month_called(word: str) -> int | None:
    """The month that this word, whole or shortened, can only mean."""
    if len(word) < _SHORTEST_MONTH:
        return None
    months = enumerate(_MONTHS, start=1)
    found = [place for place, names in months if any(n.startswith(word) for n in names.split())]
    return found[0] if len(found) == 1 else None


def _turned(text: str) -> str:
    """A date with dots, the year last, as the standard writes it."""
    parts = text.split(".")
    if len(parts) > 1 and all(part.isdecimal() for part in parts):
        return "-".join(part.zfill(2) for part in reversed(parts))
    return text


def within_reach(found: Partial) -> Partial:
    """
    The same date, of a year that can be meant.

    :raises ValueError: it is of another
    """
    if any(day is not None and day.year not in _YEARS for day in found):
        raise ValueError(found)
    return found


def write_partial(earliest: date | None, latest: date | None) -> str:
    """Write the two days so that `read_partial` gives them back."""
    if earliest is None and latest is None:
        return ""
    if earliest is None or latest is None:
        return f"../{latest}" if latest else f"{earliest}/.."
    written = as_text(earliest, latest)
    return written if earliest_and_latest(written) == (earliest, latest) else f"{earliest}/{latest}"
