"""A citizen's report, told to other systems: what was sent, read piece by piece."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import TypeVar

from django.http import QueryDict
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from novator.api.open311.errors import Fault, Refusal, bad

LONGEST_SPAN = timedelta(days=90)
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_MOMENT = re.compile(
    r"(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)(Z|[+ -]\d{2}:?\d{2})",
    re.IGNORECASE | re.ASCII,
)
_ATTRIBUTE = re.compile(r"attribute\[([^\[\]]{1,120})\](?:\[\d*\])?")
_YES = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
_Read = TypeVar("_Read")


class Parameters:
    """What stands in the body and in the address; the body first. Empty is as good as not sent."""

    def __init__(self, *sources: QueryDict) -> None:
        self._sources = sources

    def text(self, name: str) -> str:
        """The value of a parameter without signs that no document can hold; empty if not sent."""
        return next(iter(self.texts(name)), "")

    def texts(self, name: str) -> list[str]:
        """Every value of a parameter that was sent several times."""
        for source in self._sources:
            found = [_UNPRINTABLE.sub("", text).strip() for text in source.getlist(name)]
            if any(found):
                return [text for text in found if text]
        return []

    def listed(self, *names: str) -> list[str]:
        """The values of a list: parted by commas, sent several times, or both."""
        sent = (text for name in names for text in self.texts(name))
        parted = (part.strip() for text in sent for part in text.split(","))
        return list(dict.fromkeys(part for part in parted if part))

    def attributes(self) -> Iterator[tuple[str, list[str]]]:
        """The answers to the further questions of a service, as attribute[CODE] or […][]."""
        found: dict[str, list[str]] = {}
        for source in self._sources:
            for name in source:
                if (match := _ATTRIBUTE.fullmatch(name)) and (texts := self.texts(name)):
                    found.setdefault(match.group(1), texts)
        yield from found.items()

    def moment(self, name: str) -> datetime | None:
        """
        Read a moment of W3C.

        :raises Refusal: it is none, or has no zone
        """
        text = self.text(name)
        return _moment(name, text) if text else None

    def number(
        self, name: str, *, least: float = -math.inf, most: float = math.inf
    ) -> float | None:
        """
        Read a number, with a point or a comma.

        :raises Refusal: it is none, or out of bounds
        """
        text = self.text(name)
        if not text:
            return None
        try:
            value = float(text.replace(",", "."))
        except ValueError:
            value = math.nan
        if not (math.isfinite(value) and least <= value <= most):
            raise bad(_("%(name)s is not a number that can be accepted.") % {"name": name})
        return value

    def whole(self, name: str, *, default: int, least: int, most: int) -> int:
        """
        Read a whole number; above `most` it is `most`.

        :raises Refusal: it is none, or below `least`
        """
        text = self.text(name)
        if not text:
            return default
        if not (text.isascii() and text.isdecimal() and len(text) <= 12 and int(text) >= least):
            words = _("%(name)s must be a whole number from %(least)s on.")
            raise bad(words % {"name": name, "least": least})
        return min(int(text), most)

    def flag(self, name: str) -> bool:
        """
        Read yes or no; not sent is no.

        :raises Refusal: it is neither
        """
        text = self.text(name).lower()
        if text and text not in _YES:
            raise bad(_("%(name)s must be true or false.") % {"name": name})
        return _YES.get(text, False)

    def span(self, first: str, last: str) -> tuple[datetime | None, datetime | None]:
        """
        Read a span of at most 90 days; either end may be missing.

        :raises Refusal: too long, or its end is before its beginning
        """
        start, end = self.moment(first), self.moment(last)
        if start and end and end < start:
            words = _("%(last)s lies before %(first)s.")
            raise bad(words % {"first": first, "last": last})
        if start and end and end - start > LONGEST_SPAN:
            words = _("Between %(first)s and %(last)s lie more than 90 days.")
            raise bad(words % {"first": first, "last": last})
        return start, end


class Faults:
    """Everything that is wrong with what was sent, gathered so that it is told at once."""

    def __init__(self) -> None:
        self.found: list[Fault] = []

    def read(self, reading: Callable[[], _Read]) -> _Read | None:
        """Read one thing; keep why it cannot be."""
        try:
            return reading()
        except Refusal as refusal:
            self.found.extend(refusal.faults)
            return None

    def add(self, words: str, *, code: int = 400) -> None:
        """Keep one thing that is wrong."""
        self.found.append(Fault(code, words))

    def refuse_any(self) -> None:
        """
        Refuse if anything is wrong.

        :raises Refusal: something is
        """
        if self.found:
            raise Refusal(*self.found)


def _moment(name: str, text: str) -> datetime:
    match = _MOMENT.fullmatch(text)
    try:
        found = parse_datetime(_with_plus(match)) if match else None
        if found is not None and timedelta(days=1) <= found - _FIRST <= timedelta(days=3_600_000):
            return found
    except (ValueError, OverflowError):
        pass
    words = _("%(name)s is not a moment with its zone, such as 2026-01-31T00:00:00Z.")
    raise bad(words % {"name": name})


def _with_plus(match: re.Match[str]) -> str:
    """A plus sign that was not encoded comes as a space."""
    return f"{match[1]}T{match[2]}{match[3].upper().replace(' ', '+')}"


_FIRST = datetime.fromisoformat("0001-01-02T00:00:00+00:00")
