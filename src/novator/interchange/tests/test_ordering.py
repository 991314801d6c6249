"""Changes are told in an order in which none is passed over, however transactions end."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, transaction

from novator.interchange.models import Change, Installation
from novator.interchange.offering import offered_part
from novator.interchange.ordering import own_installation, place_changes
from novator.practices.models import Practice
from novator.practices.testing import make_practice

pytestmark = pytest.mark.django_db(transaction=True)


class SlowWriter:
    """Another process that changes a card and does not commit until it is told."""

    def __init__(self, slug: str) -> None:
        self.slug = slug
        self.has_written, self.may_commit = threading.Event(), threading.Event()
        self.thread = threading.Thread(target=self._write)

    def __enter__(self) -> SlowWriter:
        self.thread.start()
        assert self.has_written.wait(10)
        return self

    def __exit__(self, *_fault: object) -> None:
        self.may_commit.set()
        self.thread.join(10)

    def _write(self) -> None:
        try:
            with transaction.atomic():
                Practice.objects.get(slug=self.slug).save()
                self.has_written.set()
                self.may_commit.wait(10)
        finally:
            connection.close()


@pytest.fixture
def two_cards() -> int:
    make_practice("early-card")
    make_practice("late-card")
    return offered_part(since=0, limit=10).cursor


def slugs_since(cursor: int) -> tuple[list[str], int]:
    part = offered_part(since=cursor, limit=10)
    return [entry.slug for entry in part.entries], part.cursor


def test_a_change_that_commits_late_is_told_late_and_not_lost(two_cards: int):
    with SlowWriter("early-card"):
        Practice.objects.get(slug="late-card").save()
        told_meanwhile, cursor = slugs_since(two_cards)

    told_later, end = slugs_since(cursor)
    assert told_meanwhile == ["late-card"]
    assert told_later == ["early-card"]
    assert slugs_since(end) == ([], end)


def test_a_change_that_is_rolled_back_is_not_told(two_cards: int):
    with transaction.atomic():
        Practice.objects.get(slug="early-card").save()
        transaction.set_rollback(True)

    assert slugs_since(two_cards) == ([], two_cards)


def test_many_changes_of_one_moment_are_parted_without_loss():
    for number in range(7):
        make_practice(f"card-{number}")
    Practice.objects.update(changed_at="2026-03-01T00:00:00Z")

    told, cursor, remaining = [], 0, 1
    while remaining:
        part = offered_part(since=cursor, limit=2)
        told += [entry.slug for entry in part.entries]
        cursor, remaining = part.cursor, part.remaining

    assert sorted(told) == [f"card-{number}" for number in range(7)]


def test_positions_never_go_back_even_if_the_clock_does(two_cards: int):
    far = two_cards + 10**12
    Installation.objects.filter(is_own=True).update(last_position=far)

    Practice.objects.get(slug="early-card").save()

    assert place_changes() == far + 1
    assert Change.objects.get(practice__slug="early-card").position == far + 1


def test_there_is_one_installation_of_ours():
    first, second = own_installation(), own_installation()

    assert first.pk == second.pk
    assert Installation.objects.count() == 1
