"""My account: what it tells, what it changes, and how it is closed."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from novator.accounts.models import Attempt, Consent, Role, User
from novator.accounts.testing import PASSWORD, make_role, make_user, signed_in
from novator.cities.testing import make_city

pytestmark = pytest.mark.django_db
PAGES = (
    "account/",
    "account/details/",
    "account/email/",
    "account/password/change/",
    "account/second-factor/",
    "account/second-factor/webauthn/",
    "account/sessions/",
    "account/connected/",
    "account/logout/",
    "account/reauthenticate/",
    "personal-data/",
)


def erased(client: Client, **box: str) -> str:
    client.post(
        "/en/account/reauthenticate/?next=/en/account/erase/",
        {"password": PASSWORD, "next": "/en/account/erase/"},
    )
    return client.post("/en/account/erase/", box, follow=True).content.decode()


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_every_page_speaks_both_languages(page: str, language: str) -> None:
    answer = signed_in(make_user()).get(f"/{language}/{page}")

    assert answer.status_code == 200
    assert f'<html lang="{language}"' in answer.content.decode()
    assert "private" in answer.headers.get("Cache-Control", "private")


def test_tells_roles_and_where_they_lead() -> None:
    head = make_role("head", city=make_city("Glazov")).user

    page = signed_in(head).get("/en/account/").content.decode()

    assert "Head of the municipality" in page
    assert "/en/cities/glazov/team/" in page
    assert "/en/office/" not in page


def test_costs_a_fixed_number_of_queries(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    user = make_user()
    for number in range(20):
        city = make_city(f"Town {number}", slug=f"town-{number}", name_ru=f"Город {number}")
        make_role("editor", user=user, city=city)
    client = signed_in(user)

    with django_assert_num_queries(17):
        client.get("/en/account/")


def test_changes_name_position_and_language() -> None:
    user = make_user(language="ru")

    signed_in(user).post(
        "/en/account/details/", {"name": "Анна", "position": "секретарь", "language": "en"}
    )

    user.refresh_from_db()
    assert (user.name, user.position, user.language) == ("Анна", "секретарь", "en")


def test_names_the_field_that_is_wrong_and_keeps_what_was_typed() -> None:
    facts = {"name": "", "position": "секретарь", "language": "en"}

    page = signed_in(make_user()).post("/en/account/details/", facts).content.decode()

    assert 'href="#id_name"' in page
    assert 'id="id_name_error"' in page
    assert 'aria-describedby="id_name_error"' in page
    assert 'value="секретарь"' in page


def test_a_consent_is_given_and_withdrawn() -> None:
    client = signed_in(make_user())

    client.post("/en/account/consents/", {"purpose": "publication", "give": "1"})
    given = Consent.objects.get()
    client.post("/en/account/consents/", {"purpose": "publication", "withdraw": "1"})

    assert given.withdrawn_at is None
    assert Consent.objects.get().withdrawn_at is not None


def test_gives_everything_that_is_stored_as_a_file() -> None:
    user = make_role("editor", city=make_city("Glazov")).user

    answer = signed_in(user).get("/en/account/data/")

    told = json.loads(answer.content)
    assert "attachment" in answer.headers["Content-Disposition"]
    assert told["account"][0]["email"] == user.email
    assert told["roles"][0]["municipality"] == "glazov"


def test_erasing_asks_for_the_password_and_the_box() -> None:
    user = make_role("editor", city=make_city("Glazov")).user
    client = signed_in(user)
    assert "reauthenticate" in client.get("/en/account/erase/").headers["Location"]

    assert "Tick the box" in erased(client)
    assert User.objects.get().is_active
    assert "Your account is erased." in erased(client, sure="on")

    assert User.objects.get().erased_at is not None
    assert Role.objects.get().ended_at is not None
    assert client.get("/en/account/").status_code == 302


def test_the_last_of_the_office_is_told_why_he_stays() -> None:
    user = make_role("office").user

    page = erased(signed_in(user), sure="on")

    assert "You are the last person of the office." in page
    assert User.objects.get().is_active


def test_what_was_typed_is_kept_when_a_form_comes_too_often() -> None:
    client = signed_in(make_user())
    facts = {"name": "A very long name that nobody wants to type again", "language": "en"}
    client.post("/en/account/details/", facts)
    Attempt.objects.update(made=60)

    answer = client.post("/en/account/details/", facts)

    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 3600
    assert facts["name"] in answer.content.decode()


def test_what_was_typed_is_shown_to_whoever_was_signed_out() -> None:
    facts = {"name": "A very long name that nobody wants to type again", "language": "en"}

    answer = Client().post("/en/account/details/", facts)

    assert answer.status_code == 403
    assert facts["name"] in answer.content.decode()


def test_the_menu_leads_to_sign_in_and_then_to_the_account(client: Client) -> None:
    assert 'href="/en/account/login/"' in client.get("/en/about/").content.decode()

    page = signed_in(make_user()).get("/en/about/").content.decode()

    assert 'href="/en/account/"' in page
    assert 'href="/en/account/login/"' not in page
