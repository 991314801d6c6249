"""An account is opened, entered, locked for a while, entered by two factors, closed."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings as of_site
from django.test import Client

from novator.accounts.models import Consent, Invitation, Role, User
from novator.accounts.testing import PASSWORD, TOTP_SECRET, make_role, make_second_factor, make_user
from novator.cities.testing import make_city
from novator.mail.models import Letter

pytestmark = pytest.mark.django_db
NEW = {
    "name": "Анна Иванова",
    "position": "",
    "email": "anna@glazov.example",
    "password1": PASSWORD,
    "consent": "on",
}


def sign_in(client: Client, email: str, password: str = PASSWORD, **more: str) -> Any:
    return client.post("/en/account/login/", {"login": email, "password": password, **more})


def said_again(client: Client, where: str) -> Any:
    """Open a page before which the password is asked once more."""
    asked = f"/en/account/reauthenticate/?next={where}"
    return client.post(asked, {"password": PASSWORD, "next": where}, follow=True)


def link_in(letter: Letter) -> str:
    found = re.search(rf"{of_site.SITE_ADDRESS}(/\S+)", letter.body)
    assert found, letter.body
    return found[1]


def code(secret: str = TOTP_SECRET) -> str:
    import time

    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))


def test_opens_an_account_after_the_address_is_confirmed(client: Client):
    Invitation.objects.create(
        email="anna@glazov.example", kind="editor", municipality=make_city("Glazov")
    )

    answer = client.post("/ru/account/signup/", NEW)

    assert answer.headers["Location"] == "/ru/account/confirm-email/"
    letter = Letter.objects.get()
    assert (letter.to_email, letter.language, letter.kind) == (NEW["email"], "ru", "account")
    assert "anna@glazov.example" not in link_in(letter)
    user = User.objects.get()
    assert (user.name, user.language) == ("Анна Иванова", "ru")
    assert Consent.objects.get().purpose == "processing"
    assert not Role.objects.exists()
    assert sign_in(Client(), NEW["email"]).headers["Location"] == "/en/account/confirm-email/"

    page = client.get(link_in(letter))
    assert "anna@glazov.example" in page.content.decode()
    client.post(link_in(letter))

    assert Role.objects.get().user == user
    assert sign_in(Client(), NEW["email"]).headers["Location"] == "/en/account/"


def test_who_opens_an_account_for_a_foreign_address_has_no_password_after_it_is_confirmed(
    client: Client,
):
    Invitation.objects.create(
        email="anna@glazov.example", kind="editor", municipality=make_city("Glazov")
    )
    client.post("/en/account/signup/", NEW)
    owner = Client()

    owner.post(link_in(Letter.objects.get()))

    assert Role.objects.get().user == User.objects.get()
    assert not User.objects.get().has_usable_password()
    assert sign_in(Client(), NEW["email"]).status_code == 200
    assert client.get("/en/account/").status_code == 302
    owner.post("/en/account/password/reset/", {"email": NEW["email"]})
    assert Letter.objects.filter(to_email=NEW["email"]).count() == 2


def test_without_consent_no_account_is_opened_and_nothing_typed_is_lost(client: Client):
    answer = client.post("/en/account/signup/", NEW | {"consent": ""})

    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'href="#id_consent"' in page
    assert 'role="alert"' in page
    assert "Анна Иванова" in page
    assert 'aria-invalid="true"' in page
    assert not User.objects.exists()


def test_the_box_of_the_consent_is_not_ticked(client: Client):
    page = client.get("/en/account/signup/").content.decode()

    box = re.search(r"<input[^>]*name=\"consent\"[^>]*>", page)
    assert box
    assert "checked" not in box[0]
    assert "/en/personal-data/" in page


def test_nobody_learns_whose_address_has_an_account(client: Client):
    make_user("anna@glazov.example")

    known = client.post("/en/account/signup/", NEW)
    unknown = Client().post("/en/account/signup/", NEW | {"email": "boris@glazov.example"})
    reset_known = Client().post("/en/account/password/reset/", {"email": NEW["email"]})
    reset_unknown = Client().post("/en/account/password/reset/", {"email": "no@glazov.example"})

    assert known.headers["Location"] == unknown.headers["Location"]
    assert reset_known.headers["Location"] == reset_unknown.headers["Location"]
    subjects = dict(Letter.objects.order_by("pk").values_list("to_email", "subject"))
    assert subjects["no@glazov.example"] == "There is no account with this address"
    assert User.objects.count() == 2


def test_is_locked_for_a_while_after_failures_and_says_so(client: Client):
    make_user("anna@glazov.example")

    for _time in range(5):
        refused = sign_in(client, "anna@glazov.example", "wrong")
        assert "The address and the password do not belong together." in refused.content.decode()
    locked = sign_in(client, "anna@glazov.example")

    assert "Too many attempts failed." in locked.content.decode()
    assert of_site.SESSION_COOKIE_NAME not in client.cookies or not client.session.get(
        "_auth_user_id"
    )


def test_a_forgotten_password_is_chosen_anew(client: Client):
    make_user("anna@glazov.example", language="en")
    client.post("/ru/account/password/reset/", {"email": "anna@glazov.example"})
    letter = Letter.objects.get()
    assert letter.language == "en"
    assert link_in(letter).startswith("/en/")

    page = client.get(link_in(letter), follow=True)
    new = {"password1": "wholly new words", "password2": "wholly new words"}
    done = client.post(page.request["PATH_INFO"], new, follow=True)

    assert "The password is changed" in done.content.decode()
    assert sign_in(Client(), "anna@glazov.example", "wholly new words").status_code == 302
    assert Letter.objects.filter(kind="security").count() == 1


def test_whoever_asks_for_a_letter_does_not_choose_where_its_link_leads(
    client: Client, settings: Any
):
    settings.ALLOWED_HOSTS = ["*"]
    make_user("anna@glazov.example")

    client.post(
        "/en/account/password/reset/",
        {"email": "anna@glazov.example"},
        headers={"host": "thief.example"},
    )

    assert "thief" not in Letter.objects.get().body
    assert f"{of_site.SITE_ADDRESS}/ru/account/password/" in Letter.objects.get().body


def test_a_new_second_factor_ends_the_sessions_that_began_without_it(
    client: Client, django_capture_on_commit_callbacks: Any
):
    user = make_user("anna@glazov.example")
    thief = Client()
    sign_in(thief, user.email)
    sign_in(client, user.email)
    page = said_again(client, "/en/account/second-factor/totp/activate/").content.decode()
    secret = re.search(r'class="secret">(\w+)<', page)
    assert secret

    with django_capture_on_commit_callbacks(execute=True):
        client.post("/en/account/second-factor/totp/activate/", {"code": code(secret[1])})

    assert thief.get("/en/account/").status_code == 302
    assert client.get("/en/account/").status_code == 200


def test_two_factors_are_asked_for(client: Client):
    user = make_user("anna@glazov.example")
    make_second_factor(user)

    first = sign_in(client, user.email)
    assert first.headers["Location"] == "/en/account/second-factor/authenticate/"
    assert client.get("/en/account/").status_code == 302
    wrong = client.post(first.headers["Location"], {"code": "000000"})
    assert "The code is not right or no longer valid." in wrong.content.decode()
    right = client.post(first.headers["Location"], {"code": code()})

    assert right.headers["Location"] == "/en/account/"
    assert client.get("/en/account/").status_code == 200


def test_an_app_is_set_up_and_gives_recovery_codes(client: Client):
    user = make_user("anna@glazov.example")
    sign_in(client, user.email)
    page = said_again(client, "/en/account/second-factor/totp/activate/").content.decode()
    secret = re.search(r'class="secret">(\w+)<', page)
    assert secret

    done = client.post(
        "/en/account/second-factor/totp/activate/", {"code": code(secret[1])}, follow=True
    )

    codes = re.findall(r"<li><code>(\d+)</code>", done.content.decode())
    assert len(codes) == 10
    stored = Authenticator.objects.get(type="totp")
    assert secret[1] not in str(stored.data)
    other = Client()
    asked = sign_in(other, user.email).headers["Location"]
    assert other.post(asked, {"code": codes[0]}).headers["Location"] == "/en/account/"


def test_staff_of_the_association_sets_up_a_second_factor_first(client: Client):
    user = make_user("clerk@association.example")
    make_role("office", user=user)
    Authenticator.objects.all().delete()
    sign_in(client, user.email)

    away = client.get("/en/practices/")
    page = client.get(away.headers["Location"]).content.decode()

    assert away.headers["Location"] == "/en/account/second-factor/"
    assert "begins when a second factor is set up" in page
    assert client.get("/en/office/").headers["Location"] == "/en/account/second-factor/"
    assert client.get("/en/account/").status_code == 200
    assert client.get("/en/accessibility/").status_code == 200


def test_other_sessions_are_ended(client: Client):
    user = make_user("anna@glazov.example")
    sign_in(client, user.email)
    phone = Client(headers={"user-agent": "Mozilla/5.0 (Android 15) Firefox/140.0"})
    sign_in(phone, user.email)

    page = client.get("/en/account/sessions/").content.decode()
    assert "Firefox, Android" in page
    client.post("/en/account/sessions/")

    assert phone.get("/en/account/").status_code == 302
    assert client.get("/en/account/").status_code == 200


def test_the_address_changes_only_after_it_is_confirmed(client: Client):
    user = make_user("anna@glazov.example")
    sign_in(client, user.email)

    said_again(client, "/en/account/email/")
    client.post("/en/account/email/", {"email": "new@glazov.example", "action_add": ""})

    letter = Letter.objects.get(to_email="new@glazov.example")
    assert User.objects.get().email == "anna@glazov.example"
    client.post(link_in(letter))
    assert User.objects.get().email == "new@glazov.example"


def test_signing_out_needs_a_form(client: Client):
    sign_in(client, make_user().email)

    assert client.get("/en/account/logout/").status_code == 200
    assert client.post("/en/account/logout/").headers["Location"] == "/en/"
    assert client.get("/en/account/").status_code == 302


def test_comes_back_to_the_page_that_asked_to_sign_in(client: Client):
    user = make_user()
    asked = client.get("/en/account/details/").headers["Location"]

    done = client.post(
        asked, {"login": user.email, "password": PASSWORD, "next": "/en/account/details/"}
    )

    assert asked == "/en/account/login/?next=/en/account/details/"
    assert done.headers["Location"] == "/en/account/details/"


def test_forms_of_the_account_need_a_token():
    strict = Client(enforce_csrf_checks=True)

    assert strict.post("/en/account/login/", {"login": "a@b.example"}).status_code == 403
    refused = strict.post("/en/account/signup/", NEW | {"name": "A name that is long to type"})

    assert refused.status_code == 403
    assert "A name that is long to type" in refused.content.decode()
    assert PASSWORD not in refused.content.decode()
