"""What exists can be followed, once, and ended; with the account it is forgotten."""

from __future__ import annotations

import pytest
from django.utils import timezone

from novator.accounts.erasure import erase_person
from novator.accounts.own_data import own_data_of
from novator.accounts.testing import make_user
from novator.mail.models import Letter
from novator.mail.testing import make_letter
from novator.notices import operations
from novator.notices.models import Follow
from novator.notices.operations import CannotFollow, end_follow, follow
from novator.practices.testing import make_practice

pytestmark = pytest.mark.django_db


def test_the_same_is_followed_once() -> None:
    anna = make_user()
    follow(user=anna, kind="topic", key="transport")

    again = follow(user=anna, kind="topic", key="transport", frequency="daily")

    assert Follow.objects.get() == again
    assert again.frequency == "daily"


@pytest.mark.parametrize(
    ("kind", "key"),
    [
        ("topic", "gossip"),
        ("city", "nowhere"),
        ("card", "withdrawn"),
        ("region", "XX"),
        ("search", ""),
        ("person", "anna"),
    ],
)
def test_refuses_what_is_not_there(kind: str, key: str) -> None:
    make_practice("withdrawn", withdrawn_at=timezone.now())

    with pytest.raises(CannotFollow):
        follow(user=make_user(), kind=kind, key=key)

    assert not Follow.objects.exists()


def test_refuses_an_unknown_frequency() -> None:
    with pytest.raises(CannotFollow):
        follow(user=make_user(), kind="topic", key="transport", frequency="hourly")


def test_refuses_too_many(monkeypatch) -> None:
    monkeypatch.setattr(operations, "MOST_FOLLOWS", 1)
    anna = make_user()
    follow(user=anna, kind="topic", key="transport")

    with pytest.raises(CannotFollow, match="1"):
        follow(user=anna, kind="topic", key="education")


def test_ends() -> None:
    end_follow(follow=follow(user=make_user(), kind="topic", key="transport"))

    assert not Follow.objects.exists()


def test_a_person_is_told_what_is_stored_and_it_is_forgotten_with_the_account() -> None:
    anna = make_user("anna@zarechny.example")
    follow(user=anna, kind="topic", key="transport")
    make_letter(to=anna.email)

    told = own_data_of(anna)
    erase_person(user=anna, at=timezone.now())

    assert [row["key"] for row in told["follows"]] == ["transport"]
    assert len(told["letters"]) == 1
    assert not Follow.objects.exists()
    assert Letter.objects.get().to_email == ""


def test_an_open_session_does_not_tell_the_key_of_a_new_password() -> None:
    anna = make_user("anna@zarechny.example")
    make_letter(to=anna.email, kind="account", body="open /key/secret/")
    make_letter(to=anna.email, kind="digest", body="new cards")

    told = own_data_of(anna)["letters"]

    assert [row["kind"] for row in told] == ["account", "digest"]
    assert told[0]["body"] == ""
    assert "new cards" in told[1]["body"]
