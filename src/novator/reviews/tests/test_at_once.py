"""Two people do the same at one moment: one decides, both saves are kept or one is told."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from novator.accounts.models import User
from novator.accounts.testing import make_role, make_user
from novator.drafts.models import Draft
from novator.drafts.testing import make_draft
from novator.drafts.writing import DraftChanged, save_fields
from novator.practices.models import Practice, Version
from novator.reviews.models import Moderation
from novator.reviews.moderation import CannotDecide, publish_moderated
from novator.reviews.testing import TODAY, all_yes

pytestmark = pytest.mark.django_db(transaction=True)
LONG = 30.0


def at_once(*acts: Callable[[], object]) -> list[object]:
    """What each act gave or refused, all begun at one moment in threads of their own."""
    begin = threading.Barrier(len(acts))
    gave: list[object] = [None] * len(acts)

    def run(place: int, act: Callable[[], object]) -> None:
        try:
            begin.wait(LONG)
            gave[place] = act()
        except (CannotDecide, DraftChanged) as refusal:
            gave[place] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LONG)
    return gave


def saving(draft: Draft, by: User, page: str, **values: str) -> Callable[[], object]:
    return lambda: save_fields(draft=draft, values=values, revision=1, by=by, page=page)


def test_of_two_moderators_one_publishes_and_the_other_is_told() -> None:
    draft = make_draft(state="submitted")
    moderators = [
        make_role("moderator", user=make_user(f"{name}@association.example")).user
        for name in ("vera", "olga")
    ]

    gave = at_once(
        *(
            lambda who=who: publish_moderated(
                draft=draft, moderator=who, checks=all_yes(), revision=1, on=TODAY
            )
            for who in moderators
        )
    )

    assert sorted(type(one).__name__ for one in gave) == ["CannotDecide", "Practice"]
    assert Practice.objects.count() == 1
    assert Version.objects.count() == 1
    assert Moderation.objects.exclude(outcome="").count() == 1


def test_two_saves_of_different_fields_are_both_kept() -> None:
    draft = make_draft()
    other = make_role("head", city=draft.municipality).user

    at_once(
        saving(draft, draft.author, "a", lessons_ru="Урок первого"),
        saving(draft, other, "b", conditions_ru="Условие второго"),
    )

    draft.refresh_from_db()
    assert draft.content["lessons_ru"] == "Урок первого"
    assert draft.content["conditions_ru"] == "Условие второго"
    assert draft.revision == 3


def test_of_two_saves_of_one_field_one_is_kept_and_the_other_told() -> None:
    draft = make_draft()
    other = make_role("head", city=draft.municipality).user

    gave = at_once(
        saving(draft, draft.author, "a", lessons_ru="Первый"),
        saving(draft, other, "b", lessons_ru="Второй"),
    )

    draft.refresh_from_db()
    assert sorted(type(one).__name__ for one in gave) == ["Draft", "DraftChanged"]
    won = "Первый" if isinstance(gave[0], Draft) else "Второй"
    assert draft.content["lessons_ru"] == won


def test_a_save_that_waited_for_anothers_finds_the_draft_as_that_one_left_it() -> None:
    draft = make_draft()
    other = make_role("head", city=draft.municipality).user
    gave: list[object] = []

    def wait_and_save() -> None:
        try:
            gave.append(saving(draft, draft.author, "a", lessons_ru="Первый")())
        except DraftChanged as refusal:
            gave.append(refusal)
        finally:
            connection.close()

    waiting = threading.Thread(target=wait_and_save)
    with transaction.atomic():
        saving(draft, other, "b", lessons_ru="Второй")()
        waiting.start()
        until_somebody_waits()
    waiting.join(LONG)

    assert [type(one) for one in gave] == [DraftChanged]


def until_somebody_waits() -> None:
    """Return when another connection waits for this one."""
    begun = time.monotonic()
    asked = "SELECT count(*) FROM pg_locks WHERE NOT granted"
    asked += " AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
    while time.monotonic() - begun < LONG:
        with connection.cursor() as cursor:
            cursor.execute(asked)
            if cursor.fetchone() != (0,):
                return
        time.sleep(0.02)
    pytest.fail("nobody waits")
