"""Solutions found: cards read from the database, and those that this process knows already."""

from __future__ import annotations

from collections import OrderedDict, defaultdict, namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, nullcontext
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from threading import Lock
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import BigIntegerField, BooleanField, F, Func, Model, QuerySet, Value
from django.utils import timezone
from psycopg import Pipeline

from novator.cities.changes import version_of
from novator.practices.building import Parts, card_of
from novator.practices.card import Card
from novator.practices.costs import CostBands
from novator.practices.models import (
    Baseline,
    Practice,
    PracticeText,
    Source,
    StatedEffect,
    Step,
)

MOST_KEPT = 400
"""How many cards a process keeps, about 20 KB each."""


@dataclass
class _Known:
    """Cards as of one version of all that they are made of and one day, the last asked for last."""

    version: str = ""
    day: date = date.min
    cards: OrderedDict[str, Card] = field(default_factory=OrderedDict)


def known_cards(slugs: Sequence[str], bands: Callable[[], CostBands]) -> list[Card]:
    """
    Published cards in the order of their slugs, read only where this process has not read them.

    One query sees that nothing has changed since; `bands` is called where something is read.
    """
    wanted = list(dict.fromkeys(slugs))
    version, day = version_of("catalogue", "cities", "sources"), timezone.localdate()
    found = _recall(wanted, version, day)
    missing = [slug for slug in wanted if slug not in found]
    if missing:
        rows = Practice.objects.published().filter(slug__in=missing)
        read = {card.slug: card for card in cards_of(rows, bands())}
        _remember(read, version, day)
        found |= read
    return [found[slug] for slug in wanted if slug in found]


_known = _Known()
_turn = Lock()


def _recall(slugs: Iterable[str], version: str, day: date) -> dict[str, Card]:
    with _turn:
        if (_known.version, _known.day) != (version, day):
            return {}
        found = {slug: _known.cards[slug] for slug in slugs if slug in _known.cards}
        for slug in found:
            _known.cards.move_to_end(slug)
        return found


def _remember(cards: Mapping[str, Card], version: str, day: date) -> None:
    with _turn:
        if (_known.version, _known.day) != (version, day):
            _known.version, _known.day = version, day
            _known.cards.clear()
        _known.cards.update(cards)
        while len(_known.cards) > MOST_KEPT:
            _known.cards.popitem(last=False)


def cards_of(wanted: QuerySet[Practice], bands: CostBands) -> list[Card]:
    """
    Read the cards of a queryset in six queries.

    Rows are matched here, as prefetching costs twice the time.
    """
    rows = list(wanted.select_related("municipality__region", "cost"))
    keys = [row.pk for row in rows]
    parts = _parts_of(keys)
    today = timezone.localdate()
    return [card_of(row, Parts(*(of[row.pk] for of in parts)), bands, on=today) for row in rows]


_PARTS: tuple[tuple[type[Model], str], ...] = (
    (PracticeText, "language"),
    (StatedEffect, "position"),
    (Source, "id"),
    (Baseline, "position"),
    (Step, "position"),
)


def _parts_of(keys: list[int]) -> list[Mapping[int, list[Any]]]:
    """
    Rows of each of the tables by the practice they hang on; asked for at once, then read.

    They are plain named tuples of the fields: to make them rows of Django's costs more than to
    read them. Statements are written once, not each time.
    """
    statements = [_statement(kind, order) for kind, order in _PARTS]
    with ExitStack() as opened:
        cursors = [opened.enter_context(connection.cursor()) for _part in statements]
        with _at_once():
            for cursor, (statement, _row_of) in zip(cursors, statements, strict=True):
                cursor.execute(statement, [keys])
        asked = zip(cursors, statements, strict=True)
        return [_by_practice(cursor, row_of) for cursor, (_statement, row_of) in asked]


def _at_once() -> AbstractContextManager[object]:
    """Send what is asked in the block in one go, where the client library can."""
    return connection.connection.pipeline() if Pipeline.is_supported() else nullcontext()


def _by_practice(rows: Iterable[tuple[Any, ...]], row_of: Any) -> Mapping[int, list[Any]]:
    found = defaultdict[int, list[Any]](list)
    for values in rows:
        child = row_of._make(values)
        found[child.practice_id].append(child)
    return found


@lru_cache
def _statement(kind: type[Model], order: str) -> tuple[str, Any]:
    """
    How rows of a table are asked for by keys of practices, and the named tuple that each makes.

    All keys are one parameter, so the statement is the same for any number of them.
    """
    of_practices = Func(
        F("practice_id"),
        Value([], ArrayField(BigIntegerField())),
        template="(%(expressions)s))",
        arg_joiner=" = ANY(",
        output_field=BooleanField(),
    )
    wanted = kind._default_manager.order_by(order).filter(of_practices)
    statement, _one_parameter = wanted.query.sql_with_params()
    names = [field.attname for field in kind._meta.concrete_fields]
    return statement, namedtuple(kind.__name__, names)
