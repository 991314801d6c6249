"""Where the loop happens: all cities on a map with their list beside it, and the page of each."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import condition, require_safe

from novator.accounts.permissions import may_see_team
from novator.association.permissions import may_keep_codes
from novator.cities.models import Municipality
from novator.cities.peers import Peer
from novator.cities.queries import find_city, municipalities_by_slug, peers, suggest_cities
from novator.core.languages import reader_language
from novator.portal.atlas import (
    CityRow,
    Drawing,
    atlas_on,
    city_row,
    drawing_of,
)
from novator.portal.countries import country_name
from novator.portal.paging import page_of
from novator.portal.people import today
from novator.portal.projection import RUSSIA, SHEETS, WORLD, Sheet
from novator.portal.shown import shown_cards
from novator.practices.queries import CardFacets, catalogue_version, current_catalogue

EACH = 40
PEERS = 6
NEIGHBOURS_WITH_CARDS = 6
CARDS_A_PAGE = 20


@dataclass(frozen=True)
class PeerRow:
    """A city like this one: what lists say of it, and why it is alike."""

    city: CityRow
    percent: int
    reasons: Sequence[str]
    not_known: Sequence[str]


@require_safe
def cities(request: HttpRequest) -> HttpResponse:
    """Show the map and the list, or the cities whose names the reader looks for."""
    asked = request.GET.get("q", "").replace("\0", "").strip()[:100]
    sheet = _sheet(request)
    atlas = atlas_on(sheet)
    context: dict[str, Any] = {
        "asked": asked,
        "sheet": sheet,
        "drawing": atlas.drawing,
        "total": len(atlas.rows),
    }
    listed, is_guess = _looked_for(asked, atlas.rows) if asked else (atlas.rows, False)
    page = page_of(listed, request.GET.get("page", ""), each=EACH)
    context |= {"rows": page.rows, "page": page.number, "pages": page.pages}
    context |= {"found": page.total, "is_guess": is_guess}
    return render(request, "portal/cities.html", context)


def _sheet(request: HttpRequest) -> Sheet:
    return SHEETS.get(request.GET.get("map", ""), RUSSIA)


def _looked_for(asked: str, rows: Sequence[CityRow]) -> tuple[Sequence[CityRow], bool]:
    """Cities by name: as the search understands it, then by beginning, then likely meant ones."""
    known = {row.slug: row for row in rows}
    found = find_city(asked)
    begins = Municipality.objects.select_related("region").filter(
        Q(short_name_ru__istartswith=asked) | Q(short_name_en__istartswith=asked)
    )
    found += list(begins.order_by(F("population").desc(nulls_last=True), "slug")[:EACH])
    is_guess = not found
    found = found or suggest_cities(asked)
    unique = {city.slug: city for city in found}
    return [known.get(slug) or city_row(city, 0) for slug, city in unique.items()], is_guess


def _version_of_spots(request: HttpRequest) -> str:
    return f'"{catalogue_version()}-{get_language()}-{_sheet(request).name}"'


@require_safe
@cache_control(public=True, max_age=300)
@condition(etag_func=_version_of_spots)
def spots(request: HttpRequest) -> HttpResponse:
    """Give the cities of a sheet to the script of the map."""
    found = [
        [*row.spot, row.name, row.region, row.slug, row.practices]
        for row in atlas_on(_sheet(request)).rows
        if row.spot
    ]
    answer = {"base": reverse("cities"), "cities": found}
    body = json.dumps(answer, ensure_ascii=False, separators=(",", ":"))
    return HttpResponse(body, content_type="application/json; charset=utf-8")


@require_safe
def city(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the facts of a city, its practices, and the cities most like it."""
    known = Municipality.objects.select_related("region", "successor", "channel", "member")
    row = get_object_or_404(known, slug=slug)
    by_city = current_catalogue().by_city
    own = _own_first(by_city.get(row.slug, ()))
    page = page_of(own, request.GET.get("page", ""), each=CARDS_A_PAGE)
    few = NEIGHBOURS_WITH_CARDS
    giving = peers(row, few, among=by_city, least=2 * few)
    shown = shown_cards([*page.rows, *_leading_of(giving, by_city)])
    alike = _peer_rows(peers(row, PEERS))
    context = {
        "city": row,
        "cards": shown[: len(page.rows)],
        "page": page.number,
        "pages": page.pages,
        "total": page.total,
        "country": country_name(row.country),
        "map": _place(row, practices=page.total),
        "peers": alike,
        "unknown_of_all": _unknown_of_all(alike),
        "elsewhere": shown[len(page.rows) :],
        "keeps_code": row.has_oktmo and may_keep_codes(request.user, on=today()),
        "sees_team": may_see_team(request.user, row, on=today()),
        "crumbs": [(_("Cities"), reverse("cities")), (row.name, "")],
    }
    return render(request, "portal/city.html", context)


def _own_first(cards: Sequence[CardFacets]) -> list[str]:
    """Cards of a city: those that it published itself before those that others collected."""
    return [card.slug for card in sorted(cards, key=lambda card: not card.is_by_its_city)]


def _peer_rows(near: Sequence[Peer]) -> list[PeerRow]:
    language = reader_language()
    rows = _city_rows([peer.city.slug for peer in near])
    return [
        PeerRow(
            city=rows[peer.city.slug],
            percent=round(100 * peer.likeness.score),
            reasons=[r.text(language) for r in peer.likeness.reasons if r.likeness is not None],
            not_known=[r.text(language) for r in peer.likeness.reasons if r.likeness is None],
        )
        for peer in near
        if peer.city.slug in rows
    ]


def _city_rows(slugs: Sequence[str]) -> dict[str, CityRow]:
    """What lists say of some cities; one query for those without practices."""
    atlas = atlas_on(RUSSIA).by_slug
    rows = {slug: atlas[slug] for slug in slugs if slug in atlas}
    others = municipalities_by_slug([slug for slug in slugs if slug not in rows])
    return rows | {slug: city_row(city, 0) for slug, city in others.items()}


def _unknown_of_all(alike: Sequence[PeerRow]) -> list[str]:
    """What is not known of the city beside any of these, said once instead of in each row."""
    first = alike[0].not_known if alike else ()
    return [words for words in first if all(words in peer.not_known for peer in alike)]


def _leading_of(giving: Sequence[Peer], by_city: Mapping[str, Sequence[CardFacets]]) -> list[str]:
    """A card of each of these cities: the newest, before all others one with effects in numbers."""
    shelves = [by_city.get(peer.city.slug, ()) for peer in giving]
    best = [min(shelf, key=_least_told) for shelf in shelves if shelf]
    return [card.slug for card in best]


def _least_told(card: CardFacets) -> tuple[bool, int, str]:
    return not card.has_numbers, -(card.year or 0), card.slug


def _place(row: Municipality, *, practices: int) -> Drawing | None:
    """The map with this one city, on the sheet that shows it best; None without a point."""
    for sheet in (RUSSIA, WORLD):
        alone = city_row(row, practices, sheet)
        if alone.spot and (row.country == "RU" or sheet is WORLD):
            return drawing_of([alone], sheet)
    return None
