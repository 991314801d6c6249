"""A citizen's report: the narrowed work list as a file, without contacts, in pieces."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from novator.core.tables import CSV_TYPE, csv_pieces, guarded
from novator.reports.models import Report
from novator.reports.worklist import Rows

CONTENT_TYPES = {
    "csv": CSV_TYPE,
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
MOST_IN_EXCEL = 200_000
_CHUNK = 2000
_PIECE = 1 << 16


def _yes_or_no(fact: bool) -> str:
    return _("yes") if fact else _("no")


COLUMNS: tuple[tuple[Promise | str, Callable[[Report], Any]], ...] = (
    (gettext_lazy("Number"), lambda report: report.number),
    (gettext_lazy("State"), lambda report: str(report.get_status_display())),
    (gettext_lazy("Category"), lambda report: report.category.name if report.category else ""),
    (gettext_lazy("District"), lambda report: report.area.name if report.area else ""),
    (
        gettext_lazy("Who works on it"),
        lambda report: report.department.name if report.department else "",
    ),
    (gettext_lazy("Address"), lambda report: report.address),
    (gettext_lazy("Latitude"), lambda report: report.latitude),
    (gettext_lazy("Longitude"), lambda report: report.longitude),
    (gettext_lazy("Number of the object"), lambda report: report.asset_number),
    (gettext_lazy("Text"), lambda report: report.text),
    (gettext_lazy("Came by"), lambda report: str(report.get_source_display())),
    (gettext_lazy("Came on"), lambda report: report.arrived_at),
    (gettext_lazy("Answer due"), lambda report: report.due_on),
    (gettext_lazy("Paused since"), lambda report: report.paused_on),
    (gettext_lazy("Extended on"), lambda report: report.extended_on),
    (gettext_lazy("Answered on"), lambda report: report.answered_at),
    (gettext_lazy("Closed on"), lambda report: report.closed_at),
    (gettext_lazy("Danger to life"), lambda report: _yes_or_no(report.is_danger)),
    (gettext_lazy("“Me too”"), lambda report: report.supports),
    (gettext_lazy("Times refuted"), lambda report: report.times_refuted),
    (gettext_lazy("Times opened again"), lambda report: report.times_reopened),
    (gettext_lazy("Confirmed by the sender"), lambda report: _yes_or_no(report.is_confirmed)),
)
"""No column tells who sent it or who in the city works on it."""


class TooMany(Exception):
    """The list is too long for this kind of file; the message is fit to show."""


def list_file(rows: Rows, kind: str, *, time_zone: str) -> Iterator[bytes]:
    """
    Yield a file of the reports, newest first, as "csv" or "xlsx".

    Text that a table program would reckon with begins with an apostrophe.

    :raises TooMany: more rows than an Excel file is made of here
    """
    if kind == "xlsx" and rows.order_by().values("pk")[: MOST_IN_EXCEL + 1].count() > MOST_IN_EXCEL:
        raise TooMany(
            _("An Excel file takes %(most)s reports; take CSV, or narrow the list.")
            % {"most": MOST_IN_EXCEL}
        )
    known = rows.select_related("category", "area", "department").order_by("-pk")
    cells = _cells(known, ZoneInfo(time_zone))
    return csv_pieces(cells) if kind == "csv" else _xlsx(cells)


def _cells(rows: Rows, zone: ZoneInfo) -> Iterator[list[Any]]:
    yield [str(name) for name, _value in COLUMNS]
    for report in rows.iterator(chunk_size=_CHUNK):
        yield [_plain(value(report), zone) for _name, value in COLUMNS]


def _plain(value: Any, zone: ZoneInfo) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(zone).strftime("%Y-%m-%d %H:%M")
    return value


def _xlsx(rows: Iterator[list[Any]]) -> Iterator[bytes]:
    from openpyxl import Workbook
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Reports"))
    for row in rows:
        sheet.append(
            [
                guarded(ILLEGAL_CHARACTERS_RE.sub(" ", cell)) if isinstance(cell, str) else cell
                for cell in row
            ]
        )
    with tempfile.TemporaryFile() as file:
        book.save(file)
        file.seek(0)
        while piece := file.read(_PIECE):
            yield piece
