"""Solutions found: the whole catalogue and its cities as files, with their licence."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from hashlib import blake2b
from itertools import chain
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.translation import gettext_noop
from ninja import Query, Router

from novator.api.v1.municipalities import with_counts
from novator.api.v1.parameters import Reader
from novator.cities.models import Municipality
from novator.core.tables import CSV_TYPE, csv_pieces
from novator.practices.exporting import CONTENT_TYPES, export_practices
from novator.practices.queries import catalogue_version

router = Router(tags=["export"])

AnyResponse = TypeVar("AnyResponse", HttpResponse, StreamingHttpResponse)

COLUMNS = (
    "id",
    "name_ru",
    "short_name_ru",
    "short_name_en",
    "kind",
    "region",
    "region_text",
    "country",
    "oktmo",
    "oktmo_valid_from",
    "population",
    "population_year",
    "population_source",
    "latitude",
    "longitude",
    "geonames_id",
    "successor",
    "practices",
)
_SHAPES = {
    "text/csv": "string",
    "application/x-ndjson": "string",
    "application/geo+json": "object",
}
_SUMMARIES = {
    "jsonl": gettext_noop("Practices as JSON Lines"),
    "csv": gettext_noop("Practices as CSV"),
    "xlsx": gettext_noop("Practices as a spreadsheet"),
}
_ABOUT = gettext_noop(
    "The whole catalogue as a file with the columns that the import reads; importing it changes"
    " nothing. The columns are explained in the schema of the catalogue."
)


def _file_of(media: str) -> dict[str, Any]:
    schema = {"type": _SHAPES[media]} if media in _SHAPES else {}
    return {"responses": {200: {"content": {media: {"schema": schema}}}}}


def _practices_as(file_format: str) -> Callable[..., StreamingHttpResponse]:
    def practices_file(request: HttpRequest, asked: Query[Reader]) -> StreamingHttpResponse:
        response = StreamingHttpResponse(
            export_practices(file_format), content_type=CONTENT_TYPES[file_format]
        )
        version = blake2b(f"{catalogue_version()} {file_format}".encode(), digest_size=12)
        response.headers["ETag"] = f'W/"{version.hexdigest()}"'
        return named(response, f"novator-practices.{file_format}")

    return practices_file


for _format, _media in CONTENT_TYPES.items():
    router.add_api_operation(
        f"/export/practices.{_format}",
        ["GET"],
        _practices_as(_format),
        operation_id=f"export_practices_{_format}",
        url_name=f"export_practices_{_format}",
        summary=_SUMMARIES[_format],
        description=_ABOUT,
        openapi_extra=_file_of(_media.split(";")[0]),
    )


@router.get(
    "/export/municipalities.csv",
    operation_id="export_municipalities_csv",
    summary=gettext_noop("Municipalities as CSV"),
    description=gettext_noop("All municipalities as a table; unknown is an empty cell."),
    openapi_extra=_file_of("text/csv"),
)
def municipalities_csv(request: HttpRequest, asked: Query[Reader]) -> HttpResponse:
    """Give all municipalities as a table. One query."""
    pieces = csv_pieces(chain([COLUMNS], (_columns(row).values() for row in _rows())))
    response = HttpResponse(b"".join(pieces), content_type=CSV_TYPE)
    return named(response, "novator-municipalities.csv")


@router.get(
    "/export/municipalities.geojson",
    operation_id="export_municipalities_geojson",
    summary=gettext_noop("Municipalities as GeoJSON"),
    description=gettext_noop(
        "All municipalities as points; one whose place is not known has no geometry."
    ),
    openapi_extra=_file_of("application/geo+json"),
)
def municipalities_geojson(request: HttpRequest, asked: Query[Reader]) -> HttpResponse:
    """Give all municipalities as points of a map. One query."""
    collection = {"type": "FeatureCollection", "features": [_feature(row) for row in _rows()]}
    content = json.dumps(collection, ensure_ascii=False)
    response = HttpResponse(content, content_type="application/geo+json")
    return named(response, "novator-municipalities.geojson")


def _rows() -> Iterable[Any]:
    return with_counts(Municipality.objects.order_by("slug"))


def _columns(row: Any) -> dict[str, Any]:
    valid_from = row.oktmo_valid_from
    values = {
        "id": row.slug,
        "region": row.region.code if row.region else None,
        "oktmo_valid_from": valid_from.isoformat() if valid_from else None,
        "successor": row.successor.slug if row.successor else None,
        "practices": row.practices_count,
    }
    stated = {name: getattr(row, name) for name in COLUMNS if name not in values}
    whole = values | {name: None if value == "" else value for name, value in stated.items()}
    return {name: whole[name] for name in COLUMNS}


def _feature(row: Any) -> dict[str, Any]:
    point = {"type": "Point", "coordinates": [row.longitude, row.latitude]}
    facts = _columns(row)
    del facts["latitude"], facts["longitude"]
    return {
        "type": "Feature",
        "id": row.slug,
        "geometry": point if row.has_point else None,
        "properties": facts,
    }


def named(response: AnyResponse, name: str) -> AnyResponse:
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
