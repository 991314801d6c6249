"""A citizen's report: its address, from the list of streets and houses that the city imported."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from django.db import transaction
from django.db.models import Case, IntegerField, Value, When
from django.utils.translation import gettext as _

from novator.cities.models import Municipality
from novator.reports.models import Channel, Street
from novator.reports.places import metres_between
from novator.text.words import fold, words

MOST_ROWS = 300_000
MOST_FAULTS = 100
LARGEST_BOOK = 200_000_000
MOST_COLUMNS = 100
_CANDIDATES = 600
_AT_ONCE = 2_000
_KINDS = frozenset(
    [
        "ул",
        "улица",
        "пр",
        "кт",
        "просп",
        "проспект",
        "пер",
        "переулок",
        "пл",
        "площадь",
        "ш",
        "шоссе",
        "б",
        "р",
        "бул",
        "бульвар",
        "наб",
        "набережная",
        "проезд",
        "тупик",
        "аллея",
        "мкр",
        "микрорайон",
        "д",
        "дом",
        "корп",
        "корпус",
        "к",
        "стр",
        "строение",
        "кв",
        "г",
        "город",
        "street",
        "st",
        "avenue",
        "ave",
        "road",
        "rd",
        "lane",
        "ln",
        "square",
        "sq",
        "house",
    ]
)
_HOUSE = re.compile(r"\d+(?:[а-иa-e](?![а-яa-z]))?")
_COLUMNS = {
    "name": {"street", "name", "улица", "название", "адрес"},
    "house": {"house", "дом", "номер"},
    "latitude": {"latitude", "lat", "широта"},
    "longitude": {"longitude", "lon", "lng", "долгота"},
}


class StreetsRefused(Exception):
    """The file cannot be read at all; the message is fit to show."""


@dataclass(frozen=True)
class RowFault:
    """What is wrong in one row: its line in the file, the field and the reason."""

    line: int
    field: str
    reason: str


@dataclass
class StreetReport:
    """What an import did, or would do: rows taken, or faults and nothing taken."""

    rows: int = 0
    removed: int = 0
    faults: list[RowFault] = field(default_factory=list)


def street_key(name: str) -> str:
    """Fold the name of a street; the kind of street does not count."""
    return " ".join(word for word in words(name) if word not in _KINDS)


def house_key(house: str) -> str:
    """Make one spelling of the number of a house: «5, корп. 2», «5к2» and «5/2» are one."""
    return "/".join(_HOUSE.findall(fold(house)))


def find_addresses(municipality: Municipality, text: str, *, limit: int = 8) -> list[Street]:
    """
    Addresses of the city's list that a person may mean while typing; the likeliest first.

    One query. With the number of a house: that house, else houses that begin so, else the street.
    """
    street, house = _parted(text)
    if len(street) < 2:
        return []
    rows = list(_streets(municipality, street)[:_CANDIDATES])
    if not house:
        return _one_of_each_street(rows)[:limit]
    same = [row for row in rows if house_key(row.house) == house]
    alike = [row for row in rows if row not in same and house_key(row.house).startswith(house)]
    return ([*same, *alike] or _one_of_each_street(rows))[:limit]


def address_called(municipality: Municipality, text: str) -> Street | None:
    """Return the one address of the list that is called exactly so; None where it is unclear."""
    street, house = _parted(text)
    if not street:
        return None
    rows = Street.objects.filter(municipality=municipality, key=street)[:_CANDIDATES]
    same = [row for row in rows if house_key(row.house) == house]
    return same[0] if len(same) == 1 else None


def nearest_address(
    municipality: Municipality, latitude: float, longitude: float, *, within: float = 80.0
) -> Street | None:
    """Return the address of the list that is nearest to a point, at most `within` metres away."""
    reach = within / 111_000
    rows = Street.objects.filter(
        municipality=municipality,
        latitude__range=(latitude - reach, latitude + reach),
        longitude__range=(longitude - 3 * reach, longitude + 3 * reach),
    )
    here = (latitude, longitude)
    near = [(metres_between(here, (row.latitude, row.longitude)), row.pk, row) for row in rows]
    near.sort(key=lambda each: each[:2])
    return near[0][2] if near and near[0][0] <= within else None


def _parted(text: str) -> tuple[str, str]:
    """Part a typed address into the key of the street and the key of the house."""
    told = [word for word in words(text) if word not in _KINDS]
    first = next((n for n, word in enumerate(told) if n and word[0].isdecimal()), len(told))
    return " ".join(told[:first]), house_key(" ".join(told[first:]))


def _streets(municipality: Municipality, key: str) -> Any:
    begins = Case(
        When(key=key, then=Value(0)),
        When(key__startswith=key, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    rows = Street.objects.filter(municipality=municipality, key__contains=key)
    return rows.annotate(rank=begins).order_by("rank", "key", "house", "id")


def _one_of_each_street(rows: Iterable[Street]) -> list[Street]:
    return list({row.name: row for row in reversed(list(rows))}.values())[::-1]


@transaction.atomic
def import_streets(
    *,
    municipality: Municipality,
    file: BinaryIO,
    name: str,
    dry_run: bool = False,
    replaces: bool = False,
) -> StreetReport:
    """
    Take a list of addresses from CSV or XLSX: all of it or, if any row is bad, nothing.

    Known addresses get the new point; with `replaces` those that the file lacks are removed.

    :raises StreetsRefused: it is no table with a street, a latitude and a longitude
    """
    channel = Channel.objects.filter(municipality=municipality).first()
    report = StreetReport()
    found: dict[tuple[str, str], Street] = {}
    for line, raw in _rows(file, name):
        row = _street(municipality, channel, line, raw, report.faults)
        if row is not None:
            found[row.name, row.house] = row
        if len(report.faults) >= MOST_FAULTS or line > MOST_ROWS:
            break
    if line_is_too_many := len(found) >= MOST_ROWS:
        raise StreetsRefused(_("The file has more than %(most)s rows.") % {"most": MOST_ROWS})
    report.rows = len(found)
    if report.faults or dry_run or line_is_too_many:
        return report
    if replaces:
        report.removed = Street.objects.filter(municipality=municipality).delete()[0]
    Street.objects.bulk_create(
        found.values(),
        batch_size=_AT_ONCE,
        update_conflicts=True,
        unique_fields=["municipality", "name", "house"],
        update_fields=["key", "latitude", "longitude"],
    )
    return report


def _street(
    municipality: Municipality,
    channel: Channel | None,
    line: int,
    raw: Mapping[str, str],
    faults: list[RowFault],
) -> Street | None:
    before = len(faults)
    name, house = raw["name"][:200], raw.get("house", "")[:20]
    if not street_key(name):
        faults.append(RowFault(line, "name", _("The street has no name.")))
    latitude = _degrees(raw["latitude"], 90, line, "latitude", faults)
    longitude = _degrees(raw["longitude"], 180, line, "longitude", faults)
    if len(faults) == before and channel and not channel.contains(latitude, longitude):
        faults.append(RowFault(line, "latitude", _("The point lies outside the city.")))
    if len(faults) > before:
        return None
    return Street(
        municipality=municipality,
        name=name,
        house=house,
        key=street_key(name),
        latitude=latitude,
        longitude=longitude,
    )


def _degrees(text: str, most: int, line: int, name: str, faults: list[RowFault]) -> float:
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        value = float("nan")
    if not -most <= value <= most:
        words_ = _("“%(text)s” is no number of degrees from −%(most)s to %(most)s.")
        faults.append(RowFault(line, name, words_ % {"text": text[:40], "most": most}))
        return 0.0
    return value


def _rows(file: BinaryIO, name: str) -> Iterator[tuple[int, dict[str, str]]]:
    cells = _of_xlsx(file) if name.lower().endswith(".xlsx") else _of_csv(file)
    try:
        head = next(cells)
    except StopIteration:
        raise StreetsRefused(_("The file is empty.")) from None
    places = _places([fold(cell).strip() for cell in head])
    for line, row in enumerate(cells, start=2):
        if any(cell.strip() for cell in row):
            yield line, {n: row[p].strip() if p < len(row) else "" for n, p in places.items()}


def _places(head: list[str]) -> dict[str, int]:
    places = {
        ours: next((n for n, cell in enumerate(head) if cell in theirs), -1)
        for ours, theirs in _COLUMNS.items()
    }
    missing = [ours for ours, place in places.items() if place < 0 and ours != "house"]
    if missing:
        words_ = _("The first row must name the columns street, house, latitude, longitude.")
        raise StreetsRefused(words_)
    return {ours: place for ours, place in places.items() if place >= 0}


def _of_csv(file: BinaryIO) -> Iterator[list[str]]:
    try:
        text = file.read().decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise StreetsRefused(_("The file is not in UTF-8. Save it as CSV UTF-8.")) from fault
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    try:
        yield from csv.reader(io.StringIO(text), delimiter=delimiter, strict=True)
    except csv.Error as fault:
        raise StreetsRefused(_("The table is damaged: a quotation mark is not closed.")) from fault


def _of_xlsx(file: BinaryIO) -> Iterator[list[str]]:
    from openpyxl import load_workbook

    try:
        with zipfile.ZipFile(file) as package:
            if sum(entry.file_size for entry in package.infolist()) > LARGEST_BOOK:
                raise StreetsRefused(_("The file unpacks to far too much."))
        file.seek(0)
        book = load_workbook(file, read_only=True, data_only=True)
        for row in book.worksheets[0].iter_rows(max_col=MOST_COLUMNS, values_only=True):
            yield ["" if cell is None else _written(cell) for cell in row]
    except StreetsRefused:
        raise
    except Exception as fault:  # openpyxl meets a broken book with whatever its parsers raise
        raise StreetsRefused(_("The file is no table of Excel, or it is damaged.")) from fault


def _written(cell: object) -> str:
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
