"""A citizen's report: stored with everything that belongs to it in one statement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import Field, Model

from novator.reports.models import Report

_JOB = """procrastinate_defer_jobs_v1(ARRAY[ROW(
    'default', %s, %s, NULL, NULL, jsonb_build_object('report_id', report.id), NULL
)::procrastinate_job_to_defer_v1])"""
"""What `app.configure_task(…, priority=…).defer(report_id=…)` sends, by its function."""


def store_whole(report: Report, parts: Sequence[Model], *, task: str, priority: int = 0) -> None:
    """
    Insert a new report, the rows that point to it by `report`, and the job that looks after it.

    One statement, hence all or nothing even without a transaction around it: a flood of reports
    costs one round trip each. `report` gets its key; the parts get none.

    :raises IntegrityError: the report is there already
    """
    columns = [_Row.of(report), *(_Row.of(part) for part in parts)]
    values = [value for row in columns for value in row.values]
    statement = _statement(tuple((row.model, row.literals) for row in columns))
    with connection.cursor() as cursor:
        cursor.execute(statement, [*values, task, priority])
        (key, _job) = cursor.fetchone()
    report.pk = key
    report._state.adding = False
    report._state.db = connection.alias


@dataclass(frozen=True)
class _Row:
    """
    One row to insert. `literals`: for each column what stands in the statement itself, "" where a
    value is sent. Few values keep the driver's own reading of the statement in its cache.
    """

    model: type[Model]
    literals: tuple[str, ...]
    values: list[Any]

    @classmethod
    def of(cls, row: Model) -> _Row:
        fields = _fields(type(row))
        stated = [field.pre_save(row, add=True) for field in fields]
        literals = tuple(_literal(value) for value in stated)
        values = [
            field.get_db_prep_save(value, connection)
            for field, value, literal in zip(fields, stated, literals, strict=True)
            if not literal
        ]
        return cls(type(row), literals, values)


def _literal(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict) and not value:
        return "'{}'"
    return "''" if value == "" else ""


@lru_cache(maxsize=512)
def _statement(rows: tuple[tuple[type[Model], tuple[str, ...]], ...]) -> str:
    (_report, literals), *parts = rows
    names = ", ".join(_quoted(field) for field in _fields(Report))
    inserts = [
        f"report AS (INSERT INTO {_table(Report)} ({names})"  # noqa: S608 - our own columns
        f" VALUES ({_marks(literals)}) RETURNING id)"
    ]
    for place, (model, stated) in enumerate(parts):
        names = ", ".join(_quoted(field) for field in _fields(model))
        inserts.append(
            f"part_{place} AS (INSERT INTO {_table(model)} (report_id, {names})"  # noqa: S608
            f" SELECT report.id, {_marks(stated)} FROM report)"
        )
    return f"WITH {', '.join(inserts)} SELECT report.id, {_JOB} FROM report"  # noqa: S608


def _marks(literals: Sequence[str]) -> str:
    return ", ".join(literal or "%s" for literal in literals)


@lru_cache(maxsize=64)
def _fields(model: type[Model]) -> tuple[Field[Any, Any], ...]:
    """Return the columns that are stored: neither the key, nor what the database reckons."""
    return tuple(
        field
        for field in model._meta.concrete_fields
        if not field.primary_key and not field.generated and field.name != "report"
    )


def _table(model: type[Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def _quoted(field: Field[Any, Any]) -> str:
    return connection.ops.quote_name(str(field.column))
