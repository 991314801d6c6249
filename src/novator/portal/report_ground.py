"""A citizen's report: the ground of its map – tiles where there are any, else the city's dots."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from functools import cache as once
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache
from django.db.models import Avg
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from novator.accounts.attempts import seconds_to_wait
from novator.portal.report_cities import channel_called
from novator.reports.models import Area, Channel, Street

MOST_DOTS = 4_000
DEEPEST = 19
LARGEST_TILE = 400_000
SECONDS = 4.0
KEPT_SECONDS = 14 * 24 * 3600
ASKED_AN_HOUR = 20_000
"""Tiles that are fetched for all readers together: our server is nobody's way to the source."""
AWAY_SECONDS = 30
AGENT = "Novator (map tiles of a city's reports, kept by our server)"
_MAGIC = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg", b"RIFF": "image/webp"}


@require_safe
@cache_control(public=True, max_age=3600)
def ground(request: HttpRequest, slug: str) -> HttpResponse:
    """What the map of a city stands on: its box, its areas, its houses as dots, or tiles."""
    channel = channel_called(slug)
    return JsonResponse(ground_of(channel))


def ground_of(channel: Channel) -> dict[str, Any]:
    """The ground in degrees; three queries at most."""
    city = channel.municipality
    areas = Area.objects.filter(municipality=city)
    told: dict[str, Any] = {
        "box": [channel.south, channel.west, channel.north, channel.east],
        "centre": [city.latitude, city.longitude],
        "areas": [{"name": area.name, "rings": area.outline} for area in areas],
        "dots": [],
        "streets": [],
        "tiles": "",
    }
    if settings.TILES:
        told["tiles"] = tile_template()
        told["credit"] = settings.TILES_CREDIT
        return told
    rows = Street.objects.filter(municipality=city).order_by("id")
    points = rows.values_list("latitude", "longitude")[:MOST_DOTS]
    told["dots"] = [[round(a, 5), round(b, 5)] for a, b in points]
    means = rows.order_by("name").values("name").annotate(a=Avg("latitude"), b=Avg("longitude"))
    told["streets"] = [[row["name"], round(row["a"], 5), round(row["b"], 5)] for row in means[:600]]
    return told


def tile_template() -> str:
    """The address of a tile as Leaflet writes it."""
    return reverse("map_tile", args=[0, 0, 0]).replace("0/0/0", "{z}/{x}/{y}")


@require_safe
@cache_control(public=True, max_age=KEPT_SECONDS)
def map_tile(request: HttpRequest, z: int, x: int, y: int) -> HttpResponse:
    """One tile, out of the operator's file or from the source that only our server asks."""
    if not settings.TILES or not (z <= DEEPEST and x < 2**z and y < 2**z):
        raise Http404(_("There is no such tile."))
    is_web = settings.TILES.startswith(("http://", "https://"))
    found = _from_web(z, x, y) if is_web else _from_file(z, x, y)
    kind = next((name for magic, name in _MAGIC.items() if found.startswith(magic)), "")
    if not kind:
        raise Http404(_("There is no such tile."))
    request.META.pop("HTTP_ACCEPT_ENCODING", None)
    return HttpResponse(found, content_type=kind)


def _from_file(z: int, x: int, y: int) -> bytes:
    """Read from an MBTiles file, whose rows count from the south."""
    path = Path(settings.TILES)
    if not path.is_file():
        return b""
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as file:
            row = file.execute(
                "SELECT tile_data FROM tiles "
                "WHERE zoom_level = ? AND tile_column = ? AND tile_row = ?",
                (z, x, 2**z - 1 - y),
            ).fetchone()
    except sqlite3.Error:
        return b""
    return bytes(row[0]) if row else b""


def _from_web(z: int, x: int, y: int) -> bytes:
    key = f"tile-{_source()}-{z}-{x}-{y}"
    known = cache.get(key)
    if known is not None:
        return bytes(known)
    away = f"tiles-away-{_source()}"
    if cache.get(away) or seconds_to_wait(key="tiles", most=ASKED_AN_HOUR, now=timezone.now()):
        return b""
    try:
        body = _fetched(settings.TILES.format(z=z, x=x, y=y))
    except (OSError, HTTPException, ValueError, KeyError, IndexError):
        cache.set(away, 1, AWAY_SECONDS)  # nobody waits for it again meanwhile
        return b""
    cache.set(key, body, KEPT_SECONDS)
    return body


@once
def _source() -> str:
    import hashlib

    return hashlib.sha256(settings.TILES.encode()).hexdigest()[:12]


def _fetched(url: str) -> bytes:
    parts = urlsplit(url)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    until = time.monotonic() + SECONDS
    connection = kind(parts.netloc, timeout=SECONDS)
    try:
        target = f"{parts.path}?{parts.query}" if parts.query else parts.path
        connection.request("GET", target, headers={"User-Agent": AGENT})
        response = connection.getresponse()
        if response.status != 200:
            return b""
        body = b""
        while piece := response.read1(65_536):
            body += piece
            if len(body) > LARGEST_TILE or time.monotonic() > until:
                raise OSError("too large or too slow")
        return body
    finally:
        connection.close()
