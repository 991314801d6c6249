"""A citizen's report, told to other systems: one answer written as XML or as JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import escape
from typing import Any

from novator.api.open311.errors import Fault

CONTENT_TYPES = {
    "xml": "text/xml; charset=utf-8",
    "json": "application/json; charset=utf-8",
}
_ITEM = {
    "attributes": "attribute",
    "values": "value",
    "endpoints": "endpoint",
    "formats": "format",
    "jurisdictions": "jurisdiction",
    "photos": "photo",
}
"""What one element of a list inside an answer is called in XML."""
_NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Rows:
    """A list: in XML a root with one element for each row, in JSON a bare array."""

    root: str
    item: str
    rows: Sequence[Mapping[str, Any]]
    headers: Mapping[str, str] = field(default_factory=dict)
    changed_at: datetime | None = None


@dataclass(frozen=True)
class Single:
    """One object, in both formats."""

    root: str
    values: Mapping[str, Any]
    headers: Mapping[str, str] = field(default_factory=dict)
    changed_at: datetime | None = None


def written(answer: Rows | Single, form: str) -> bytes:
    """Write an answer in a format, "xml" or "json"."""
    if isinstance(answer, Rows):
        plain: Any = [dict(row) for row in answer.rows]
        inner = "".join(_element(answer.item, row) for row in answer.rows)
    else:
        plain = dict(answer.values)
        inner = _children(answer.values)
    if form == "json":
        return json.dumps(plain, ensure_ascii=False, default=_as_text).encode("utf-8", "replace")
    return _document(answer.root, inner)


def written_faults(faults: Iterable[Fault], form: str) -> bytes:
    """Write why something was refused."""
    rows = [{"code": fault.code, "description": fault.description} for fault in faults]
    return written(Rows("errors", "error", rows), form)


def w3c(moment: datetime) -> str:
    """Write a moment as W3C wants it: whole seconds, with its zone."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _document(root: str, inner: str) -> bytes:
    text = f'<?xml version="1.0" encoding="utf-8"?>\n<{root}>{inner}</{root}>\n'
    return text.encode("utf-8", "replace")


def _element(name: str, value: Any) -> str:
    return f"<{name}>{_content(name, value)}</{name}>"


def _content(name: str, value: Any) -> str:
    if isinstance(value, Mapping):
        return _children(value)
    if isinstance(value, list | tuple):
        return "".join(_element(_ITEM[name], one) for one in value)
    return escape(_NOT_IN_XML.sub("", _as_text(value)), quote=False).replace("\r", "&#13;")


def _children(values: Mapping[str, Any]) -> str:
    """What has no value is left out."""
    return "".join(_element(name, value) for name, value in values.items() if value is not None)


def _as_text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return w3c(value) if isinstance(value, datetime) else str(value)
