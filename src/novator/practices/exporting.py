"""Solutions found: the catalogue as open data, in the columns that the import reads."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import chain
from typing import Any

from novator.core.tables import CSV_TYPE, csv_pieces, guarded
from novator.practices.models import Practice
from novator.practices.rows import COLUMNS, PracticeRow
from novator.practices.writing import row_of, with_children

LICENCE = "CC BY 4.0"
LICENCE_URL = "https://creativecommons.org/licenses/by/4.0/"
ATTRIBUTION = "Novator, catalogue of practices"
CONTENT_TYPES = {
    "jsonl": "application/x-ndjson; charset=utf-8",
    "csv": CSV_TYPE,
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_CHUNK = 500


def export_practices(file_format: str) -> Iterator[bytes]:
    """
    The whole catalogue by slug as "jsonl", "csv" or "xlsx", in pieces fit for streaming.

    Importing the result changes nothing. Text cells that a table program would reckon with begin
    with an apostrophe, which the import takes away.

    :raises KeyError: no such format
    """
    return _WRITERS[file_format](exported_rows())


def export_cards(slugs: Sequence[str], file_format: str) -> Iterator[bytes]:
    """
    Some published cards in the order of their slugs, as the whole catalogue is exported.

    :raises KeyError: no such format
    """
    rows = with_children(Practice.objects.published().filter(slug__in=list(slugs)))
    by_slug = {practice.slug: row_of(practice) for practice in rows}
    return _WRITERS[file_format]([by_slug[slug] for slug in slugs if slug in by_slug])


def exported_rows() -> Iterator[PracticeRow]:
    """Every published card as files carry it, by slug; seven queries for each 500 cards."""
    slugs = list(Practice.objects.published().order_by("slug").values_list("slug", flat=True))
    for start in range(0, len(slugs), _CHUNK):
        chunk = slugs[start : start + _CHUNK]
        rows = with_children(Practice.objects.filter(slug__in=chunk)).order_by("slug")
        yield from (row_of(practice) for practice in rows)


def values_of(row: PracticeRow) -> dict[str, Any]:
    """The card as one JSON object with the columns of the files; unknown is null."""
    first, *more = row.sources or (None,)
    cost = row.cost
    values = {name: getattr(row, name, None) for name in COLUMNS}
    values |= {
        "cost_amount": _plain(cost.amount) if cost else None,
        "cost_currency": cost.currency if cost else None,
        "cost_basis": cost.basis if cost else None,
        "price_year": cost.price_year if cost else None,
        "yearly_cost_amount": _plain(row.yearly_cost.amount) if row.yearly_cost else None,
        "yearly_cost_currency": row.yearly_cost.currency if row.yearly_cost else None,
        "baseline": [_filled_in(figure.__dict__) for figure in row.baseline],
        "steps": [_filled_in(step.__dict__) for step in row.steps],
        "effects": [_filled_in(effect.__dict__) for effect in row.effects],
        "source_url": first.url if first else None,
        "source_title": first.title if first else None,
        "source_date": first.date if first else None,
        "more_sources": [_filled_in(source.__dict__) for source in more if source],
    }
    return {name: _json_value(values[name]) for name in COLUMNS}


def _as_jsonl(rows: Iterable[PracticeRow]) -> Iterator[bytes]:
    for row in rows:
        yield (json.dumps(values_of(row), ensure_ascii=False) + "\n").encode()


def _as_csv(rows: Iterable[PracticeRow]) -> Iterator[bytes]:
    yield from csv_pieces(chain([COLUMNS], (_cells(row) for row in rows)))


def _as_xlsx(rows: Iterable[PracticeRow]) -> Iterator[bytes]:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    book.properties.title = ATTRIBUTION
    book.properties.creator = "Novator"
    book.properties.description = f"{LICENCE} {LICENCE_URL}"
    sheet = book.create_sheet("practices")
    sheet.append(list(COLUMNS))
    for row in rows:
        sheet.append([guarded(cell) for cell in _cells(row)])
    about = book.create_sheet("licence")
    for line in (ATTRIBUTION, LICENCE, LICENCE_URL):
        about.append([line])
    page = io.BytesIO()
    book.save(page)
    yield page.getvalue()


_WRITERS: dict[str, Callable[[Iterable[PracticeRow]], Iterator[bytes]]] = {
    "jsonl": _as_jsonl,
    "csv": _as_csv,
    "xlsx": _as_xlsx,
}


def _cells(row: PracticeRow) -> list[Any]:
    """The card as the cells of one table row: lists parted by semicolons, objects as JSON text."""
    return [_cell(name, value) for name, value in values_of(row).items()]


def _cell(name: str, value: Any) -> Any:
    if isinstance(value, list):
        if name in {"effects", "more_sources", "baseline", "steps"}:
            return json.dumps(value, ensure_ascii=False) if value else None
        if any(";" in item for item in value):
            return json.dumps(value, ensure_ascii=False)
        return "; ".join(value)
    return value


def _filled_in(values: dict[str, Any]) -> dict[str, Any]:
    return {name: None if value == "" else _plain(value) for name, value in values.items()}


def _json_value(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(value)
    return None if value == "" else value


def _plain(value: Any) -> Any:
    """A number as people write it: 1500000 rather than 1500000.00."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    return value
