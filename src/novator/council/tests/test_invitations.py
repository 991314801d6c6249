"""Letters that invite deputies to a session, once, each in the language of its reader."""

from __future__ import annotations

from datetime import date

import pytest

from novator.accounts.models import User
from novator.accounts.testing import make_user
from novator.council.invitations import deputies_reached
from novator.council.models import Person, Session
from novator.council.recording import cancel_session, invite_to_session, plan_again
from novator.council.testing import make_council, make_deputies, make_item, make_session
from novator.mail.models import Letter
from novator.mail.operations import address_digest, stop_letters

pytestmark = pytest.mark.django_db
BEFORE, DAY, AFTER = date(2026, 3, 1), date(2026, 3, 4), date(2026, 3, 5)


def with_account(person: Person, address: str, **facts: object) -> User:
    """A deputy's own account."""
    user = make_user(address, name=str(person))
    User.objects.filter(pk=user.pk).update(**facts)
    Person.objects.filter(pk=person.pk).update(user=user)
    user.refresh_from_db()
    return user


@pytest.fixture
def deputies() -> list[Person]:
    return make_deputies(make_council())


def planned() -> Session:
    session = make_session(state="planned", are_present=False, place="Ратуша, зал 2")
    make_item(session)
    return session


def test_deputies_with_an_account_are_invited_in_their_own_language(
    deputies: list[Person],
) -> None:
    with_account(deputies[0], "anna@zarechny.example", language="ru")
    with_account(deputies[1], "boris@zarechny.example", language="en")
    session = planned()

    invite_to_session(session=session, on=BEFORE)

    russian = Letter.objects.get(to_email="anna@zarechny.example")
    english = Letter.objects.get(to_email="boris@zarechny.example")
    assert (russian.kind, russian.language, english.language) == ("session", "ru", "en")
    assert "Invitation" in english.subject
    for said in (russian.body, english.body):
        assert "Ратуша, зал 2" in said
        assert "2026" in said
        assert f"/{'ru' if said is russian.body else 'en'}/councils/sessions/{session.pk}/" in said
    assert len(deputies_reached(session)[0]) == 2
    assert deputies_reached(session)[1] == len(deputies) - 2


def test_the_step_taken_twice_writes_once(deputies: list[Person]) -> None:
    with_account(deputies[0], "anna@zarechny.example")
    session = planned()

    invite_to_session(session=session, on=BEFORE)
    invite_to_session(session=session, on=BEFORE)

    assert Letter.objects.count() == 1


def test_nobody_is_invited_to_what_is_over(deputies: list[Person]) -> None:
    with_account(deputies[0], "anna@zarechny.example")
    session = planned()

    assert invite_to_session(session=session, on=AFTER).state == "invited"

    assert not Letter.objects.exists()


def test_who_wants_no_such_letters_and_closed_accounts_get_none(deputies: list[Person]) -> None:
    with_account(deputies[0], "anna@zarechny.example")
    with_account(deputies[1], "boris@zarechny.example", is_active=False)
    stop_letters(digest=address_digest("anna@zarechny.example"), kind="session")

    invite_to_session(session=planned(), on=DAY)

    assert [letter.state for letter in Letter.objects.all()] == ["unwanted"]
    assert not Letter.objects.exclude(to_email="").exists()


def test_only_who_was_invited_is_told_of_a_cancellation_and_invited_again(
    deputies: list[Person],
) -> None:
    with_account(deputies[0], "anna@zarechny.example")
    session = planned()
    cancel_session(session=session, on=BEFORE)
    plan_again(session=session)
    assert not Letter.objects.exists()

    invite_to_session(session=session, on=BEFORE)
    cancel_session(session=session, on=BEFORE)
    plan_again(session=session)
    invite_to_session(session=session, on=BEFORE)

    keys = [letter.key.split("-")[3] for letter in Letter.objects.order_by("pk")]
    assert keys == ["invited", "cancelled", "invited"]


def test_a_deputy_of_another_council_is_not_invited(deputies: list[Person]) -> None:
    stranger = Person.objects.create(slug="stranger", name="Чужой Степан")
    with_account(stranger, "stranger@stary-bor.example")

    invite_to_session(session=planned(), on=BEFORE)

    assert not Letter.objects.exists()
