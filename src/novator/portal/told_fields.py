"""Solutions judged: what a draft or a version tells, column by column, in the reader's words."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from novator.drafts.fields import Field, Words, typed_from
from novator.drafts.form import STEPS
from novator.drafts.steps import columns_of
from novator.practices.values import NOTHING

# Columns for which the form has no question of its own, or asks in another shape.
_OTHER_NAMES: dict[str, Words] = {
    "id": gettext_lazy("public id"),
    "municipality": gettext_lazy("municipality"),
    "region": gettext_lazy("region"),
    "country": gettext_lazy("country"),
    "oktmo": gettext_lazy("OKTMO code"),
    "source_url": gettext_lazy("address of the source"),
    "source_title": gettext_lazy("title of the source"),
    "source_date": gettext_lazy("date of the source"),
    "more_sources": gettext_lazy("more sources"),
    "confidence": gettext_lazy("confidence of whoever collected the card"),
    "confirmed_on": gettext_lazy("facts confirmed on"),
    "confirm_by": gettext_lazy("to be confirmed by"),
    "not_measured": gettext_lazy("said to be unknown"),
    "asked_as_ru": gettext_lazy("how people put the problem"),
    "asked_as_en": gettext_lazy("how people put the problem"),
    "population": gettext_lazy("population"),
    "population_source": gettext_lazy("source of the population"),
}


@dataclass(frozen=True)
class ToldField:
    """One column with its question and what is told, line by line; nothing told: no lines."""

    column: str
    name: str
    lines: tuple[str, ...]
    language: str

    @property
    def is_told(self) -> bool:
        """Whether anything stands there."""
        return bool(self.lines)


@dataclass(frozen=True)
class ToldStep:
    """One part of the form with its columns."""

    code: str
    title: str
    fields: tuple[ToldField, ...]


def told_steps(content: Mapping[str, Any]) -> list[ToldStep]:
    """Everything that a draft tells or could tell, in the order of the form."""
    found = []
    for step in STEPS:
        fields = tuple(_told(asked, content) for asked in step.fields)
        if fields:
            found.append(ToldStep(step.code, str(step.title), fields))
    return found


def column_name(column: str) -> str:
    """What a column of the catalogue's schema is called on pages; its own name where unknown."""
    if not column:
        return _("the card as a whole")
    asked = _asked().get(column)
    name = str(asked.label if asked is not None else _OTHER_NAMES.get(column, column))
    return _("%(field)s, in English") % {"field": name} if column.endswith("_en") else name


def column_language(column: str) -> str:
    """The language a column is written in; Russian where it is neither."""
    return "en" if column.endswith("_en") else "ru"


def lines_of(column: str, value: Any) -> tuple[str, ...]:
    """What stands in a column, as lines to read."""
    if value in NOTHING:
        return ()
    asked = _asked().get(column)
    if asked is None or column not in columns_of(asked)[:1] or asked.name != column:
        return _plain_lines(value)
    return _lines(asked, value)


@functools.cache
def _asked() -> dict[str, Field]:
    return {field.name: field for step in STEPS for field in step.fields}


def _told(asked: Field, content: Mapping[str, Any]) -> ToldField:
    column = columns_of(asked)[0]
    lines: tuple[str, ...] = ()
    for name in columns_of(asked):
        value = content.get(name)
        if value not in NOTHING:
            lines += _lines(asked, value) if name == asked.name else _plain_lines(value)
    return ToldField(column, str(asked.label), lines, asked.language or column_language(column))


def _lines(asked: Field, value: Any) -> tuple[str, ...]:
    if asked.kind == "rows":
        rows = [row for row in value if isinstance(row, Mapping)] if _is_list(value) else []
        return tuple(line for row in rows if (line := _row_line(asked, row)))
    names = dict(asked.options)
    if asked.kind == "choices":
        return tuple(names.get(code, str(code)) for code in value)
    if asked.kind == "choice":
        return (names.get(str(value), str(value)),)
    written = str(typed_from(asked, value))
    if asked.kind == "percent":
        written = f"{written} %"
    return tuple(line for line in written.split("\n") if line.strip())


def _row_line(asked: Field, row: Mapping[str, Any]) -> str:
    parts = []
    for cell in asked.cells:
        value = row.get(cell.name)
        if value in NOTHING:
            continue
        told = dict(cell.options).get(str(value)) if cell.options else None
        parts.append(f"{cell.label}: {told or typed_from(cell, value)}")
    return "; ".join(parts)


def _plain_lines(value: Any) -> tuple[str, ...]:
    if isinstance(value, Mapping):
        return ("; ".join(str(part) for part in value.values() if part not in NOTHING),)
    if _is_list(value):
        return tuple(line for item in value for line in _plain_lines(item))
    return tuple(line for line in str(value).split("\n") if line.strip())


def _is_list(value: Any) -> bool:
    return isinstance(value, list | tuple)
