"""Where the loop happens: the municipalities, and for each the cities most like it."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest
from django.utils.translation import gettext_noop
from ninja import Field, Path, Query, Router, Schema

from novator.api.v1.codes import Kind
from novator.api.v1.paging import Part, absolute, neighbours
from novator.api.v1.parameters import Country, Page, Reader, RegionCode, Slug, YesOrNo
from novator.cities.models import KINDS, Municipality
from novator.cities.peers import Peer
from novator.cities.queries import find_city, peers
from novator.core.languages import reader_language
from novator.practices.models import Practice

router = Router(tags=["municipalities"])

PEERS = 5


class RegionAnswer(Schema):
    """A region of Russia or of another country."""

    code: str = Field(description=gettext_noop("ISO 3166-2 where there is one."))
    name: str = Field(description=gettext_noop("Name in the reader's language."))


class MunicipalityAnswer(Schema):
    """A municipality, or what stands in its place in a source."""

    id: str = Field(description=gettext_noop("What other addresses take; it never changes."))
    name: str = Field(description=gettext_noop("What people call it, in the reader's language."))
    name_ru: str = Field(description=gettext_noop("Name as the source states it."))
    short_name_ru: str
    short_name_en: str
    kind: Kind
    kind_name: str = Field(description=gettext_noop("The kind in the reader's language."))
    region: RegionAnswer | None
    country: str = Field(description=gettext_noop("Two letters of ISO 3166-1."))
    oktmo: str | None = Field(description=gettext_noop("Code of OKTMO, eight digits, as text."))
    oktmo_valid_from: date | None
    population: int | None = Field(description=gettext_noop("Null where it is not known."))
    population_year: int | None = Field(description=gettext_noop("Null: year not stated."))
    population_source: str | None
    latitude: float | None = Field(description=gettext_noop("Degrees of WGS 84."))
    longitude: float | None = Field(description=gettext_noop("Degrees of WGS 84."))
    geonames_id: int | None
    successor: str | None = Field(
        description=gettext_noop("The municipality that came after it, or null.")
    )
    practices: int = Field(description=gettext_noop("How many of its practices we have."))
    page: str = Field(description=gettext_noop("Its page on the site."))


class AspectAnswer(Schema):
    """One aspect in which two cities are alike or not."""

    aspect: Literal["population", "distance", "region", "kind"]
    likeness: float | None = Field(description=gettext_noop("0 to 1; null: a fact is missing."))
    value: float | None = Field(
        description=gettext_noop("Larger population divided by the smaller, or distance in km.")
    )
    text: str = Field(description=gettext_noop("The same in words."))


class PeerAnswer(Schema):
    """A city that is like the one asked about."""

    id: str
    name: str
    region: RegionAnswer | None
    population: int | None
    practices: int
    likeness: float = Field(description=gettext_noop("0 to 1."))
    reasons: list[AspectAnswer] = Field(description=gettext_noop("Why it is called alike."))


class MunicipalityDetail(MunicipalityAnswer):
    """A municipality with the cities most like it."""

    practices_at: str = Field(description=gettext_noop("Address of the list of its practices."))
    peers: list[PeerAnswer] = Field(
        description=gettext_noop("The cities most like it, the likest first.")
    )


class MunicipalitiesAnswer(Part):
    """A part of the list of municipalities."""

    results: list[MunicipalityAnswer]


class MunicipalitiesAsked(Page, Reader):
    """Which municipalities."""

    q: str | None = Field(
        None,
        min_length=1,
        max_length=200,
        description=gettext_noop("Part of a name, or a name as people write it."),
    )
    region: RegionCode | None = Field(None, description=gettext_noop("Code of a region."))
    country: Country | None = Field(None, description=gettext_noop("Two letters of ISO 3166-1."))
    with_practices: YesOrNo | None = Field(
        None,
        description=gettext_noop("true: only those with practices; false: only those without."),
    )


@router.get(
    "/municipalities",
    response=MunicipalitiesAnswer,
    operation_id="list_municipalities",
    summary=gettext_noop("Municipalities"),
    description=gettext_noop("Municipalities by name, filtered; towns without practices too."),
    openapi_extra={"x-example": {"q": "Глазов"}},
)
def municipalities(request: HttpRequest, asked: Query[MunicipalitiesAsked]) -> dict[str, Any]:
    """List municipalities. Two queries, three where a name is asked for."""
    rows = filtered(asked)
    total = rows.count()
    part = with_counts(rows)[asked.offset : asked.offset + asked.limit]
    ends = neighbours(request, total=total, limit=asked.limit, offset=asked.offset)
    return {"total": total, **ends, "results": [municipality_answer(request, row) for row in part]}


@router.get(
    "/municipalities/{municipality_id}",
    response=MunicipalityDetail,
    operation_id="get_municipality",
    summary=gettext_noop("One municipality"),
    description=gettext_noop("All that is known of a municipality, and the cities most like it."),
    openapi_extra={"x-example": {"municipality_id": "glazov"}},
)
def municipality(
    request: HttpRequest, municipality_id: Path[Slug], asked: Query[Reader]
) -> dict[str, Any]:
    """Show one municipality with its peers, in a fixed number of queries."""
    row = with_counts(Municipality.objects.filter(slug=municipality_id)).first()
    if row is None:
        raise Http404
    found = peers(row, PEERS)
    rows = with_counts(Municipality.objects.filter(slug__in=[peer.city.slug for peer in found]))
    known = {each.slug: each for each in rows}
    own = f"/api/v1/practices?municipality={row.slug}"
    return {
        **municipality_answer(request, row),
        "practices_at": absolute(request, own),
        "peers": [_peer_answer(peer, known[peer.city.slug]) for peer in found],
    }


def filtered(asked: MunicipalitiesAsked) -> QuerySet[Municipality]:
    """Municipalities that were asked for, in the order of their names."""
    rows = Municipality.objects.order_by("short_name_ru", "slug")
    if asked.q:
        called = [city.pk for city in find_city(asked.q)]
        rows = rows.filter(
            Q(pk__in=called)
            | Q(name_ru__icontains=asked.q)
            | Q(short_name_ru__icontains=asked.q)
            | Q(short_name_en__icontains=asked.q)
        )
    if asked.region:
        rows = rows.filter(region__code=asked.region)
    if asked.country:
        rows = rows.filter(country=asked.country)
    if asked.with_practices is not None:
        own = Exists(Practice.objects.published().filter(municipality=OuterRef("pk")))
        rows = rows.filter(own if asked.with_practices else ~own)
    return rows


def with_counts(rows: QuerySet[Municipality]) -> QuerySet[Any]:
    """Add the region, the successor and the number of practices to each row."""
    own = (
        Practice.objects.published()
        .filter(municipality=OuterRef("pk"))
        .order_by()
        .values("municipality")
    )
    count = Coalesce(Subquery(own.annotate(number=Count("pk")).values("number")), 0)
    return rows.select_related("region", "successor").annotate(practices_count=count)


def municipality_answer(request: HttpRequest, row: Any) -> dict[str, Any]:
    """Put a row of `with_counts` into wire names; unknown is null."""
    return {
        "id": row.slug,
        "name": row.name,
        "name_ru": row.name_ru,
        "short_name_ru": row.short_name_ru,
        "short_name_en": row.short_name_en,
        "kind": row.kind,
        "kind_name": str(KINDS[row.kind]),
        "region": region_answer(row),
        "country": row.country,
        "oktmo": row.oktmo or None,
        "oktmo_valid_from": row.oktmo_valid_from,
        "population": row.population,
        "population_year": row.population_year,
        "population_source": row.population_source or None,
        "latitude": row.latitude,
        "longitude": row.longitude,
        "geonames_id": row.geonames_id,
        "successor": row.successor.slug if row.successor else None,
        "practices": row.practices_count,
        "page": absolute(request, row.get_absolute_url()),
    }


def region_answer(row: Municipality) -> dict[str, str] | None:
    """Name the region in the reader's language, or null."""
    return {"code": row.region.code, "name": row.region.name} if row.region else None


def _peer_answer(peer: Peer, row: Any) -> dict[str, Any]:
    language = reader_language()
    return {
        "id": row.slug,
        "name": row.name,
        "region": region_answer(row),
        "population": row.population,
        "practices": row.practices_count,
        "likeness": peer.likeness.score,
        "reasons": [
            {
                "aspect": reason.aspect,
                "likeness": reason.likeness,
                "value": reason.value,
                "text": reason.text(language),
            }
            for reason in peer.likeness.reasons
        ],
    }
