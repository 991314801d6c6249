"""Solutions found: what a card said from one moment on, kept for ever, and what differs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Max

from novator.accounts.models import User
from novator.practices.exporting import values_of
from novator.practices.models import Practice, Version
from novator.practices.rows import COLUMNS, PracticeRow
from novator.practices.values import NOTHING
from novator.practices.writing import practices_with_all, row_of


@dataclass(frozen=True)
class Makers:
    """Who wrote a version, released it for the city and published it, as far as anybody did."""

    written_by: User | None = None
    released_by: User | None = None
    published_by: User | None = None


@dataclass(frozen=True)
class Difference:
    """One field of a card that two versions tell differently; nothing is None."""

    field: str
    before: Any
    after: Any


NOBODY = Makers()


def keep_versions(
    practices: Sequence[Practice], *, note: str, made_at: datetime, makers: Makers = NOBODY
) -> list[Version]:
    """
    Keep what these cards say now as their next versions; five queries and more, however many.

    A card that says what its last version said gets no new one.
    """
    ids = [practice.pk for practice in practices]
    latest = _latest(ids)
    now = practices_with_all([practice.slug for practice in practices])
    made = []
    for practice in now.values():
        content = content_of(row_of(practice))
        last = latest.get(practice.pk)
        if last is None or last.content != content:
            number = last.number + 1 if last else 1
            made.append(
                Version(
                    practice=practice,
                    number=number,
                    content=content,
                    note=note,
                    made_at=made_at,
                    **makers.__dict__,
                )
            )
    return Version.objects.bulk_create(made)


def keep_first_versions(practices: Sequence[Practice], *, note: str) -> None:
    """Before cards change for the first time: keep what they said, as of when it was written."""
    have = set(Version.objects.filter(practice__in=practices).values_list("practice_id", flat=True))
    for practice in practices:
        if practice.pk not in have:
            keep_versions([practice], note=note, made_at=practice.changed_at)


def content_of(row: PracticeRow) -> dict[str, Any]:
    """A card as versions and drafts keep it: the filled-in columns of the catalogue's schema."""
    return {name: value for name, value in values_of(row).items() if value not in NOTHING}


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """Fields of the catalogue's schema that two contents tell differently, in its order."""
    return [
        Difference(name, before.get(name), after.get(name))
        for name in COLUMNS
        if before.get(name) != after.get(name)
    ]


def _latest(ids: Sequence[int]) -> dict[int, Version]:
    rows = Version.objects.filter(practice__in=ids)
    numbers = dict(rows.order_by().values_list("practice").annotate(Max("number")))
    return {
        version.practice_id: version
        for version in rows
        if version.number == numbers[version.practice_id]
    }
