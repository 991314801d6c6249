"""A citizen's report: what another system answered, XML or JSON, as plain rows of text."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Any

from defusedxml import DefusedXmlException  # type: ignore[import-untyped]
from defusedxml.ElementTree import ParseError, fromstring  # type: ignore[import-untyped]
from django.utils.dateparse import parse_date, parse_datetime

MOST_ROWS = 5_000
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class Unreadable(Exception):
    """It is neither XML nor JSON, or dangerous, or of quite another shape."""


def rows_in(body: bytes, *, item: str) -> list[dict[str, str]]:
    """
    Read the rows of a list; the format is told by its first sign.

    `item`: what one row is called in XML. What is empty or null is left out of a row.

    :raises Unreadable: it cannot be read
    """
    start = body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    rows = _of_xml(body, item) if start == b"<" else _of_json(body)
    return rows[:MOST_ROWS]


def faults_in(body: bytes) -> str:
    """What another system says is wrong; empty where it says nothing that can be read."""
    try:
        rows = rows_in(body, item="error")
    except Unreadable:
        return ""
    return " ".join(row["description"] for row in rows if "description" in row)[:300]


def moment_in(text: str) -> datetime | None:
    """Read a moment as systems write it; without a zone it counts as UTC."""
    try:
        moment = parse_datetime(text.strip().replace(" UTC", "Z"))
        if moment is None and (day := parse_date(text.strip())):
            moment = datetime(day.year, day.month, day.day, tzinfo=UTC)
        if moment is None:
            return None
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _of_xml(body: bytes, item: str) -> list[dict[str, str]]:
    try:
        root = fromstring(body)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as fault:
        raise Unreadable(str(fault)) from fault
    if _name(root.tag) == item:
        return [_leaves(root)]
    found = [child for child in root if _name(child.tag) == item]
    if not found and _name(root.tag) in {"html", "HTML"}:
        raise Unreadable("a page")
    return [_leaves(element) for element in found]


def _leaves(element: Any) -> dict[str, str]:
    texts = {_name(child.tag): _clean(child.text or "") for child in element if not len(child)}
    return {name: text for name, text in texts.items() if text}


def _name(tag: Any) -> str:
    return str(tag).rpartition("}")[2]


def _of_json(body: bytes) -> list[dict[str, str]]:
    try:
        plain = json.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError) as fault:
        raise Unreadable(str(fault)) from fault
    if isinstance(plain, dict):  # some wrap the list, some answer with one object
        lists = [value for value in plain.values() if isinstance(value, list)]
        plain = lists[0] if len(lists) == 1 else [plain]
    if not isinstance(plain, list):
        raise Unreadable("no list")
    return [_plain(row) for row in plain if isinstance(row, dict)]


def _plain(row: dict[str, Any]) -> dict[str, str]:
    texts = {
        str(name): _clean(("true" if value else "false") if isinstance(value, bool) else str(value))
        for name, value in row.items()
        if isinstance(value, str | int | float | bool)
    }
    return {name: text for name, text in texts.items() if text}


def _clean(text: str) -> str:
    return _UNPRINTABLE.sub("", text).strip()
