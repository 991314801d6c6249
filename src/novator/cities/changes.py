"""
Beside every stage: whether the tables that something kept in memory was made of have changed since.

Triggers note each transaction that writes to a part of the data; what is visible of these notes
tells the versions of the part apart, in the order in which transactions end, not begin.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Literal, get_args

import pgtrigger
from django.db import connection

Part = Literal["cities", "catalogue", "sources"]

TABLE = "cities_datachange"
PARTS: tuple[Part, ...] = get_args(Part)
_NOTE = """
PERFORM nextval('{numbers}');
INSERT INTO {table} (part, transaction)
    VALUES ('{part}', pg_current_xact_id()::text::bigint) ON CONFLICT DO NOTHING;
IF FOUND THEN
    DELETE FROM {table} WHERE id IN (
        SELECT id FROM {table} WHERE part = '{part}'
            AND transaction <> pg_current_xact_id()::text::bigint FOR UPDATE SKIP LOCKED);
END IF;
RETURN NULL;
"""


def numbers_of(part: Part) -> str:
    """Name of the sequence from which every statement that changes a part draws a number."""
    return f"{TABLE}_{part}"


def counted_as(part: Part) -> pgtrigger.Trigger:
    """
    Note each transaction that changes a table, as a change of a part of the data.

    Writers never wait for each other here: each adds a row of its own, and takes away those of
    ended transactions, so that the last that ended always stands there and never stood before.
    """
    return pgtrigger.Trigger(
        name=f"changes_{part}",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete | pgtrigger.Truncate,
        func=_NOTE.format(table=TABLE, part=part, numbers=numbers_of(part)),
    )


def version_of(*parts: Part) -> str:
    """
    Text that differs as soon as a change of these parts is visible; one query.

    Every statement that writes draws a number, also one whose transaction has not ended: the text
    may change once too often, but nothing that was read under one text is older than it says.
    """
    known = _of_this_moment.get()
    if known is None:
        known = _versions()
    elif not known:
        known.update(_versions())
    return "-".join(known[part] for part in parts)


_of_this_moment: ContextVar[dict[Part, str] | None] = ContextVar("versions", default=None)


@contextmanager
def asked_once() -> Iterator[None]:
    """
    Within the block, which writes to none of the parts, versions are asked for once.

    What is read in it may be newer than its version says, and is then read again after it.
    """
    token = _of_this_moment.set({})
    try:
        yield
    finally:
        _of_this_moment.reset(token)


def _versions() -> dict[Part, str]:
    with connection.cursor() as cursor:
        cursor.execute(_QUESTION)
        return {part: f"{number}.{noted}" for part, number, noted in cursor}


_QUESTION = " UNION ALL ".join(
    f"SELECT '{part}', (SELECT last_value FROM {numbers_of(part)}),"  # noqa: S608
    f" (SELECT string_agg(transaction::text, '.' ORDER BY transaction)"
    f" FROM {TABLE} WHERE part = '{part}')"
    for part in PARTS
)
