"""Sign-in by a provider of OpenID Connect: a real one that runs in a thread of the test."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from pytest_django import Settings

from novator.accounts.models import Consent, Role, User
from novator.accounts.operations import invite
from novator.accounts.testing import PASSWORD, make_user
from novator.cities.testing import make_city
from novator.mail.models import Letter

oidc_provider_mock = pytest.importorskip("oidc_provider_mock")
pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore::DeprecationWarning")]
ANNA = {"email": "anna@glazov.example", "email_verified": True, "name": "Анна Иванова"}


@pytest.fixture
def provider(settings: Settings) -> Iterator[str]:
    """A provider that knows Anna and, without a confirmed address, Boris."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    people = [
        oidc_provider_mock.User(sub="anna", claims=ANNA),
        oidc_provider_mock.User(
            sub="boris", claims={"email": "boris@glazov.example", "email_verified": False}
        ),
    ]
    with oidc_provider_mock.run_server_in_thread(user_claims=people) as server:
        address = f"http://localhost:{server.server_port}"
        app = {
            "provider_id": "sso",
            "name": "Вход Удмуртии",
            "client_id": "novator",
            "secret": "secret",
            "settings": {"server_url": address},
        }
        settings.SOCIALACCOUNT_PROVIDERS = {
            "openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}
        }
        yield address


def come_back(client: Client, sub: str, *, process: str = "login") -> Any:
    """Go to the provider, say who one is, and come back."""
    away = client.post(f"/account/oidc/sso/login/?process={process}")
    assert away.status_code == 302, away.content
    said = requests.post(
        away.headers["Location"], data={"sub": sub}, allow_redirects=False, timeout=10
    )
    back = urlsplit(said.headers["Location"])
    assert back.path == "/account/oidc/sso/login/callback/"
    return client.get(f"{back.path}?{back.query}", headers={"accept-language": "en"})


def test_the_page_of_signing_in_offers_it(client: Client, provider: str) -> None:
    page = client.get("/ru/account/login/").content.decode()

    assert "Вход Удмуртии" in page


def test_opens_an_account_after_the_consent(client: Client, provider: str) -> None:
    asked = come_back(client, "anna").headers["Location"]
    page = client.get(asked).content.decode()
    assert "Анна Иванова" in page
    assert not User.objects.exists()

    facts = {"name": "Анна Иванова", "email": ANNA["email"]}
    refused = client.post(asked, facts)
    done = client.post(asked, facts | {"consent": "on"})

    assert refused.status_code == 200
    assert done.headers["Location"].endswith("/account/")
    assert Consent.objects.get().purpose == "processing"
    assert client.get("/en/account/").status_code == 200
    again = Client()
    come_back(again, "anna")
    assert again.get("/en/account/").status_code == 200
    assert User.objects.count() == 1


def test_a_role_that_waits_begins_with_the_account(client: Client, provider: str) -> None:
    invite(email=str(ANNA["email"]), kind="editor", municipality=make_city("Glazov"))
    asked = come_back(client, "anna").headers["Location"]

    client.post(asked, {"name": "Анна", "email": ANNA["email"], "consent": "on"})

    assert Role.objects.get().user.email == ANNA["email"]


def test_an_address_that_the_provider_did_not_confirm_is_confirmed_here(
    client: Client, provider: str
) -> None:
    asked = come_back(client, "boris").headers["Location"]

    client.post(asked, {"name": "Борис", "email": "boris@glazov.example", "consent": "on"})

    assert Letter.objects.get().to_email == "boris@glazov.example"
    assert client.get("/en/account/").status_code == 302


def test_takes_over_no_account_that_exists(client: Client, provider: str) -> None:
    make_user(str(ANNA["email"]), language="en")
    asked = come_back(client, "anna").headers["Location"]

    client.post(asked, {"name": "Анна", "email": ANNA["email"], "consent": "on"})

    assert client.get("/en/account/").status_code == 302
    assert User.objects.count() == 1
    assert "already" in Letter.objects.get().subject


def test_is_connected_to_an_account(client: Client, provider: str) -> None:
    user = make_user("other@glazov.example")
    client.post("/en/account/login/", {"login": user.email, "password": PASSWORD})

    asked = come_back(client, "anna", process="connect").headers["Location"]
    client.post(asked, {"password": PASSWORD})

    assert SocialAccount.objects.get(user=user).uid == "anna"
    other = Client()
    come_back(other, "anna")
    assert other.get("/en/account/").status_code == 200


def test_a_refusal_of_the_provider_is_said_in_words(client: Client, provider: str) -> None:
    client.post("/account/oidc/sso/login/?process=login")

    answer = client.get("/account/oidc/sso/login/callback/?error=server_error&state=x")

    assert answer.status_code == 401
    assert "<h1>" in answer.content.decode()
