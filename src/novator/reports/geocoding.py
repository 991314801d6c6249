"""A citizen's report: its address, from a Nominatim-compatible service that only we ask."""

from __future__ import annotations

import hashlib
import http.client
import json
import logging
import math
import ssl
import time
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import SplitResult, urlencode, urlsplit

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone

from novator.accounts.attempts import seconds_to_wait
from novator.reports.models import Channel

AGENT = "Novator (addresses of citizens' reports)"
SECONDS = 3.0
LARGEST_BYTES = 200_000
MOST_AN_HOUR = 3_000
"""Below one a second, as the rules of public services of this kind want."""
LONGEST_ASKED = 200
_MOST_FOUND = 6
_KEPT_SECONDS = 30 * 24 * 3600
_AWAY_SECONDS = 60
_AWAY = "geocoder-is-away"
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class FoundAddress:
    """An address with its point, in degrees of WGS 84."""

    label: str
    latitude: float
    longitude: float


def find_by_service(channel: Channel, text: str, *, language: str) -> list[FoundAddress]:
    """
    Ask the service for an address in the city; nothing where there is none or it does not answer.

    Answers are kept for a month; after a failure the service is left alone for a minute.
    """
    asked = " ".join(text.split())[:LONGEST_ASKED]
    if len(asked) < 3:
        return []
    box = f"{channel.west},{channel.north},{channel.east},{channel.south}"
    query = {"q": asked, "viewbox": box, "bounded": 1, "limit": _MOST_FOUND, "addressdetails": 1}
    answer = _asked("search", query, language)
    rows = answer if isinstance(answer, list) else []
    found = [_address(row, channel) for row in rows[:_MOST_FOUND]]
    return list({each.label: each for each in found if each}.values())


def name_by_service(
    channel: Channel, latitude: float, longitude: float, *, language: str
) -> FoundAddress | None:
    """Ask the service what stands at a point; the point is rounded to about a metre."""
    query = {"lat": f"{latitude:.5f}", "lon": f"{longitude:.5f}", "zoom": 18, "addressdetails": 1}
    answer = _asked("reverse", query, language)
    return _address(answer, channel) if isinstance(answer, dict) else None


def _asked(path: str, query: dict[str, Any], language: str) -> Any:
    if not settings.GEOCODER_URL:
        return None
    target = urlencode(query | {"format": "jsonv2", "accept-language": language})
    key = "geocoder-" + hashlib.sha256(f"{path}?{target}".encode()).hexdigest()
    known = cache.get(key)
    if known is not None:
        return json.loads(known)
    if cache.get(_AWAY) or seconds_to_wait(key="geocoder", most=MOST_AN_HOUR, now=timezone.now()):
        return None
    try:
        body = _fetched(urlsplit(settings.GEOCODER_URL), path, target)
        answer = json.loads(body)
    except (OSError, http.client.HTTPException, ValueError, RecursionError) as fault:
        _log.warning("The address service does not answer: %s", type(fault).__name__)
        cache.set(_AWAY, 1, _AWAY_SECONDS)
        return None
    cache.set(key, body.decode(), _KEPT_SECONDS)
    return answer


def _fetched(site: SplitResult, path: str, target: str) -> bytes:
    """
    Fetch one answer within the time and size that are allowed.

    :raises OSError: it does not answer in time, or not with 200
    """
    until = time.monotonic() + SECONDS
    connection = _connection(site)
    try:
        where = f"{site.path.rstrip('/')}/{path}?{target}"
        headers = {"User-Agent": AGENT, "Accept": "application/json"}
        connection.request("GET", where, headers=headers)
        response = connection.getresponse()
        if response.status != 200:
            raise OSError(f"status {response.status}")
        body = b""
        while piece := response.read1(16_384):
            body += piece
            if len(body) > LARGEST_BYTES or time.monotonic() > until:
                raise OSError("too large or too slow")
        return body
    finally:
        connection.close()


def _connection(site: SplitResult) -> http.client.HTTPConnection:
    if site.scheme == "https":
        context = ssl.create_default_context()
        return http.client.HTTPSConnection(site.netloc, timeout=SECONDS, context=context)
    return http.client.HTTPConnection(site.netloc, timeout=SECONDS)


def _address(row: Any, channel: Channel) -> FoundAddress | None:
    """Read one answer; None unless it is an address with a point in the city."""
    if not isinstance(row, dict):
        return None
    try:
        latitude, longitude = float(row["lat"]), float(row["lon"])
    except (KeyError, TypeError, ValueError):
        return None
    label = _label(row)
    is_here = math.isfinite(latitude) and math.isfinite(longitude)
    if not (is_here and label and channel.contains(latitude, longitude)):
        return None
    return FoundAddress(label, latitude, longitude)


def _label(row: dict[str, Any]) -> str:
    parts = row.get("address")
    told = row.get("display_name")
    if isinstance(parts, dict) and isinstance(parts.get("road"), str):
        house = parts.get("house_number")
        told = f"{parts['road']}, {house}" if isinstance(house, str) else parts["road"]
    if not isinstance(told, str):
        return ""
    return "".join(letter for letter in " ".join(told.split()) if letter.isprintable())[:300]


def as_plain(found: FoundAddress) -> dict[str, Any]:
    """Return it as the script of the page reads it."""
    return asdict(found)
