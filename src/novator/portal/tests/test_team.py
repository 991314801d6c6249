"""Who works for a city: the head and the office give and end roles, the stranger sees nothing."""

from __future__ import annotations

import re
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from novator.accounts.models import Invitation, Role
from novator.accounts.testing import make_role, make_user, signed_in
from novator.cities.models import Municipality
from novator.cities.testing import make_city
from novator.mail.models import Letter

pytestmark = pytest.mark.django_db
TEAM = "/en/cities/glazov/team/"


@pytest.fixture
def glazov() -> Municipality:
    return make_city("Glazov")


def test_a_role_that_the_head_gives_begins_when_its_holder_signs_in(glazov: Municipality) -> None:
    head = make_role("head", city=glazov).user
    anna = make_user("anna@glazov.example", language="en")

    answer = signed_in(head).post(TEAM, {"email": "Anna@glazov.example", "kind": "editor"})

    assert answer.headers["Location"] == TEAM
    letter = Letter.objects.get()
    assert (letter.kind, letter.to_email) == ("role", "anna@glazov.example")
    assert "editor of practices" in letter.body
    assert not Role.objects.filter(kind="editor").exists()
    signed_in(anna)
    role = Role.objects.get(kind="editor")
    assert (role.user, role.granted_by) == (anna, head)


def test_the_head_does_not_learn_who_has_an_account(glazov: Municipality) -> None:
    head = signed_in(make_role("head", city=glazov).user)
    make_user("known@glazov.example")

    for starts_on in ("", "2099-01-01", "2001-01-01"):
        said = []
        for name in ("known", "nobody"):
            asked = {"email": f"{name}@glazov.example", "kind": "editor", "starts_on": starts_on}
            page = head.post(TEAM, asked, follow=True).content.decode().split("<main")[1]
            said.append(re.sub(rf"{name}|value=\"[^\"]*\"|invitations/\d+", "", page))
            Invitation.objects.all().delete()
        assert said[0] == said[1]
    assert len({letter.body for letter in Letter.objects.all()}) == 1


def test_whoever_is_signed_in_begins_an_offered_role_by_a_button(glazov: Municipality) -> None:
    anna = signed_in(make_user("anna@glazov.example"))
    head = make_role("head", city=glazov).user
    signed_in(head).post(TEAM, {"email": "anna@glazov.example", "kind": "editor"})

    page = anna.get("/en/account/").content.decode()
    anna.post("/en/account/roles/")

    assert "You are invited" in page
    assert Role.objects.filter(kind="editor", user__email="anna@glazov.example").exists()
    assert "You are invited" not in anna.get("/en/account/").content.decode()


def test_what_a_head_offered_lapses_when_the_head_leaves(glazov: Municipality) -> None:
    role = make_role("head", city=glazov)
    signed_in(role.user).post(TEAM, {"email": "friend@glazov.example", "kind": "editor"})

    signed_in(make_role("office").user).post(f"/en/roles/{role.pk}/end/")

    invitation = Invitation.objects.get()
    assert (invitation.email, invitation.withdrawn_at is None) == ("", False)
    letter = Letter.objects.get(kind="role")
    assert (letter.state, letter.to_email) == ("unwanted", "")


def test_an_offer_of_a_head_whose_time_ran_out_gives_nothing(glazov: Municipality) -> None:
    role = make_role("head", city=glazov)
    signed_in(role.user).post(TEAM, {"email": "friend@glazov.example", "kind": "editor"})
    Role.objects.filter(pk=role.pk).update(starts_on="2020-01-01", ends_on="2020-12-31")

    signed_in(make_user("friend@glazov.example"))

    assert not Role.objects.filter(kind="editor").exists()
    assert Invitation.objects.get().withdrawn_at is not None


def test_whoever_has_no_account_is_invited(glazov: Municipality) -> None:
    client = signed_in(make_role("head", city=glazov).user)

    client.post(TEAM, {"email": "new@glazov.example", "kind": "editor"})

    assert Invitation.objects.get().email == "new@glazov.example"
    letter = Letter.objects.get()
    assert "/en/account/signup/" in letter.body
    assert "/ru/account/signup/" in letter.body
    assert letter.subject.count(" / ") == 1
    assert "new@glazov.example" in client.get(TEAM).content.decode()
    client.post(f"/en/invitations/{Invitation.objects.get().pk}/withdraw/")
    assert Invitation.objects.get().withdrawn_at is not None


def test_the_letter_leads_to_our_site_whatever_the_request_calls_it(
    glazov: Municipality, settings: Any
) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    client = signed_in(make_role("head", city=glazov).user)

    client.post(
        TEAM, {"email": "new@glazov.example", "kind": "editor"}, headers={"host": "thief.example"}
    )

    assert "thief" not in Letter.objects.get().body


def test_the_head_cannot_name_another_head_nor_give_himself_a_role(glazov: Municipality) -> None:
    head = make_role("head", city=glazov).user
    client = signed_in(head)

    client.post(TEAM, {"email": "new@glazov.example", "kind": "head"})
    page = client.post(TEAM, {"email": head.email, "kind": "editor"}).content.decode()

    assert "Nobody gives a role to himself." in page
    assert Role.objects.count() == 1
    assert not Invitation.objects.exists()


def test_an_editor_sees_the_colleagues_without_their_addresses(glazov: Municipality) -> None:
    make_role("head", city=glazov)
    client = signed_in(make_role("editor", city=glazov).user)

    page = client.get(TEAM).content.decode()

    assert "Head of the municipality" in page
    assert "head@glazov.example" not in page
    assert client.post(TEAM, {"email": "a@b.example", "kind": "editor"}).status_code == 403


def test_the_stranger_is_refused(glazov: Municipality) -> None:
    role = make_role("editor", city=glazov)
    stranger = signed_in(make_role("head", city=make_city("Stary Bor")).user)

    assert stranger.get(TEAM).status_code == 403
    assert stranger.post(TEAM, {"email": "a@b.example", "kind": "editor"}).status_code == 403
    assert stranger.post(f"/en/roles/{role.pk}/end/").status_code == 403
    assert stranger.get("/en/office/people/").status_code == 403
    assert Role.objects.get(pk=role.pk).ended_at is None


def test_a_role_is_ended_after_a_question(glazov: Municipality) -> None:
    role = make_role("editor", city=glazov)
    head = make_role("head", city=glazov).user
    client = signed_in(head)

    assert "End this role?" in client.get(f"/en/roles/{role.pk}/end/").content.decode()
    client.post(f"/en/roles/{role.pk}/end/")

    role.refresh_from_db()
    assert role.ended_at is not None
    assert role.ended_by == head


def test_everybody_may_lay_down_the_own_role(glazov: Municipality) -> None:
    role = make_role("editor", city=glazov)

    answer = signed_in(role.user).post(f"/en/roles/{role.pk}/end/")

    assert answer.headers["Location"] == "/en/account/"


def test_the_office_finds_people_and_names_a_head(glazov: Municipality) -> None:
    office = signed_in(make_role("office").user)
    make_user("anna@glazov.example", name="Анна Иванова")

    page = office.get("/en/office/people/", {"q": "иванова"}).content.decode()
    led = office.get("/en/office/people/", {"city": "Глазов"})
    office.post(TEAM, {"email": "anna@glazov.example", "kind": "head"})

    assert "Анна Иванова" in page
    assert led.headers["Location"] == TEAM
    assert Role.objects.get(kind="head").user.email == "anna@glazov.example"


def test_the_office_chooses_among_cities_of_one_name_or_near_it(glazov: Municipality) -> None:
    office = signed_in(make_role("office").user)
    make_city("Киров", slug="kirov", region="RU-KIR")
    make_city("Киров", slug="kirov-klu", region="RU-KLU")

    several = office.get("/en/office/people/", {"city": "Киров"}).content.decode()
    near = office.get("/en/office/people/", {"city": "Глазав"}).content.decode()

    assert "/en/cities/kirov/team/" in several
    assert "/en/cities/kirov-klu/team/" in several
    assert TEAM in near


def test_costs_a_fixed_number_of_queries(
    glazov: Municipality, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = signed_in(make_role("office").user)
    for number in range(20):
        make_role("editor", user=make_user(f"a{number}@glazov.example"), city=glazov)

    with django_assert_num_queries(7):
        client.get(TEAM)
    with django_assert_num_queries(10):
        client.get("/en/office/people/")
