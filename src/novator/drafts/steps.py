"""Solutions written: a step of the form against what a draft keeps: columns in, columns out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from novator.drafts.content import NOT_MEASURED, said_to_be_unknown
from novator.drafts.fields import Field, Step, fault_words, kept, typed_from
from novator.drafts.form import ALL_FIELDS, STEPS
from novator.practices.rows import BadField

_SOURCE = {"source_url": "url", "source_title": "title", "source_date": "date"}
_PARTS = {NOT_MEASURED + "_cost": ("one_off_cost", "yearly_cost"),
          NOT_MEASURED + "_result": ("result",)}  # fmt: skip
_INNER = re.compile(r"(\w+)\[(\d+)\]\.?(\w*)")
_ONLY_WITH = {"cost_currency": "cost_amount", "yearly_cost_currency": "yearly_cost_amount"}


def values_of_step(step: Step, typed: Mapping[str, Any]) -> dict[str, Any]:
    """What to save of a step, by column of the schema; `typed` holds its fields that were sent."""
    found: dict[str, Any] = {}
    for field in step.fields:
        if field.name in typed:
            found |= _columns(field, kept(field, typed[field.name]))
    for currency, sum_of in _ONLY_WITH.items():
        if currency in found and found.get(sum_of) in ("", None):
            found[currency] = ""
    return found


def typed_of_step(step: Step, content: Mapping[str, Any]) -> dict[str, Any]:
    """What stands in the fields of a step, of what the draft keeps."""
    return {field.name: typed_from(field, value_in(field, content)) for field in step.fields}


def value_in(field: Field, content: Mapping[str, Any]) -> Any:
    """The kept value of a field: most are columns, sources and "not known" are put together."""
    if field.name == "sources":
        first = {cell: content[column] for column, cell in _SOURCE.items() if content.get(column)}
        more = content.get("more_sources")
        return ([first] if first else []) + (more if isinstance(more, list) else [])
    if field.name in _PARTS:
        unknown = said_to_be_unknown(content)
        return [code for code in _PARTS[field.name] if code in unknown]
    return content.get(field.name)


def columns_of(field: Field) -> tuple[str, ...]:
    """Columns of the schema in which a field is kept."""
    if field.name == "sources":
        return (*_SOURCE, "more_sources")
    return (field.name,)


def with_unknown(values: dict[str, Any], content: Mapping[str, Any]) -> dict[str, Any]:
    """Put what is said to be unknown in this step beside what other steps say of it."""
    found = dict(values)
    parts = [name for name in _PARTS if name in found]
    if parts:
        settled = {code for name in parts for code in _PARTS[name]}
        others = [code for code in said_to_be_unknown(content) if code not in settled]
        found[NOT_MEASURED] = sorted(others + [c for name in parts for c in found.pop(name)])
    return found


def faults_by_place(faults: tuple[BadField, ...]) -> dict[str, list[str]]:
    """
    Words of each fault by where the form shows it: "year_end", "steps-2-role" (rows count from 1).
    """
    found: dict[str, list[str]] = {}
    for fault in faults:
        place, field = _place(fault.field)
        words = fault_words(field, fault.reason) if field else fault.reason
        found.setdefault(place, []).append(words)
    return found


def step_of_place(place: str) -> Step | None:
    """The step that asks for a column, or for a place in one of its rows."""
    name = place.partition("-")[0]
    name = "sources" if name in _SOURCE or name == "more_sources" else name
    return next((s for s in STEPS if any(f.name == name for f in s.fields)), None)


def _columns(field: Field, value: Any) -> dict[str, Any]:
    if field.name != "sources":
        return {field.name: value}
    first = value[0] if value else {}
    found = {column: first.get(cell, "") for column, cell in _SOURCE.items()}
    return found | {"more_sources": value[1:]}


def _place(fault_field: str) -> tuple[str, Field | None]:
    if fault_field in _SOURCE:
        return f"sources-1-{_SOURCE[fault_field]}", None
    inner = _INNER.fullmatch(fault_field)
    name = inner[1] if inner else fault_field
    if inner is None:
        field = next((f for f in ALL_FIELDS if f.name == name), None)
        return ("sources" if name == "more_sources" else name), field
    number = int(inner[2])
    if name == "more_sources":
        name, number = "sources", number + 1
    listed = next((f for f in ALL_FIELDS if f.name == name), None)
    cells = listed.cells if listed else ()
    return f"{name}-{number}-{inner[3]}", next((c for c in cells if c.name == inner[3]), None)
