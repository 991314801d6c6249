"""A citizen's report: each row of a file checked; a bad one is told with line, field, reason."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from novator.reports.importing.mapping import FileMapping
from novator.reports.importing.moments import reader_of
from novator.reports.importing.tables import BrokenFile
from novator.reports.models import Channel
from novator.reports.models.report import LONGEST_TEXT

LONGEST_ID, LONGEST_ADDRESS, LONGEST_NAME = 120, 300, 160
_NOWHERE = 1e-4
_ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\0": " "})


class BadRow(Exception):
    """A field of a row cannot be taken."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field


@dataclass(frozen=True)
class Fault:
    """Why a row cannot be taken; `field` is the column of the file."""

    line: int
    field: str
    reason: str


class RowReader:
    """Turns the cells of a row into a line of COPY; counts points that are no place of the city."""

    def __init__(self, names: Sequence[str], mapping: FileMapping, channel: Channel) -> None:
        missing = sorted({c for of in mapping.columns.values() for c in of} - set(names))
        if missing:
            raise BrokenFile(_("The file has no columns %(names)s.") % {"names": missing})
        self._places = {
            field: [names.index(column) for column in columns]
            for field, columns in mapping.columns.items()
        }
        self._mapping = mapping
        self._channel = channel
        self._moment = reader_of(mapping.time_formats)
        self._width = len(names)
        self.outside = 0
        self.unread: dict[str, str] = {
            field: " + ".join(columns) for field, columns in mapping.columns.items()
        }

    def line_of(self, line: int, cells: Sequence[str]) -> str:
        """
        Return the row as a line of COPY: the columns of STAGED in `taking`.

        :raises BadRow: a field cannot be taken
        """
        if len(cells) > self._width:
            raise BadRow("", _("has more cells than the heading"))
        get = self._getter(cells)
        external_id = get("external_id")
        if not external_id:
            raise BadRow(self.unread["external_id"], _("is empty"))
        if len(external_id) > LONGEST_ID:
            raise BadRow(self.unread["external_id"], _("is longer than 120 characters"))
        text = get("text")
        if len(text) > LONGEST_TEXT:
            raise BadRow(self.unread["text"], _("is longer than 4000 characters"))
        latitude, longitude = self._point(get("latitude"), get("longitude"))
        word = get("status").casefold()
        parts = (
            str(line),
            external_id.translate(_ESCAPED),
            self._time("requested_at", get("requested_at")) or "",
            self._time("closed_at", get("closed_at")) or "\\N",
            get("category")[:LONGEST_NAME].translate(_ESCAPED),
            text.translate(_ESCAPED),
            get("address")[:LONGEST_ADDRESS].translate(_ESCAPED),
            latitude,
            longitude,
            self._mapping.states.get(word, self._mapping.otherwise),
            get("asset_number")[:60].translate(_ESCAPED),
        )
        return "\t".join(parts) + "\n"

    def _getter(self, cells: Sequence[str]) -> Callable[[str], str]:
        places, count = self._places, len(cells)

        def get(field: str) -> str:
            of = places.get(field)
            if not of:
                return ""
            if len(of) == 1:
                return cells[of[0]].strip() if of[0] < count else ""
            return " ".join(c for n in of if n < count and (c := cells[n].strip()))

        return get

    def _time(self, field: str, stated: str) -> str | None:
        if not stated:
            if field == "requested_at":
                raise BadRow(self.unread[field], _("is empty"))
            return None
        try:
            return self._moment(stated)
        except ValueError as fault:
            words = _("“%(value)s” is no moment that the mapping knows")
            raise BadRow(self.unread[field], words % {"value": stated[:40]}) from fault

    def _point(self, latitude: str, longitude: str) -> tuple[str, str]:
        """A point that is no place of the city is left out; one that is no number is a fault."""
        if not latitude or not longitude:
            return "\\N", "\\N"
        try:
            point = float(latitude.replace(",", ".")), float(longitude.replace(",", "."))
        except ValueError as fault:
            words = _("“%(value)s” is no number")
            value = f"{latitude[:20]}, {longitude[:20]}"
            raise BadRow(self.unread["latitude"], words % {"value": value}) from fault
        if not (math.isfinite(point[0]) and math.isfinite(point[1])):
            raise BadRow(self.unread["latitude"], _("is no number"))
        if not self._channel.contains(*point):
            is_stated = abs(point[0]) > _NOWHERE or abs(point[1]) > _NOWHERE
            self.outside += is_stated
            return "\\N", "\\N"
        return repr(point[0]), repr(point[1])
