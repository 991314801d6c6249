"""Solutions found elsewhere: another catalogue for tests, made of plain values."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from novator.interchange.entries import FORMAT, FORMAT_VERSION
from novator.interchange.fetching import Fetched
from novator.interchange.models import Installation, Neighbour

THERE = "6f1c1b3e-0d0e-4c56-9a39-5d1b1c3f7a01"
ELSEWHERE = "0b0a3c52-7f0b-4e55-8f5e-2f5a0f6f1d02"
BEGAN = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)


def make_neighbour(url: str = "https://votkinsk.example", **facts: Any) -> Neighbour:
    """A catalogue that has answered already; the installation `THERE`."""
    installation, _is_new = Installation.objects.get_or_create(
        public_id=THERE, defaults={"address": "https://votkinsk.example"}
    )
    return Neighbour.objects.create(**{"url": url, "installation": installation} | facts)


def card(**fields: Any) -> dict[str, Any]:
    """An object of the catalogue's schema as another installation would send it."""
    return {
        "id": "votkinsk-lamps",
        "title_ru": "Светильники по датчику",
        "municipality": "городской округ «Город Глазов»",
        "region": "Удмуртская Республика",
        "country": "RU",
        "topic": "lighting",
        "problem_ru": "Фонари горят всю ночь впустую.",
        "solution_ru": "Датчики движения гасят фонари на пустых улицах.",
        "source_url": "https://votkinsk.example/news/1",
        "asked_as_ru": [],
        "asked_as_en": [],
    } | fields


def entry(
    slug: str = "votkinsk-lamps",
    *,
    origin: str = THERE,
    address: str | None = "https://votkinsk.example",
    hours: float = 0,
    version: int = 1,
    **fields: Any,
) -> dict[str, Any]:
    """One change as another installation tells it, so many hours after `BEGAN`."""
    values = {
        "id": f"{origin}/{slug}",
        "slug": slug,
        "origin": {"id": origin, "address": address},
        "changed_at": (BEGAN + timedelta(hours=hours)).isoformat(),
        "version": version,
        "licence": "https://creativecommons.org/licenses/by/4.0/",
        "page": f"{address}/ru/practices/{slug}/",
        "is_by_its_city": False,
        "formerly": None,
        "deleted": False,
        "card": card(id=slug),
        "attachments": [],
        "at": None,
        "reason": None,
        "merged_into": None,
    }
    return values | fields


def tombstone(slug: str = "votkinsk-lamps", *, hours: float = 1, **fields: Any) -> dict[str, Any]:
    """A card that another installation has withdrawn."""
    gone = {"deleted": True, "card": None, "reason": "больше не работает"} | fields
    return entry(slug, hours=hours, **gone)


def answer(
    entries: Iterable[Any] = (), *, cursor: str = "c1", remaining: int = 0, **fields: Any
) -> dict[str, Any]:
    """A whole answer of another installation."""
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "licence": "https://creativecommons.org/licenses/by/4.0/",
        "installation": {"id": THERE, "address": "https://votkinsk.example"},
        "entries": list(entries),
        "cursor": cursor,
        "remaining": remaining,
        "next": None,
    } | fields


@dataclass
class OtherCatalogue:
    """Answers with these parts one after another, and remembers what it was asked."""

    parts: list[Any]
    asked: list[dict[str, Any]] = field(default_factory=list)

    def __call__(
        self, site: str, *, since: str, etag: str, limit: int, may_be_private: bool
    ) -> Fetched:
        """Give the next part; an exception among them is raised."""
        self.asked.append({"site": site, "since": since, "etag": etag})
        part = self.parts.pop(0)
        if isinstance(part, Exception):
            raise part
        return part if isinstance(part, Fetched) else Fetched(part)
