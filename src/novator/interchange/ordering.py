"""
Solutions offered: the order in which changes of cards are told, so that none is ever passed over.

A moment of change cannot be that order: a transaction that began early may commit late, and its
cards then appear behind a reader who has gone on. So the database only notes, in the transaction
that changes a card, that it changed (`Change` without a position). A position is given when a
reader comes and sees the change committed; readers do that one after another, holding the row of
our own installation. What has a position is therefore committed, and what commits later comes
later. Positions are microseconds of the clock but never less than any before, so that a database
restored from yesterday's copy goes on behind what it had told.
"""

from __future__ import annotations

from django.db import connection, transaction

from novator.interchange.models import Change, Installation

_PLACE = """
WITH fresh AS (
    SELECT practice_id FROM interchange_change WHERE position IS NULL
    ORDER BY practice_id FOR UPDATE SKIP LOCKED
), numbered AS (
    SELECT practice_id, row_number() OVER (ORDER BY practice_id) AS number FROM fresh
), start AS (
    SELECT greatest(%s, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint) AS position
), placed AS (
    UPDATE interchange_change AS change SET position = start.position + numbered.number
    FROM numbered, start WHERE change.practice_id = numbered.practice_id
    RETURNING change.position
)
SELECT max(position) FROM placed
"""


def own_installation() -> Installation:
    """The row of this installation, made when it is first needed."""
    found = Installation.objects.filter(is_own=True).first()
    return found or Installation.objects.get_or_create(is_own=True)[0]


def place_changes() -> int:
    """
    Give positions to all changes that are committed by now; return the last position there is.

    Two queries where nothing has changed since. Changes of a transaction that is still
    open are left for later.
    """
    own = own_installation()
    if not Change.objects.filter(position=None).exists():
        return own.last_position
    with transaction.atomic():
        own = Installation.objects.select_for_update().get(pk=own.pk)
        with connection.cursor() as cursor:
            cursor.execute(_PLACE, [own.last_position])
            last = cursor.fetchone()[0]
        if last is not None:
            own.last_position = last
            own.save(update_fields=["last_position"])
    return own.last_position


def tell_again(*, foreign_only: bool) -> None:
    """Put cards (of others only) behind all that was told, as if they had just changed."""
    rows = Change.objects.all()
    if foreign_only:
        rows = rows.exclude(practice__origin="")
    rows.update(position=None)
