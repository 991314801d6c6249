"""Rows of files for tests."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

WARM_STOPS: dict[str, Any] = {
    "id": "glazov-warm-stops",
    "title_ru": "Тёплые остановки",
    "title_en": "Warm bus stops",
    "municipality": "городской округ «Город Глазов»",
    "region": "Удмуртская Республика",
    "country": "RU",
    "population": 87000,
    "population_source": "Всероссийская перепись населения 2020–2021 гг.",
    "topic": "transport",
    "problem_ru": "Зимой пассажиры мёрзнут на остановках.",
    "solution_ru": "Город поставил закрытые остановки с обогревом.",
    "year_start": 2019,
    "year_end": 2020,
    "cost_amount": 870000,
    "cost_currency": "RUB",
    "cost_basis": "total",
    "cost_note": "Три остановки.",
    "funding": ["municipal", "private"],
    "effects": [
        {
            "indicator_ru": "Жалобы на холод",
            "unit": "шт. в год",
            "before": 120,
            "after": 30,
            "change": -90,
            "change_kind": "absolute",
            "period": "2019–2020",
            "evidence": "self-reported",
        }
    ],
    "contact_org": None,
    "legal_basis": None,
    "replicated_in": ["Воткинск"],
    "tags_ru": ["остановки", "зима"],
    "source_url": "https://example.org/warm-stops",
    "source_title": "Новость города",
    "source_date": "2020-02",
    "confidence": 0.8,
    "asked_as_ru": ["ждёшь автобус и коченеешь"],
    "asked_as_en": ["freezing at the bus stop"],
}


def row(**changes: Any) -> dict[str, Any]:
    """The fixed row with changes; a change to `...` leaves the field out."""
    return {name: value for name, value in (WARM_STOPS | changes).items() if value is not ...}


def jsonl(folder: Path, *rows: dict[str, Any], name: str = "cards.jsonl") -> Path:
    """Write rows as a JSONL file."""
    path = folder / name
    lines: Iterable[str] = (json.dumps(values, ensure_ascii=False) for values in rows)
    path.write_text("\n".join(lines), encoding="utf-8")
    return path
