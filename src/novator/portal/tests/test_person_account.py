"""Pages of a person's account: at the desk, behind the link of the letter, on one's own page."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from novator.accounts.testing import make_role, make_user, signed_in
from novator.association.mandates import acting_for
from novator.association.testing import make_mandate_to, make_member
from novator.cities.testing import make_city
from novator.council.invitations import deputies_reached
from novator.council.models import Person
from novator.council.testing import PEOPLE, make_council, make_membership, make_session
from novator.mail.models import Letter

pytestmark = pytest.mark.django_db
ANNA = "anna@zarechny.example"


@pytest.fixture
def anna() -> Person:
    return make_membership(PEOPLE[0], make_council()).person


@pytest.fixture
def secretary() -> Client:
    return signed_in(make_role("secretary", city=make_city()).user)


def at_desk(name: str, person: Person) -> str:
    return reverse(name, args=["zarechny", person.slug])


def link_in_letter() -> str:
    found = re.search(r"(/ru/my/person/\S+)", Letter.objects.latest("pk").body)
    assert found
    return found[1]


def test_from_the_letter_to_invitations_and_mandates(anna: Person, secretary: Client) -> None:
    owner = make_user(ANNA)
    secretary.post(at_desk("person_account", anna), {"email": ANNA})
    there = link_in_letter()
    reader = signed_in(owner)

    asked = reader.get(there).content.decode()
    answered = reader.post(there, {"answer": "yes"})
    mine = reader.get("/en/account/").content.decode()
    seen = secretary.get(at_desk("person_entry", anna)).content.decode()

    assert anna.name in asked
    assert "Городская Дума" in asked
    assert answered.status_code == 302
    assert reverse("person_account_leave").removeprefix("/ru") in mine
    assert str(owner) in seen
    assert owner in deputies_reached(make_session(state="planned", are_present=False))[0]
    member = make_member("Zarechny", is_active=False)
    assert member.decision is not None
    make_mandate_to(anna, member.decision)
    assert [str(one.person) for one in acting_for(owner, on=date.today())] == [anna.name]


def test_a_stranger_signs_in_first_and_comes_back(anna: Person, secretary: Client) -> None:
    secretary.post(at_desk("person_account", anna), {"email": ANNA})
    there = link_in_letter()

    sent = Client().get(there)

    assert sent.status_code == 302
    assert "/account/login/" in sent["Location"]
    assert "my/person/" in sent["Location"]
    assert Client().post(there, {"answer": "yes"}).status_code == 403
    assert Person.objects.get().user is None


def test_another_account_and_a_void_link_are_refused_in_words(
    anna: Person, secretary: Client
) -> None:
    secretary.post(at_desk("person_account", anna), {"email": ANNA})
    there = link_in_letter()
    other = signed_in(make_user("other@zarechny.example"))

    for answer in (other.get(there), other.post(there, {"answer": "yes"})):
        assert answer.status_code == 403
        assert anna.name not in answer.content.decode()
    assert other.get(there[:-2] + "x/").status_code == 404
    assert Person.objects.get().user is None


def test_the_secretary_is_told_the_same_whether_there_is_an_account(
    anna: Person, secretary: Client
) -> None:
    boris = make_membership(PEOPLE[1], make_council()).person
    make_user(ANNA)

    pages = []
    for person, email in ((anna, ANNA), (boris, "nobody@zarechny.example")):
        answer = secretary.post(at_desk("person_account", person), {"email": email}, follow=True)
        page = answer.content.decode().replace(person.name, "?").replace(person.slug, "?")
        pages.append(re.sub(r"csrf\w+\" value=\"\w+|\d\d:\d\d(:\d\d)?", "", page))

    assert pages[0].split("account-head")[1] == pages[1].split("account-head")[1]
    assert "nobody@" not in pages[1]
    assert ANNA not in pages[0]


def test_the_secretary_of_another_city_is_refused(anna: Person) -> None:
    stranger = signed_in(make_role("secretary", city=make_city("Stary Bor")).user)
    make_council(make_city("Stary Bor"))

    for name in ("person_account", "person_account_end", "person_account_withdraw"):
        for city in ("zarechny", "stary-bor"):
            address = reverse(name, args=[city, anna.slug])
            assert stranger.post(address, {"email": ANNA, "why": "Нет"}).status_code == 403

    assert not Letter.objects.exists()


def test_a_question_is_taken_back_and_a_form_sent_twice_writes_once(
    anna: Person, secretary: Client
) -> None:
    make_user(ANNA)
    for _time in range(2):
        secretary.post(at_desk("person_account", anna), {"email": ANNA})
    there = link_in_letter()

    secretary.post(at_desk("person_account_withdraw", anna))

    assert Letter.objects.count() == 1
    assert signed_in(make_user("b@zarechny.example")).get(there).status_code == 403
    assert Person.objects.get().account_asked == ""


def test_both_ends_of_the_link_can_end_it(anna: Person, secretary: Client) -> None:
    owner = make_user(ANNA)
    reader = signed_in(owner)
    leave = reverse("person_account_leave")

    Person.objects.update(user=owner)
    asked = reader.get(leave).content.decode()
    reader.post(leave)
    assert anna.name in asked
    assert Person.objects.get().user is None
    assert reader.get(leave).status_code == 302

    Person.objects.update(user=owner)
    end = at_desk("person_account_end", anna)
    assert secretary.post(end, {"why": ""}).status_code == 200
    assert Person.objects.get().user == owner
    assert secretary.post(end, {"why": "Ошибка"}).status_code == 302
    assert Person.objects.get().user is None


def test_public_pages_and_open_data_tell_nothing_of_the_account(
    anna: Person, client: Client
) -> None:
    addresses = (
        f"/en/people/{anna.slug}/",
        "/en/councils/zarechny/",
        reverse("council_popolo", args=["zarechny"]),
        f"/api/v1/people/{anna.slug}",
    )
    before = [client.get(address).content for address in addresses]

    Person.objects.update(user=make_user(ANNA, name="Секретное имя"), account_asked="digest")

    after = [client.get(address) for address in addresses]
    assert [answer.status_code for answer in after] == [200] * len(addresses)
    for was, answer in zip(before, after, strict=True):
        assert "Секретное имя" not in answer.content.decode()
        assert len(answer.content) == len(was)
