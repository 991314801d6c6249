"""Who decides: what is known of a row, free of keys of the database, so that it compares."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model, Q

from novator.council.popolo.tables import Column, Part, Table
from novator.council.popolo.words import source_id

Values = dict[str, Any]
_IDS = {
    "areas": "slug",
    "sources": "",
}
_BATCH = 2000


@dataclass
class Facts:
    """One object: its columns by name, references as identifiers, and the rows of its parts."""

    id: str
    values: Values
    parts: dict[str, list[Values]] = field(default_factory=dict)
    pointer: str = ""
    pk: int = 0


Known = dict[str, dict[str, Facts]]
"""By table, by identifier."""


def read_facts(table: Table, rows: Q) -> dict[str, Facts]:
    """What the database holds of these rows, in the table's order; a query for each part."""
    columns = _expressions(table.columns)
    key = [] if table.name == "sources" else ["public_id"]
    query = table.model._default_manager.filter(rows).order_by(*table.order)
    found: dict[str, Facts] = {}
    for raw in query.values("pk", *key, *columns.values()):
        values = _plain(table.columns, columns, raw)
        name = str(raw["public_id"]) if key else source_id(values["url"], values["title"])
        found[name] = Facts(name, values, {part.name: [] for part in table.parts}, pk=raw["pk"])
    owners = {facts.pk: facts for facts in found.values()}
    for part in table.parts:
        for pk, values in read_parts(part, owners):
            owners[pk].parts[part.name].append(values)
    return found


def read_parts(part: Part, owners: Iterable[int]) -> Iterator[tuple[int, Values]]:
    """The rows of a part with the key of what they belong to."""
    columns = _expressions(part.columns)
    keys = sorted(owners)
    for start in range(0, len(keys), _BATCH):
        rows = part.model._default_manager.filter(
            **{f"{part.parent}__in": keys[start : start + _BATCH]}
        )
        wanted = rows.order_by(part.parent, *part.order).values(
            f"{part.parent}_id", *columns.values()
        )
        for raw in wanted.iterator(chunk_size=_BATCH):
            yield raw[f"{part.parent}_id"], _plain(part.columns, columns, raw)


def _expressions(columns: Iterable[Column]) -> dict[str, str]:
    """By column of the table: what is asked of the database for it."""
    asked: dict[str, str] = {}
    for column in columns:
        if column.kind == "source":
            asked[column.field] = f"{column.field}__url"
            asked[f"{column.field} title"] = f"{column.field}__title"
        elif column.kind == "ref":
            asked[column.field] = f"{column.field}__{_IDS.get(column.to, 'public_id')}"
        elif column.kind == "file":
            asked[column.field] = f"{column.field}__public_id"
        else:
            asked |= {name: name for name in column.fields}
    return asked


def _plain(columns: Iterable[Column], asked: dict[str, str], raw: dict[str, Any]) -> Values:
    values: Values = {}
    for column in columns:
        first = raw[asked[column.fields[0]]]
        if column.kind == "source":
            title = raw[asked[f"{column.field} title"]]
            values[column.field] = None if title is None else source_id(first, title)
        elif column.kind in {"ref", "file"}:
            values[column.field] = None if first is None else str(first)
        else:
            values |= {name: raw[asked[name]] for name in column.fields}
    return values


def defaults_of(model: type[Model], columns: Iterable[Column]) -> Values:
    """What a row has where a file says nothing."""
    return {
        name: model._meta.get_field(name).get_default()  # type: ignore[union-attr]
        for column in columns
        for name in column.fields
    }


def cut_loose(known: Known, tables: Iterable[Table]) -> None:
    """Forget references to what is not among the facts, where a row may do without."""
    there = {name: set(rows) for name, rows in known.items()}
    refs = defaultdict(list)
    for table in tables:
        for column in table.columns:
            if column.kind in {"ref", "source"} and not column.is_required:
                refs[table.name].append(column)
    for name, columns in refs.items():
        for facts in known.get(name, {}).values():
            for column in columns:
                if facts.values[column.field] not in there.get(column.to, ()):
                    facts.values[column.field] = None
