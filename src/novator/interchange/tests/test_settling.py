"""The office settles what was changed here and there."""

from __future__ import annotations

from datetime import timedelta

import pytest

from novator.accounts.models import User
from novator.accounts.testing import make_role, make_user
from novator.cities.testing import make_city
from novator.interchange import operations
from novator.interchange.models import Conflict, ForeignCard, Neighbour
from novator.interchange.operations import read_neighbour
from novator.interchange.permissions import may_run_exchange
from novator.interchange.settling import CannotSettle, differing, settle_conflict, state_of
from novator.interchange.testing import (
    BEGAN,
    OtherCatalogue,
    answer,
    card,
    entry,
    make_neighbour,
    tombstone,
)
from novator.practices.models import Practice

pytestmark = pytest.mark.django_db
TODAY = BEGAN.date()


@pytest.fixture(autouse=True)
def _no_gazetteer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operations, "load_gazetteer", lambda: 0)


@pytest.fixture
def office() -> User:
    return make_role("office").user


def pull(*entries: object) -> None:
    neighbour = Neighbour.objects.first() or make_neighbour()
    read_neighbour(neighbour=neighbour, read=OtherCatalogue([answer(entries, cursor="c1")]))


@pytest.fixture
def conflict() -> Conflict:
    make_city("Glazov")
    pull(entry())
    Practice.objects.get().texts.update(title="Исправлено здесь", problem="Темно и дорого.")
    pull(entry(hours=1, card=card(title_ru="Изменено там")))
    return Conflict.objects.get()


def test_shows_the_fields_that_differ(conflict: Conflict):
    assert [(d.field, d.before, d.after) for d in differing(conflict)] == [
        ("title_ru", "Исправлено здесь", "Изменено там"),
        ("problem_ru", "Темно и дорого.", "Фонари горят всю ночь впустую."),
    ]


def test_ours_stays_and_the_same_change_asks_no_more(conflict: Conflict, office: User):
    settle_conflict(conflict=conflict, theirs=(), by=office, seen=state_of(conflict))
    pull(entry(hours=1, card=card(title_ru="Изменено там")))

    conflict.refresh_from_db()
    assert (conflict.settlement, conflict.settled_by) == ("ours", office)
    assert Practice.objects.get().texts.get().title == "Исправлено здесь"
    assert Conflict.objects.count() == 1


def test_a_later_change_there_asks_again(conflict: Conflict, office: User):
    settle_conflict(conflict=conflict, theirs=(), by=office, seen=state_of(conflict))

    pull(entry(hours=2, card=card(title_ru="Ещё раз")))

    assert Conflict.objects.get(settled_at=None).theirs["title_ru"] == "Ещё раз"


def test_theirs_is_taken_and_later_changes_come_by_themselves(conflict: Conflict, office: User):
    fields = [difference.field for difference in differing(conflict)]
    settle_conflict(conflict=conflict, theirs=fields, by=office, seen=state_of(conflict))
    pull(entry(hours=2, card=card(title_ru="Ещё раз")))

    practice = Practice.objects.get()
    conflict.refresh_from_db()
    assert conflict.settlement == "theirs"
    assert practice.texts.get().title == "Ещё раз"
    assert practice.texts.get().problem == "Фонари горят всю ночь впустую."
    assert practice.versions.filter(published_by=office).exists()


def test_fields_are_chosen_one_by_one(conflict: Conflict, office: User):
    settle_conflict(conflict=conflict, theirs=["title_ru"], by=office, seen=state_of(conflict))

    text = Practice.objects.get().texts.get()
    conflict.refresh_from_db()
    assert conflict.settlement == "merged"
    assert (text.title, text.problem) == ("Изменено там", "Темно и дорого.")


def test_nothing_is_settled_that_has_changed_since_it_was_seen(conflict: Conflict, office: User):
    seen = state_of(conflict)
    pull(entry(hours=2, card=card(title_ru="Ещё раз")))

    with pytest.raises(CannotSettle):
        settle_conflict(conflict=conflict, theirs=["title_ru"], by=office, seen=seen)

    conflict.refresh_from_db()
    assert conflict.settled_at is None
    assert Practice.objects.get().texts.get().title == "Исправлено здесь"


def test_is_settled_once(conflict: Conflict, office: User):
    seen = state_of(conflict)
    settle_conflict(conflict=conflict, theirs=(), by=office, seen=seen)

    with pytest.raises(CannotSettle):
        settle_conflict(conflict=conflict, theirs=["title_ru"], by=office, seen=seen)


@pytest.mark.parametrize("withdraws", [True, False])
def test_what_was_withdrawn_there_is_withdrawn_here_only_if_the_office_says_so(
    conflict: Conflict, office: User, withdraws: bool
):
    pull(tombstone(hours=3))
    conflict.refresh_from_db()

    settle_conflict(
        conflict=conflict, theirs=(), by=office, seen=state_of(conflict), withdraws=withdraws
    )
    pull(tombstone(hours=3))

    assert (Practice.objects.get().withdrawn_at is not None) == withdraws
    assert not Conflict.objects.filter(settled_at=None).exists()
    assert ForeignCard.objects.get().gone_at is not None


def test_only_the_office_decides():
    city = make_city("Stary Bor")

    assert may_run_exchange(make_role("office").user, on=TODAY)
    for stranger in (
        make_role("moderator").user,
        make_role("editor", city=city).user,
        make_role("head", city=city).user,
        make_user("nobody@stary-bor.example"),
    ):
        assert not may_run_exchange(stranger, on=TODAY)
    former = make_role("office", user=make_user("f@x.example"), ends_on=TODAY - timedelta(days=1))
    assert not may_run_exchange(former.user, on=TODAY)
