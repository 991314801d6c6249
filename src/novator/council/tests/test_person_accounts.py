"""A person of public office and an account: asked by a letter, confirmed once, ended by both."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import signing
from django.db import connection
from django.utils import timezone
from django.utils.translation import override

from novator.accounts.erasure import erase_person
from novator.accounts.models import User
from novator.accounts.own_data import own_data_of
from novator.accounts.testing import make_user
from novator.cities.testing import make_city
from novator.council.models import Mandate, Person
from novator.council.person_accounts import (
    ASKED_AGAIN_AFTER,
    HOLDS_FOR,
    MOST_TO_ONE_ADDRESS,
    CannotLink,
    LinkIsVoid,
    ask_for_account,
    deny_question,
    end_link,
    leave_person,
    link_account,
    question_of,
    take_question_back,
)
from novator.council.refusals import CannotRecord
from novator.council.testing import PEOPLE, make_council, make_membership, make_person
from novator.mail.models import Letter

pytestmark = pytest.mark.django_db
ON = date(2026, 3, 4)
ANNA = "anna@zarechny.example"


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with override("en"):
        yield


@pytest.fixture
def anna() -> Person:
    return make_membership(PEOPLE[0], make_council()).person


def ask(person: Person, email: str = ANNA, *, now: datetime | None = None, **facts: Any) -> str:
    """Ask an address; the token that stands in the last letter."""
    facts = {"municipality": make_city(), "on": ON, "language": "ru", **facts}
    ask_for_account(person=person, email=email, now=now or timezone.now(), **facts)
    letter = Letter.objects.filter(key__startswith=f"person-account-{person.pk}-").latest("pk")
    found = re.search(r"/my/person/([^/\s]+)/", letter.body)
    assert found
    return found[1]


def linked(person: Person, user: User) -> Person:
    return link_account(token=ask(person, user.email), user=user, on=ON)


def account_of(person: Person) -> int | None:
    return Person.objects.get(pk=person.pk).user_id


def test_the_owner_of_the_address_is_linked_once(anna: Person) -> None:
    owner = make_user(ANNA)
    token = ask(anna)

    link_account(token=token, user=owner, on=ON)

    assert account_of(anna) == owner.pk
    with pytest.raises(LinkIsVoid):
        question_of(token, owner)
    leave_person(user=owner)
    with pytest.raises(LinkIsVoid):
        link_account(token=token, user=owner, on=ON)
    assert account_of(anna) is None


def test_the_link_holds_no_address_and_the_letter_speaks_the_readers_language(
    anna: Person,
) -> None:
    make_user(ANNA, language="en")

    token = ask(anna)
    stranger = ask(anna, "new@zarechny.example")

    known, unknown = Letter.objects.order_by("pk").values_list("language", "subject", named=True)
    assert ANNA not in str(signing.loads(token, salt="novator.council.person_accounts"))
    assert known.language == "en"
    assert known.subject == ""  # a newer letter took its place: nothing of the first is kept
    assert " / " in unknown.subject
    assert len(stranger) < 200


def test_another_account_is_refused_though_it_has_the_link(anna: Person) -> None:
    make_user(ANNA)
    other = make_user("other@zarechny.example")
    EmailAddress.objects.create(user=other, email="x" + ANNA, verified=False)
    token = ask(anna)

    for act in (question_of, lambda token, user: link_account(token=token, user=user, on=ON)):
        with pytest.raises(CannotLink, match="has not confirmed"):
            act(token, other)
    with pytest.raises(CannotLink):
        deny_question(token=token, user=other)

    assert account_of(anna) is None


def test_an_address_that_is_not_confirmed_does_not_count(anna: Person) -> None:
    owner = make_user(ANNA)
    EmailAddress.objects.filter(user=owner).update(verified=False)

    with pytest.raises(CannotLink, match="has not confirmed"):
        link_account(token=ask(anna), user=owner, on=ON)


def test_old_changed_replaced_and_withdrawn_links_are_void(
    anna: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner, now = make_user(ANNA), timezone.now()
    first = ask(anna, now=now - ASKED_AGAIN_AFTER)
    second = ask(anna, now=now)

    for void in (first, second[:-1] + ("a" if second[-1] != "a" else "b"), "x", second + "x"):
        with pytest.raises(LinkIsVoid):
            link_account(token=void, user=owner, on=ON)
    with monkeypatch.context() as later:
        past = datetime.now().timestamp() + HOLDS_FOR.total_seconds() + 60
        later.setattr("django.core.signing.time.time", lambda: past)
        with pytest.raises(LinkIsVoid, match="seven days"):
            link_account(token=second, user=owner, on=ON)
    take_question_back(person=anna)
    with pytest.raises(LinkIsVoid):
        link_account(token=second, user=owner, on=ON)

    assert account_of(anna) is None


def test_no_makes_the_link_void(anna: Person) -> None:
    owner, token = make_user(ANNA), ask(anna)

    deny_question(token=token, user=owner)

    with pytest.raises(LinkIsVoid):
        link_account(token=token, user=owner, on=ON)
    assert Letter.objects.get().to_email == ""


def test_a_form_sent_twice_writes_one_letter(anna: Person) -> None:
    now = timezone.now()

    first = ask(anna, now=now)
    ask(anna, "ANNA@zarechny.example ", now=now + timedelta(minutes=1))
    again = ask(anna, now=now + ASKED_AGAIN_AFTER + timedelta(minutes=1))

    assert Letter.objects.count() == 2
    assert first != again


def test_one_address_gets_few_letters_an_hour() -> None:
    now = timezone.now()
    people = [make_membership(name, make_council()).person for name in PEOPLE]

    for person in people[:MOST_TO_ONE_ADDRESS]:
        ask(person, now=now)
    with pytest.raises(CannotLink, match="Enough letters"):
        ask(people[MOST_TO_ONE_ADDRESS], now=now)

    assert Letter.objects.count() == MOST_TO_ONE_ADDRESS


def test_two_links_of_one_account_or_one_person_are_refused(anna: Person) -> None:
    boris = make_membership(PEOPLE[1], make_council()).person
    owner = make_user(ANNA)
    token = ask(boris)
    linked(anna, owner)

    with pytest.raises(CannotLink, match="already"):
        link_account(token=token, user=owner, on=ON)
    with pytest.raises(CannotLink, match="already"):
        ask(anna, "other@zarechny.example")

    assert account_of(boris) is None


def test_whoever_acts_for_another_city_or_holds_nothing_here_is_not_asked(anna: Person) -> None:
    Mandate.objects.create(
        municipality=make_city("Glazov"), document="Решение", holder=anna, subject="Представлять"
    )

    with pytest.raises(CannotLink, match="another city"):
        ask(anna)
    with pytest.raises(CannotLink, match="no office"):
        ask(make_person("Пётр Чужой"))

    assert not Letter.objects.exists()


def test_the_secretary_ends_a_link_with_a_reason(anna: Person) -> None:
    owner = make_user(ANNA, language="en")
    linked(anna, owner)

    with pytest.raises(CannotRecord):
        end_link(person=anna, why=" ", now=timezone.now())
    end_link(person=anna, why="Не тот человек", now=timezone.now())
    with pytest.raises(CannotLink):
        end_link(person=anna, why="Ещё раз", now=timezone.now())

    assert account_of(anna) is None
    trail: Any = Person.pgh_event_model  # type: ignore[attr-defined]
    last = trail.objects.filter(pgh_obj=anna.pk).latest("pgh_id")
    assert (last.pgh_label, last.user_id) == ("account", None)
    assert last.pgh_context.metadata["reason"] == "Не тот человек"
    told = Letter.objects.get(key__startswith="person-unlinked-")
    assert (told.to_email, told.language) == (ANNA, "en")
    assert "Не тот человек" in told.body


def test_the_own_data_tells_of_the_link_and_erasure_ends_it(anna: Person) -> None:
    owner = make_user(ANNA)
    linked(anna, owner)

    told = own_data_of(owner)["council_person"]
    erase_person(user=owner, at=timezone.now())

    assert told == [{"person": anna.slug, "name": anna.name}]
    assert account_of(anna) is None
    trail: Any = Person.pgh_event_model  # type: ignore[attr-defined]
    assert not trail.objects.filter(user_id=owner.pk).exists()


def _together(acts: list[Any]) -> list[Exception]:
    """Do all at once, each in a thread of its own; what was refused."""
    start, refused = Barrier(len(acts)), list[Exception]()

    def do(act: Any) -> None:
        start.wait()
        try:
            act()
        except CannotLink as refusal:
            refused.append(refusal)
        finally:
            connection.close()

    threads = [Thread(target=do, args=[act]) for act in acts]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return refused


@pytest.mark.django_db(transaction=True)
def test_two_confirmations_at_once_link_one() -> None:
    anna = make_membership(PEOPLE[0], make_council()).person
    boris = make_membership(PEOPLE[1], make_council()).person
    owner = make_user(ANNA)
    tokens = [ask(anna), ask(anna, now=timezone.now() + timedelta(minutes=1)), ask(boris)]

    refused = _together(
        [lambda token=token: link_account(token=token, user=owner, on=ON) for token in tokens]
    )

    assert len(refused) == 2
    assert Person.objects.filter(user=owner).count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_erasure_at_the_same_moment_leaves_no_link() -> None:
    anna = make_membership(PEOPLE[0], make_council()).person
    owner = make_user(ANNA)
    token = ask(anna)

    _together(
        [
            lambda: link_account(token=token, user=owner, on=ON),
            lambda: erase_person(user=owner, at=timezone.now()),
        ]
    )

    assert account_of(anna) is None
